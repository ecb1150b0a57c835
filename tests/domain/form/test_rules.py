"""What is wrong with a form is told at its place, in words that lead to the cure."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.form.figures import figure_places, figures_of
from domain.form.problem import Context
from domain.form.rules import problems_of
from domain.form.shape import shape_problems
from tests.domain.form.forms import CAMP, MONITORING, filled

YEARS = Context(years=(2020, 2021))
Q = "/appendix1/questions/pupil-pupil"


def changed(**places: Any) -> dict[str, Any]:
    """The good form with something else at some pointers; `...` takes the key away."""
    form = deepcopy(filled())
    for pointer, value in places.items():
        *way, last = pointer.split("/")[1:]
        here = form
        for part in way:
            here = here[part]
        if value is ...:
            del here[last]
        else:
            here[last] = value
    return form


def told(form: Any, context: Context = YEARS) -> dict[str, str]:
    return {problem.pointer: problem.detail for problem in problems_of(MONITORING, form, context)}


def test_a_form_filled_in_well_has_no_problem():
    assert told(filled()) == {}
    assert shape_problems(filled()) == []


def test_an_empty_form_names_every_field_that_is_asked():
    places = list(told({}))
    assert places[:7] == [
        "/appendix1/responsible/name",
        "/appendix1/responsible/post",
        "/appendix1/responsible/phone",
        "/appendix1/responsible/email",
        "/appendix1/totals/general",
        "/appendix1/totals/additional",
        f"{Q}/runs",
    ]
    assert len(places) == 6 + 4 * 3 + 8 * 2
    assert shape_problems({}) == []


BROKEN = [
    (f"{Q}/general", 13, f"{Q}/general", "13 больше общего количества общеобразовательных организаций (12)"),
    (f"{Q}/additional", 4, f"{Q}/additional", "4 больше общего количества организаций дополнительного"),
    (
        f"{Q}/general",
        True,
        f"{Q}/general",
        "Вопрос 1. Форма «ученик-ученик», общеобразовательные организации: нужно целое",
    ),
    (f"{Q}/general", 7.0, f"{Q}/general", "нужно целое число"),
    (f"{Q}/general", "7", f"{Q}/general", "нужно целое число"),
    (f"{Q}/general", -1, f"{Q}/general", "не может быть меньше 0"),
    (f"{Q}/general", 10**40, f"{Q}/general", "число слишком большое"),
    (f"{Q}/general", float("nan"), f"{Q}/general", "нужно целое число"),
    (f"{Q}/general", None, f"{Q}/general", "укажите число; если данных нет"),
    (f"{Q}/general", {"missing": " "}, f"{Q}/general/missing", "причина отсутствия данных: заполните"),
    (f"{Q}/general", {"missing": 5}, f"{Q}/general/missing", "нужен текст"),
    (f"{Q}/general", {"mising": "x"}, f"{Q}/general", "нужно целое число"),
    (f"{Q}/general", {"missing": "x", "2": 0}, f"{Q}/general/2", "Такого поля в форме нет"),
    (f"{Q}/runs", "да", f"{Q}/runs", "ответьте «да» или «нет»"),
    (f"{Q}/narrative", " ", f"{Q}/narrative", "указано «да», поэтому заполните"),
    (f"{Q}/narrative", "я" * 1501, f"{Q}/narrative", "текст длиннее 1500 знаков (сейчас 1501)"),
    (f"{Q}/narrative", ["х"], f"{Q}/narrative", "нужен текст"),
    ("/appendix1/responsible/email", "ivanova", "/appendix1/responsible/email", "e-mail не похож на адрес"),
    ("/appendix1/responsible/phone", "позвоните", "/appendix1/responsible/phone", "телефон не похож на номер"),
    ("/appendix1/responsible/name", "", "/appendix1/responsible/name", "Ответственное лицо, ФИО: заполните"),
    ("/appendix1/responsible", [], "/appendix1/responsible", "укажите ФИО, должность, телефон и e-mail"),
    ("/appendix1/questions", 5, "/appendix1/questions", "здесь нужен объект"),
    ("/appendix1/notes", 5, "/appendix1/notes", "Такого поля в форме нет"),
    ("/appendix3", {}, "/appendix3", "Такого поля в форме нет"),
    ("/appendix2/1/later/numerator", 1211, "/appendix2/1/later/numerator", "числитель 1211 больше знаменателя 1210"),
    ("/appendix2/2/earlier/numerator", 1, "/appendix2/2/earlier/numerator", "доля не бывает больше 100 %"),
    (
        "/appendix2/1/later",
        37,
        "/appendix2/1/later",
        "вовлечённые в наставничество, 2021 г.: укажите числитель и знаменатель",
    ),
    (
        "/appendix2/4/comment",
        "",
        "/appendix2/4/comment",
        "4. Участники высокорейтинговых мероприятий: за год значение изменилось больше чем на 50 %",
    ),
    ("/appendix2/3/later", 16, "/appendix2/3/comment", "больше чем на 50 %"),
    ("/appendix2/3/later", 4, "/appendix2/3/comment", "больше чем на 50 %"),
    ("/appendix2/7/later", 1, "/appendix2/7/comment", "больше чем на 50 %"),
    ("/appendix2/1/later/numerator", 1210, "/appendix2/1/comment", "на 50 процентных пунктов"),
    ("/appendix2/3", "12", "/appendix2/3", "укажите данные за 2020 и 2021 годы"),
    ("/appendix2/3/between", 11, "/appendix2/3/between", "Такого поля в форме нет"),
]


@pytest.mark.parametrize(("at", "value", "pointer", "words"), BROKEN)
def test_a_broken_rule_is_named_at_its_place_and_alone(at: str, value: Any, pointer: str, words: str):
    found = told(changed(**{at: value}))
    assert list(found) == [pointer]
    assert words in found[pointer]
    assert found[pointer].endswith(".")


@pytest.mark.parametrize(
    ("at", "value"),
    [
        (f"{Q}/general", {"missing": "школы не ответили"}),
        ("/appendix2/3/later", 15),
        ("/appendix2/3/later", 5),
        ("/appendix2/1/earlier", {"missing": "учёт не вёлся"}),
        ("/appendix2/1/later/denominator", {"missing": "учёт не вёлся"}),
        ("/appendix1/totals/general", {"missing": "идёт реорганизация"}),
        ("/appendix2/3/comment", None),
        ("/appendix1/questions/student-pupil/narrative", ...),
        ("/appendix1/questions/student-pupil/general", ...),
        ("/appendix1/responsible/phone", "8 38241 21560, доб. 12"),
        ("/appendix1/responsible/email", "отдел@образование.томск.рф"),
    ],
)
def test_what_is_right_although_it_looks_unusual(at: str, value: Any):
    assert told(changed(**{at: value})) == {}


def test_a_yes_without_any_organisation_is_a_contradiction():
    found = told(changed(**{f"{Q}/general": 0, f"{Q}/additional": 0}))
    assert list(found) == [f"{Q}/general"]
    assert found[f"{Q}/general"].endswith(
        "указано «да», поэтому число здесь или в поле «организации дополнительного образования» должно быть больше 0."
    )


UNKNOWN = {"missing": "не ведём учёт"}


@pytest.mark.parametrize(("general", "additional"), [(0, UNKNOWN), (UNKNOWN, 0), (UNKNOWN, UNKNOWN)])
def test_a_yes_needs_a_number_that_somebody_knows(general: Any, additional: Any):
    found = told(changed(**{f"{Q}/general": general, f"{Q}/additional": additional}))
    assert list(found) == [f"{Q}/general"]
    assert "указано «да», поэтому число здесь или в поле" in found[f"{Q}/general"]


def test_what_is_not_answered_yet_is_only_asked_for():
    for other in (0, UNKNOWN):
        found = told(changed(**{f"{Q}/general": other, f"{Q}/additional": ...}))
        assert list(found) == [f"{Q}/additional"]


def test_a_no_leaves_neither_organisations_nor_a_story():
    found = told(changed(**{f"{Q}/runs": False}))
    assert list(found) == [f"{Q}/narrative", f"{Q}/general", f"{Q}/additional"]
    assert all("указано «нет»" in detail for detail in found.values())
    unknown = told(changed(**{"/appendix1/questions/student-pupil/general": {"missing": "не знаем"}}))
    assert list(unknown) == ["/appendix1/questions/student-pupil/general"]


LAST = Context(years=(2020, 2021), last=changed(**{"/appendix2/3/later": 10, "/appendix2/4/later": 100}))


def test_last_years_figures_are_the_accepted_ones_or_are_corrected_with_a_reason():
    wrong = told(filled(), LAST)
    assert list(wrong) == [f"/appendix2/{number}/earlier" for number in (1, 2, 6, 8)]
    assert "в принятом отчёте за 2020 г. указано 450 из 1210, а здесь другое" in wrong["/appendix2/1/earlier"]
    reasons = {f"/appendix2/{number}/correction": "пересчитано" for number in (1, 2, 6, 8)}
    assert told(changed(**reasons), LAST) == {}


def test_a_figure_reported_last_year_is_not_missing_now():
    found = told(changed(**{"/appendix2/3/earlier": {"missing": "потеряли"}}), LAST)
    assert "/appendix2/3/earlier" in found


def test_what_the_last_form_did_not_say_binds_nobody():
    assert "/appendix2/5/earlier" not in told(filled(), LAST)
    assert told(filled(), Context(years=(2020, 2021), last={"appendix2": {"1": "?"}})) == {}


def test_an_invented_form_is_checked_by_the_same_rules():
    form = {
        "about": {
            "place": "Лагерь «Томь»",
            "head": {"name": "Ёлкин П. П.", "post": "начальник", "phone": "2-15-60", "email": "e@example.org"},
            "beds": 40,
            "winter": True,
            "guests": 41,
            "story": "Было снежно.",
        },
        "figures": {"mentors": {"earlier": 10, "later": 14}},
        "end": {"pleased": {"numerator": 3, "denominator": 2}},
    }
    found = {problem.pointer: problem.detail for problem in problems_of(CAMP, form, YEARS)}
    assert list(found) == ["/about/guests", "/figures/mentors/comment", "/end/pleased/numerator"]
    assert found["/about/guests"] == "Приехало зимой: 41 больше числа мест (40). Исправьте одно из чисел."


def test_the_figures_are_whole_numbers_without_names_and_stories():
    figures = figures_of(MONITORING, filled())
    assert figures[f"{Q}/runs"] == 1
    assert figures["/appendix1/questions/student-pupil/general"] == 0
    assert figures["/appendix2/1/later/denominator"] == 1210
    assert "/appendix2/5/later" not in figures
    assert {type(figure) for figure in figures.values()} == {int}
    assert len(figures) == len(list(figure_places(MONITORING))) - 1 == 2 + 12 + 8 + 12 - 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=20,
)
PLACES = sorted({*MONITORING.order, *figure_places(MONITORING), "/appendix2/3/comment"})


@given(JSON)
def test_no_json_is_too_strange(values: Any):
    problems = problems_of(MONITORING, values, Context(years=(2020, 2021), last={"appendix2": values}))
    assert problems
    json.dumps([problem.pointer + problem.detail for problem in problems], ensure_ascii=False).encode()
    figures_of(MONITORING, values)
    shape_problems(values)


@given(st.sampled_from(PLACES), JSON)
def test_nothing_strange_inside_of_a_good_form_is_an_error(place: str, value: Any):
    form = changed(**{place: value})
    for problem in problems_of(MONITORING, form, Context(years=(2020, 2021), last=form)):
        assert problem.pointer.encode().startswith(b"/appendix")
    assert all(figure >= 0 for figure in figures_of(MONITORING, form).values())


@given(
    st.integers(0, 10**6).flatmap(lambda total: st.tuples(st.just(total), st.integers(0, total))),
    st.integers(0, 10**6).flatmap(lambda total: st.tuples(st.just(total), st.integers(0, total))),
    st.integers(0, 10**6),
    st.integers(0, 10**6),
)
def test_any_truthful_figures_make_a_good_form(first, second, earlier: int, later: int):
    def share(of: tuple[int, int]) -> dict[str, int]:
        return {"numerator": of[1], "denominator": of[0]}

    places = {
        "/appendix2/1": {"earlier": share(first), "later": share(second), "comment": "стало иначе"},
        "/appendix2/3": {"earlier": earlier, "later": later, "comment": "стало иначе"},
    }
    assert told(changed(**places)) == {}


def deep(levels: int) -> Any:
    form: Any = 1
    for _ in range(levels):
        form = {"a": [form]}
    return form


@pytest.mark.parametrize(
    ("values", "pointer", "words"),
    [
        ([], "", "объект JSON"),
        ({"a": float("inf")}, "/a", "не число"),
        ({"a": [1, "\x00"]}, "/a/1", "управляющие знаки"),
        ({"a": "\ud800"}, "/a", "управляющие знаки"),
        ({"\ud800": 1}, "", "управляющие знаки"),
        ({"a": 10**16}, "/a", "слишком большое"),
        ({"a": "я" * 200_001}, "", "слишком велика"),
        ({"a": [0] * 6000}, "", "слишком велика"),
        ({"a": b"x"}, "/a", "сохранить нельзя"),
    ],
)
def test_what_cannot_be_kept_is_refused_even_as_a_draft(values: Any, pointer: str, words: str):
    found = shape_problems(values)
    assert found[0].pointer == pointer
    assert words in found[0].detail


def test_a_bottomless_draft_is_refused_and_costs_nothing():
    assert "Вложенность слишком велика." in {one.detail for one in shape_problems(deep(50_000))}


@pytest.mark.parametrize("values", [{"appendix1": 5}, {"unknown": "слово"}, changed(**{f"{Q}/general": -5.5})])
def test_a_wrong_draft_is_kept_and_its_problems_are_told(values: dict[str, Any]):
    assert shape_problems(values) == []
    assert problems_of(MONITORING, values, YEARS)
