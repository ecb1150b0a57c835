"""The working calendar: as it is known now, and what the region says about a year."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import ValidationError
from sqlalchemy import Connection
from starlette.responses import Response

from activities.access import may
from activities.calendars import CalendarChanges
from activities.region_calendar import calendar_view, put_changes, revision_of
from activities.starting import FIRST_YEAR, LAST_YEAR
from api import cohort_documents as d
from api import cohort_shapes as shapes
from api.acting import InAttempt
from api.answers import answer, etag
from api.context import Caller, Context, InContext
from api.documents import told
from api.once import once
from api.problems import Faulty, Problem, Refused
from domain.refusal import Refusal

router = APIRouter(prefix="/calendars", tags=["Производственный календарь"])

CalendarYear = Annotated[int, Path(ge=FIRST_YEAR, le=LAST_YEAR, description="Календарный год")]


@router.get("/{year}", summary="Рабочие и выходные дни года", responses=told(d.CalendarYear))
def calendar(year: CalendarYear, context: InContext, _caller: Caller) -> Response:
    """The year as new programmes will count it; provisional while its decree is not known."""
    body, revision = _view(context, year)
    return answer(body, headers=etag(revision))


@router.put("/{year}", summary="Внести переносы и выходные года", responses=told(d.CalendarYear))
def change_calendar(
    year: CalendarYear, body: shapes.CalendarIn, context: InContext, caller: Caller, attempt: InAttempt
) -> Response:
    """The decree's transfers, once it is out, and days off of the region's own, with their source.

    Programmes that start from now on count by it. Running ones go over by `POST /programmes/versions` with
    `adopt: ["calendar"]`, open rounds of monitoring by `POST /campaigns/{id}/calendar`: both can show the moves first,
    record them and tell everybody concerned.
    """
    changes = _sound(year, body)

    def change(connection: Connection) -> tuple[int, dict[str, Any], str | None]:
        if not may(caller, "manage_calendar", caller.unit, context.tree(connection)):
            raise Refused(Refusal(code="forbidden"))
        now = context.core.clock()
        made = put_changes(connection, context.core.library, changes, caller.actor, now, attempt.expected)
        if isinstance(made, Refusal):
            raise Refused(made)
        return 200, calendar_view(year, changes, made), str(made)

    return once(context, caller, attempt, change)


def _view(context: Context, year: int) -> tuple[dict[str, Any], int]:
    library = context.core.library
    revision = revision_of(library, year)
    return calendar_view(year, library.changes(year), revision), revision


def _sound(year: int, body: shapes.CalendarIn) -> CalendarChanges:
    given = body.model_dump(by_alias=True)
    try:
        return CalendarChanges.model_validate({"year": year, **given})
    except ValidationError as error:
        found = [("/".join(map(str, ("", *one["loc"]))), str(one["ctx"]["error"])) for one in error.errors()]
        errors = tuple({"pointer": pointer, "detail": detail} for pointer, detail in found)
        detail = "; ".join(dict.fromkeys(detail for _, detail in found))
        raise Faulty(Problem(422, "calendar_unsound", "Календарь составлен с ошибками", f"{detail}.", errors)) from None
