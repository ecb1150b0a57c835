"""The consolidated report over HTTP: from forms that people filled in, and nothing of it to strangers."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from pydantic import TypeAdapter

from api import consolidated_documents as d
from tests.activities.reports.sheets import Book
from tests.api.monitoring import LYCEUM, SEVERSK, TOMSK, filled, opened, submitted
from tests.api.world import World, problem

REPORT = "/campaigns/monitoring-2027/report"
KINDS = ("json", "csv", "xlsx", "docx", "pdf")


@pytest.fixture
def round_(region: World) -> World:
    """Tomsk and the lyceum are accepted, Seversk waits for its review, the fourth is silent and late."""
    opened(region, ["mo-tomsk", "mo-seversk", "mo-parabelsky", "lyceum"])
    region.clock.on("2027-03-10")
    tomsk = filled(general=70)
    tomsk["appendix2"]["1"] = {
        "earlier": {"numerator": 1, "denominator": 900},
        "later": {"numerator": 450, "denominator": 1000},
        "comment": "Открыты новые площадки.",
    }
    tomsk["appendix2"]["5"] = {"earlier": {"missing": "учёт не вёлся"}, "later": 7}
    submitted(region, TOMSK, "coordinator", tomsk)
    submitted(region, LYCEUM, "curator of lyceum", filled(general=1) | own_questions())
    submitted(region, SEVERSK, "administrator")
    region.post(f"{TOMSK}/acceptance", {}, "rcro")
    region.post(f"{LYCEUM}/acceptance", {}, "rcro")
    region.clock.on("2027-03-24")
    region.core.recorder.pass_time("submission/monitoring-2027-mo-parabelsky", by="worker")
    return region


def own_questions() -> dict[str, Any]:
    """A lyceum is one organisation, and runs one form of mentoring."""
    form = filled(general=1)["appendix1"]
    no = {"runs": False, "narrative": "", "general": 0, "additional": 0}
    yes = {"runs": True, "narrative": "Лицеисты учат младших.", "general": 1, "additional": 0}
    questions = {key: yes if key == "pupil-pupil" else no for key in form["questions"]}
    return {"appendix1": {**form, "totals": {"general": 1, "additional": 0}, "questions": questions}}


def test_the_region_reads_the_sums_of_accepted_forms(round_: World):
    found = round_.get(f"{REPORT}.json", "rcro")
    TypeAdapter(d.Consolidated).validate_python(found)
    assert found["coverage"] == {"received": 3, "accepted": 2, "expected": 4}
    assert found["totals"] == {"general": 71, "additional": 4}
    assert found["questions"]["pupil-pupil"] == {"runs": 2, "general": 4, "additional": 1}
    assert found["indicators"]["1"] == {
        "earlier": {"numerator": 41, "denominator": 1000, "percent": 4.1},
        "later": {"numerator": 490, "denominator": 1100, "percent": 44.5},
    }
    assert found["indicators"]["5"] == {"earlier": 10, "later": 19, "change": 2}
    assert found["figures"]["/indicators/5/change"] == {"kind": "change", "received": 1, "expected": 4}
    assert (found["late"], found["late_raw"]) == (["mo-parabelsky"], ["mo-parabelsky"])
    assert [one["text"] for one in found["missing"]] == ["учёт не вёлся"]
    assert "Титова" not in str(found)


def test_the_same_state_is_told_in_the_same_bytes(round_: World):
    first = {kind: round_.ask("rcro", "GET", f"{REPORT}.{kind}").content for kind in KINDS}
    round_.clock.on("2027-05-01")
    assert {kind: round_.ask("dgo", "GET", f"{REPORT}.{kind}").content for kind in KINDS} == first


def test_a_figure_opens_to_submissions_revisions_and_events(round_: World):
    found = round_.get(f"{REPORT}/sources?figure=/indicators/5/later", "rcro")
    TypeAdapter(d.Sources).validate_python(found)
    assert (found["value"], found["received"], found["expected"]) == (19, 2, 4)
    by_name = {one["respondent"]: one for one in found["items"]}
    assert {key: one["value"] for key, one in by_name.items()} == {"mo-tomsk": 7, "lyceum": 12}
    source = by_name["mo-tomsk"]
    events = round_.get(f"/submissions/{source['submission']}/events", "rcro")["items"]
    (event,) = (one for one in events if one["version"] == source["event"])
    assert (event["type"], event["data"]["revision"]) == ("FormSubmitted", source["revision"])
    problem(round_.ask("rcro", "GET", f"{REPORT}/sources?figure=/nothing"), 422, "figure_unknown")


def test_the_league_table_names_the_complete_and_the_timely(round_: World):
    items = round_.get(f"{REPORT}/league", "rcro")["items"]
    TypeAdapter(list[d.LeagueLine]).validate_python(items)
    found = {one["respondent"]: one for one in items}
    assert found["mo-tomsk"]["fields"] == {"filled": 41, "of": 42}
    assert found["mo-tomsk"]["artefacts"] == {"given": 0, "of": 4}
    assert (found["mo-tomsk"]["raw"], found["mo-parabelsky"]["excused"]) == ("on_time", "late")
    assert found["mo-parabelsky"]["place"] == 4


def test_the_files_carry_the_same_figures(round_: World):
    answers = {kind: round_.ask("rcro", "GET", f"{REPORT}.{kind}") for kind in KINDS}
    assert {kind: one.status_code for kind, one in answers.items()} == dict.fromkeys(KINDS, 200)
    assert all("attachment" in answers[kind].headers["content-disposition"] for kind in KINDS[1:])
    rows = list(csv.DictReader(io.StringIO(answers["csv"].content.decode("utf-8-sig"), newline=""), delimiter=";"))
    region = {row["figure"]: row["value"] for row in rows if row["scope"] == "region"}
    assert (region["/totals/general"], region["/indicators/1/later"]) == ("71", "44,5")
    book = Book(answers["xlsx"].content)
    assert all(book.computed(cell) == book.values[cell] for cell in book.formulas)
    assert answers["docx"].content.startswith(b"PK")
    assert answers["pdf"].content.startswith(b"%PDF-")


def test_a_respondent_gets_its_own_figures_only(round_: World):
    found = round_.get(f"{REPORT}.json", "coordinator")
    assert found["coverage"] == {"received": 1, "accepted": 1, "expected": 1}
    assert [row["respondent"] for row in found["rows"]] == ["mo-tomsk"]
    own = round_.ask("coordinator", "GET", f"{REPORT}.json").text
    assert "Северск" not in own
    assert "Канарейка" not in own
    sources = round_.get(f"{REPORT}/sources?figure=/totals/general", "coordinator")["items"]
    assert [one["respondent"] for one in sources] == ["mo-tomsk"]


def test_the_project_office_reads_sums_without_organisations_and_words(round_: World):
    whole, found = (round_.get(f"{REPORT}.json", who) for who in ("rcro", "office"))
    assert found["totals"] == whole["totals"]
    assert found["groups"] == whole["groups"]
    assert {row["name"] for row in found["rows"]} & {"Канарейка лицей"} == set()
    for kind in ("json", "csv"):
        text = round_.ask("office", "GET", f"{REPORT}.{kind}").content.decode()
        assert not any(word in text for word in ("Канарейка", "lyceum", "Лицеисты", "учёт не вёлся"))


def test_the_operator_reads_every_figure_and_no_words(round_: World):
    whole, found = (round_.get(f"{REPORT}.json", who) for who in ("rcro", "operator"))
    assert found["rows"] == whole["rows"]
    for kind in ("json", "csv"):
        text = round_.ask("operator", "GET", f"{REPORT}.{kind}").content.decode()
        assert not any(word in text for word in ("Лицеисты", "учёт не вёлся", "Открыты новые площадки"))


@pytest.mark.parametrize("who", ["curator", "curator of 9", "dpo", "rcrpk", "toipkro", "navigator"])
@pytest.mark.parametrize(
    "end", [".json", ".csv", ".xlsx", ".docx", ".pdf", "/league", "/sources?figure=/totals/general"]
)
def test_who_has_no_part_in_the_campaign_learns_nothing(small: World, who: str, end: str):
    opened(small)
    problem(small.ask(who, "GET", REPORT + end), 404, "campaign_unknown")


def test_a_report_before_anybody_answered(small: World):
    opened(small)
    found = small.get(f"{REPORT}.json", "rcro")
    assert found["coverage"] == {"received": 0, "accepted": 0, "expected": 3}
    assert found["totals"] == {"general": None, "additional": None}
    for kind in KINDS:
        assert small.ask("rcro", "GET", f"{REPORT}.{kind}").status_code == 200
