"""One command for a cohort: who is meant, what it would bring to each of them, and the hash of all that."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple, get_args

import orjson
from sqlalchemy import ColumnElement, Connection, Table, select

from activities.definitions import Library
from activities.jobs import BulkItem, BulkOrder
from activities.programmes import PREFIX, ProgrammeStreams
from activities.tables import ProgrammeRow, SnapshotRow, UnitRow
from activities.texts import text_ref
from domain.plan import PlanRef
from domain.programme.commands import AdoptVersions, MoveDeadline, Order
from domain.programme.state import Programme
from domain.programme.whatif import WhatIf, what_if
from domain.refusal import Refusal

Definition = Literal["roadmap", "ladder", "calendar"]
DEFINITIONS: tuple[Definition, ...] = get_args(Definition)

CohortCommand = MoveDeadline | AdoptVersions
Decide = Callable[[Programme], CohortCommand]
"""The command for one programme of the cohort."""

SOME_TEXT = "txt-" + "0" * 32
"""Stands for the reason while nothing is recorded."""

_PROGRAMME: Table = ProgrammeRow.__table__  # type: ignore[attr-defined]
_SNAPSHOT: Table = SnapshotRow.__table__  # type: ignore[attr-defined]
_UNIT: Table = UnitRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Cohort:
    """Who is meant: the running programmes of a school year under `unit`, or those of the list."""

    year: int
    unit: str | None = None
    roadmap: str | None = None
    programmes: tuple[str, ...] | None = None


class Member(NamedTuple):
    """One programme of a cohort; its snapshot is parsed when its turn comes: a region of states fills the memory."""

    programme: str
    organisation: str
    snapshot: str


@dataclass(frozen=True)
class Outlook:
    """What the command would bring to one programme: a difference, or why it is refused."""

    member: Member
    command: CohortCommand
    found: WhatIf | Refusal


@dataclass(frozen=True)
class CohortPlan:
    """What a command would bring to a cohort. `asked`: the words of the request, which the hash covers too."""

    kind: Literal["deadline", "versions"]
    year: int
    asked: dict[str, Any]
    outlooks: tuple[Outlook, ...]

    @property
    def hash(self) -> str:
        """Changes when the request does, or what it would bring to any of them."""
        effects = [[one.member.programme, _effect(one.found)] for one in self.outlooks]
        text = orjson.dumps([self.kind, self.year, self.asked, effects], default=tuple, option=orjson.OPT_SORT_KEYS)
        return hashlib.sha256(text).hexdigest()

    def order(self, parent: str, reason: str) -> BulkOrder:
        """The acts to carry out; each keeps the reason as a text of its own."""
        items = [
            BulkItem(one.member.organisation, one.command.model_copy(update={"reason": text_ref()}))
            for one in self.outlooks
            if not isinstance(one.found, Refusal)
        ]
        return BulkOrder(self.kind, parent, self.year, self.hash, tuple(items), reason)


def _effect(found: WhatIf | Refusal) -> Any:
    return found.model_dump(mode="json") if isinstance(found, Refusal) else found.effect


def read_cohort(connection: Connection, scope: ColumnElement[bool], cohort: Cohort) -> list[Member] | Refusal:
    """The members that `scope` lets one see, by id. Of a list, every one has to be there and to go on."""
    query = select(_PROGRAMME.c.id, _PROGRAMME.c.organisation, _PROGRAMME.c.status, _SNAPSHOT.c.state)
    query = query.join(_UNIT, _UNIT.c.id == _PROGRAMME.c.organisation)
    query = query.join(_SNAPSHOT, _SNAPSHOT.c.stream == PREFIX + _PROGRAMME.c.id)
    query = query.where(scope, _PROGRAMME.c.year == cohort.year).order_by(_PROGRAMME.c.id)
    if cohort.unit is not None:
        query = query.where(("/" + _UNIT.c.path).contains(f"/{cohort.unit}/", autoescape=True))
    if cohort.roadmap is not None:
        query = query.where(_PROGRAMME.c.roadmap.startswith(f"{cohort.roadmap}@", autoescape=True))
    if cohort.programmes is not None:
        query = query.where(_PROGRAMME.c.id.in_(cohort.programmes))
    else:
        query = query.where(_PROGRAMME.c.status.in_(("running", "paused")))
    members = [Member(row.id, row.organisation, row.state) for row in connection.execute(query)]
    return _missing(cohort, members) or members


def _missing(cohort: Cohort, members: Sequence[Member]) -> Refusal | None:
    found = {one.programme for one in members}
    for place, programme in enumerate(cohort.programmes or ()):
        if programme not in found:
            facts = {"programme": programme, "year": cohort.year}
            return Refusal(code="cohort_member_unknown", facts=facts, pointer=f"/programmes/{place}")
    return None


def plan_cohort(
    streams: ProgrammeStreams,
    members: Iterable[Member],
    decide: Decide,
    at: datetime,
    refused: Callable[[Member], Refusal | None],
) -> tuple[Outlook, ...]:
    """What the command would bring to each member at the instant `at`; nothing is recorded."""
    return tuple(_outlooks(streams, members, decide, at, refused))


def _outlooks(
    streams: ProgrammeStreams,
    members: Iterable[Member],
    decide: Decide,
    at: datetime,
    refused: Callable[[Member], Refusal | None],
) -> Iterator[Outlook]:
    for member in members:
        state = streams.parse_state(member.snapshot)
        command = decide(state)
        found: WhatIf | Refusal | None = refused(member)
        if found is None:
            found = what_if(state, command, streams.plan(state), max(at, state.last_at), streams.adopted(command))
        yield Outlook(member, command, found)


def moving(command: MoveDeadline) -> Decide:
    """Move a deadline from the day that it has now, so that a later change is not overrun."""

    def decide(state: Programme) -> CohortCommand:
        step = state.steps.get(command.step)
        now = (step.occurrence(command.occurrence) if command.occurrence else step.current) if step else None
        if now is None:
            return command
        return command.model_copy(update={"was": now.due, "occurrence": now.number})

    return decide


def adopting(library: Library, what: Sequence[Definition], order: Order | None) -> Decide:
    """Go over to the newest versions of the definitions in `what`, from those that hold now."""
    newest: dict[tuple[str, str, int, str], PlanRef] = {}

    def decide(state: Programme) -> CohortCommand:
        roadmap = state.plan.roadmap.partition("@")[0]
        asked = (roadmap, state.organisation_class, state.year, state.plan.rolling)
        if asked not in newest:
            newest[asked] = library.plan_ref(roadmap, state.organisation_class, state.year, state.plan.rolling)
        chosen: dict[str, str] = {name: getattr(newest[asked], name) for name in what}
        plan = state.plan.model_copy(update=chosen)
        return AdoptVersions(plan=plan, was=state.plan, reason=SOME_TEXT, order=order)

    return decide
