"""A respondent prints the form to sign it, and takes from the region's records what need not be counted by hand."""

from __future__ import annotations

import io
import re
import shutil
from pathlib import Path
from typing import Any

import docx
import pypdf
import pytest
from pydantic import TypeAdapter

from api import form_documents as f
from tests.api.monitoring import LYCEUM, SEVERSK, TOMSK, filled, opened, put_form, submitted
from tests.api.world import Place, World, pointers, problem, world
from tests.domain.form.forms import CAMP_FILE

Q = "/appendix1/questions"
CAMP_FILLED = {
    "about": {
        "place": "Томск", "story": "", "head": filled()["appendix1"]["responsible"],
        "beds": 10, "winter": False, "guests": 0,
    },
    "figures": {"mentors": {"earlier": 10, "later": 12}},
    "end": {"pleased": {"numerator": 1, "denominator": 2}},
}  # fmt: skip
"""The region's own form without a fault."""


@pytest.fixture
def asked(region: World) -> World:
    """A campaign has been opened; a school and a club of Tomsk run the forms that they have fixed."""
    region.clock.on("2026-10-05")
    for organisation in ("school-1", "club-1", "lyceum"):
        region.start(organisation)
        fixed = {"evidence": {"document": "Приказ № 5"}, "forms": ["pupil-pupil"]}
        region.post(f"/programmes/{organisation}-2026/steps/8/completion", fixed)
    opened(region)
    return region


def file(world: World, path: str, who: str = "coordinator") -> bytes:
    answer = world.ask(who, "GET", path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''%D0%A4")
    return answer.content


def words_in(word: bytes) -> str:
    tables = docx.Document(io.BytesIO(word)).tables
    return " ".join(cell.text for table in tables for row in table.rows for cell in row.cells)


def code_on(pages: bytes) -> set[str]:
    texts = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pages)).pages]
    assert len(texts) > 1
    return {text[text.index("Код проверки ") + 13 :][:9] for text in texts}


def test_each_page_bears_the_check_code_of_its_revision(asked: World):
    saved = put_form(asked, TOMSK, "coordinator")
    assert code_on(file(asked, f"{TOMSK}/form.pdf")) == {saved["check_code"]}
    word = docx.Document(io.BytesIO(file(asked, f"{TOMSK}/form.docx")))
    assert saved["check_code"] in word.sections[0].footer.paragraphs[0].text
    page = asked.ask("rcro", "GET", f"{TOMSK}/form.html")
    assert page.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert saved["check_code"] in page.text


@pytest.mark.parametrize("kind", ["docx", "pdf", "html"])
def test_a_revision_stays_the_same_file_whatever_happens_later(asked: World, kind: str):
    put_form(asked, TOMSK, "coordinator")
    first = asked.ask("coordinator", "GET", f"{TOMSK}/form.{kind}").content
    asked.clock.on("2027-03-01")
    submitted(asked, TOMSK, "coordinator", filled(general=15))
    assert asked.ask("rcro", "GET", f"{TOMSK}/form.{kind}?revision=1").content == first
    assert asked.ask("rcro", "GET", f"{TOMSK}/form.{kind}").content != first


def test_the_form_is_printed_with_what_was_filled_in(asked: World):
    put_form(asked, TOMSK, "coordinator")
    said = words_in(file(asked, f"{TOMSK}/form.docx"))
    assert "Титова Анна Львовна" in said
    assert "По итогам 2025\u00a0г." in said
    assert "40,0 % (40 из 100)" in said
    empty = words_in(file(asked, f"{TOMSK}/form.docx?revision=0"))
    assert "Титова" not in empty
    assert "Вопрос 4." in empty


def test_who_works_with_figures_only_gets_a_form_without_persons_and_words(asked: World):
    gap = {"earlier": 10, "later": {"missing": "Кедрин болел"}, "comment": "Так решила Ольхова"}
    put_form(asked, TOMSK, "coordinator", filled() | {"appendix2": filled()["appendix2"] | {"3": gap}})
    copy = file(asked, f"{TOMSK}/form.docx", "operator")
    said = words_in(copy)
    assert "Титова" not in said
    footer = docx.Document(io.BytesIO(copy)).sections[0].footer.paragraphs[0].text
    assert footer.startswith("Копия без имён и текстов, редакция 1\t"), "it is not what was signed"
    assert "40,0 % (40 из 100)" in said
    assert "нет данных" in said
    for path in ("/form.html", "", "/revisions/1", "/revisions/compare?from=0&to=1"):
        said += asked.ask("operator", "GET", f"{TOMSK}{path}").text
    assert not re.search("Титова|Старшие|Кедрин|Ольхова", said)
    assert "Старшие" in asked.ask("dgo", "GET", f"{TOMSK}/form.html").text


