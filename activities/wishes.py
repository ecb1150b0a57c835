"""What keeps a letter from its recipient although it is true: quiet hours, and what people have declined."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, Table, insert, select, update

from activities import audit
from activities.correspondence import Notice
from activities.deliveries import Status
from activities.people import find_person
from activities.recipients import Recipient
from activities.tables import PreferenceRow
from domain.quiet import QuietHours
from domain.refusal import Refusal

_PREFERENCE: Table = PreferenceRow.__table__  # type: ignore[attr-defined]


class Kept(NamedTuple):
    """A letter that is not handed over now; `until`: when it will be, `None` for never."""

    status: Status
    until: datetime | None = None


def read_wishes(connection: Connection, notice: Notice, recipients: Iterable[Recipient]) -> frozenset[str]:
    """Ids of the recipients who have declined such letters; obligatory ones cannot be declined."""
    if not notice.optional():
        return frozenset()
    persons = [one.id.removeprefix("person:") for one in recipients if one.id.startswith("person:")]
    declined = (_PREFERENCE.c.person.in_(persons)) & ~_PREFERENCE.c.early_reminders
    return frozenset(f"person:{one}" for one in connection.scalars(select(_PREFERENCE.c.person).where(declined)))


def kept_back(notice: Notice, recipient: Recipient, quiet: QuietHours | None, declined: frozenset[str]) -> Kept | None:
    """Why the letter to a recipient does not go out now; the quiet hours are those of the recipient's unit."""
    if recipient.id in declined:
        return Kept("opted_out")
    until = quiet.end(notice.at, notice.zone_of(recipient.unit)) if quiet else None
    return Kept("held", until) if until else None


def find_preferences(connection: Connection, person: str) -> PreferenceRow:
    """What a person wants; who never said so gets every letter, version 0."""
    row = connection.execute(select(_PREFERENCE).where(_PREFERENCE.c.person == person)).mappings().first()
    return PreferenceRow(**row) if row else PreferenceRow(person=person, early_reminders=True, version=0)


def put_preferences(
    connection: Connection, person: str, early_reminders: bool, by: str, at: datetime, expected: int | None = None
) -> PreferenceRow | Refusal:
    """Keep what a person wants. Refuses `person_unknown` and `version_stale`."""
    audit.one_at_a_time(connection)
    if find_person(connection, person) is None:
        return Refusal(code="person_unknown", facts={"person": person})
    before = find_preferences(connection, person)
    if expected is not None and expected != before.version:
        return Refusal(code="version_stale", facts={"expected": expected, "version": before.version})
    if before.version and before.early_reminders == early_reminders:
        return before
    row = PreferenceRow(person=person, early_reminders=early_reminders, version=before.version + 1)
    if before.version:
        connection.execute(update(_PREFERENCE).where(_PREFERENCE.c.person == person), row.model_dump())
    else:
        connection.execute(insert(_PREFERENCE), row.model_dump())
    old = before.model_dump() if before.version else None
    audit.note(connection, f"preference:{person}", old, row.model_dump(), by, at)
    return row
