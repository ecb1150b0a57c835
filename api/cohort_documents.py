"""The shapes of answers about cohorts, deadlines, timeliness and the working calendar."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

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
