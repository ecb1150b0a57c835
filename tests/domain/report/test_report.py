"""The region's report is the sum of what was accepted, and says of every figure over how many it goes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.form.shares import percent
from domain.report.entry import Entry
from domain.report.report import Report, compile_report, sources
from domain.report.view import About, report_view
from tests.domain.report.given import LAYOUT, accepted, filled_form, silent

ABOUT = About("monitoring-2022", "Мониторинг", (2020, 2021), "open", date(2022, 3, 21), date(2022, 3, 21))
NO_DATA = {"missing": "учёт не вёлся"}


def report(*entries: Entry) -> Report:
    return compile_report(LAYOUT, entries)


def view(*entries: Entry) -> dict[str, Any]:
    return report_view(ABOUT, report(*entries))


def test_counts_are_added_up() -> None:
    found = view(
        accepted("asino", filled_form(totals=(10, 2), runs=(4, 1))),
        accepted("tomsk", filled_form(totals=(30, 0), runs=(20, 0))),
    )
    assert found["totals"] == {"general": 40, "additional": 2}
    assert found["questions"]["pupil-pupil"] == {"general": 24, "additional": 1}
    assert found["coverage"] == {"received": 2, "accepted": 2, "expected": 2}


def test_a_share_is_the_share_of_the_sums_and_no_mean_of_shares() -> None:
    small = filled_form(share=((1, 2), (2, 2)))  # 50 %, 100 %
    large = filled_form(share=((0, 998), (98, 998)))  # 0 %, 9.8 %
    found = view(accepted("asino", small), accepted("tomsk", large))["indicators"]["1"]
    assert found["earlier"] == {"numerator": 1, "denominator": 1000, "percent": 0.1}
    assert found["later"] == {"numerator": 100, "denominator": 1000, "percent": 10.0}


def test_a_share_of_nothing_is_not_applicable() -> None:
    found = view(accepted("asino", filled_form(share=((0, 0), (0, 5)))))["indicators"]["1"]
    assert found["earlier"] == {"numerator": 0, "denominator": 0, "percent": None}
    assert found["later"]["percent"] == 0.0


def test_a_change_is_counted_only_over_those_that_gave_both_years() -> None:
    found = view(
        accepted("asino", filled_form(i5=(100, 130))),
        accepted("tomsk", filled_form(i5=(NO_DATA, 500))),
        accepted("parabel", filled_form(i5=(40, NO_DATA))),
    )
    assert found["indicators"]["5"] == {"earlier": 140, "later": 630, "change": 30}
    beside = {year: found["figures"][f"/indicators/5/{year}"] for year in ("earlier", "later", "change")}
    assert {year: (one["received"], one["expected"]) for year, one in beside.items()} == {
        "earlier": (2, 3),
        "later": (2, 3),
        "change": (1, 3),
    }


def test_no_data_is_no_zero_and_says_why() -> None:
    found = view(accepted("asino", filled_form(totals=(NO_DATA, 2))), accepted("tomsk", filled_form(totals=(7, 0))))
    assert found["totals"] == {"general": 7, "additional": 2}
    assert found["figures"]["/totals/general"]["received"] == 1
    assert found["missing"] == [
        {"respondent": "asino", "name": "asino", "pointer": "/appendix1/totals/general", "text": "учёт не вёлся"}
    ]
    assert found["rows"][0]["totals"] == {"general": None, "additional": 2}


def test_a_year_that_is_missing_as_a_whole_counts_for_neither_part_of_a_share() -> None:
    form = filled_form()
    form["appendix2"]["1"]["earlier"] = NO_DATA
    found = view(accepted("asino", form))
    assert found["indicators"]["1"]["earlier"] == {"numerator": None, "denominator": None, "percent": None}
    assert {one["pointer"] for one in found["missing"]} == {
        "/appendix2/1/earlier/numerator",
        "/appendix2/1/earlier/denominator",
    }


def test_who_answers_no_adds_a_zero() -> None:
    found = view(accepted("asino", filled_form(runs=None)), accepted("tomsk", filled_form(runs=(3, 0))))
    assert found["questions"]["pupil-pupil"] == {"general": 3, "additional": 0}
    assert found["figures"]["/questions/pupil-pupil/general"]["received"] == 2


def test_what_nobody_gave_is_not_nought() -> None:
    found = view(silent("asino"))
    assert found["totals"] == {"general": None, "additional": None}
    assert found["figures"]["/totals/general"] == {"kind": "sum", "received": 0, "expected": 1}


def test_only_accepted_forms_count() -> None:
    found = view(
        accepted("asino", filled_form(totals=(10, 2))),
        accepted("tomsk", filled_form(totals=(30, 5)), state="submitted", accepted=False),
        accepted("parabel", filled_form(totals=(7, 7)), state="returned", accepted=False),
        silent("kedrovy"),
    )
    assert found["totals"] == {"general": 10, "additional": 2}
    assert found["coverage"] == {"received": 2, "accepted": 1, "expected": 4}


def test_while_a_form_is_corrected_the_accepted_one_stays_in_the_report() -> None:
    found = view(accepted("asino", filled_form(totals=(10, 2)), state="returned"))
    assert found["totals"]["general"] == 10
    assert found["coverage"] == {"received": 1, "accepted": 1, "expected": 1}


def test_municipalities_and_state_organisations_are_also_summed_apart() -> None:
    found = view(
        accepted("asino", filled_form(totals=(10, 2))),
        accepted("lyceum", filled_form(totals=(1, 0)), kind="state"),
    )
    assert found["groups"]["municipality"]["totals"]["general"] == 10
    assert found["groups"]["state"]["totals"]["general"] == 1
    assert found["groups"]["state"]["figures"]["/totals/general"]["expected"] == 1
    assert [row["respondent"] for row in found["rows"]] == ["asino", "lyceum"]


def test_rows_stand_by_name_with_yo_beside_ye() -> None:
    names = {"a": "Ёлкино", "b": "Жуково", "c": "Елань"}
    found = view(*(silent(key, name=name) for key, name in names.items()))
    assert [row["name"] for row in found["rows"]] == ["Елань", "Ёлкино", "Жуково"]


def test_texts_are_collected_with_their_authors() -> None:
    form = filled_form(story=" Лидеры ведут за собой. ", i5=(100, 10))
    form["appendix2"]["5"] |= {"comment": "Школа закрыта.", "correction": "Описка прошлого года."}
    found = view(accepted("asino", form), accepted("tomsk", filled_form(runs=None)))
    told = {"respondent": "asino", "name": "asino"}
    assert found["narratives"] == {
        "pupil-pupil": [
            {**told, "pointer": "/appendix1/questions/pupil-pupil/narrative", "text": "Лидеры ведут за собой."}
        ]
    }
    assert found["comments"] == [{**told, "pointer": "/appendix2/5/comment", "text": "Школа закрыта."}]
    assert found["corrections"] == [{**told, "pointer": "/appendix2/5/correction", "text": "Описка прошлого года."}]


def test_the_late_are_named_and_the_excused_are_not_among_them() -> None:
    found = view(
        accepted("asino", filled_form()),
        accepted("tomsk", filled_form(), raw="late", excused="late"),
        accepted("parabel", filled_form(), raw="late"),
        silent("kedrovy", raw="late", excused="late"),
    )
    assert found["late"] == ["kedrovy", "tomsk"]
    assert found["late_raw"] == ["kedrovy", "parabel", "tomsk"]


def test_a_figure_opens_to_what_it_was_made_of() -> None:
    found = report(
        accepted("asino", filled_form(i5=(100, 130)), number=2, revision=4, event=9),
        accepted("tomsk", filled_form(i5=(NO_DATA, 500))),
    )
    opened = sources(found, "/indicators/5/change")
    assert opened is not None
    assert [(row.entry.respondent, row.entry.number, row.entry.revision, row.entry.event) for row, _ in opened] == [
        ("asino", 2, 4, 9)
    ]
    assert [one.value for _, one in opened] == [30]
    assert sources(found, "/indicators/99/change") is None


@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"),
    [
        (1, 3, "33.3"),
        (2, 3, "66.7"),
        (1, 2000, "0.1"),  # 0.05 goes up
        (57, 200, "28.5"),
        (1, 1, "100.0"),
        (0, 7, "0.0"),
        (123456789012345678, 987654321098765432, "12.5"),
    ],
)
def test_percent_is_exact_and_half_goes_up(numerator: int, denominator: int, expected: str) -> None:
    assert percent(numerator, denominator) == Decimal(expected)


def test_percent_of_nothing_does_not_exist() -> None:
    assert percent(0, 0) is None


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["missing", "earlier", "1", "appendix2"]), inner)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["appendix1", "appendix2"]), _JSON))
def test_whatever_a_form_holds_there_is_a_report(form: dict[str, Any]) -> None:
    assert view(accepted("asino", form))["coverage"]["accepted"] == 1


@given(st.permutations(["asino", "tomsk", "parabel", "kedrovy"]))
def test_the_order_of_respondents_makes_no_difference(order: list[str]) -> None:
    usual = ["asino", "kedrovy", "parabel", "tomsk"]
    made = {name: accepted(name, filled_form(totals=(place, 1))) for place, name in enumerate(usual)}
    assert view(*(made[name] for name in order)) == view(*(made[name] for name in usual))
