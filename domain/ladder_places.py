"""Whether a region has the units that a ladder calls: a recipient that nobody can ever be is refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from domain.access import sectors_of
from domain.ladder import Fault, Obligation, OrganisationClass, Recipient, Rung
from domain.units import Sector, Unit, UnitTree

_PROBE = "probe"

_UNITS: Mapping[Recipient, str] = {
    "municipal_authority": "муниципалитета",
    "operating_centre": "центра, сопровождающего формы наставничества,",
    "mentoring_centre": "регионального наставнического центра",
    "department": "департамента",
    "working_group": "департаментов, из которых состоит рабочая группа,",
}
"""Recipients that are units above the one that owes; the others are persons of that unit itself."""

_SECTORS: Mapping[Sector, str] = {
    "general": "для общеобразовательных организаций",
    "additional": "для организаций дополнительного образования",
    "vocational": "для профессиональных образовательных организаций",
}


def missing_places(
    tree: UnitTree, obligation: Obligation, organisations: OrganisationClass, rungs: Sequence[Rung]
) -> Iterator[Fault]:
    """Rungs whose recipient would be nobody for some sector that the region's departments care for."""
    for index, rung in enumerate(rungs):
        for recipient in rung.to:
            if recipient not in _UNITS:
                continue
            for sector in _sectors(tree, obligation, organisations):
                if not _exists(tree, recipient, organisations, sector):
                    reason = f"адресатом {recipient} никто не может стать: {_SECTORS[sector]} в регионе нет"
                    yield Fault(
                        index, "to", f"ступень {index + 1} ({rung.key}): {reason} {_UNITS[recipient]}".rstrip(",")
                    )


def _sectors(tree: UnitTree, obligation: Obligation, organisations: OrganisationClass) -> list[Sector]:
    """The sectors of those who may owe; a municipality owes its submission for schools and additional education."""
    if obligation == "monitoring" and organisations == "municipal":
        return ["general"]
    cared = [sector for department in tree.of_kind("department") for sector in sectors_of(tree, department.id)]
    return cared or ["general"]


def _exists(tree: UnitTree, recipient: Recipient, organisations: OrganisationClass, sector: Sector) -> bool:
    """Asked of an organisation that might be there."""
    above = tree.of_kind("municipality" if organisations == "municipal" else "department") or tree.of_kind("region")
    if not above:
        return False
    probe = Unit(id=_PROBE, kind="organisation", name=_PROBE, parent=above[0].id, sector=sector)
    return bool(UnitTree([*tree.units.values(), probe]).supervisors(recipient, _PROBE))
