"""The shapes of answers about cohorts, deadlines, timeliness and the working calendar."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from api.documents import Document
from domain.programme.agenda import AgendaKind
from domain.programme.timeliness import Timely

Cause = Literal["command", "reference", "pause", "reopening", "calendar", "roadmap"]


class NoticeAhead(Document):
    """One notice to one addressee (a role of the ladder); `was`: when it would have gone out before."""

    at: datetime
    kind: AgendaKind | Literal["moved", "adopted", "ended"]
    step: int | None
    occurrence: int | None
    rung: str | None
    to: str
    was: datetime | None


class Counts(Document):
    added: int
    moved: int
    withdrawn: int


class Notices(Document):
    added: list[NoticeAhead]
    moved: list[NoticeAhead]
    withdrawn: list[NoticeAhead]


class Move(Document):
    step: int
    occurrence: int
    was: date
    due: date
    cause: Cause


class CohortItem(Document):
    """`outcome`: `null` when it would be done, else why not, in words in `detail`.

    `notices` one by one for up to 50 programmes, else only their `counts`; ask again for the one you want to look into.
    """

    programme: str
    organisation: str
    outcome: str | None
    detail: str | None
    deadlines: list[Move]
    counts: Counts
    notices: Notices | None


class CohortTotals(Document):
    programmes: int
    refused: int
    deadlines: int
    added: int
    moved: int
    withdrawn: int


class CohortPlan(Document):
    """`id` is there once it has begun: `GET /programmes/bulk/{id}` tells how it is getting on."""

    dry_run: bool
    id: str | None
    kind: Literal["deadline", "versions"]
    year: int
    plan_hash: str
    totals: CohortTotals
    items: list[CohortItem]


class TimelyPair(Document):
    """`raw`: against the first date; `excused`: against the last one."""

    raw: Timely
    excused: Timely


class Tally(Document):
    """`rate`: percent in time of those whose date has come; `null` while none has."""

    on_time: int
    late: int
    open: int
    rate: float | None


class Tallies(Document):
    """`raw`: against the first dates; `excused`: against the last ones."""

    raw: Tally
    excused: Tally


class LedgerMove(Document):
    """One later date; `reference`: the step that the date was counted from."""

    version: int
    at: datetime
    by: str
    was: date
    due: date
    asked: date
    cause: Cause
    reference: int | None
    reason: str | None
    order: dict[str, str] | None


class LedgerDeadline(Document):
    occurrence: int
    first_due: date
    due: date
    done_on: date | None
    timeliness: TimelyPair | None
    moves: list[LedgerMove]


class LedgerStep(Document):
    """`timeliness`: `null` for a step that was left out."""

    number: int
    title: str
    state: Literal["pending", "done", "skipped"]
    timeliness: TimelyPair | None
    deadlines: list[LedgerDeadline]


class Ledger(Document):
    programme: str
    version: int
    timeliness: Tallies
    steps: list[LedgerStep]


class TimelinessLine(Tallies):
    """One unit with everything under it."""

    unit: str
    name: str
    programmes: int
    deadlines: int


class Timeliness(Tallies):
    """How deadlines were kept under `unit`; `units` are the ones next below it."""

    unit: str
    year: int | None
    programmes: int
    deadlines: int
    units: list[TimelinessLine]


class Transfer(Document):
    """A day off that a decree has moved."""

    moved_from: date = Field(alias="from")
    moved_to: date = Field(alias="to")


class CalendarYear(Document):
    """`provisional` until a decree is known; `own_days_off` are the region's, `days_off` all that fall on weekdays."""

    year: int
    provisional: bool
    note: str | None
    source: str | None
    transfers: list[Transfer]
    own_days_off: list[date]
    days_off: list[date]
    working_weekends: list[date]
    revision: int


class CalendarMove(Document):
    submission: str
    respondent: str
    was: date
    deadline: date


class CalendarPlan(Document):
    """What another calendar would bring: the round's own deadline, and every one that would move."""

    calendar: str
    was: str
    deadline: date
    moves: list[CalendarMove]
