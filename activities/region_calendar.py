"""What a region says about a year of the working calendar: decrees that came out, days off of its own, with source."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from activities import audit
from activities.calendars import CalendarChanges, calendar_year
from activities.definition_store import add_definition
from activities.definitions import EDIT, Library
from activities.russian import no_decree
from domain.refusal import Refusal


def calendar_view(year: int, changes: CalendarChanges | None, revision: int) -> dict[str, Any]:
    """One year as people read it; provisional years say so."""
    table = calendar_year(year, changes)
    return {
        "year": year,
        "provisional": table.provisional,
        "note": f"Предварительный: {no_decree(year)}." if table.provisional else None,
        "source": changes.source or None if changes else None,
        "transfers": [{"from": one.moved_from, "to": one.moved_to} for one in changes.transfers] if changes else [],
        "own_days_off": sorted(changes.days_off) if changes else [],
        "days_off": sorted(table.days_off),
        "working_weekends": sorted(table.working_weekends),
        "revision": revision,
    }


def revision_of(library: Library, year: int) -> int:
    """How often the year was changed; 0 while it is as the library and the files have it."""
    numbers = [int(found[1]) for name in library.changes_of(year) if (found := EDIT.search(name))]
    return max(numbers, default=0)


def put_changes(
    connection: Connection, library: Library, changes: CalendarChanges, by: str, at: datetime, expected: int | None
) -> Refusal | int:
    """Keep what the region says as the next revision of the year, which years started from now on run by.

    The revision that holds now, also when nothing was new. `expected`: the one that it was written for.
    """
    audit.one_at_a_time(connection)
    number, before = revision_of(library, changes.year), library.changes(changes.year)
    if expected is not None and expected != number:
        return Refusal(code="version_stale", facts={"expected": expected, "version": number})
    if changes == before:
        return number
    body = changes.model_dump(mode="json", by_alias=True)
    add_definition(connection, f"changes/{changes.year}-r{number + 1}", body, at)
    known = before.model_dump(mode="json", by_alias=True) if before else None
    audit.note(connection, f"calendar:{changes.year}", known, body, by, at)
    return number + 1
