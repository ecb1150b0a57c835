"""The spreadsheet counts for itself: its formulas come to the report's figures."""

from __future__ import annotations

from typing import Any

import pytest

from activities.reports.consolidated_xlsx import consolidated_workbook
from domain.report.report import Report, compile_report
from tests.activities.reports.region import ABOUT, HOSTILE, LAYOUT, entries, hostile, report
from tests.activities.reports.sheets import Book

SUMMARY, RESPONDENTS = "Сводный отчёт", "По муниципалитетам"


@pytest.fixture(scope="module")
def book() -> Book:
    return Book(consolidated_workbook(ABOUT, report()))


def figures(book: Book, found: Report) -> dict[str, dict[str, Any]]:
    """The summary's rows by key of the figure, in the order of the report."""
    rows = [row for row in book.rows(SUMMARY)[7:] if row.get("B")]
    return dict(zip((one.key for one in found.layout.measures), rows, strict=True))


def test_the_sheets(book: Book) -> None:
    assert book.sheets == [SUMMARY, RESPONDENTS, "Показатели", "Диаграммы", "Описания", "Сроки"]


def test_every_formula_computed_anew_gives_what_is_cached(book: Book) -> None:
    assert len(book.formulas) > 500
    for cell, formula in book.formulas.items():
        assert book.computed(cell) == book.values[cell], (cell, formula)


def test_figures_and_coverage_are_formulas_over_the_respondents_rows(book: Book) -> None:
    formulas = {place for sheet, place in book.formulas if sheet == SUMMARY}
    rows = [number for number, row in enumerate(book.rows(SUMMARY), start=1) if number > 8 and row.get("B")]
    assert {f"{column}{row}" for row in rows for column in "DEGHJK"} <= formulas


def test_the_summary_says_what_the_report_says(book: Book) -> None:
    found = report()
    rows = figures(book, found)
    assert (rows["/totals/general"]["D"], rows["/totals/general"]["E"], rows["/totals/general"]["F"]) == (94, 3, 7)
    assert (rows["/totals/additional"]["D"], rows["/totals/additional"]["E"]) == (6, 2)
    assert (rows["/indicators/1/earlier"]["D"], rows["/indicators/1/earlier"]["E"]) == (25.0, 2)  # 600 of 2400
    assert (rows["/indicators/1/later"]["M"], rows["/indicators/1/later"]["N"]) == (901, 3210)
    assert rows["/indicators/1/later"]["D"] == 28.1
    assert (rows["/indicators/5/earlier"]["D"], rows["/indicators/5/change"]["D"]) == (440, "нет данных")
    assert (rows["/indicators/3/change"]["D"], rows["/indicators/3/change"]["G"]) == (16, 17)
    assert rows["/indicators/3/change"]["J"] == -1
    for key, row in rows.items():
        figure = found.region.figures[key]
        assert row["E"] == figure.received
        assert figure.value is None or row["D"] == float(figure.value)


def test_enterprises_are_marked(book: Book) -> None:
    assert figures(book, report())["/indicators/3/later"]["O"].startswith("Сумма по муниципалитетам")


def test_who_is_not_accepted_has_a_row_without_figures(book: Book) -> None:
    rows = {row["B"]: row for row in book.rows(RESPONDENTS) if row.get("B")}
    assert (rows["ЗАТО Северск"]["D"], rows["ЗАТО Северск"]["F"]) == ("нет", None)
    assert rows["город Томск"]["E"] == "monitoring-2022-mo-tomsk, редакция 5, событие 12"


def test_texts_are_collected_with_their_authors(book: Book) -> None:
    told = {(row["A"], row["C"], row["D"]) for row in book.rows("Описания")}
    assert ("Исправление прошлого года", "город Томск", "Учтены филиалы.") in told
    assert ("Нет данных", "город Томск", "отчёт утрачен") in told
    assert ("Описание мероприятий", "Лицей", "Завод принимает школьников.") in told


def test_timeliness_is_raw_and_excused(book: Book) -> None:
    kept = {row["B"]: (row["K"], row["L"]) for row in book.rows("Сроки")}
    assert kept["город Томск"] == ("с опозданием", "в продлённый срок")
    assert kept["город Кедровый"] == ("с опозданием", "с опозданием")


def test_charts_are_there_as_charts_and_as_pictures(book: Book) -> None:
    pictures = [name for name in book.parts if name.startswith("xl/media/")]
    charts = [name for name in book.parts if name.startswith("xl/charts/chart")]
    assert len(pictures) == len(charts) == 4
    assert all(book.parts[name].startswith(b"\x89PNG") for name in pictures)


def test_the_same_state_makes_the_same_bytes() -> None:
    assert consolidated_workbook(ABOUT, report()) == consolidated_workbook(ABOUT, report())


def test_hostile_texts_stay_texts() -> None:
    book = Book(consolidated_workbook(ABOUT, hostile()))
    for (sheet, place), formula in book.formulas.items():
        assert "cmd" not in formula, (sheet, place)
        assert book.computed((sheet, place)) == book.values[sheet, place]
    shown = {value for value in book.values.values() if isinstance(value, str)}
    assert set(HOSTILE[:6]) <= shown
    assert any(text.startswith("знак и ") for text in shown)
    assert not any(b"hyperlink" in part for name, part in book.parts.items() if "sheet" in name)


def test_a_single_respondent_is_a_range_too() -> None:
    book = Book(consolidated_workbook(ABOUT, compile_report(LAYOUT, entries()[:1])))
    assert all(book.computed(cell) == book.values[cell] for cell in book.formulas)


def test_a_campaign_in_which_nobody_answered_has_a_report_too() -> None:
    book = Book(consolidated_workbook(ABOUT, compile_report(LAYOUT, [])))
    assert all(book.computed(cell) == book.values[cell] for cell in book.formulas)
