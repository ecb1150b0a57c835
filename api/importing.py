"""Organisations and their people from a table that somebody uploads: a dry run first, then all rows or none."""

from __future__ import annotations

import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Request, UploadFile
from sqlalchemy import Connection
from starlette.responses import Response

from activities.access import may
from activities.import_check import check, placed
from activities.import_file import ImportSheet, RowProblem, read_organisations
from activities.importing import ImportResult, apply
from activities.tokens import Identity
from api import region_documents as r
from api.acting import InKeys, fingerprinted
from api.answers import answer
from api.context import Caller, Context, InContext
from api.documents import told
from api.guard import MOST_OF_FILE
from api.once import once
from api.problems import Faulty, Problem, Refused, http_problem
from domain.access import GRANTS
from domain.refusal import Refusal
from domain.units import UnitTree

router = APIRouter(tags=["Узлы и люди"])
MOST_ERRORS = 500
"""Errors of one file that an answer lists; a file with more has one cause."""


@router.post("/units/import", summary="Внести организации и людей из таблицы XLSX или CSV", responses=told(r.Imported))
def import_table(
    file: Annotated[UploadFile, File(description="Таблица до 5 МБ: наименование, вид, муниципалитет, …")],
    context: InContext,
    caller: Caller,
    keys: InKeys,
    request: Request,
    dry_run: Annotated[bool, Form(description="true: только проверить и посчитать")] = True,
) -> Response:
    """A dry run answers what would change and every error by row and column; with errors nothing is written."""
    if "manage_units" not in GRANTS[caller.role]:
        raise Refused(Refusal(code="forbidden"))
    content = file.file.read(MOST_OF_FILE + 1)
    if len(content) > MOST_OF_FILE:
        raise Faulty(http_problem(413))
    sheet = _read(content)
    if dry_run:
        with context.core.database.writing() as connection:
            return answer(_view(_apply(context, connection, caller, sheet, True), sheet))

    def change(connection: Connection) -> tuple[int, dict[str, Any], None]:
        result = _apply(context, connection, caller, sheet, False)
        if result.errors:
            raise Faulty(_problem(result.errors))
        return 200, _view(result, sheet), None

    return once(context, caller, fingerprinted(keys, request, content), change)


def _read(content: bytes) -> ImportSheet:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table"
        path.write_bytes(content)
        return read_organisations(path)


def _apply(
    context: Context, connection: Connection, caller: Identity, sheet: ImportSheet, dry_run: bool
) -> ImportResult:
    foreign = _foreign(context.tree(connection), caller, sheet)
    if foreign:
        return ImportResult(dry_run, foreign)
    return apply(connection, sheet, caller.actor, context.core.clock(), dry_run)


def _foreign(tree: UnitTree, caller: Identity, sheet: ImportSheet) -> list[RowProblem]:
    """Rows that belong to places which the caller does not manage; the other errors are told first."""
    if sheet.errors or check(sheet, tree):
        return []
    wrong = []
    for row in placed(sheet, tree):
        known = tree.units.get(row.unit.id)
        places = {row.unit.parent, known.parent if known else row.unit.parent}
        if not all(place and may(caller, "manage_units", place, tree) for place in places):
            wrong.append(RowProblem(row=row.row, detail="Эта организация не в вашем ведении."))
    return wrong


def _view(result: ImportResult, sheet: ImportSheet) -> dict[str, Any]:
    return {
        "dry_run": result.dry_run,
        "units": asdict(result.units),
        "persons": asdict(result.persons),
        "roles": asdict(result.roles),
        "ignored": sheet.ignored,
        "errors": [error.model_dump() for error in result.errors[:MOST_ERRORS]],
        "error_count": len(result.errors),
    }


def _problem(errors: list[RowProblem]) -> Problem:
    shown = tuple({"pointer": "/file", **error.model_dump()} for error in errors[:MOST_ERRORS])
    detail = f"В таблице ошибок: {len(errors)}. Ничего не внесено; исправьте их и загрузите файл снова."
    return Problem(422, "import-invalid", "Таблица с ошибками", detail, shown)
