"""Which column of a table says what: headings as people write them, and the kinds of organisation."""

from __future__ import annotations

import re
from typing import NamedTuple

from activities.slugs import plain
from activities.table_file import TableRow
from domain.units import Sector

TITLES: dict[str, str] = {
    "id": "Идентификатор",
    "name": "Наименование",
    "sector": "Вид",
    "municipality": "Муниципалитет",
    "founder": "Учредитель",
    "zone": "Часовой пояс",
    "email": "E-mail",
    "head_name": "Руководитель",
    "head_email": "E-mail руководителя",
    "curator_name": "Куратор",
    "curator_email": "E-mail куратора",
}
"""The headings of the sample table, by field."""

_HEADINGS: dict[str, str] = {
    "id": "идентификатор|id|код|код организации",
    "name": "наименование|название|наименование организации|полное наименование|организация",
    "sector": "вид|вид организации|тип|тип организации",
    "municipality": "муниципалитет|муниципальное образование|район|территория",
    "founder": "учредитель",
    "zone": "часовой пояс",
    "email": "email|email организации",
    "head_name": "руководитель|руководитель фио|фио руководитель|директор|директор фио|фио директор",
    "head_email": "email руководитель|руководитель email|email директор|директор email",
    "curator_name": "куратор|куратор фио|фио куратор|навигатор|навигатор фио|фио навигатор",
    "curator_email": "email куратор|куратор email|email навигатор|навигатор email",
}
_FIELD_OF = {heading: field for field, headings in _HEADINGS.items() for heading in headings.split("|")}
_SAME_WORD = (
    (r"\b(адрес )?(электронн(ая|ой) почт[аы]|эл почта|почта|e mail)\b", "email"),
    (r"\bф и о\b", "фио"),
    (r"\b(педагог |педагога )?(навигатор)а?\b", r"\2"),
    (r"\b(руководител)[ья]\b", r"\1ь"),
    (r"\b(куратор|директор)а\b", r"\1"),
)

SECTORS: dict[str, Sector] = {
    "general": "general",
    "общеобразовательная": "general",
    "общеобразовательная организация": "general",
    "общее образование": "general",
    "школа": "general",
    "additional": "additional",
    "дополнительное образование": "additional",
    "дополнительного образования": "additional",
    "организация дополнительного образования": "additional",
    "дополнительная": "additional",
    "vocational": "vocational",
    "профессиональная": "vocational",
    "профессиональная образовательная организация": "vocational",
    "профессиональное образование": "vocational",
    "среднее профессиональное образование": "vocational",
    "спо": "vocational",
}


class Columns(NamedTuple):
    """Where the fields are: `places` gives the index of each, `headings` what the file calls it."""

    row: int
    places: dict[str, int]
    headings: dict[str, str]
    ignored: tuple[str, ...]
    problems: tuple[tuple[str, str], ...]

    def cell(self, row: TableRow, field: str) -> str:
        """The text of a field in a row, empty where there is none."""
        index = self.places.get(field)
        return row.cells[index] if index is not None and index < len(row.cells) else ""

    def heading(self, field: str) -> str:
        """What the file calls a field, or what it should be called."""
        return self.headings.get(field, TITLES[field])


def find_columns(table: list[TableRow]) -> Columns | None:
    """The header row, looked for among the first ones: a table may begin with a title."""
    for row in table[:15]:
        if sum(_field(cell) is not None for cell in row.cells) >= 2:
            return _columns(row)
    return None


def _field(heading: str) -> str | None:
    words = plain(heading)
    for pattern, word in _SAME_WORD:
        words = re.sub(pattern, word, words)
    return _FIELD_OF.get(words)


def _columns(row: TableRow) -> Columns:
    places: dict[str, int] = {}
    headings: dict[str, str] = {}
    ignored: list[str] = []
    problems: list[tuple[str, str]] = []
    for index, heading in enumerate(row.cells):
        field = _field(heading)
        if field is None:
            ignored += [heading] if heading else []
        elif field in places:
            problems.append((heading, f"Столбец повторяет «{headings[field]}»."))
        else:
            places[field], headings[field] = index, heading
    for field in ("name", "sector"):
        if field not in places:
            problems.append((TITLES[field], "Такого столбца нет, а он обязателен."))
    if "municipality" not in places and "founder" not in places:
        problems.append((TITLES["municipality"], "Нужен столбец «Муниципалитет» или «Учредитель»."))
    return Columns(row.number, places, headings, tuple(ignored), tuple(problems))
