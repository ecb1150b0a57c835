"""What a document says, in order; how it looks in a file is the matter of its writers.

The same structure makes the same bytes: whatever varies (a moment, a check code) is a part of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, TypeAlias

Align = Literal["left", "centre", "right"]

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
"""The moment of a document that has none of its own, a blank."""

# What no XML file may hold: control characters, halves of a pair, the two that are no characters at all.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Heading:
    """A title; `level` 1 is the document's, 2 and 3 are below it."""

    text: str
    level: Literal[1, 2, 3] = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Plain words; a line break in the text stays one. `kept`: on the page of what stands before it, of a table the
    last row.
    """

    text: str
    align: Align = "left"
    bold: bool = False
    small: bool = False
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table; it may reach over several columns."""

    text: str
    align: Align = "left"
    bold: bool = False
    columns: int = 1


Row: TypeAlias = tuple[Cell | str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns whose widths are parts of the page's width, in any unit.

    The first `heads` rows are bold and are repeated on each page.
    """

    widths: tuple[float, ...]
    rows: tuple[Row, ...]
    heads: int = 1
    small: bool = False

    def __post_init__(self) -> None:
        for row in self.rows:
            if sum(cell.columns for cell in cells(row)) != len(self.widths):
                raise ValueError(f"столбцов {len(self.widths)}, а строка таблицы занимает другое число: {row}")
        if self.heads > len(self.rows):
            raise ValueError(f"строк в таблице {len(self.rows)}, а в её заголовке {self.heads}")


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG picture and the words for those who cannot see it."""

    png: bytes
    words: str
    width: float = 160
    """In millimetres."""


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins on a new page."""


Block: TypeAlias = Heading | Paragraph | Table | Picture | PageBreak


@dataclass(frozen=True, slots=True)
class Document:
    """A document on pages of A4; `footer` stands on each of them, before the page's number."""

    title: str
    blocks: tuple[Block, ...]
    footer: str = ""
    landscape: bool = False
    made_at: datetime = LONG_AGO


def cells(row: Row) -> Iterator[Cell]:
    """The cells of a row; a bare text is a cell."""
    for cell in row:
        yield Cell(cell) if isinstance(cell, str) else cell


def printable(text: str) -> str:
    """The text without the characters that a file cannot hold, with one kind of line break, and of space for a tab:
    what writes PDF drops a tab, and two words would become one.
    """
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))


def texts(document: Document) -> Iterator[str]:
    """Everything that the document says, in order, its footers apart."""
    for block in document.blocks:
        match block:
            case Heading() | Paragraph():
                yield printable(block.text)
            case Table():
                yield from (printable(cell.text) for row in block.rows for cell in cells(row))
            case Picture() | PageBreak():
                pass
