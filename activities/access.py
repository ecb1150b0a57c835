"""What an identity may see, as conditions for lists; what it may do is the table in `domain.access`."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Connection, and_, exists, false, literal, or_, select, true
from sqlmodel import SQLModel

from activities import tables
from activities.deliveries import DIGESTS
from activities.monitoring_access import submission_scope
from activities.programmes import PREFIX
from activities.tokens import Identity
from domain.access import REGIONAL, Action, permits, sectors_of, sees_unit
from domain.mentoring_forms import MentoringForm
from domain.units import Unit, UnitTree, sees_organisation

_UNIT = SQLModel.metadata.tables[str(tables.UnitRow.__tablename__)]
_PROGRAMME = SQLModel.metadata.tables[str(tables.ProgrammeRow.__tablename__)]
_DELIVERY = SQLModel.metadata.tables[str(tables.DeliveryRow.__tablename__)]
_SUBMISSION = SQLModel.metadata.tables[str(tables.SubmissionRow.__tablename__)]
SUBMISSIONS = "submission/"
OF_SEVERAL = (DIGESTS, "campaign/", "proposal/")
"""Streams whose letters speak of several places: they are their reader's."""

_SEE_ALL = ("operator", "administrator")


def programme_scope(identity: Identity, tree: UnitTree) -> ColumnElement[bool]:
    """The programmes that an identity may see; the query joins `programme` with `unit` on the organisation.

    The same rule as `domain.units.sees_organisation`.
    """
    if identity.role in _SEE_ALL:
        return true()
    unit = tree.units.get(identity.unit)
    if unit is None:
        return false()
    seen = [_under(tree, unit), *_of_sectors(tree, unit)]
    if unit.kind != "department":
        seen += [_uses(form) for form in unit.operates]
    return or_(*seen)


def unit_scope(identity: Identity, tree: UnitTree) -> ColumnElement[bool]:
    """The units that an identity may see. The same rule as `domain.access.sees_unit`."""
    if identity.role in _SEE_ALL:
        return true()
    unit = tree.units.get(identity.unit)
    if unit is None:
        return false()
    seen = [_under(tree, unit), _UNIT.c.id.in_([place.id for place in tree.lineage(unit.id)]), *_of_sectors(tree, unit)]
    if unit.kind in REGIONAL:
        seen.append(_UNIT.c.kind != "organisation")
    if unit.kind != "department" and unit.operates:
        here = (_PROGRAMME.c.organisation == _UNIT.c.id) & or_(*(_uses(form) for form in unit.operates))
        seen.append((_UNIT.c.kind == "organisation") & exists(select(_PROGRAMME.c.id).where(here)))
    return or_(*seen)


def letter_scope(identity: Identity, tree: UnitTree) -> ColumnElement[bool]:
    """The letters that an identity may see: of programmes and submissions it sees, digests and what else speaks of
    several places to its unit and to those under it.

    A digest names what its own reader may see, so whoever stands beside or below the reader has no part in it.
    """
    if identity.role in _SEE_ALL:
        return true()
    unit = tree.units.get(identity.unit)
    if unit is None:
        return false()
    joint = _PROGRAMME.join(_UNIT, _UNIT.c.id == _PROGRAMME.c.organisation)
    here = _DELIVERY.c.stream == literal(PREFIX).concat(_PROGRAMME.c.id)
    programme = exists(select(_PROGRAMME.c.id).select_from(joint).where(here, programme_scope(identity, tree)))
    there = _DELIVERY.c.stream == literal(SUBMISSIONS).concat(_SUBMISSION.c.id)
    submission = exists(select(_SUBMISSION.c.id).where(there, submission_scope(identity, tree)))
    reader = exists(select(_UNIT.c.id).where(_UNIT.c.id == _DELIVERY.c.unit, _under(tree, unit)))
    joint_letters = or_(*(_DELIVERY.c.stream.startswith(prefix, autoescape=True) for prefix in OF_SEVERAL))
    return or_(programme, submission, and_(joint_letters, reader))


def may_see_programme(
    identity: Identity, tree: UnitTree, organisation: str, forms: Iterable[MentoringForm] = ()
) -> bool:
    """Whether an identity may see a programme of `organisation` that uses `forms`."""
    return sees_organisation(tree, identity.unit, identity.role, organisation, forms)


def may_see_unit(connection: Connection, identity: Identity, tree: UnitTree, unit: str) -> bool:
    """Whether an identity may see a unit; reads the forms of its programmes where they decide."""
    if sees_unit(tree, identity.unit, identity.role, unit):
        return True
    here = tree.units.get(identity.unit)
    if here is None or not here.operates:
        return False
    return connection.scalar(select(_UNIT.c.id).where(_UNIT.c.id == unit, unit_scope(identity, tree))) is not None


def may(identity: Identity, action: Action, unit: str, tree: UnitTree, forms: Iterable[MentoringForm] = ()) -> bool:
    """Whether an identity may do `action` at a unit (for a programme: its organisation, and its `forms` to read)."""
    return permits(tree, identity.unit, identity.role, action, unit, forms)


def place_of(action: Action, unit: str, centre: str | None) -> str:
    """Where one needs the right to an action: a form is reviewed at its `centre`, everything else is its unit's."""
    return centre if action == "review_form" and centre else unit


def may_put_unit(identity: Identity, tree: UnitTree, unit: Unit) -> bool:
    """Whether an identity may create or change a unit: it manages the place above, where it is and where it goes."""
    known = tree.units.get(unit.id)
    places = {unit.parent, known.parent if known else unit.parent}
    if places == {None}:
        return identity.role == "administrator"
    return all(place is not None and may(identity, "manage_units", place, tree) for place in places)


def _under(tree: UnitTree, unit: Unit) -> ColumnElement[bool]:
    path = "".join(f"{place.id}/" for place in reversed(tree.lineage(unit.id)))
    return _UNIT.c.path.startswith(path, autoescape=True)


def _of_sectors(tree: UnitTree, unit: Unit) -> list[ColumnElement[bool]]:
    sectors = sectors_of(tree, unit.id) if unit.kind == "department" else ()
    found: list[ColumnElement[bool]] = []
    if sectors:
        found.append((_UNIT.c.kind == "organisation") & _UNIT.c.sector.in_(sectors))
    if "general" in sectors:
        found.append(_UNIT.c.kind == "municipality")
    return found


def _uses(form: MentoringForm) -> ColumnElement[bool]:
    return _PROGRAMME.c.forms.contains(f",{form},", autoescape=True)
