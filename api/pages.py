"""Read-only pages in Russian, so that the links in letters lead somewhere until the console comes."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from api.acting import visible
from api.context import InContext
from api.execution import InKind, report_file
from api.page_answers import PageRoute, Visitor, page
from api.page_list import Filters, list_view
from api.page_programme import OPERATORS, programme_view

router = APIRouter(route_class=PageRoute, include_in_schema=False, default_response_class=HTMLResponse)

YEAR_DIGITS = 4


@router.get("/")
def welcome() -> HTMLResponse:
    """What this is, and where to go."""
    return page("welcome.html")


@router.get("/programmes")
def programmes(
    context: InContext,
    visitor: Visitor,
    year: str = "",
    municipality: str = "",
    q: str = "",
    cursor: str = "",
) -> HTMLResponse:
    """The programmes that the visitor may see, the late ones first."""
    number = int(year) if year.isascii() and year.isdigit() and len(year) == YEAR_DIGITS else None
    filters = Filters(number, municipality.strip(), q.strip()[:200])
    with context.core.database.reading() as connection:
        return page("programmes.html", **list_view(context, connection, visitor, filters, cursor))


@router.get("/programmes/{programme}")
def programme(programme: str, context: InContext, visitor: Visitor) -> HTMLResponse:
    """One programme; for whom it is not visible it is not there, as in the API."""
    visible(context, visitor, programme)
    with context.core.database.reading() as connection:
        return page("programme.html", **programme_view(context, connection, visitor, programme))


@router.get("/programmes/{programme}/execution.{kind}")
def execution(programme: str, kind: InKind, context: InContext, visitor: Visitor) -> Response:
    """The report on the execution of the roadmap, as a file to keep."""
    return report_file(context, visitor, programme, kind, names=visitor.role not in OPERATORS)
