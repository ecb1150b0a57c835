"""A form on paper: every word of it, the same in Word, in PDF and on a page, for any form that a region thinks up."""

from __future__ import annotations

import html
import re
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activities.documents.docx import as_docx
from activities.documents.form_document import Face, blank_docx, form_document
from activities.documents.html import as_html
from activities.documents.model import texts
from activities.documents.pdf import as_pdf
from domain.form.definition import FormDefinition
from tests.activities.documents.paper import (
    by_libreoffice,
    opened,
    pages_of,
    pdftotext,
    said_in_docx,
    squeezed,
)
from tests.domain.form.forms import CAMP, GOLDEN, MONITORING, filled

FACE = Face("Александровский район", (2020, 2021), "7X2K-9QJD", 3, datetime(2022, 3, 18, 9, tzinfo=UTC))
FOOTER = "Код проверки 7X2K-9QJD, редакция 3"
HEAD = "№ Наименование показателя По итогам 2020 г. По итогам 2021 г."
CAMP_VALUES: dict[str, Any] = {
    "about": {
        "place": "Лагерь «Томь» <b>у реки</b>",
        "story": "Первая смена.\nВторая — #снежная $смена$.",
        "head": {"name": "Ёлкин П. П.", "post": "начальник", "phone": "2-15-60", "email": "e@example.org"},
        "beds": 40,
        "winter": False,
        "guests": {"missing": "журнал не вёлся"},
    },
    "figures": {
        "mentors": {"earlier": 10, "later": 14, "comment": "Открыт второй корпус."},
        "return": {"earlier": {"numerator": 1, "denominator": 8}, "later": {"numerator": 0, "denominator": 0}},
    },
    "end": {"pleased": {"numerator": 37, "denominator": 40}},
}
FORMS = [(MONITORING, filled(), HEAD), (CAMP, CAMP_VALUES, "№ Показатель 2020 год 2021 год")]
EACH = pytest.mark.parametrize(("form", "values", "head"), FORMS, ids=["monitoring", "camp"])


def plain(page: str) -> str:
    body = page[page.index("<main") : page.index("<footer")]
    return html.unescape(re.sub(r"<[^>]+>", "", body))


def without_heads(text: str, head: str) -> str:
    """A table's head is repeated on each page, and pages are not the same everywhere."""
    return text.replace(squeezed(head), "")


@EACH
def test_word_pdf_and_page_say_the_same(form: FormDefinition, values: dict[str, Any], head: str):
    document = form_document(form, values, FACE)
    said = without_heads(squeezed("".join(texts(document))), head)
    assert without_heads(squeezed(said_in_docx(as_docx(document))), head) == said
    assert without_heads(squeezed("".join(pages_of(as_pdf(document))), FOOTER), head) == said
    assert without_heads(squeezed(plain(as_html(document))), head) == said


@EACH
def test_libreoffice_shows_the_same_words_as_our_pdf(
    form: FormDefinition, values: dict[str, Any], head: str, tmp_path: Path
):
    document = form_document(form, values, FACE)
    ours = squeezed(pdftotext(as_pdf(document), tmp_path), FOOTER)
    theirs = squeezed(pdftotext(by_libreoffice(as_docx(document), tmp_path), tmp_path), FOOTER)
    assert without_heads(theirs, head) == without_heads(ours, head)


@EACH
def test_the_check_code_stands_on_each_page(form: FormDefinition, values: dict[str, Any], head: str):
    document = form_document(form, values, FACE)
    pages = pages_of(as_pdf(document))
    assert len(pages) > 1
    assert all(FOOTER in page for page in pages)
    (section,) = opened(as_docx(document)).sections
    assert FOOTER in section.footer.paragraphs[0].text
    assert FOOTER in as_html(document)


@EACH
def test_the_same_revision_is_the_same_file(form: FormDefinition, values: dict[str, Any], head: str):
    for written in (as_docx, as_pdf, as_html):
        first, again = (written(form_document(form, deepcopy(values), FACE)) for _ in range(2))
        assert first == again
    assert as_docx(form_document(form, values, FACE)) != as_docx(form_document(form, {}, FACE))


