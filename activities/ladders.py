"""Ladders that a region edits: every change is a new version, with an audit row in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from activities import audit
from activities.definition_store import add_definition
from activities.definitions import EDIT, Library
from domain.ladder import Fault, Ladder, Rung, faults
from domain.ladder_places import missing_places
from domain.refusal import Refusal
from domain.units import UnitTree


@dataclass(frozen=True)
class Faults:
    """Why a ladder cannot be taken, rung by rung."""

    found: Sequence[Fault]


class LadderFile(Ladder):
    """A ladder as somebody writes it; its version is given anew."""

    version: str = ""


def revision(ladder: Ladder) -> int:
    """How often the region has edited a ladder; 0 while it is as the files have it."""
    found = EDIT.search(ladder.version)
    return int(found[1]) if found else 0


def find_ladder(library: Library, key: str) -> Ladder | None:
    """The current version of a ladder."""
    return next((ladder for ladder in library.ladders() if ladder.key == key), None)


def put_ladder(
    connection: Connection,
    library: Library,
    tree: UnitTree,
    key: str,
    rungs: Sequence[Rung],
    by: str,
    at: datetime,
    expected: int | None = None,
) -> Ladder | Refusal | Faults:
    """Give a ladder other rungs, as a new version that programmes started from now on run by.

    `expected`: the revision it was written for. Rungs that are as they were make no new version.
    """
    audit.one_at_a_time(connection)
    before = find_ladder(library, key)
    if before is None:
        return Refusal(code="ladder_unknown", facts={"ladder": key})
    number = revision(before)
    if expected is not None and expected != number:
        return Refusal(code="version_stale", facts={"expected": expected, "version": number})
    about = (before.obligation, before.organisations)
    if wrong := [*faults(*about, rungs), *missing_places(tree, *about, rungs)]:
        return Faults(wrong)
    if tuple(rungs) == before.rungs:
        return before
    version = f"{library.file_version(key)}-r{number + 1}"
    after = before.model_copy(update={"version": version, "rungs": tuple(rungs)})
    add_definition(connection, f"ladder/{key}@{version}", after.model_dump(mode="json"), at)
    audit.note(connection, f"ladder:{key}", before.model_dump(mode="json"), after.model_dump(mode="json"), by, at)
    return after


def refused_as_another(known: Ladder, given: Mapping[str, str | None]) -> Refusal | None:
    """Why a ladder with these fields is not the known one; `None` is a field that was left out."""
    for field, value in given.items():
        now = getattr(known, field)
        if value is not None and value != now:
            facts = {"ladder": known.key, "field": field, "known": now}
            return Refusal(code="ladder_fixed", facts=facts, pointer=f"/{field}")
    return None


def put_ladder_file(
    connection: Connection, library: Library, tree: UnitTree, file: LadderFile, by: str, at: datetime
) -> Ladder | Refusal | Faults:
    """`put_ladder` with what a file says."""
    known = find_ladder(library, file.key)
    given = {"obligation": file.obligation, "organisations": file.organisations}
    if known is not None and (refusal := refused_as_another(known, given)):
        return refusal
    return put_ladder(connection, library, tree, file.key, file.rungs, by, at)
