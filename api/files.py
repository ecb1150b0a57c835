"""Answers that are files: a report as document, PDF or spreadsheet, to be saved and not to be run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal
from urllib.parse import quote

from starlette.responses import Response

from activities.documents.docx import as_docx
from activities.documents.model import Document
from activities.documents.pdf import as_pdf
from activities.reports.workbook import XLSX

FileKind = Literal["docx", "pdf", "xlsx"]

MEDIA_TYPES: dict[FileKind, str] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": XLSX,
}
_BINARY: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}


def files(*kinds: FileKind) -> dict[int | str, dict[str, Any]]:
    """What a route's document says of the files that it answers; all kinds where none is named."""
    found = {MEDIA_TYPES[kind]: _BINARY for kind in kinds or MEDIA_TYPES}
    return {200: {"content": found, "description": "Файл"}}


def file_answer(kind: FileKind, name: str, document: Callable[[], Document], sheet: Callable[[], bytes]) -> Response:
    """The file of that kind; `name` is its name without the ending."""
    match kind:
        case "docx":
            body = as_docx(document())
        case "pdf":
            body = as_pdf(document())
        case "xlsx":
            body = sheet()
    return _saved(kind, name, body)


def document_answer(kind: Literal["docx", "pdf"], name: str, document: Document) -> Response:
    """A document to be printed; `name` is its name without the ending."""
    return _saved(kind, name, as_docx(document) if kind == "docx" else as_pdf(document))


def sheet_answer(name: str, body: bytes) -> Response:
    """A spreadsheet; `name` is its name without the ending."""
    return _saved("xlsx", name, body)


def _saved(kind: FileKind, name: str, body: bytes) -> Response:
    disposition = f"attachment; filename*=UTF-8''{quote(f'{name}.{kind}', safe='')}"
    return Response(body, headers={"Content-Disposition": disposition}, media_type=MEDIA_TYPES[kind])
