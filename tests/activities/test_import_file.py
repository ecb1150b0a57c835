"""A municipality sends its list of organisations as a table."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
import xlsxwriter  # type: ignore[import-untyped]

from activities.definition_store import MemoryDefinitions
from activities.definitions import BUILT_IN, Library
from activities.import_check import check, placed
from activities.import_file import ImportSheet, read_organisations
from activities.slugs import derived_id
from activities.table_file import MAX_ROWS
from domain.units import Unit, UnitTree

HEADER = ["Идентификатор", "Наименование", "Вид", "Муниципалитет", "Учредитель", "E-mail"]
SCHOOL = ["school-5", "МБОУ «СОШ № 5»", "общеобразовательная", "Асиновский район", "", "school5@example.org"]
COLLEGE = ["college-1", "ОГБПОУ «Техникум»", "профессиональная", "", "Департамент профессионального образования", ""]

REGION = Library([BUILT_IN], MemoryDefinitions()).units()
TREE = UnitTree(REGION)

Rows = Sequence[Sequence[object]]


def xlsx(folder: Path, rows: Rows, before: Iterable[str] = ()) -> Path:
    path = folder / "organisations.xlsx"
    book = xlsxwriter.Workbook(str(path))
    for name in before:
        book.add_worksheet(name)
    sheet = book.add_worksheet("Организации")
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return path


def csv(folder: Path, rows: Rows, delimiter: str = ";", encoding: str = "utf-8-sig") -> Path:
    path = folder / "organisations.csv"
    quoted = [delimiter.join('"' + str(cell).replace('"', '""') + '"' for cell in row) for row in rows]
    path.write_bytes("\r\n".join(quoted).encode(encoding))
    return path


def problems(sheet: ImportSheet, tree: UnitTree | None = None) -> list[tuple[int | None, str | None, str]]:
    found = [*sheet.errors, *(check(sheet, tree) if tree else [])]
    return [(each.row, each.column, each.detail) for each in found]


def only_problem(sheet: ImportSheet, tree: UnitTree | None = None) -> tuple[int | None, str | None, str]:
    (problem,) = problems(sheet, tree)
    return problem


def test_a_workbook_becomes_organisations_with_their_people(tmp_path: Path):
    header = [*HEADER, "Руководитель", "E-mail руководителя", "Куратор", "E-mail куратора"]
    people = ["Иванова Анна Петровна", "ivanova@example.org", "Петров Пётр", ""]
    sheet = read_organisations(xlsx(tmp_path, [header, [*SCHOOL, *people], [*COLLEGE, *people]]))
    assert problems(sheet, TREE) == []
    school, college = sheet.rows
    assert (school.id, school.sector, school.municipality, school.email) == (
        "school-5",
        "general",
        "Асиновский район",
        "school5@example.org",
    )
    assert [(person.role, person.name, person.email) for person in school.persons] == [
        ("head", "Иванова Анна Петровна", "ivanova@example.org"),
        ("curator", "Петров Пётр", None),
    ]
    assert [person.role for person in college.persons] == ["head", "navigator"]


def test_rows_take_their_place_in_the_region(tmp_path: Path):
    organisations = placed(read_organisations(xlsx(tmp_path, [HEADER, SCHOOL, COLLEGE])), TREE)
    assert [(each.row, each.unit.id, each.unit.parent, each.unit.sector) for each in organisations] == [
        (2, "school-5", "mo-asinovsky", "general"),
        (3, "college-1", "dpo", "vocational"),
    ]
    whole = UnitTree([*REGION, *(each.unit for each in organisations)])
    assert [whole.problem_with(each.unit) for each in organisations] == [None, None]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp1251", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_csv_file_says_the_same_however_it_was_saved(tmp_path: Path, encoding: str, delimiter: str):
    sheet = read_organisations(csv(tmp_path, [HEADER, SCHOOL, COLLEGE], delimiter, encoding))
    assert sheet == read_organisations(xlsx(tmp_path, [HEADER, SCHOOL, COLLEGE]))


def test_the_table_may_stand_below_a_title_on_a_later_sheet(tmp_path: Path):
    rows = [["Сведения об организациях"], [], HEADER, SCHOOL]
    sheet = read_organisations(xlsx(tmp_path, rows, before=["Титул"]))
    assert [row.row for row in sheet.rows] == [4]


def test_headings_are_understood_as_people_write_them(tmp_path: Path):
    header = [
        "наименование организации",
        "ТИП",
        "Район",
        "Эл. почта",
        "Ф.И.О. руководителя",
        "Электронная почта директора",
    ]
    row = ["Школа", "СПО", "Томский р-н", "a@example.org", "Иванова Анна", "b@example.org"]
    (organisation,) = read_organisations(xlsx(tmp_path, [header, row])).rows
    assert (organisation.email, organisation.persons[0].email) == ("a@example.org", "b@example.org")


def test_columns_that_are_not_used_are_told(tmp_path: Path):
    sheet = read_organisations(xlsx(tmp_path, [[*HEADER, "Телефон"], [*SCHOOL, "12-34"]]))
    assert sheet.ignored == ("Телефон",)


def test_a_number_is_read_without_its_fraction(tmp_path: Path):
    (row,) = read_organisations(xlsx(tmp_path, [HEADER, [5, "Школа", *SCHOOL[2:]]])).rows
    assert row.id == "5"


def test_invisible_characters_and_spare_spaces_go(tmp_path: Path):
    (row,) = read_organisations(csv(tmp_path, [HEADER, ["a", " Школа\u00a0№\u00ad\u200b  5\n", *SCHOOL[2:]]])).rows
    assert row.name == "Школа № 5"


def test_all_errors_of_a_file_come_in_one_go(tmp_path: Path):
    sheet = read_organisations(
        xlsx(
            tmp_path,
            [
                HEADER,
                ["Школа 5", "", "садик", "", "", "нет"],
                SCHOOL,
                ["x", "Школа № 6", "школа", "Атлантида", "", ""],
            ],
        )
    )
    assert [(row, column) for row, column, _ in problems(sheet, TREE)] == [
        (2, "Вид"),
        (2, "Идентификатор"),
        (2, "Наименование"),
        (2, "E-mail"),
        (2, "Муниципалитет"),
        (4, "Муниципалитет"),
    ]


def test_with_errors_nothing_is_placed(tmp_path: Path):
    sheet = read_organisations(xlsx(tmp_path, [HEADER, SCHOOL, ["x", "", *SCHOOL[2:]]]))
    assert len(sheet.rows) == 1
    with pytest.raises(ValueError, match="errors"):
        placed(sheet, TREE)


@pytest.mark.parametrize(
    ("column", "text", "detail"),
    [
        ("Идентификатор", "Школа", "«Школа» — не идентификатор"),
        ("Наименование", "", "Ячейка пуста"),
        ("Наименование", "я" * 501, "длиннее 500 знаков"),
        ("Вид", "завод", "Вид «завод» неизвестен, можно: общеобразовательная"),
        ("Муниципалитет", "", "Укажите муниципалитет"),
        ("E-mail", "a@b", "«a@b» — не адрес"),
        ("E-mail", "a@example.org, b@example.org", "не адрес"),
        ("Часовой пояс", "Томск", "Часовой пояс «Томск» неизвестен"),
        ("Часовой пояс", "../etc/passwd", "неизвестен"),
        ("Руководитель", "", "Адрес указан, а фамилия, имя и отчество — нет"),
        ("E-mail руководителя", "почта", "«почта» — не адрес"),
    ],
)
def test_a_wrong_cell_is_named_by_row_and_column(tmp_path: Path, column: str, text: str, detail: str):
    header = [*HEADER, "Часовой пояс", "Руководитель", "E-mail руководителя"]
    row = [*SCHOOL, "Asia/Tomsk", "Иванова Анна", "a@example.org"]
    row[header.index(column)] = text
    where, what, why = only_problem(read_organisations(xlsx(tmp_path, [header, row])))
    assert (where, what) == (2, column)
    assert detail in why


@pytest.mark.parametrize("text", ["Асиновский район", "Асиновский", "асиновский р-н", "mo-asinovsky"])
def test_a_municipality_is_found_by_name_or_id(tmp_path: Path, text: str):
    sheet = read_organisations(xlsx(tmp_path, [HEADER, [*SCHOOL[:3], text, "", ""]]))
    assert placed(sheet, TREE)[0].unit.parent == "mo-asinovsky"


@pytest.mark.parametrize(
    ("text", "municipality"),
    [
        ("г. Томск", "mo-tomsk"),
        ("Томский район", "mo-tomsky"),
        ("Северск", "mo-seversk"),
        ("ЗАТО Северск", "mo-seversk"),
    ],
)
def test_the_city_and_the_district_of_tomsk_are_kept_apart(tmp_path: Path, text: str, municipality: str):
    sheet = read_organisations(xlsx(tmp_path, [HEADER, [*SCHOOL[:3], text, "", ""]]))
    assert placed(sheet, TREE)[0].unit.parent == municipality


def test_a_misspelt_municipality_gets_a_suggestion(tmp_path: Path):
    sheet = read_organisations(xlsx(tmp_path, [HEADER, [*SCHOOL[:3], "Осиновский район", "", ""]]))
    assert only_problem(sheet, TREE) == (
        2,
        "Муниципалитет",
        "Муниципалитета «Осиновский район» нет в списке. Может быть, «Асиновский район»?",
    )


@pytest.mark.parametrize(("sector", "founder"), [("профессиональная", "dgo"), ("общеобразовательная", "dpo")])
def test_a_founder_of_another_sector_is_refused(tmp_path: Path, sector: str, founder: str):
    sheet = read_organisations(xlsx(tmp_path, [HEADER, ["x", "Корпус", sector, "", founder, ""]]))
    row, column, detail = only_problem(sheet, TREE)
    assert (row, column) == (2, "Учредитель")
    assert "не ведёт организации такого вида" in detail


def test_a_state_organisation_may_name_the_town_where_it_stands(tmp_path: Path):
    sheet = read_organisations(xlsx(tmp_path, [HEADER, [*COLLEGE[:3], "город Томск", "dpo", ""]]))
    assert placed(sheet, TREE)[0].unit.parent == "dpo"


def test_the_same_organisation_twice_is_refused_with_both_rows(tmp_path: Path):
    sheet = read_organisations(
        xlsx(tmp_path, [HEADER, SCHOOL, ["other", *SCHOOL[1:]], ["school-5", "Другая", *SCHOOL[2:]]])
    )
    assert [(row, detail) for row, _, detail in problems(sheet, TREE)] == [
        (3, "Повторяет строку 2: то же наименование там же."),
        (4, "Повторяет строку 2: тот же идентификатор."),
    ]


def test_an_id_that_belongs_to_a_department_is_refused(tmp_path: Path):
    sheet = read_organisations(xlsx(tmp_path, [HEADER, ["dgo", *SCHOOL[1:]]]))
    assert only_problem(sheet, TREE)[2].startswith("Идентификатор «dgo» уже занят: Департамент общего образования")


def test_without_an_id_the_organisation_gets_a_stable_one(tmp_path: Path):
    rows = [HEADER, ["", "МБОУ «СОШ № 5»", *SCHOOL[2:]], ["", "МБОУ «СОШ № 5»", SCHOOL[2], "Томский район", "", ""]]
    first, second = placed(read_organisations(xlsx(tmp_path, rows)), TREE)
    assert first.unit.id == derived_id("мбоу сош №5", "mo-asinovsky")
    assert first.unit.id.startswith("mbou-sosh-5-")
    assert first.unit.id != second.unit.id


def test_a_long_official_name_gives_a_short_readable_id():
    name = "Муниципальное автономное общеобразовательное учреждение средняя общеобразовательная школа № 5 города Асино"
    assert derived_id(name, "mo-asinovsky").startswith("sosh-5-goroda-asino-")
    assert len(derived_id("щ" * 500, "mo-asinovsky")) < 50
    nothing_to_read = derived_id("«»", "p")
    assert Unit(id=nothing_to_read, kind="region", name="«»").id == nothing_to_read


def test_an_organisation_that_is_known_keeps_its_id_when_the_table_gives_none(tmp_path: Path):
    known = Unit(id="asino-5", kind="organisation", name="МБОУ «СОШ №5»", parent="mo-asinovsky", sector="general")
    tree = UnitTree([*REGION, known])
    sheet = read_organisations(xlsx(tmp_path, [HEADER, ["", *SCHOOL[1:]]]))
    assert placed(sheet, tree)[0].unit.id == "asino-5"
    assert (
        "уже есть под идентификатором «asino-5»"
        in only_problem(read_organisations(xlsx(tmp_path, [HEADER, SCHOOL])), tree)[2]
    )


@pytest.mark.parametrize(
    ("header", "column", "detail"),
    [
        (["Наименование", "Муниципалитет"], "Вид", "Такого столбца нет"),
        (["Наименование", "Вид"], "Муниципалитет", "Нужен столбец «Муниципалитет» или «Учредитель»."),
        (["Наименование", "Вид", "Район", "Название"], "Название", "Столбец повторяет «Наименование»."),
    ],
)
def test_headings_that_do_not_do_are_named(tmp_path: Path, header: list[str], column: str, detail: str):
    row, where, why = only_problem(read_organisations(xlsx(tmp_path, [header, ["a"] * len(header)])))
    assert (row, where) == (1, column)
    assert detail in why


def test_a_table_without_rows_is_told(tmp_path: Path):
    assert only_problem(read_organisations(xlsx(tmp_path, [HEADER])))[2] == "Под заголовками нет ни одной строки."


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
