"""What requests for a cohort, for newer versions and for the working calendar carry."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from activities.cohorts import DEFINITIONS, Definition
from api.shapes import Body, OrderIn, Reason, Whole, Yes, example
from domain.value import Day, Identifier, Words

Number = Annotated[int, Field(strict=True, ge=1, le=999)]
Adopt = Annotated[tuple[Definition, ...], Field(min_length=1, max_length=3)]


class CohortIn(Body):
    """The programmes of a school year: under `unit` (with `roadmap`, if given), or those of the list `programmes`.

    `dry_run` is true unless told otherwise; to execute, give back the `plan_hash` of the dry run.
    """

    kind: ClassVar[Literal["deadline", "versions"]]
    year: Whole
    unit: Identifier | None = None
    roadmap: Words | None = Field(default=None, max_length=64)
    programmes: tuple[Annotated[Words, Field(max_length=80)], ...] | None = Field(
        default=None, min_length=1, max_length=2000
    )
    reason: Reason
    order: OrderIn | None = None
    dry_run: Yes = True
    plan_hash: Words | None = Field(default=None, max_length=64)


class CohortDeadlineIn(CohortIn):
    model_config = example(
        year=2026, unit="mo-tomsk", step=8, due="2026-10-20", reason="Карантин", order={"number": "15-од"}, dry_run=True
    )
    kind = "deadline"
    step: Number
    occurrence: Whole | None = None
    due: Day


class CohortVersionsIn(CohortIn):
    """`adopt`: the definitions whose newest version is to hold; all three when it is left out."""

    model_config = example(year=2026, unit="mo-tomsk", adopt=["calendar"], reason="Вышло постановление", dry_run=True)
    kind = "versions"
    adopt: Adopt = DEFINITIONS


class TransferIn(Body):
    moved_from: Day = Field(alias="from")
    moved_to: Day = Field(alias="to")


class CalendarIn(Body):
    """`transfers`: of the decree, once it is out; until then none. `days_off`: the region's own."""

    model_config = example(
        source="Постановление Правительства РФ о переносе выходных дней в 2028 году",
        transfers=[{"from": "2028-01-08", "to": "2028-05-08"}],
        days_off=["2028-04-25"],
    )
    source: Words = Field(min_length=1, max_length=500)
    transfers: tuple[TransferIn, ...] = Field(default=(), max_length=40)
    days_off: tuple[Day, ...] = Field(default=(), max_length=100)


class VersionsIn(Body):
    model_config = example(adopt=["calendar"], reason="Вышло постановление", order={"number": "15-од"})
    adopt: Adopt = DEFINITIONS
    reason: Reason
    order: OrderIn | None = None
