"""Writes a document as PDF/A: fonts embedded, the machine's own fonts and clock left out of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, assert_never

import typst

from activities.documents.model import (
    Block,
    Cell,
    Document,
    Heading,
    PageBreak,
    Paragraph,
    Picture,
    Table,
    cells,
    printable,
)

if TYPE_CHECKING:
    from typst import PDFStandard

_LONG = 2000
"""Characters of a cell that may go over to the next page; a shorter one stays whole."""

_PAGES = (Path(__file__).parent / "pages.typ").read_bytes()


def as_pdf(document: Document) -> bytes:
    """The document as PDF; the same document gives the same bytes."""
    try:
        return _compiled(document, ["a-2a"])
    except typst.TypstError:  # PDF/A has no place for a character that the fonts lack, a reader copes with it
        return _compiled(document, [])


def _compiled(document: Document, standards: list[PDFStandard]) -> bytes:
    made = typst.compile(
        _PAGES,
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"document": json.dumps(_document(document), ensure_ascii=False)},
        pdf_standards=standards,
        timestamp=int(document.made_at.timestamp()),
    )
    if not isinstance(made, bytes):
        raise TypeError(f"ожидался один файл PDF, а получено {type(made).__name__}")
    return made


def _document(document: Document) -> dict[str, Any]:
    return {
        "title": printable(document.title),
        "footer": printable(document.footer),
        "landscape": document.landscape,
        "blocks": _blocks(document.blocks),
    }


def _blocks(blocks: Iterable[Block]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for block in blocks:
        if isinstance(block, Paragraph) and block.kept and found:
            found.extend(_together(found.pop(), _block(block)))
        else:
            found.append(_block(block))
    return found


def _together(before: dict[str, Any], kept: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What stays on one page: of a table the last row, unless that may be longer than a page."""
    if before["kind"] == "together":
        yield {**before, "blocks": [*before["blocks"], kept]}
        return
    if before["kind"] == "table":
        *rows, last = before["rows"]
        if any(cell["long"] for cell in last):
            yield from (before, kept)
            return
        if len(rows) > before["heads"]:
            yield {**before, "rows": rows, "goes_on": True}
            before = {**before, "rows": [*rows[: before["heads"]], last], "continues": True}
    yield {"kind": "together", "blocks": [before, kept]}


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Heading():
            return {"kind": "heading", "lines": _lines(block.text), "level": block.level}
        case Paragraph():
            look: dict[str, Any] = {"align": block.align, "bold": block.bold, "small": block.small}
            return {"kind": "paragraph", "lines": _lines(block.text), **look}
        case Table():
            rows = [
                [_cell(cell, bold=number < block.heads) for cell in cells(row)] for number, row in enumerate(block.rows)
            ]
            look = {"widths": block.widths, "heads": block.heads, "small": block.small}
            return {"kind": "table", "rows": rows, **look}
        case Picture():
            return {"kind": "picture", "bytes": list(block.png), "words": printable(block.words), "width": block.width}
        case PageBreak():
            return {"kind": "break"}
        case _:
            assert_never(block)


def _cell(cell: Cell, *, bold: bool) -> dict[str, Any]:
    look = {"align": cell.align, "bold": cell.bold or bold, "columns": cell.columns}
    return {"lines": _lines(cell.text), "long": len(cell.text) > _LONG, **look}


def _lines(text: str) -> list[str]:
    return printable(text).split("\n")