def test_the_letters_appendices_are_there_word_for_word():
    said = squeezed(said_in_docx(as_docx(form_document(MONITORING, filled(), FACE))))
    letter = (GOLDEN / "letter-183-2022.txt").read_text(encoding="utf-8")
    for line in letter[letter.index("Приложение 1\n") :].splitlines():
        assert squeezed(line) in said


def test_answers_are_written_as_people_read_them():
    said = list(texts(form_document(MONITORING, filled(), FACE)))
    assert "25.0 %" not in "".join(said)
    assert "25,0 % (300 из 1200)" in said
    assert "не применимо (0 из 0)" in said
    assert "нет данных: учёт по проектам в 2021 году не вёлся" in said
    assert "Пояснение к изменению: Открыт технопарк." in said
    assert "Иванова Анна Петровна\nведущий специалист\n+7 (38241) 2-15-60\nivanova@example.org" in said
    assert [text for text in said if text in ("да", "нет")] == ["да", "да", "нет", "да"]
    assert said[-2].strip().startswith("Руководитель  ____")
    assert said[-1] == "М.П."


def test_a_count_that_a_no_makes_needless_is_printed_as_the_report_counts_it():
    values = deepcopy(CAMP_VALUES)
    del values["about"]["guests"]
    said = list(texts(form_document(CAMP, values, FACE)))
    assert said[said.index("Приехало зимой") + 1] == "0"
    said = list(texts(form_document(CAMP, {}, FACE)))
    assert said[said.index("Приехало зимой") + 1] == "", "a blank leaves room to write"


def test_a_pair_without_a_table_says_of_which_year_each_figure_is():
    told = CAMP.model_dump()
    told["sections"][1]["columns"] = None
    form = FormDefinition.model_validate(told)
    said = list(texts(form_document(form, CAMP_VALUES, FACE)))
    assert said[said.index("Наставники") + 1] == "2020 год: 10\n2021 год: 14"
    assert said[said.index("Вернулись снова") + 1] == "2020 год: 12,5 % (1 из 8)\n2021 год: не применимо (0 из 0)"
    assert said[said.index("Пояснение к изменению") + 1] == "Открыт второй корпус."


def test_totals_are_shown_with_each_question_as_in_the_letter():
    said = list(texts(form_document(MONITORING, filled(), FACE)))
    title = "Общее количество общеобразовательных организаций в муниципалитете"
    assert [said[number + 1] for number, text in enumerate(said) if text == title] == ["12"] * 4
    assert "Общее количество организаций" not in said


def test_a_blank_form_leaves_room_to_write():
    file = opened(blank_docx(MONITORING, Face("", (2021, 2022))))
    assert len(file.tables) == 2
    assert [cell.text for cell in file.tables[1].rows[0].cells][2:] == [
        "По итогам 2021\u00a0г.",
        "По итогам 2022\u00a0г.",
    ]
    assert any(cell.text == "\n" * 7 for row in file.tables[0].rows for cell in row.cells)
    assert "Код проверки" not in file.sections[0].footer.paragraphs[0].text
    assert blank_docx(MONITORING, Face("", (2021, 2022))) == blank_docx(MONITORING, Face("", (2021, 2022)))


def test_a_page_runs_nothing_that_was_typed_into_it():
    page = as_html(form_document(CAMP, CAMP_VALUES, FACE))
    assert "&lt;b&gt;у реки&lt;/b&gt;" in page
    assert "<script" not in page
    assert "style=" not in page


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "missing", "x"]), inner),
    max_leaves=5,
)


@settings(max_examples=15)
@given(st.sampled_from(sorted(CAMP.order)), ANYTHING)
def test_whatever_a_draft_holds_can_be_printed(place: str, value: Any):
    values = deepcopy(CAMP_VALUES)
    *way, last = place.split("/")[1:]
    here = values
    for part in way:
        here = here[part]
    here[last] = value
    document = form_document(CAMP, values, FACE)
    assert as_docx(document).startswith(b"PK")
    assert as_html(document).encode()
    assert as_pdf(document).startswith(b"%PDF")


def test_a_year_and_its_letter_stay_in_one_line():
    document = form_document(MONITORING, filled(), FACE)
    assert {"По итогам 2020\u00a0г.", "По итогам 2021\u00a0г."} <= set(texts(document))
