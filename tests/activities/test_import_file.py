"""A municipality sends its list of organisations as a table."""

from pathlib import Path

import pytest

from activities.import_check import placed
from activities.import_file import read_organisations
from tests.activities.tables import COLLEGE, HEADER, SCHOOL, TREE, csv, only_problem, problems, xlsx


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
