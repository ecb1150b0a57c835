"""How deadlines were kept: the report over a municipality or the region."""

from __future__ import annotations

from fastapi import APIRouter
from sqlalchemy import true
from starlette.responses import Response

from activities.access import may_see_unit, programme_scope
from activities.timeliness_report import read_timeliness
from api import cohort_documents as d
from api import shapes
from api.answers import answer
from api.context import Caller, InContext
from api.documents import told
from api.problems import Refused
from domain.refusal import Refusal

router = APIRouter(prefix="/timeliness", tags=["Сроки"])


@router.get("", summary="Исполнительность: сколько сроков соблюдено", responses=told(d.Timeliness))
def timeliness(context: InContext, caller: Caller, unit: shapes.Place = None, year: shapes.Year = None) -> Response:
    """Raw counts against the first dates, excused against the last ones; by default of the whole region.

    The project office gets the sums of the region and its municipalities, without organisations.
    """
    office = caller.role == "project_office"
    core = context.core
    with core.database.reading() as connection:
        tree = context.tree(connection)
        place = unit or next((one.id for one in tree.of_kind("region")), caller.unit)
        if not may_see_unit(connection, caller, tree, place):
            raise Refused(Refusal(code="unit_unknown", facts={"unit": place}, pointer="query:unit"))
        found = read_timeliness(
            connection,
            core.streams,
            tree,
            true() if office else programme_scope(caller, tree),
            unit=place,
            year=year,
            now=core.clock(),
            organisations=not office,
        )
    return answer(found)
