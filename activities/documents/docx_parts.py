"""The pieces of a DOCX that are written element by element: tables, for their many cells, and fields."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from functools import cache, lru_cache
from typing import Any

from docx.oxml.ns import nsmap, qn
from docx.oxml.parser import oxml_parser

from activities.documents.model import Align, Cell, Row, Table, cells, printable

TWIPS = 20
"""In a point; lengths are given in them."""
_NAMESPACE = {"w": nsmap["w"]}
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_SIDES = {"left": "left", "centre": "center", "right": "right"}


def element(name: str, *inside: Any, **attributes: str | int) -> Any:
    """`element("w:tab", val="right")` with what is inside of it."""
    made = oxml_parser.makeelement(_qualified(name), nsmap=_NAMESPACE)
    for key, value in attributes.items():
        made.set(_qualified(f"w:{key}"), str(value))
    made.extend(inside)
    return made


@cache
def _qualified(name: str) -> str:
    """A document of a region has a million names, and thirty different ones."""
    return qn(name)


def table(block: Table, room: int) -> Any:
    """A table over `room` twips; a thousand rows of eight take a second instead of five."""
    widths = [int(room * width / sum(block.widths)) for width in block.widths]
    half_points = 17 if block.small else 22
    about = element(
        "w:tblPr",
        element("w:tblStyle", val="TableGrid"),
        element("w:tblW", type="dxa", w=sum(widths)),
        element("w:tblLayout", type="fixed"),
    )
    grid = element("w:tblGrid", *(element("w:gridCol", w=width) for width in widths))
    rows = (_row(row, widths, half_points, head=number < block.heads) for number, row in enumerate(block.rows))
    return element("w:tbl", about, grid, *rows)


def field(name: str, half_points: int) -> Any:
    """What the reader's program works out, like the number of the page."""
    return element("w:fldSimple", _run("1", half_points), instr=name)


def _row(row: Row, widths: list[int], half_points: int, *, head: bool) -> Any:
    about = element("w:trPr", element("w:cantSplit"), *([element("w:tblHeader")] if head else []))
    made, at = element("w:tr", about), 0
    for cell in cells(row):
        made.append(_cell(cell, sum(widths[at : at + cell.columns]), half_points, bold=head or cell.bold))
        at += cell.columns
    return made


def _cell(cell: Cell, width: int, half_points: int, *, bold: bool) -> Any:
    made = deepcopy(_blank_cell(width, cell.columns, cell.align, half_points, bold))
    run = made[-1][-1]
    run.extend(lines(cell.text))
    return made


@lru_cache(maxsize=1000)
def _blank_cell(width: int, columns: int, align: Align, half_points: int, bold: bool) -> Any:
    """A cell without words; to copy one costs a fifth of making it."""
    about = element("w:tcPr", element("w:tcW", type="dxa", w=width))
    if columns > 1:
        about.append(element("w:gridSpan", val=columns))
    look = element("w:pPr", element("w:spacing", after=0), element("w:jc", val=_SIDES[align]))
    return element("w:tc", about, element("w:p", look, _run("", half_points, bold=bold)))


def _run(text: str, half_points: int, *, bold: bool = False) -> Any:
    look = element("w:rPr", *([element("w:b")] if bold else []), element("w:sz", val=half_points))
    run = element("w:r", look)
    run.extend(lines(text) if text else ())
    return run


def lines(text: str) -> Iterator[Any]:
    """What a run says: its lines with the breaks between them; the library looks at each letter instead."""
    for number, line in enumerate(printable(text).split("\n")):
        if number:
            yield element("w:br")
        words = element("w:t")
        words.text = line
        words.set(_SPACE, "preserve")
        yield words
