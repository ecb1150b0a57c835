"""Reports from the programmes' journals: execution of roadmaps, results by form of mentoring (order 420-р)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Path
from sqlalchemy import ColumnElement, Connection, true
from starlette.responses import Response

from activities.access import may_see_unit, programme_scope
from activities.execution_report import read_execution
from activities.execution_summary import Area, Year, execution_summary, is_complete, read_details, read_years
from activities.reports.area import area_document, area_workbook
from activities.reports.execution import execution_document, execution_workbook
from activities.reports.results import form_document, form_workbook, results_workbook
from activities.results_report import form_report, results_report
from activities.tokens import Identity
from api import report_documents as d
from api import shapes
from api.acting import hides_people
from api.answers import answer
from api.context import Caller, Context, InContext
from api.documents import told
from api.files import FileKind, file_answer, files, sheet_answer
from api.problems import Refused
from api.visibility import visible_row
from domain.dates import SCHOOL_YEAR_STARTS
from domain.mentoring_forms import Form, MentoringForm
from domain.plan import local_day
from domain.refusal import Refusal

router = APIRouter(tags=["Отчёты"])
InKind = Annotated[FileKind, Path(description="Вид файла")]


class Read(NamedTuple):
    """An area with those of its programmes that the caller may see."""

    area: Area
    years: Sequence[Year]
    complete: bool


@router.get(
    "/programmes/{programme}/execution.json",
    summary="Отчёт об исполнении дорожной карты организации",
    responses=told(d.Execution),
)
def execution(programme: str, context: InContext, caller: Caller) -> Response:
    """Each step with its first and last dates, moves with reasons and orders, completion, evidence, responsible."""
    return answer(_execution(context, caller, programme, not hides_people(caller)))


@router.get(
    "/programmes/{programme}/execution.{kind}",
    summary="Отчёт об исполнении дорожной карты организации, файлом",
    responses=files(),
)
def execution_file(programme: str, kind: InKind, context: InContext, caller: Caller) -> Response:
    """The same as a document to be signed, or as a spreadsheet."""
    return report_file(context, caller, programme, kind, names=not hides_people(caller))


def report_file(context: Context, caller: Identity, programme: str, kind: FileKind, *, names: bool) -> Response:
    """The report of a programme that the caller sees; `names`: whether persons may be named. Raises Refused."""
    report = _execution(context, caller, programme, names)
    name = f"Отчёт об исполнении {programme}"
    return file_answer(kind, name, lambda: execution_document(report), lambda: execution_workbook(report))


@router.get(
    "/units/{unit}/execution.json",
    summary="Отчёт об исполнении дорожных карт муниципалитета или региона",
    responses=told(d.AreaExecution),
)
def unit_execution(unit: str, context: InContext, caller: Caller, year: shapes.Year = None) -> Response:
    """Sums over the units next below, over each step, and each programme that the caller may see.

    `year` defaults to the present school year. The project office gets sums without organisations.
    """
    with context.core.database.reading() as connection:
        return answer(_summary(_read(context, connection, caller, unit, year)))


@router.get(
    "/units/{unit}/execution.{kind}",
    summary="Отчёт об исполнении дорожных карт муниципалитета или региона, файлом",
    responses=files(),
)
def unit_execution_file(
    unit: str, kind: InKind, context: InContext, caller: Caller, year: shapes.Year = None
) -> Response:
    """The spreadsheet has every step of every programme; the document of a municipality names what is out of line."""
    core = context.core
    with core.database.reading() as connection:
        read = _read(context, connection, caller, unit, year)
        wide = kind != "xlsx" and read.area.tree.units[unit].kind != "municipality"
        years = () if wide else read.years
        details = read_details(connection, core.streams, years, read.area, not hides_people(caller))
    report, name = _summary(read), f"Отчёт об исполнении {unit} {read.area.year}"
    return file_answer(kind, name, lambda: area_document(report, details), lambda: area_workbook(report, details))


@router.get(
    "/units/{unit}/results.json",
    summary="Планируемые и достигнутые результаты по формам",
    responses=told(d.Results),
)
def results(unit: str, context: InContext, caller: Caller, year: shapes.Year = None) -> Response:
    """Planned beside actual results (order 420-р, 3.3) by form, and by organisation and form."""
    with context.core.database.reading() as connection:
        read = _read(context, connection, caller, unit, year)
    return answer({**results_report(read.years, read.area), "complete": read.complete})


@router.get(
    "/units/{unit}/results.xlsx",
    summary="Планируемые и достигнутые результаты по формам, таблицей",
    responses=files("xlsx"),
)
def results_file(unit: str, context: InContext, caller: Caller, year: shapes.Year = None) -> Response:
    """The same as a spreadsheet."""
    with context.core.database.reading() as connection:
        read = _read(context, connection, caller, unit, year)
    report = {**results_report(read.years, read.area), "complete": read.complete}
    return sheet_answer(f"Результаты {unit} {read.area.year}", results_workbook(report))


@router.get("/reports/{form}.{kind}", summary="Аналитический отчёт по форме наставничества, файлом", responses=files())
def form_file(
    form: Form, kind: InKind, context: InContext, caller: Caller, unit: shapes.Place = None, year: shapes.Year = None
) -> Response:
    """Who runs the form, as a document or as a spreadsheet."""
    report = _form_report(context, caller, form, unit, year)
    name = f"Аналитический отчёт {form} {report['year']}"
    return file_answer(kind, name, lambda: form_document(report), lambda: form_workbook(report))


@router.get("/reports/{form}", summary="Аналитический отчёт по форме наставничества", responses=told(d.FormReport))
def form(
    form: Form, context: InContext, caller: Caller, unit: shapes.Place = None, year: shapes.Year = None
) -> Response:
    """Who runs the form, how far they have come, planned beside actual; `teacher-teacher` is that of order 420-р, 5.2.

    By default of the whole region and the present school year.
    """
    return answer(_form_report(context, caller, form, unit, year))


def _execution(context: Context, caller: Identity, programme: str, names: bool) -> dict[str, Any]:
    core = context.core
    with core.database.reading() as connection:
        visible_row(context, connection, caller, programme)
        return read_execution(connection, core.streams, programme, core.clock(), names)


def _form_report(
    context: Context, caller: Identity, form: MentoringForm, unit: str | None, year: int | None
) -> dict[str, Any]:
    with context.core.database.reading() as connection:
        regions = context.tree(connection).of_kind("region")
        place = unit or next((one.id for one in regions), caller.unit)
        pointer = "query:unit" if unit else None
        read = _read(context, connection, caller, place, year, form, pointer)
    return {**form_report(read.years, read.area, form), "complete": read.complete}


def _summary(read: Read) -> dict[str, Any]:
    return {**execution_summary(read.years, read.area), "complete": read.complete}


def _read(
    context: Context,
    connection: Connection,
    caller: Identity,
    unit: str,
    year: int | None,
    form: MentoringForm | None = None,
    pointer: str | None = None,
) -> Read:
    core, tree, now = context.core, context.tree(connection), context.core.clock()
    if not may_see_unit(connection, caller, tree, unit):
        raise Refused(Refusal(code="unit_not_found", facts={"unit": unit}, pointer=pointer))
    office = caller.role == "project_office"
    scope: ColumnElement[bool] = true() if office else programme_scope(caller, tree)
    today = local_day(now, tree.zone(unit))
    present = today.year if today.month >= SCHOOL_YEAR_STARTS else today.year - 1
    area = Area(tree, unit, present if year is None else year, now, not office, form)
    return Read(area, read_years(connection, core.streams, scope, area), is_complete(connection, scope, area))
