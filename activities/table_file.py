"""Tables that people send: XLSX and CSV files as rows of clean text, with bounds on what a file may cost us."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
import zlib
from pathlib import Path
from typing import NamedTuple

from python_calamine import CalamineError, load_workbook

MAX_FILE_BYTES = 20_000_000
MAX_ENTRIES = 1_000
MAX_UNPACKED_BYTES = 60_000_000
MAX_RATIO = 100
MAX_ROWS = 20_000
MAX_COLUMNS = 200

_HARMLESS_BYTES = 5_000_000  # so much may be unpacked at any ratio: small sheets repeat themselves
_CELL_PLACE = re.compile(rb"""\br\s*=\s*["']\s*([A-Za-z]{0,9})([0-9]+)""")
_BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError, ValueError)


class UnreadableFile(Exception):
    """The file cannot be read as a table; the text is one Russian sentence."""


class TableRow(NamedTuple):
    """One row that is not empty; `number` is the one that the reader's spreadsheet program shows."""

    number: int
    cells: tuple[str, ...]


def read_tables(path: Path) -> list[list[TableRow]]:
    """The sheets of a workbook, or the single table of a CSV file. Raises UnreadableFile."""
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise UnreadableFile(f"Файл больше {MAX_FILE_BYTES // 1_000_000} МБ.")
        return tables_of(path.read_bytes())
    except OSError as problem:
        raise UnreadableFile(f"Файл «{path.name}» не открывается: {problem.strerror}.") from problem


def tables_of(content: bytes) -> list[list[TableRow]]:
    """The same of a file's content. Raises UnreadableFile."""
    if content.startswith(b"PK"):
        return _workbook(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableFile("Файл защищён паролем или сохранён в старом формате: сохраните его как XLSX без пароля.")
    return [_csv(_decoded(content))]


def clean(text: str) -> str:
    """Text without invisible characters and with single spaces."""
    visible = "".join(" " if char.isspace() else char for char in unicodedata.normalize("NFC", text))
    return " ".join("".join(char for char in visible if unicodedata.category(char) not in ("Cc", "Cf", "Cs")).split())


def _workbook(content: bytes) -> list[list[TableRow]]:
    _refuse_bomb(content)
    try:
        with load_workbook(io.BytesIO(content)) as book:
            sheets = [book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names]
    except (CalamineError, ValueError, OSError) as problem:
        raise UnreadableFile("Файл не читается как книга Excel: сохраните его заново в формате XLSX.") from problem
    return [_rows([[_text(cell) for cell in row] for row in sheet]) for sheet in sheets]


def _refuse_bomb(content: bytes) -> None:
    """Sizes first as they are declared, then as they are: reading an entry checks its declared size and CRC."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            total = sum(entry.file_size for entry in entries)
            swollen = total > _HARMLESS_BYTES and total > MAX_RATIO * len(content)
            if len(entries) > MAX_ENTRIES or total > MAX_UNPACKED_BYTES or swollen:
                raise UnreadableFile("Файл распаковывается в слишком большой объём данных: похоже на zip-бомбу.")
            for entry in entries:
                _refuse_far_cells(archive.read(entry))
    except _BROKEN_ZIP as problem:
        raise UnreadableFile("Файл повреждён: сохраните его заново в формате XLSX.") from problem


def _refuse_far_cells(part: bytes) -> None:
    """Calamine allocates the whole rectangle up to the farthest cell: one in XFD1048576 would abort the process."""
    if b"sheetData" not in part:
        return
    for place in _CELL_PLACE.finditer(part):
        if len(place[2]) > 7 or int(place[2]) > MAX_ROWS or _column(place[1]) > MAX_COLUMNS:
            raise UnreadableFile(
                f"В таблице есть ячейки дальше строки {MAX_ROWS} или столбца {MAX_COLUMNS}: удалите лишнее."
            )


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _decoded(content: bytes) -> str:
    utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if utf16 else ("utf-8-sig", "cp1251"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile("Файл — не таблица XLSX и не текст CSV в кодировке UTF-8 или Windows-1251.")


def _csv(text: str) -> list[TableRow]:
    try:
        return _rows(list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)))
    except csv.Error as problem:
        raise UnreadableFile("Файл CSV не разбирается: проверьте, что каждая кавычка закрыта.") from problem


def _delimiter(text: str) -> str:
    lines = [line for line in text.splitlines()[:20] if line.strip()]
    header = next((line for line in lines if "наименование" in line.lower()), lines[0] if lines else "")
    return max(";,\t", key=header.count)


def _rows(table: list[list[str]]) -> list[TableRow]:
    if len(table) > MAX_ROWS:
        raise UnreadableFile(f"В таблице больше {MAX_ROWS} строк: разделите её на части.")
    rows = [TableRow(number, tuple(clean(cell) for cell in row)) for number, row in enumerate(table, start=1)]
    return [row for row in rows if any(row.cells)]


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