def test_a_form_that_is_not_there_or_not_theirs(asked: World):
    problem(asked.ask("coordinator", "GET", f"{TOMSK}/form.docx?revision=7"), 404, "revision_not_found")
    problem(asked.ask("coordinator", "GET", f"{SEVERSK}/form.pdf"), 404, "submission_unknown")
    problem(asked.ask("coordinator", "GET", f"{SEVERSK}/prefill"), 404, "submission_unknown")
    problem(asked.ask("coordinator", "POST", f"{SEVERSK}/prefill"), 404, "submission_unknown")
    problem(asked.ask("rcro", "POST", f"{TOMSK}/prefill"), 403, "forbidden")
    problem(asked.ask("coordinator", "GET", f"{TOMSK}/form.exe"), 422)


def test_a_new_form_is_empty_until_somebody_takes_what_is_known(asked: World):
    assert asked.get(TOMSK, "coordinator")["form"] == {}
    known = asked.get(f"{TOMSK}/prefill", "coordinator")["items"]
    TypeAdapter(list[f.Prefilled]).validate_python(known)
    values = {one["pointer"]: one["value"] for one in known}
    assert values["/appendix1/totals/general"] == 1
    assert values[f"{Q}/pupil-pupil/additional"] == 1
    taken = asked.post(f"{TOMSK}/prefill", None, "coordinator")
    assert taken["revision"] == 1
    assert taken["form"]["appendix1"]["totals"] == {"general": 1, "additional": 1}
    assert taken["form"]["appendix1"]["questions"]["pupil-pupil"] == {"runs": True, "general": 1, "additional": 1}
    again = asked.post(f"{TOMSK}/prefill", None, "coordinator")
    assert again["revision"] == 1


def test_taking_what_is_known_overwrites_only_what_is_named(asked: World):
    put_form(asked, TOMSK, "coordinator", {"appendix1": {"totals": {"general": 30}}})
    kept = asked.post(f"{TOMSK}/prefill", None, "coordinator")["form"]["appendix1"]["totals"]
    assert kept == {"general": 30, "additional": 1}
    place = "/appendix1/totals/general"
    taken = asked.post(f"{TOMSK}/prefill", {"pointers": [place]}, "coordinator")
    assert taken["form"]["appendix1"]["totals"] == {"general": 1, "additional": 1}
    unknown = asked.ask("coordinator", "POST", f"{TOMSK}/prefill", json={"pointers": [place, "/appendix2/3/later"]})
    assert pointers(problem(unknown, 422, "prefill_unknown")) == {"/pointers/1"}


def test_what_is_with_the_reviewer_is_not_filled_any_more(asked: World):
    submitted(asked, LYCEUM, "curator of lyceum")
    problem(asked.ask("administrator", "POST", f"{LYCEUM}/prefill"), 409, "form_submitted")


def test_last_years_accepted_figures_are_this_years_earlier_ones(asked: World):
    form: dict[str, Any] = filled()
    form["appendix2"]["3"]["later"] = 14
    submitted(asked, TOMSK, "coordinator", form)
    asked.post(f"{TOMSK}/acceptance", None, "rcro")
    asked.clock.on("2028-02-25")
    years = {"title": "Мониторинг за 2027 год", "deadline": "2028-03-21", "years": [2026, 2027]}
    following = opened_again(asked, years)
    known = {one["pointer"]: one for one in asked.get(f"{following}/prefill", "coordinator")["items"]}
    third = known["/appendix2/3/earlier"]
    assert third["value"] == 14
    assert third["source"]["href"] == f"/api/v1{TOMSK}"
    assert f"{Q}/pupil-pupil/runs" not in known, "nothing runs in the new year yet"
    taken = asked.post(f"{following}/prefill", None, "coordinator")
    assert taken["form"]["appendix2"]["1"] == {"earlier": {"numerator": 40, "denominator": 100}}


def test_last_years_figures_are_not_taken_from_another_form(place: Place, tmp_path: Path):
    folder = tmp_path / "definitions" / "forms"
    folder.mkdir(parents=True)
    shutil.copy(CAMP_FILE, folder)
    with world(place, tmp_path) as region:
        opened(region)
        submitted(region, TOMSK, "coordinator")
        region.post(f"{TOMSK}/acceptance", None, "rcro")
        camp = opened(region, ["mo-tomsk"], form="camp", deadline="2027-04-20")["submissions"][0]["id"]
        submitted(region, f"/submissions/{camp}", "coordinator", CAMP_FILLED)
        region.post(f"/submissions/{camp}/acceptance", None, "rcro")
        region.clock.on("2028-02-25")
        following = opened_again(region, {"title": "За 2027 год", "deadline": "2028-03-21", "years": [2026, 2027]})
        known = {one["pointer"]: one["source"] for one in region.get(f"{following}/prefill", "coordinator")["items"]}
        assert known["/appendix2/3/earlier"]["href"] == f"/api/v1{TOMSK}"
        problems = put_form(region, following, "coordinator")["problems"]
        assert [one["pointer"] for one in problems] == [f"/appendix2/{number}/earlier" for number in range(3, 9)]


def opened_again(world: World, years: dict[str, Any]) -> str:
    letter = {"number": "201", "date": "2028-02-24", "text": "Уважаемые коллеги!"}
    made = world.post("/campaigns", {**years, "letter": letter, "respondents": ["mo-tomsk"]}, "rcro")
    return f"/submissions/{made['submissions'][0]['id']}"
