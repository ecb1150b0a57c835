"""Pages for those who look after the region: what stands still, and why one stream does."""

from __future__ import annotations

from typing import Annotated, Literal

from anyio import to_thread
from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from api.context import InContext
from api.explaining import found_out
from api.incidents import Filters, choose
from api.page_answers import PageRoute, Visitor, Watcher, page
from api.page_incidents import ROOM, list_page
from api.page_standing import KINDS, standing_page

router = APIRouter(
    prefix="/operations", route_class=PageRoute, include_in_schema=False, default_response_class=HTMLResponse
)

Word = Annotated[str, Query(max_length=64)]


@router.get("")
async def operations(
    context: InContext,
    visitor: Watcher,
    layer: Word = "",
    cause: Word = "",
    unit: Word = "",
    cursor: Annotated[str, Query(max_length=2000)] = "",
) -> HTMLResponse:
    """What stands still, as far as the visitor sees it; operators see what all share without the database too."""
    filters = Filters(layer=layer or None, cause=cause or None, unit=unit or None)
    chosen = await choose(context, visitor, filters, cursor or None, ROOM)
    return page("operations.html", **list_page(chosen, visitor, filters, cursor, context.core.clock()))


@router.get("/{kind}/{name}")
async def standing(
    kind: Literal["programme", "submission", "campaign"], name: str, context: InContext, visitor: Visitor
) -> HTMLResponse:
    """Why one stream stands, with its steps and its journal; for whom it is not visible it is not there."""
    found, permitted = await found_out(context, visitor, KINDS[kind].seen, KINDS[kind].prefix, name)

    def read() -> HTMLResponse:
        with context.core.database.reading(frozen=True) as connection:
            shown = standing_page(context, connection, visitor, kind, name, found, permitted)
        return page("standing.html", **shown)

    return await to_thread.run_sync(read)
