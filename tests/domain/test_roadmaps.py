"""The two roadmaps of order 420-р, and the roadmaps that are refused."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

import domain
from domain.dates import Dates, Recurring, Relative, Until, Window, occurrences
from domain.roadmap import MAIN_ROADMAP, Roadmap

ORDER = (Path(__file__).parents[1] / "golden" / "order-420r-2020.txt").read_text(encoding="utf-8")
COLLEGE_BEGINS = "Примерная «дорожная карта» по внедрению модели наставничества"
DATA = Path(domain.__file__).parent / "data" / "roadmaps"


def roadmap(key: str) -> Roadmap:
    return Roadmap.model_validate(yaml.safe_load((DATA / f"{key}.yaml").read_text(encoding="utf-8")))


def titles_in(text: str) -> dict[int, str]:
    return {int(row[1]): row[2] for row in re.finditer(r"^(\d+)\t([^\t]+)\t", text, re.MULTILINE)}


SCHOOL, COLLEGE = roadmap("school"), roadmap("college")
SCHOOL_TITLES = titles_in(ORDER.partition(COLLEGE_BEGINS)[0])
COLLEGE_TITLES = titles_in(ORDER.partition(COLLEGE_BEGINS)[2])


def test_the_document_lists_34_and_10_steps():
    assert list(SCHOOL_TITLES) == list(SCHOOL.steps) == list(range(1, 35))
    assert list(COLLEGE_TITLES) == list(COLLEGE.steps) == list(range(1, 11))


@pytest.mark.parametrize("number", SCHOOL_TITLES)
def test_a_school_title_is_word_for_word_the_documents(number: int):
    assert SCHOOL.steps[number].title == SCHOOL_TITLES[number]


@pytest.mark.parametrize("number", COLLEGE_TITLES)
def test_a_college_title_is_word_for_word_the_documents(number: int):
    assert COLLEGE.steps[number].title == COLLEGE_TITLES[number]


def test_even_the_documents_own_slip_stays():
    assert "соединение и соединение" in SCHOOL.steps[18].title


def test_the_school_goes_through_seven_phases():
    assert [(phase.number, phase.label) for phase in SCHOOL.phases] == [(n, str(n)) for n in range(1, 8)]
    assert [len(phase.steps) for phase in SCHOOL.phases] == [4, 5, 3, 3, 4, 5, 10]


def test_the_college_joins_phases():
    assert [(phase.number, phase.label) for phase in COLLEGE.phases] == [(1, "1"), (2, "2–3"), (4, "4–6"), (7, "7")]
    assert COLLEGE.phases[1].title == f"{SCHOOL.phases[1].title}. {SCHOOL.phases[2].title}"
    assert COLLEGE.phase_of == {1: 1, 2: 1, 3: 2, 4: 2, 5: 2, 6: 2, 7: 4, 8: 7, 9: 7, 10: 7}


def test_every_kind_of_organisation_has_its_roadmap():
    assert {sector: MAIN_ROADMAP[sector] for sector in ("general", "additional", "vocational")} == {
        "general": SCHOOL.key,
        "additional": SCHOOL.key,
        "vocational": COLLEGE.key,
    }


def test_each_roadmap_names_its_source():
    for each in (SCHOOL, COLLEGE):
        assert "№ 420-р" in each.source
        assert "№ 261 от 27.05.2020" in each.source


def test_questionnaires_with_consent_have_two_parts():
    in_parts = [step.number for step in SCHOOL.all_steps() if step.parts == ("form", "consent")]
    assert in_parts == [5, 6, 10]
    assert [step.number for step in COLLEGE.all_steps() if step.parts] == [4]
    assert SCHOOL.steps[5].requires == COLLEGE.steps[4].requires == ("needed", "obtained")


def test_gates_ask_for_consent_order_and_baseline():
    gates = {step.number: step.gate.model_dump(exclude_defaults=True) for step in SCHOOL.all_steps()}
    assert {number: gate for number, gate in gates.items() if gate} == {
        7: {"consent": (5, 6)},
        11: {"consent": (10,)},
        18: {"done": (9, 12, 15, 17), "consent": (5, 6)},
        20: {"done": (19,)},
        31: {"baseline": (9, 12)},
        33: {"consent": (5, 6, 10)},
    }
    assert {step.number: step.gate.consent for step in COLLEGE.all_steps() if step.gate.references()} == {
        5: (4,),
        10: (4,),
    }


def test_the_choice_of_forms_is_fixed_by_one_step():
    assert [step.number for step in SCHOOL.all_steps() if step.fixes_forms] == [8]
    assert [step.number for step in COLLEGE.all_steps() if step.fixes_forms] == [6]


def test_figures_that_gates_and_reports_need_are_required():
    required = {step.number: step.requires for step in SCHOOL.all_steps() if step.requires and not step.parts}
    assert required == {
        9: ("measured", "of"),
        12: ("measured", "of"),
        18: ("pairs",),
        19: ("document",),
        31: ("measured", "of"),
    }


def test_dates_follow_the_rules_that_coordinators_know():
    dates = {number: step.date for number, step in SCHOOL.steps.items()}
    assert dates[1] == Window(opens=(8, 25), closes=(9, 10))
    assert dates[8] == Until(closes=(10, 10))
    assert dates[17] == Relative(days=2, unit="working", step=16)
    assert dates[18] == Relative(days=5, unit="working", step=17)
    assert dates[20] == Relative(days=7, step=19)
    assert dates[28] == Relative(days=14, direction="before", step=29)
    assert dates[24] == Dates(dates=((1, 15), (3, 15)))


def test_regular_meetings_come_five_times_and_the_colleges_three_times():
    monthly, quarterly = SCHOOL.steps[23].date, COLLEGE.steps[7].date
    assert isinstance(monthly, Recurring)
    assert isinstance(quarterly, Recurring)
    assert [f"{day:%d.%m.%Y}" for day in occurrences(monthly, 2026)] == [
        "31.12.2026",
        "31.01.2027",
        "28.02.2027",
        "31.03.2027",
        "30.04.2027",
    ]
    assert [f"{day:%d.%m.%Y}" for day in occurrences(quarterly, 2026)] == ["31.12.2026", "31.03.2027", "30.04.2027"]


def test_the_first_role_is_the_responsible_one():
    assert (SCHOOL.steps[1].role, SCHOOL.steps[1].roles) == ("head", ("head", "curator"))
    assert SCHOOL.steps[20].role == "mentor"
    assert {step.role for step in COLLEGE.all_steps()} == {"navigator"}


def step(number: int, **more: Any) -> dict[str, Any]:
    date = {"rule": "until", "closes": "10.10"}
    return {"number": number, "title": f"Шаг {number}", "kind": "meeting", "roles": ["curator"], "date": date, **more}


def after(number: int) -> dict[str, Any]:
    return {"rule": "relative", "days": 3, "step": number}


def refused(*phases: dict[str, Any]) -> str:
    with pytest.raises(ValidationError) as problem:
        Roadmap.model_validate({"key": "own", "version": "1", "title": "t", "source": "s", "phases": list(phases)})
    return str(problem.value)


def phase(*steps: dict[str, Any], number: int = 1) -> dict[str, Any]:
    return {"number": number, "title": "Этап", "steps": list(steps)}


def test_a_number_given_twice_is_refused_also_across_phases():
    assert "дорожная карта own: номер мероприятия 3 указан дважды" in refused(phase(step(3)), phase(step(3), number=2))


def test_phases_out_of_order_are_refused():
    assert "номера этапов должны возрастать" in refused(phase(step(1), number=2), phase(step(2)))


@pytest.mark.parametrize(
    "reference",
    [{"date": after(99)}, {"gate": {"done": [99]}}, {"gate": {"consent": [99]}}, {"gate": {"baseline": [99]}}],
)
def test_a_reference_to_nowhere_is_refused_with_both_numbers(reference: dict[str, Any]):
    assert "мероприятие 2 ссылается на 99, а такого нет" in refused(phase(step(1), step(2, **reference)))


def test_dates_in_a_circle_are_refused_with_the_circle():
    text = refused(phase(step(1, date=after(3)), step(2, date=after(1)), step(3, date=after(2))))
    assert "сроки мероприятий замкнуты в круг: 1 → 3 → 2 → 1" in text


def test_a_step_counted_from_itself_is_refused():
    assert "замкнуты в круг: 1 → 1" in refused(phase(step(1, date=after(1))))


def test_gates_in_a_circle_are_refused():
    text = refused(phase(step(1, gate={"done": [2]}), step(2, gate={"consent": [1]})))
    assert "условия мероприятий замкнуты в круг: 1 → 2 → 1" in text


def test_a_circle_that_the_first_steps_only_lead_to_is_named_without_them():
    text = refused(phase(step(1, date=after(2)), step(2, date=after(3)), step(3, date=after(2))))
    assert "в круг: 2 → 3 → 2" in text


def test_a_required_figure_must_belong_to_the_kind():
    assert "мероприятие 1: требуется показатель «pairs»" in refused(phase(step(1, requires=["pairs"])))


def test_parts_do_not_recur():
    monthly = {"rule": "recurring", "opens": "01.12", "closes": "30.04", "every": "monthly"}
    assert "мероприятие 1: части и повторения" in refused(phase(step(1, kind="form", parts=["form"], date=monthly)))


def test_an_unknown_field_is_refused():
    assert "Extra inputs" in refused(phase(step(1, colour="red")))
