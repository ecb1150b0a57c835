"""What the region knows already stands in the form before anybody opens it, and says where it comes from."""

from __future__ import annotations

from copy import deepcopy

import pytest
from pydantic import ValidationError

from domain.form.definition import FormDefinition
from domain.form.prefill import Known, Proposal, Running, proposals, with_proposals
from domain.units import Unit
from tests.domain.form.forms import CAMP, MONITORING, filled

Q = "/appendix1/questions"


def school(number: int) -> Unit:
    return Unit(id=f"school-{number}", kind="organisation", parent="mo", sector="general", name=f"Школа № {number}")


CLUB = Unit(id="club", kind="organisation", parent="mo", sector="additional", name="Дом творчества")
KNOWN = Known(
    organisations=(school(1), school(2), school(3), CLUB),
    running=(
        Running("school-1-2021", school(1), ("pupil-pupil", "teacher-pupil")),
        Running("school-2-2021", school(2), ("pupil-pupil",)),
        Running("club-2021", CLUB, ("pupil-pupil",)),
    ),
    last=filled(),
)


def proposed(known: Known = KNOWN) -> dict[str, Proposal]:
    return {one.pointer: one for one in proposals(MONITORING, known)}


def test_organisations_and_running_programmes_are_counted_by_kind():
    values = {pointer: one.value for pointer, one in proposed().items() if pointer.startswith("/appendix1")}
    assert values == {
        "/appendix1/totals/general": 3,
        "/appendix1/totals/additional": 1,
        f"{Q}/pupil-pupil/runs": True,
        f"{Q}/pupil-pupil/general": 2,
        f"{Q}/pupil-pupil/additional": 1,
        f"{Q}/teacher-pupil/runs": True,
        f"{Q}/teacher-pupil/general": 1,
        f"{Q}/teacher-pupil/additional": 0,
        f"{Q}/student-pupil/runs": False,
        f"{Q}/student-pupil/general": 0,
        f"{Q}/student-pupil/additional": 0,
        f"{Q}/employer-pupil/runs": False,
        f"{Q}/employer-pupil/general": 0,
        f"{Q}/employer-pupil/additional": 0,
    }


def test_a_number_names_the_programmes_behind_it():
    counted = proposed()[f"{Q}/pupil-pupil/general"]
    assert [one.programme for one in counted.programmes] == ["school-1-2021", "school-2-2021"]
    assert (counted.origin, counted.form, counted.sector) == ("programmes", "pupil-pupil", "general")


def test_an_organisation_with_two_programmes_is_one():
    twice = Running("school-1-2021-b", school(1), ("pupil-pupil",))
    known = Known(KNOWN.organisations, (*KNOWN.running, twice), {})
    assert proposed(known)[f"{Q}/pupil-pupil/general"].value == 2


def test_no_programme_at_all_says_nothing_of_what_is_run():
    assert list(proposed(Known(KNOWN.organisations, (), {}))) == [
        "/appendix1/totals/general",
        "/appendix1/totals/additional",
    ]


def test_the_earlier_year_is_the_later_one_of_the_last_accepted_form():
    values = {pointer: one.value for pointer, one in proposed().items() if one.origin == "last"}
    assert values == {
        "/appendix2/1/earlier": {"numerator": 450, "denominator": 1210},
        "/appendix2/2/earlier": {"numerator": 10, "denominator": 400},
        "/appendix2/3/earlier": 12,
        "/appendix2/4/earlier": 151,
        "/appendix2/6/earlier": 900,
        "/appendix2/7/earlier": 0,
        "/appendix2/8/earlier": 8,
    }, "of the fifth there was no figure"


def test_nothing_that_somebody_has_typed_is_overwritten():
    typed = {"appendix1": {"totals": {"general": 5}}, "appendix2": {"3": {"later": 4}}}
    before = deepcopy(typed)
    form = with_proposals(typed, proposals(MONITORING, KNOWN))
    assert typed == before
    assert form["appendix1"]["totals"] == {"general": 5, "additional": 1}
    assert form["appendix2"]["3"] == {"earlier": 12, "later": 4}


def test_a_value_that_is_asked_for_by_its_place_is_taken_anew():
    place = "/appendix1/totals/general"
    form = with_proposals({"appendix1": {"totals": {"general": 5}}}, [proposed()[place]], over=frozenset({place}))
    assert form == {"appendix1": {"totals": {"general": 3}}}


def test_a_draft_of_another_shape_is_left_as_it_is():
    form = with_proposals({"appendix1": "?", "appendix2": None}, proposals(MONITORING, KNOWN))
    assert form["appendix1"] == "?"
    assert form["appendix2"]["3"] == {"earlier": 12}


def test_a_field_of_another_kind_cannot_be_filled_beforehand():
    source = {"take": "organisations", "field": "/about/winter", "sector": "general"}
    with pytest.raises(ValidationError, match="поле /about/winter нельзя заполнить заранее"):
        FormDefinition.model_validate(CAMP.model_dump(mode="json") | {"prefill": [source]})
