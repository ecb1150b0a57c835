"""A draft that cannot be kept: the sentence names the place by its title, and the cure in words."""

from __future__ import annotations

from typing import Any

import pytest

from domain.form.draft import draft_problems
from tests.domain.form.forms import CAMP, MONITORING, filled

YEARS = (2020, 2021)
PUPILS = "Формы наставничества, Вопрос 1. Форма «ученик-ученик»"
FIRST = "1. Обучающиеся 5–11 классов, вовлечённые в наставничество"


def within(pointer: str, value: Any) -> dict[str, Any]:
    for part in reversed(pointer.split("/")[1:]):
        value = {part: value}
    form: dict[str, Any] = value
    return form


def told(pointer: str, value: Any) -> dict[str, str]:
    return {one.pointer: one.detail for one in draft_problems(MONITORING, within(pointer, value), YEARS)}


@pytest.mark.parametrize("form", [{}, filled(), {"appendix1": {"totals": {"general": -5}}}])
def test_a_draft_may_be_incomplete_and_wrong(form: dict[str, Any]):
    assert draft_problems(MONITORING, form, YEARS) == []


@pytest.mark.parametrize(
    ("pointer", "value", "detail"),
    [
        ("/appendix1/totals/general", "12", "{name}: нужно целое число, например 12."),
        (
            "/appendix1/questions/pupil-pupil/runs",
            "да",
            f"{PUPILS}, реализуют: ответьте «да» или «нет» (true или false).",
        ),
        ("/appendix1/responsible/name", 3, "Ответственное лицо, ФИО: нужен текст."),
        (
            "/appendix1/responsible",
            "Титова",
            "Ответственное лицо: здесь нужны поля: ФИО (name), должность (post), телефон (phone), e-mail (email).",
        ),
        ("/appendix2/1/earlier/numerator", 1.5, f"{FIRST}, 2020 г., числитель: нужно целое число, например 12."),
        (
            "/appendix2/1/later",
            37,
            f"{FIRST}, 2021 г.: здесь нужны поля: числитель (numerator), знаменатель (denominator).",
        ),
        (
            "/appendix2/3/earlier/missing",
            1,
            "3. Предприятия, предоставившие наставников, 2020 г., причина отсутствия данных: нужен текст.",
        ),
        ("/appendix2/3/comment", 1, "3. Предприятия, предоставившие наставников, пояснение к изменению: нужен текст."),
        (
            "/appendix2/3",
            12,
            "3. Предприятия, предоставившие наставников: здесь нужны поля: 2020 г. (earlier), 2021 г. (later),"
            " пояснение к изменению (comment), причина исправления (correction).",
        ),
        (
            "/appendix2/3/later",
            10**16,
            "3. Предприятия, предоставившие наставников: число слишком большое, проверьте его.",
        ),
        (
            "/appendix1/totals/special",
            1,
            "Такого поля в форме нет: /appendix1/totals/special. Уберите его или исправьте его название.",
        ),
    ],
)
def test_what_cannot_be_kept_is_called_by_its_name(pointer: str, value: Any, detail: str):
    name = MONITORING.names.get(pointer)
    assert told(pointer, value) == {pointer: detail.replace("{name}", str(name))}


def test_a_part_of_the_form_names_what_is_in_it():
    (detail,) = told("/appendix1/totals", 3).values()
    assert detail.endswith("(general), организации дополнительного образования (additional).")


@pytest.mark.parametrize("form", [MONITORING, CAMP])
@pytest.mark.parametrize("strange", [5, "слово", True, [], [1], {"a": {"b": 1}}, 10**16, "\x00"])
def test_every_place_of_every_form_can_be_named(form: Any, strange: Any):
    for pointer in sorted(form.places):
        for one in draft_problems(form, within(pointer, strange), YEARS):
            assert one.detail.endswith(".")
            assert not one.detail.startswith(("Здесь", ":"))
