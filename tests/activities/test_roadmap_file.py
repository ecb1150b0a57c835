"""A municipality's roadmap out of the files that people have: what is understood, and what is refused where."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
import xlsxwriter  # type: ignore[import-untyped]

from activities.roadmap_dates import date_rule
from activities.roadmap_file import MOST_STEPS, RoadmapSheet, read_roadmap
from domain.dates import Dates, Recurring, Relative, Until, Window
from domain.roadmap import Roadmap

TABLE = """\
Дорожная карта муниципалитета;;;;
;;;;
№;Мероприятие;Сроки;Ответственные;Вид
I. Подготовка;;;;
1;Совещание с руководителями школ;до 15 сентября 2026 г.;Муниципальный координатор;совещание
2;Сбор программ наставничества;01.09–30.09;Начальник управления образования;
II. Реализация;;;;
3;Мониторинг;ежемесячно, 01.10–30.04;Иванова А.П.;отчёт
4;Отчёт об исполнении;через 10 рабочих дней после мероприятия 3;;
"""
YAML = """\
title: Дорожная карта города
phases:
  - number: 1
    title: Подготовка
    steps:
      - {number: 1, title: Совещание, kind: meeting, roles: [head], date: {rule: until, closes: "15.09"}}
"""


def roadmap(sheet: RoadmapSheet) -> Roadmap:
    assert sheet.roadmap is not None, sheet.errors
    return sheet.roadmap


def wrong(sheet: RoadmapSheet) -> list[tuple[int | None, str | None, str]]:
    assert sheet.roadmap is None
    return [(one.row, one.column, one.detail) for one in sheet.errors]


def table(*rows: str) -> RoadmapSheet:
    return read_roadmap("\n".join(["№;Мероприятие;Сроки", *rows]).encode(), "карта.csv")


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("до 10 октября 2026 г.", Until(closes=(10, 10))),
        ("10.10.2026", Until(closes=(10, 10))),
        ("2026-10-10 00:00:00", Until(closes=(10, 10))),
        ("01.09–15.09", Window(opens=(9, 1), closes=(9, 15))),
        ("с 1 сентября по 15 октября 2026 года", Window(opens=(9, 1), closes=(10, 15))),
        ("с 1 по 15 сентября", Window(opens=(9, 1), closes=(9, 15))),
        ("Сентябрь – октябрь", Window(opens=(9, 1), closes=(10, 31))),
        ("март 2027", Window(opens=(3, 1), closes=(3, 31))),
        ("II квартал", Window(opens=(4, 1), closes=(6, 30))),
        ("в течение 2026/27 учебного года", Window(opens=(9, 1), closes=(6, 30))),
        ("ежеквартально (с 1 октября по 30 апреля)", Recurring(opens=(10, 1), closes=(4, 30), every="quarterly")),
        ("15.12; 15 мая", Dates(dates=((12, 15), (5, 15)))),
        ("за 14 дней до мероприятия 7", Relative(days=14, direction="before", step=7)),
    ],
)
def test_deadlines_as_people_write_them(words: str, rule: object):
    assert type(rule).model_validate(date_rule(words)) == rule  # type: ignore[attr-defined]


@pytest.mark.parametrize("words", ["", "скоро", "10.1", "32", "до", "по графику", "сентябрь по", "(((((", "1" * 200])
def test_what_is_no_deadline(words: str):
    assert date_rule(words) is None


def test_a_table_with_phases_as_lines_between():
    sheet = read_roadmap(TABLE.encode(), "карта.csv")
    found = roadmap(sheet)
    assert [(phase.title, len(phase.steps)) for phase in found.phases] == [("I. Подготовка", 2), ("II. Реализация", 2)]
    assert [step.kind for step in found.all_steps()] == ["meeting", "report", "report", "report"]
    assert [step.role for step in found.all_steps()] == [
        "municipal_coordinator",
        "head",
        *["municipal_coordinator"] * 2,
    ]
    assert any("Строка 8" in note for note in sheet.notes), "a name is not kept, and that is said"
    assert any("Годы" in note for note in sheet.notes)
    assert "Иванова" not in found.model_dump_json()


def test_a_workbook_with_a_column_of_phases_and_no_numbers():
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"default_date_format": "dd.mm.yyyy"}) as book:
        sheet = book.add_worksheet()
        rows = (
            ("Этап", "Наименование мероприятия", "Срок исполнения"),
            ("Подготовка", "Совещание", "сентябрь"),
            ("", "Приказ", date(2026, 10, 1)),
            ("Итоги", "Отчёт", "до 20.06"),
        )
        for line, row in enumerate(rows):
            sheet.write_row(line, 0, row)
    sheet_read = read_roadmap(file.getvalue(), "карта.xlsx")
    found = roadmap(sheet_read)
    assert [(phase.title, [step.number for step in phase.steps]) for phase in found.phases] == [
        ("Подготовка", [1, 2]),
        ("Итоги", [3]),
    ]
    assert found.steps[2].date == Until(closes=(10, 1)), "a cell may hold a date of its own"
    assert any("пронумерованы подряд" in note for note in sheet_read.notes)


def test_every_mistake_is_named_by_row_and_column():
    found = wrong(table("1;Совещание;скоро", "1;;до 31.02", "3;Отчёт;май – сентябрь"))
    assert [(row, column) for row, column, _ in found] == [
        (2, "Сроки"), (3, "№"), (3, "Мероприятие"), (3, "Сроки"), (4, "Сроки")
    ]  # fmt: skip
    assert "«скоро» — не срок" in found[0][2]
    assert "уже есть в строке 2" in found[1][2]
    assert "не дата вида ДД.ММ" in found[3][2]
    assert "начало позже конца" in found[4][2]


def test_a_step_that_waits_for_one_that_is_not_there():
    ((row, _, detail),) = wrong(table("1;Отчёт;через 5 дней после мероприятия 9"))
    assert row is None
    assert "мероприятие 1 ссылается на 9" in detail


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (b"\x00\x01\x02", "карта.xlsx", "заголовков"),
        (b"PK\x03\x04 half", "карта.xlsx", "повреждён"),
        (b"\xd0\xcf\x11\xe0", "карта.xls", "старом формате"),
        ("№;Мероприятие;Сроки\n".encode(), "карта.csv", "ни одного мероприятия"),
        (b"", "карта.csv", "заголовков"),
        (b"", "k.yaml", "Файл"),
        (b"phases: [", "k.yaml", "строка"),
        (b"[" * 100_000, "k.yaml", "вложенность"),
        (b"a: &a [x]\nphases: [*a, *a]", "k.yaml", "ссылки"),
        (YAML.replace("[head]", "[curator]").encode(), "k.yml", "municipal_coordinator или head"),
        (YAML.replace("meeting", "festival").encode(), "k.yml", "этап 1, мероприятие 1, поле kind"),
        (YAML.replace("Совещание", '"\\a"').encode(), "k.yml", "управляющих знаков"),
        (YAML.encode("cp1251"), "k.yml", "UTF-8"),
    ],
)
def test_files_that_are_no_roadmap(content: bytes, name: str, told: str):
    assert told in wrong(read_roadmap(content, name))[0][2]


def test_a_definition_file_is_taken_as_it_is():
    found = roadmap(read_roadmap(YAML.encode(), "карта.yaml"))
    assert (found.title, [step.role for step in found.all_steps()]) == ("Дорожная карта города", ["head"])


def test_a_roadmap_has_an_end():
    rows = [f"{number};Отчёт;через 1 дней после мероприятия {number - 1}" for number in range(2, 998)]
    assert str(MOST_STEPS) in wrong(table("1;Отчёт;до 01.09", *rows))[0][2]
