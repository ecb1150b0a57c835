"""Reads a spreadsheet with its formulas, and computes these anew: the few functions that reports use."""

from __future__ import annotations

import ast
import io
import math
import re
import zipfile
from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from lxml import etree

_M = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_REFERENCE = re.compile(r"(?:'([^']+)'!)?\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?")
_STRING = re.compile(r'"([^"]*)"')

Cell = tuple[str, str]
"""Sheet and place: `("Сроки", "B2")`."""


class Book:
    """Cached values and formulas of all sheets."""

    def __init__(self, xlsx: bytes) -> None:
        self.values: dict[Cell, Any] = {}
        self.formulas: dict[Cell, str] = {}
        self.sheets: list[str] = []
        with zipfile.ZipFile(io.BytesIO(xlsx)) as parts:
            self.parts = {name: parts.read(name) for name in parts.namelist()}
        self._strings = ["".join(one.itertext(f"{_M}t")) for one in self._xml("xl/sharedStrings.xml")]
        targets = {one.get("Id"): one.get("Target") for one in self._xml("xl/_rels/workbook.xml.rels")}
        for sheet in self._xml("xl/workbook.xml").iter(f"{_M}sheet"):
            self.sheets.append(sheet.get("name"))
            self._read(sheet.get("name"), self._xml(f"xl/{targets[sheet.get(_R)]}"))

    def computed(self, cell: Cell) -> Any:
        """The value of a cell, computed from its formula and from those that this one refers to."""
        formula = self.formulas.get(cell)
        return self.values.get(cell) if formula is None else _evaluate(self, cell[0], formula)

    def rows(self, sheet: str) -> list[dict[str, Any]]:
        """The cached values of a sheet, row by row, by column."""
        found: dict[int, dict[str, Any]] = {}
        for (name, place), value in self.values.items():
            if name == sheet:
                column, row = _split(place)
                found.setdefault(row, {})[column] = value
        return [found[row] for row in sorted(found)]

    def _read(self, name: str, root: Any) -> None:
        for one in root.iter(f"{_M}c"):
            cell, value, formula = (name, one.get("r")), one.find(f"{_M}v"), one.find(f"{_M}f")
            if formula is not None:
                self.formulas[cell] = formula.text
            text = None if value is None else value.text or ""
            self.values[cell] = self._value(one.get("t"), text)

    def _value(self, kind: str | None, text: str | None) -> Any:
        if text is None or kind == "str":
            return text
        return self._strings[int(text)] if kind == "s" else float(text)

    def _xml(self, name: str) -> Any:
        return etree.fromstring(self.parts[name])


def _split(place: str) -> tuple[str, int]:
    letters = place.rstrip("0123456789")
    return letters, int(place.removeprefix(letters))


def _evaluate(book: Book, sheet: str, formula: str) -> Any:
    """The formula as a Python expression over `get` and the functions below."""
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        kept.append(found[1])
        return f"text_({len(kept) - 1})"

    source = _STRING.sub(keep, formula.removeprefix("="))
    cells: list[Any] = []

    def refer(found: re.Match[str]) -> str:
        cells.append(list(_cells(found, sheet)))
        return f"area({len(cells) - 1})" if found[4] else f"one({len(cells) - 1})"

    source = _REFERENCE.sub(refer, source)
    source = re.sub(r"(?<![<>=])=(?!=)", "==", source).replace("IF(", "IF_(").replace("COUNTIF_(", "COUNTIF(")
    source = source.replace("SUMIF_(", "SUMIF(")
    names: dict[str, Callable[..., Any]] = {
        **_FUNCTIONS,
        "text_": lambda number: kept[number],
        "area": lambda number: [book.computed(cell) for cell in cells[number]],
        "one": lambda number: book.computed(cells[number][0]),
    }
    return _run(ast.parse(source, mode="eval").body, names)


def _cells(found: re.Match[str], sheet: str) -> Iterator[Cell]:
    name, first, top, last, bottom = found[1] or sheet, found[2], int(found[3]), found[4], found[5]
    for row in range(top, int(bottom or top) + 1):
        for column in range(_number(first), _number(last or first) + 1):
            yield name, f"{_letters(column)}{row}"


def _number(letters: str) -> int:
    return sum((ord(letter) - 64) * 26**place for place, letter in enumerate(reversed(letters)))


def _letters(number: int) -> str:
    found = ""
    while number:
        number, rest = divmod(number - 1, 26)
        found = chr(65 + rest) + found
    return found


def _run(node: ast.expr, names: dict[str, Callable[..., Any]]) -> Any:
    match node:
        case ast.Constant():
            return node.value
        case ast.Call(func=ast.Name(id="IF_"), args=[test, yes, no]):
            return _run(yes if _run(test, names) else no, names)
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return names[name](*(_run(one, names) for one in arguments))
        case ast.BinOp(left=left, op=operator, right=right):
            return _OPERATORS[type(operator)](_run(left, names), _run(right, names))
        case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
            return _run(left, names) == _run(right, names)
        case _:
            raise NotImplementedError(ast.dump(node))


def _figures(given: tuple[Any, ...]) -> list[float]:
    flat = [value for one in given for value in (one if isinstance(one, list) else [one])]
    return [value for value in flat if isinstance(value, int | float)]


def _meets(value: Any, criterion: str) -> bool:
    if criterion == ">=0":
        return isinstance(value, int | float) and value >= 0
    return bool(value == criterion)


def _round(value: float, digits: int) -> float:
    assert math.isfinite(value)
    return float(Decimal(repr(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


def _countifs(*given: Any) -> int:
    pairs = list(zip(given[::2], given[1::2], strict=True))
    return sum(all(_meets(area[row], criterion) for area, criterion in pairs) for row in range(len(pairs[0][0])))


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "SUM": lambda *given: sum(_figures(given)),
    "COUNT": lambda *given: len(_figures(given)),
    "COUNTIF": _countifs,
    "COUNTIFS": _countifs,
    "ROUND": _round,
    "SUMIF": lambda area, criterion, added: sum(
        _figures(tuple(value for one, value in zip(area, added, strict=True) if _meets(one, criterion)))
    ),
}
_OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: lambda one, other: one + other,
    ast.Sub: lambda one, other: one - other,
    ast.Mult: lambda one, other: one * other,
    ast.Div: lambda one, other: one / other,
}
