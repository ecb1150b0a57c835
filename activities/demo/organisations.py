"""The invented organisations of the demonstration region; none of them exists."""

from __future__ import annotations

from dataclasses import dataclass

from domain.units import Sector, Unit


@dataclass(frozen=True)
class Place:
    """An organisation and how large its programme is: mentees and mentors."""

    id: str
    parent: str
    sector: Sector
    name: str
    mentees: int
    mentors: int

    @property
    def unit(self) -> Unit:
        """The unit of the tree."""
        return Unit(
            id=self.id,
            kind="organisation",
            parent=self.parent,
            sector=self.sector,
            name=self.name,
            email=f"priem@{self.id}.example",
        )


PLACES = (
    Place("shkola-kedr", "mo-tomsk", "general", "Школа «Кедр» г. Томска", 24, 12),
    Place("shkola-severny-veter", "mo-tomsk", "general", "Школа «Северный ветер» г. Томска", 30, 15),
    Place("gimnaziya-meridian", "mo-tomsk", "general", "Гимназия «Меридиан» г. Томска", 36, 14),
    Place("litsey-orbita", "mo-tomsk", "general", "Лицей «Орбита» г. Томска", 20, 10),
    Place("dvorets-raduga", "mo-tomsk", "additional", "Дворец творчества «Радуга» г. Томска", 18, 9),
    Place("shkola-rodnik", "mo-seversk", "general", "Школа «Родник» ЗАТО Северск", 22, 11),
    Place("tsentr-gorizont", "mo-seversk", "additional", "Центр дополнительного образования «Горизонт»", 14, 7),
    Place("shkola-zarechnaya", "mo-asinovsky", "general", "Заречная средняя школа Асиновского района", 16, 8),
    Place("shkola-berezovaya-roshcha", "mo-asinovsky", "general", "Школа «Берёзовая роща»", 12, 6),
    Place("dom-detstva-ogonyok", "mo-asinovsky", "additional", "Дом детского творчества «Огонёк»", 10, 5),
    Place("shkola-obskaya", "mo-kolpashevsky", "general", "Обская средняя школа Колпашевского района", 15, 8),
    Place("shkola-tayozhnaya", "mo-kolpashevsky", "general", "Таёжная основная школа", 9, 5),
    Place("shkola-polyana", "mo-tomsky", "general", "Школа «Солнечная поляна» Томского района", 21, 10),
    Place("shkola-luchi", "mo-tomsky", "general", "Школа «Лучи» Томского района", 17, 9),
    Place("stantsiya-yunykh-tekhnikov", "mo-tomsky", "additional", "Станция юных техников «Импульс»", 12, 6),
    Place("internat-vostok", "dgo", "general", "Областная школа-интернат «Восток»", 20, 10),
    Place("kolledzh-sibir", "dpo", "vocational", "Колледж технологий «Сибирь»", 40, 16),
    Place("tekhnikum-energiya", "dpo", "vocational", "Техникум «Энергия»", 32, 12),
    Place("kolledzh-agro", "dpo", "vocational", "Аграрный колледж «Нива»", 26, 10),
    Place("kolledzh-servis", "dpo", "vocational", "Колледж сервиса «Гармония»", 28, 11),
)
