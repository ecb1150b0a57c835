"""The consolidated report of a campaign: figures, files, what a figure is made of, the league table."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, NamedTuple
from urllib.parse import quote

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from activities.campaign_report import about_campaign, layout_for, read_entries
from activities.monitoring_access import counted_scope
from activities.reports.consolidated_csv import consolidated_csv, consolidated_json
from activities.reports.consolidated_document import consolidated_document
from activities.reports.consolidated_xlsx import consolidated_workbook
from activities.submissions import PREFIX
from activities.tokens import Identity
from api import consolidated_documents as d
from api.acting import hides_people
from api.answers import JSON, answer
from api.campaign_acting import seen_campaign
from api.context import Caller, Context, InContext
from api.documents import told
from api.files import FileKind, file_answer, files
from api.problems import Refused
from domain.refusal import Refusal
from domain.report.office import unnamed, without_words
from domain.report.report import Report, compile_report, sources
from domain.report.view import About, figure_view, origin_view, placed_view

router = APIRouter(prefix="/campaigns/{campaign}", tags=["Мониторинг"])
InKind = Annotated[FileKind, Path(description="Вид файла")]
Figure = Annotated[str, Query(description="Показатель: указатель JSON в отчёте, например /indicators/3/change")]


class Compiled(NamedTuple):
    """A report with what it is about."""

    about: About
    report: Report


@router.get("/report.json", summary="Сводный отчёт", responses=told(d.Consolidated))
def report_json(campaign: str, context: InContext, caller: Caller) -> Response:
    """Only accepted forms count; beside every figure over how many respondents it goes.

    Shares are Σ numerators / Σ denominators, changes go over those who gave both years. The same state gives the same
    bytes. A respondent gets its own figures, the project office sums and municipalities without words, the operator
    everything but words.
    """
    return Response(consolidated_json(*compiled(context, caller, campaign)), media_type=JSON)


@router.get(
    "/report.csv",
    summary="Сводный отчёт таблицей для других программ",
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}, "description": "Файл"}},
)
def report_csv(campaign: str, context: InContext, caller: Caller) -> Response:
    """A line for each figure of the region, of both kinds of respondents and of each respondent."""
    body = consolidated_csv(*compiled(context, caller, campaign))
    disposition = f"attachment; filename*=UTF-8''{quote(f'{_name(campaign)}.csv', safe='')}"
    return Response(body, headers={"Content-Disposition": disposition}, media_type="text/csv")


@router.get("/report.{kind}", summary="Сводный отчёт файлом", responses=files())
def report_file(campaign: str, kind: InKind, context: InContext, caller: Caller) -> Response:
    """The spreadsheet has live formulas; charts are pictures in all of them."""
    found = compiled(context, caller, campaign)
    return file_answer(
        kind, _name(campaign), lambda: consolidated_document(*found), lambda: consolidated_workbook(*found)
    )


@router.get("/report/sources", summary="Из чего сложился показатель", responses=told(d.Sources))
def report_sources(campaign: str, figure: Figure, context: InContext, caller: Caller) -> Response:
    """What each respondent adds to a figure, with the submission, the revision and the event it came with."""
    found = compiled(context, caller, campaign)
    rows = sources(found.report, figure)
    if rows is None:
        raise Refused(Refusal(code="figure_unknown", facts={"figure": figure}, pointer="query:figure"))
    whole = found.report.region
    items = [{**origin_view(row), "value": figure_view(own)} for row, own in rows]
    coverage = {"received": len(rows), "expected": whole.expected}
    return answer({"figure": figure, "value": figure_view(whole.figures[figure]), **coverage, "items": items})


@router.get("/report/league", summary="Полнота и своевременность", responses=told(d.League))
def report_league(campaign: str, context: InContext, caller: Caller) -> Response:
    """The most complete first; among equals who was in time. Raw: by the first deadline; excused: by the extended."""
    found = compiled(context, caller, campaign)
    return answer({"items": [placed_view(one) for one in found.report.league], "next": None})


def compiled(context: Context, caller: Identity, campaign: str) -> Compiled:
    """The report over what the caller may see. Refuses `campaign_unknown`."""
    core, office = context.core, caller.role == "project_office"
    with core.database.reading(frozen=True) as connection:
        state = seen_campaign(context, connection, caller, campaign)
        scope = counted_scope(caller, context.tree(connection))
        entries = read_entries(connection, core.kinds.of(PREFIX), campaign, scope)
    about = about_campaign(campaign, state)
    if len(entries) == 1 < len(state.respondents):
        about = replace(about, whose=entries[0].name)
    report = compile_report(layout_for(core.library, state), unnamed(entries) if office else entries)
    return Compiled(about, without_words(report) if hides_people(caller) else report)


def _name(campaign: str) -> str:
    return f"Сводный отчёт {campaign}"
