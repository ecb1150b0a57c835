"""The consolidated report as DOCX, PDF, CSV, JSON and pictures: the same figures, inert texts, the same bytes."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest
from PIL import Image

from activities.documents.docx import as_docx
from activities.documents.model import Document, Picture, printable, texts
from activities.documents.pdf import as_pdf
from activities.reports.charts import charts_of, picture
from activities.reports.consolidated_csv import consolidated_csv, consolidated_json
from activities.reports.consolidated_document import consolidated_document
from activities.reports.consolidated_xlsx import consolidated_workbook
from domain.report.from_form import layout_of
from domain.report.report import Report, compile_report
from tests.activities.documents.paper import opened, pages_of, said_in_docx, squeezed
from tests.activities.reports.region import ABOUT, HOSTILE, YEARS, hostile, report
from tests.activities.reports.sheets import Book
from tests.domain.form.forms import CAMP, MONITORING, filled
from tests.domain.report.given import accepted, silent


@pytest.fixture(scope="module")
def document() -> Document:
    return consolidated_document(ABOUT, report())


def said(document: Document) -> str:
    return "\n".join(texts(document))


def csv_rows(found: Report) -> list[dict[str, str]]:
    text = consolidated_csv(ABOUT, found).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def test_the_document_says_what_counts_and_who_is_late(document: Document) -> None:
    words = said(document)
    assert "Получено форм: 4 из 7, принято и учтено: 3. В отчёт входят только принятые формы." in words
    assert "Срок нарушили: город Кедровый." in words
    assert "28,1\u00a0% (901 из 3\u00a0210)" in words
    assert "3. Предприятия, предоставившие наставников. Сумма по муниципалитетам" in words
    assert "Завод принимает школьников." in words
    assert "Иванова" not in words


def test_indicators_have_their_numbers_and_groups_their_names(document: Document) -> None:
    words = list(texts(document))
    assert any(one.startswith("8. Положительная динамика числа студентов") for one in words)
    assert "Областные организации" in words
    book = Book(consolidated_workbook(ABOUT, report()))
    assert any(str(one).startswith("8. Положительная динамика числа студентов") for one in book.values.values())


def test_before_the_deadline_nobody_is_said_to_have_kept_it() -> None:
    layout = layout_of(MONITORING, YEARS)
    early = consolidated_document(ABOUT, compile_report(layout, [silent("mo-tomsk", raw="open", excused="open")]))
    assert "Срок ещё не наступил." in said(early)
    kept = consolidated_document(ABOUT, compile_report(layout, [accepted("mo-tomsk", filled())]))
    assert "Срок никто не нарушил." in said(kept)


def test_docx_and_pdf_carry_the_same_words_and_all_charts(document: Document) -> None:
    docx, pdf = as_docx(document), as_pdf(document)
    assert squeezed(said_in_docx(docx)) == squeezed("".join(texts(document)))
    printed = squeezed("".join(pages_of(pdf)), document.footer)  # heads of tables are repeated on each page
    assert all(squeezed(text) in printed for text in texts(document))
    assert len(opened(docx).inline_shapes) == sum(isinstance(one, Picture) for one in document.blocks) == 4


def test_the_same_state_makes_the_same_files(document: Document) -> None:
    again = consolidated_document(ABOUT, report())
    assert as_docx(again) == as_docx(document)
    assert as_pdf(again) == as_pdf(document)
    assert consolidated_csv(ABOUT, report()) == consolidated_csv(ABOUT, report())
    assert consolidated_json(ABOUT, report()) == consolidated_json(ABOUT, report())


def test_hostile_texts_are_only_words_in_every_file() -> None:
    document = consolidated_document(ABOUT, hostile())
    docx, pdf = as_docx(document), as_pdf(document)
    shown, printed = squeezed(said_in_docx(docx)), squeezed("".join(pages_of(pdf)), document.footer)
    for text in HOSTILE:
        assert squeezed(printable(text)) in shown, text
        assert squeezed(printable(text)) in printed, text
    assert json.loads(consolidated_json(ABOUT, hostile()).decode())["coverage"]["accepted"] == len(HOSTILE)


def test_a_csv_has_every_figure_of_everybody_and_no_formulas() -> None:
    rows = csv_rows(report())
    found = {(row["scope"], row["unit"], row["figure"]): row for row in rows}
    share = found["region", "", "/indicators/1/later"]
    assert (share["value"], share["numerator"], share["denominator"]) == ("28,1", "901", "3210")
    assert (share["received"], share["expected"]) == ("3", "7")
    own = found["respondent", "mo-tomsk", "/indicators/3/later"]
    assert (own["value"], own["submission"], own["revision"], own["event"]) == (
        "55",
        "monitoring-2022-mo-tomsk",
        "5",
        "12",
    )
    assert found["respondent", "mo-kedrovy", "/totals/general"]["value"] == ""
    for row in csv_rows(hostile()):
        assert not row["name"].startswith(("=", "+", "-", "@", "\t", "\r"))


def test_a_chart_is_a_picture_with_words_for_who_cannot_see_it() -> None:
    chart = charts_of(report())[1]
    assert chart.title == "Показатели эффективности (%)"
    assert "По итогам 2021 г. 28,1\u00a0%" in chart.words
    assert "28,1\u00a0%, охват 3 из 7" in chart.words
    assert "не применимо" in chart.words
    image = Image.open(io.BytesIO(picture(chart)))
    assert image.width > 1000
    colours = {colour for _, colour in image.convert("RGB").getcolors(maxcolors=100_000) or []}
    assert {(0x2B, 0x6C, 0xB0), (0xDD, 0x6B, 0x20)} <= colours
    assert picture(chart) == picture(chart)


def test_bars_over_fewer_respondents_do_not_look_like_the_others() -> None:
    chart = charts_of(report())[0]
    fewer = replace(chart, expected=chart.expected + 1)
    assert picture(fewer) != picture(chart)
    assert "охват 3 из 8" in fewer.words


def test_a_form_that_no_code_knows_has_its_files_too() -> None:
    form = {
        "about": {"beds": 40, "winter": True, "guests": 10, "story": "Костёр на берегу."},
        "figures": {
            "mentors": {"earlier": 3, "later": 5},
            "return": {
                "earlier": {"numerator": 1, "denominator": 3},
                "later": {"numerator": 2, "denominator": 3},
            },
        },
        "end": {"pleased": {"numerator": 1, "denominator": 8}},
    }
    found = compile_report(layout_of(CAMP, YEARS), [accepted("camp-1", form, name="Лагерь")])
    document = consolidated_document(ABOUT, found)
    assert {"Наставники", "12,5\u00a0% (1 из 8)", "+2", "Костёр на берегу.", "Ответили «да»"} <= set(texts(document))
    printed = squeezed("".join(pages_of(as_pdf(document))), document.footer)
    assert all(squeezed(text) in printed for text in texts(document))
    book = Book(consolidated_workbook(ABOUT, found))
    assert all(book.computed(cell) == book.values[cell] for cell in book.formulas)
    assert csv_rows(found)[0]["figure"] == "/sections/about/beds"
