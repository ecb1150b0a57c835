"""Whom one sees in the directory, and whose absences and wishes one may enter."""

from __future__ import annotations

from sqlalchemy import Connection

from activities.access import may, may_see_unit
from activities.people import find_person, places_of
from activities.tokens import Identity
from api.context import Context
from api.problems import Refused
from domain.access import GRANTS
from domain.plan import local_day
from domain.refusal import Refusal


def visible_person(context: Context, connection: Connection, caller: Identity, person: str) -> None:
    """A person of whom one sees nothing is as good as none. Raises Refused."""
    if find_person(connection, person) is None or not sees_person(context, connection, caller, person):
        raise Refused(Refusal(code="person_unseen", facts={"person": person}))


def changeable_person(context: Context, connection: Connection, caller: Identity, person: str) -> None:
    """Raises Refused unless the caller sees the person and may enter such things for them."""
    visible_person(context, connection, caller, person)
    if not may_change_person(context, connection, caller, person):
        raise Refused(Refusal(code="forbidden"))


def sees_person(context: Context, connection: Connection, caller: Identity, person: str) -> bool:
    """Whether one sees a unit where the person holds a role; people without one are seen by who manages people."""
    tree, places = context.tree(connection), places_of(connection, person)
    if not places:
        return "manage_people" in GRANTS[caller.role]
    return any(may_see_unit(connection, caller, tree, place) for place in places)


def may_change_person(context: Context, connection: Connection, caller: Identity, person: str) -> bool:
    """Those of a place where the person works today, and those above it; a former place has no say."""
    tree = context.tree(connection)
    places = places_of(connection, person, local_day(context.core.clock(), tree.zone(caller.unit)))
    if not places:
        return may(caller, "manage_people", caller.unit, tree)
    return any(may(caller, "manage_absences", place, tree) for place in places)
