"""The league table says who sent everything, and who sent it in time."""

from __future__ import annotations

from decimal import Decimal

from domain.report.entry import Entry
from domain.report.league import Placed, league
from tests.domain.report.given import LAYOUT, accepted, filled_form, silent


def table(*entries: Entry) -> dict[str, Placed]:
    return {placed.entry.respondent: placed for placed in league(LAYOUT, entries)}


def test_completeness_counts_fields_and_artefacts() -> None:
    found = table(
        accepted("asino", filled_form(totals=({"missing": "нет учёта"}, 2)), artefacts=frozenset({"form-pdf"}))
    )
    line = found["asino"]
    assert (line.fields, line.fields_of) == (5, 6)
    assert (line.artefacts, line.artefacts_of) == (1, 4)
    assert line.completeness == Decimal("60.0")


def test_where_a_form_of_mentoring_is_not_run_nothing_is_missing() -> None:
    assert table(accepted("asino", filled_form(runs=None)))["asino"].completeness == 100


def test_a_draft_is_no_answer_yet_but_its_documents_are_there() -> None:
    found = table(silent("asino", form=filled_form(), artefacts=frozenset({"programme"})))
    assert (found["asino"].fields, found["asino"].artefacts) == (0, 1)


def test_the_complete_and_timely_lead_and_equals_share_their_place() -> None:
    found = league(
        LAYOUT,
        [
            accepted("yaya", filled_form()),
            accepted("asino", filled_form()),
            accepted("parabel", filled_form(), raw="late"),
            accepted("tomsk", filled_form(), raw="late", excused="late"),
            silent("kedrovy", raw="late", excused="late"),
        ],
    )
    assert [(one.place, one.entry.respondent, one.kept) for one in found] == [
        (1, "asino", "on_time"),
        (1, "yaya", "on_time"),
        (3, "parabel", "excused"),
        (4, "tomsk", "late"),
        (5, "kedrovy", "late"),
    ]
