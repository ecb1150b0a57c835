"""Every form has its report: the letter's in the agreed shape, and one that no code knows."""

from __future__ import annotations

from datetime import date
from typing import Any

from domain.report.from_form import layout_of
from domain.report.office import unnamed, without_words
from domain.report.report import compile_report
from domain.report.view import About, report_view
from tests.domain.form.forms import CAMP, MONITORING, filled
from tests.domain.report.given import accepted

YEARS = (2020, 2021)
ABOUT = About("monitoring-2022", "Мониторинг", YEARS, "open", date(2022, 3, 21), date(2022, 3, 21))


def view(*forms: dict[str, Any]) -> dict[str, Any]:
    entries = [accepted(f"mo-{number}", form) for number, form in enumerate(forms)]
    return report_view(ABOUT, compile_report(layout_of(MONITORING, YEARS), entries))


def test_the_letters_form_is_reported_in_the_agreed_shape() -> None:
    found = view(filled(), filled())
    assert found["totals"] == {"general": 24, "additional": 6}
    assert found["questions"]["pupil-pupil"] == {"runs": 2, "general": 14, "additional": 4}
    assert found["questions"]["student-pupil"] == {"runs": 0, "general": 0, "additional": 0}
    assert found["indicators"]["1"] == {
        "earlier": {"numerator": 600, "denominator": 2400, "percent": 25.0},
        "later": {"numerator": 900, "denominator": 2420, "percent": 37.2},
    }
    assert found["indicators"]["2"]["earlier"]["percent"] is None
    assert found["indicators"]["3"] == {"earlier": 20, "later": 24, "change": 4}
    assert found["indicators"]["5"] == {"earlier": 440, "later": None, "change": None}
    assert set(found["questions"]) == {"pupil-pupil", "teacher-pupil", "student-pupil", "employer-pupil"}
    assert list(found["indicators"]) == ["1", "2", "3", "4", "5", "6", "7", "8"]
    assert [one["text"] for one in found["narratives"]["employer-pupil"]] == ["Завод принимает школьников."] * 2
    assert found["narratives"]["student-pupil"] == []
    assert {one["text"] for one in found["comments"]} == {"Открыт технопарк."}


def test_enterprises_are_marked_as_a_sum_in_which_one_may_repeat() -> None:
    marked = {line["label"]: line["note"] for line in view()["lines"] if line["note"]}
    assert set(marked) == {"3. Предприятия, предоставившие наставников"}
    assert marked["3. Предприятия, предоставившие наставников"].startswith("Сумма по муниципалитетам")


def test_columns_carry_the_years_of_the_campaign() -> None:
    columns = {name for line in view()["lines"] for name in line["figures"].values()}
    assert {"По итогам 2020 г.", "По итогам 2021 г."} <= columns


def test_a_form_filled_without_a_gap_is_complete_but_for_what_is_missing() -> None:
    league = view(filled())["league"]
    assert league[0]["fields"] == {"filled": 41, "of": 42}
    assert league[0]["completeness"] == 97.8


def test_personal_data_of_who_answers_is_not_in_the_report() -> None:
    assert "Иванова" not in str(view(filled()))
    assert "ivanova@" not in str(view(filled()))


def test_a_regions_own_form_has_its_report_without_code() -> None:
    form = {
        "about": {"beds": 40, "winter": True, "guests": 10, "story": "Костёр"},
        "figures": {"mentors": {"earlier": 3, "later": 5}},
        "end": {"pleased": {"numerator": 1, "denominator": 3}},
    }
    other = {
        "about": {"beds": 60, "winter": False},
        "figures": {"mentors": {"earlier": {"missing": "первая смена"}, "later": 5}},
        "end": {"pleased": {"numerator": 3, "denominator": 5}},
    }
    entries = [accepted("camp-1", form), accepted("camp-2", other)]
    found = report_view(ABOUT, compile_report(layout_of(CAMP, YEARS), entries))["sections"]
    assert found["about"] == {"beds": 100, "winter": 1, "guests": 10}
    assert found["figures"]["mentors"] == {"earlier": 3, "later": 10, "change": 2}
    assert found["end"]["pleased"] == {"numerator": 4, "denominator": 8, "percent": 50.0}


def test_who_reads_figures_gets_neither_words_nor_single_organisations() -> None:
    entries = [
        accepted("mo-asino", filled(), name="Асиновский район"),
        accepted("lyceum", filled(), name="Лицей", kind="state"),
    ]
    layout = layout_of(MONITORING, YEARS)
    whole = report_view(ABOUT, compile_report(layout, entries))
    found = report_view(ABOUT, without_words(compile_report(layout, unnamed(entries))))
    assert found["totals"] == whole["totals"]
    assert found["groups"]["state"] == whole["groups"]["state"]
    assert [row["name"] for row in found["rows"]] == ["Асиновский район", "Государственная организация 001"]
    for word in ("Лицей", "lyceum", "кружок", "технопарк", "учёт"):
        assert word in str(whole)
        assert word not in str(found)
