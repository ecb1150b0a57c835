"""Files that are no tables, and those that mean harm."""

import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter  # type: ignore[import-untyped]

from activities.import_file import read_organisations
from activities.table_file import MAX_ROWS
from tests.activities.tables import HEADER, only_problem


def file(folder: Path, content: bytes) -> Path:
    path = folder / "organisations.xlsx"
    path.write_bytes(content)
    return path


def zipped(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "detail"),
    [
        (b"", "Не найдена строка заголовков"),
        (b"%PDF-1.7\n\x98\x00", "не таблица XLSX и не текст CSV"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 100, "защищён паролем или сохранён в старом формате"),
        (b"PK\x03\x04 broken", "Файл повреждён"),
        (zipped({"readme.txt": b"hello"}), "не читается как книга Excel"),
        ('Наименование;Вид;Район\n"Школа;школа;Томск'.encode(), "каждая кавычка закрыта"),
        ("просто текст".encode(), "Не найдена строка заголовков"),
    ],
    ids=["empty", "pdf", "old-xls", "broken-zip", "zip-of-text", "open-quote", "text"],
)
def test_a_file_that_is_no_table_is_refused_with_a_reason(tmp_path: Path, content: bytes, detail: str):
    row, column, why = only_problem(read_organisations(file(tmp_path, content)))
    assert (row, column) == (None, None)
    assert detail in why


def test_a_file_that_is_not_there_is_told(tmp_path: Path):
    assert "не открывается" in only_problem(read_organisations(tmp_path / "none.xlsx"))[2]


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path):
    bomb = zipped({"xl/worksheets/sheet1.xml": b"0" * 30_000_000})
    assert len(bomb) < 50_000
    assert "zip-бомбу" in only_problem(read_organisations(file(tmp_path, bomb)))[2]


def test_a_bomb_that_lies_about_its_size_is_refused(tmp_path: Path):
    bomb = zipped({"a.xml": b"0" * 30_000_000})
    honest = (30_000_000).to_bytes(4, "little")
    assert (
        "повреждён"
        in only_problem(read_organisations(file(tmp_path, bomb.replace(honest, (9).to_bytes(4, "little")))))[2]
    )


def test_thousands_of_entries_are_refused(tmp_path: Path):
    assert (
        "zip-бомбу" in only_problem(read_organisations(file(tmp_path, zipped({f"{n}": b"" for n in range(1001)}))))[2]
    )


@pytest.mark.parametrize("place", [(1_048_575, 0), (0, 16_383), (MAX_ROWS, 0)])
def test_one_cell_far_out_does_not_take_the_process_down(tmp_path: Path, place: tuple[int, int]):
    path = tmp_path / "far.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADER)
    sheet.write(*place, 1)
    book.close()
    assert "удалите лишнее" in only_problem(read_organisations(path))[2]
