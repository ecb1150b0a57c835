"""The letter's form says what the letter says; a form that does not hold together is refused."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from domain.form.definition import FormDefinition
from domain.form.fields import Group, Pair
from tests.domain.form.forms import CAMP, GOLDEN, MONITORING

LETTER = [line.strip() for line in (GOLDEN / "letter-183-2022.txt").read_text(encoding="utf-8").splitlines()]
APPENDIX_1, APPENDIX_2 = LETTER.index("Приложение 1"), LETTER.index("Приложение 2")
QUESTIONS = MONITORING.groups["/appendix1/questions"].fields
PAIRS = [field for field in MONITORING.fields.values() if isinstance(field, Pair)]


def test_the_headings_are_the_letters():
    assert [section.heading for section in MONITORING.sections] == ["Приложение 1", "Приложение 2"]
    for section, begins in zip(MONITORING.sections, (APPENDIX_1, APPENDIX_2), strict=True):
        assert section.title in LETTER[begins : begins + 4]


def test_the_four_questions_are_word_for_word_the_letters():
    asked = [line for line in LETTER if line.startswith("Вопрос ")]
    assert [question.title for question in QUESTIONS if isinstance(question, Group)] == asked
    assert len(asked) == 4


def test_each_question_names_its_directions():
    for question in QUESTIONS:
        assert isinstance(question, Group)
        named = ", ".join(f"«{direction}»" for direction in question.directions)
        assert f"по направлениям {named}?" in question.title
        assert f"форме наставничества «{_title(question.key)}»" in question.title


def _title(key: str) -> str:
    words = {"pupil": "ученик", "teacher": "учитель", "student": "студент", "employer": "работодатель"}
    return "-".join(words[part] for part in key.split("-"))


def test_the_rows_below_a_question_are_the_letters():
    shown = [
        field.title
        for question in QUESTIONS
        if isinstance(question, Group)
        for field in (MONITORING.fields[f.of] if f.kind == "repeat" else f for f in question.fields)
        if field.kind == "count"
    ]
    assert shown == [line for line in LETTER[APPENDIX_1:] if "оличество" in line and "рганизаций" in line][:16]
    assert MONITORING.fields["/appendix1/responsible"].title in LETTER


def test_the_eight_indicators_are_word_for_word_the_letters():
    rows = LETTER[APPENDIX_2:]
    assert [pair.title for pair in PAIRS] == [rows[rows.index(f"{number}.") + 1] for number in range(1, 9)]
    assert [pair.note for pair in PAIRS if pair.note] == [row for row in rows if row.startswith("Отношение ")]
    assert [pair.of for pair in PAIRS] == ["share"] * 2 + ["count"] * 6
    columns = MONITORING.sections[1].columns
    assert columns is not None
    head = (columns.number, columns.title, columns.earlier, columns.later)
    assert [each.format(earlier=2020, later=2021) for each in head] == [row for row in rows if row][2:6]


def test_totals_are_asked_once_and_shown_with_each_question():
    totals = {"/appendix1/totals/general", "/appendix1/totals/additional"}
    assert MONITORING.repeated == totals
    assert [pointer for pointer in MONITORING.fields if "totals" in pointer] == sorted(totals, reverse=True)


def test_a_pattern_finds_its_fields():
    assert len(MONITORING.matching("/appendix1/questions/*/runs")) == 4
    assert MONITORING.matching("/appendix2/*") == [f"/appendix2/{number}" for number in range(1, 9)]
    assert MONITORING.matching("/appendix1/*") == ["/appendix1/responsible"]


def test_a_form_that_says_nothing_of_itself_goes_by_its_title_and_wants_itself_on_paper():
    known = CAMP.model_dump(mode="json", exclude={"words", "documents"})
    plain = FormDefinition.model_validate(known)
    assert (plain.of, plain.words.of_round) == ("«Паспорт летней школы наставников»", "сбора форм")
    assert plain.documents == ("form-docx", "form-pdf")
    assert (MONITORING.of, CAMP.of) == ("мониторинга", "летней школы")


def refused(change: dict[str, Any]) -> str:
    form = CAMP.model_dump(mode="json")
    with pytest.raises(ValidationError) as problem:
        FormDefinition.model_validate(form | change)
    return str(problem.value)


COUNT = {"key": "a", "kind": "count", "title": "А"}


HEAD = {"number": "№", "title": "Что", "earlier": "{earlier}", "later": "{later}"}


def section(*fields: dict[str, Any]) -> dict[str, Any]:
    return {"key": "s", "title": "Р", "fields": list(fields)}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"documents": ["form-pdf", "form-pdf"]}, "форма camp: документ указан дважды"),
        ({"sections": [section(COUNT, COUNT)], "rules": []}, "форма camp: поле /s/a указано дважды"),
        ({"sections": [section(COUNT), section(COUNT)], "rules": []}, "форма camp: поле /s указано дважды"),
        (
            {"sections": [section(COUNT, {"kind": "repeat", "of": "/s/b"})], "rules": []},
            "повторяется поле /s/b, а такого нет",
        ),
        (
            {"rules": [{"rule": "change_over", "field": "/figures/none", "percent": 5}]},
            "правило change_over ссылается на /figures/none, а такого поля нет",
        ),
        (
            {"rules": [{"rule": "equals_last", "field": "/about/beds"}]},
            "правило equals_last не подходит к виду поля /about/beds",
        ),
        (
            {"rules": [{"rule": "needs_if", "when": "/about/winter", "answer": True, "filled": ["beds"]}]},
            "правило needs_if не подходит к виду поля /about/beds",
        ),
        ({"sections": [section({**COUNT, "key": "А"})], "rules": []}, "pattern"),
        (
            {"sections": [section({"kind": "repeat", "of": "/s/a"}) | {"columns": HEAD}], "rules": []},
            "раздел s: в таблице (columns) не бывает вложенных групп и повторов",
        ),
        (
            {"sections": [section(COUNT) | {"columns": HEAD | {"later": "{next}"}}], "rules": []},
            "можно писать только {earlier} и {later}",
        ),
        ({"sections": [section({**COUNT, "kind": "magic"})], "rules": []}, "magic"),
    ],
)
def test_a_form_that_does_not_hold_together_is_refused(change: dict[str, Any], sentence: str):
    assert sentence in refused(change)
