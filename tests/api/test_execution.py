"""The report on the execution of roadmaps: of an organisation, of a municipality, of the region; results by form."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

import docx
import pytest
from pypdf import PdfReader
from python_calamine import load_workbook

from tests.api.test_pages import look
from tests.api.world import KEYS, World, problem

SCHOOL = "/programmes/school-1-2026"
ORDER = {"number": "7", "date": "2026-09-20"}
KINDS = ("docx", "pdf", "xlsx")
CANARIES = ("Канарейка", "school-9", "lyceum")


@pytest.fixture
def october(region: World) -> World:
    """Step 1 done, step 2 moved by an order and done, step 34 left out; nobody else has done anything."""
    for organisation in ("school-1", "club-1", "school-9"):
        region.start(organisation, forms=["teacher-teacher"])
    region.start("college", forms=["student-student"])
    figures = {"evidence": {"audience": "Педагоги"}, "note": "=1+1", "documents": ["Протокол № 1"]}
    region.post(f"{SCHOOL}/steps/1/completion", figures, "curator")
    region.clock.on("2026-09-20")
    region.post(f"{SCHOOL}/steps/2/deadline", {"due": "2026-10-09", "reason": "Карантин", "order": ORDER}, "curator")
    region.post(f"{SCHOOL}/steps/34/skip", {"reason": "Базы ведёт центр", "order": "12"}, "curator")
    region.clock.on("2026-10-05")
    region.post(f"{SCHOOL}/steps/2/completion", {}, "curator")
    return region


def step(report: Any, number: int) -> Any:
    return next(one for one in report["steps"] if one["number"] == number)


def words(body: bytes, kind: str) -> str:
    """Everything that a file says."""
    if kind == "pdf":
        return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(body)).pages).split())
    if kind == "docx":
        file = docx.Document(BytesIO(body))
        cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
        return " ".join(" ".join([*(one.text for one in file.paragraphs), *cells]).split())
    book = load_workbook(BytesIO(body))
    rows = [row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]
    return " ".join(" ".join(str(cell) for row in rows for cell in row).split())


def test_a_step_says_when_why_by_which_order_and_who(october: World):
    report = october.get(f"{SCHOOL}/execution.json", "curator")
    assert report["organisation"] == {"id": "school-1", "name": "Школа № 1"}
    assert (report["year"], report["as_of"]) == (2026, "2026-10-05")
    done = step(report, 1)
    assert (done["state"], done["done_on"], done["late"]) == ("done", "2026-09-01", False)
    (evidence,) = done["evidence"]
    assert evidence["text"] == "кого информировали: Педагоги"
    assert (evidence["documents"], evidence["note"]) == (["Протокол № 1"], "=1+1")
    (deadline,) = step(report, 2)["deadlines"]
    assert (deadline["first_due"], deadline["due"], deadline["done_on"]) == ("2026-09-25", "2026-10-09", "2026-10-05")
    (move,) = deadline["moves"]
    assert (move["on"], move["reason"], move["order"]) == ("2026-09-20", "Карантин", ORDER)
    assert step(report, 2)["responsible"] == {"role": "куратор", "persons": [{"name": "Имя p-curator", "post": None}]}
    skipped = step(report, 34)["skipped"]
    assert skipped == {"on": "2026-09-20", "reason": "Базы ведёт центр", "order": {"number": "12", "date": None}}
    assert step(report, 3)["state"] == "overdue"
    assert step(report, 33)["state"] == "open"
    assert report["counts"] == {
        "steps": 34, "done": 2, "late": 0, "skipped": 1, "overdue": 3, "open": 28, "moved": 1
    }  # fmt: skip


def test_what_was_taken_back_is_not_told_as_done(october: World):
    october.post(f"{SCHOOL}/steps/1/reopening", {"reason": "Не все были"}, "curator")
    found = step(october.get(f"{SCHOOL}/execution.json", "curator"), 1)
    assert found["evidence"] == []
    assert [one["reason"] for one in found["returned"]] == ["Не все были"]


def test_questionnaires_behind_links_are_counted(october: World):
    october.post(f"{SCHOOL}/steps/5/questionnaires", {"count": 3}, "curator")
    assert step(october.get(f"{SCHOOL}/execution.json", "curator"), 5)["questionnaires"] == {"sent": 3, "returned": 0}
    said = words(october.ask("curator", "GET", f"{SCHOOL}/execution.xlsx").content, "xlsx")
    assert "анкеты по ссылкам: выдано 3, вернулось 0" in said


@pytest.mark.parametrize("kind", KINDS)
def test_the_file_says_the_same_and_the_same_bytes_each_time(october: World, kind: str):
    answer = october.ask("curator", "GET", f"{SCHOOL}/execution.{kind}")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''%D0%9E")
    said = words(answer.content, kind)
    for part in (
        "Отчёт об исполнении дорожной карты",
        "Школа № 1",
        "подпункт 7.4",
        "Имя p-curator",
        "Карантин, приказ № 7 от 20.09.2026",
        "документы: Протокол № 1; =1+1",
        "Базы ведёт центр, приказ № 12",
    ):
        assert part in said
    assert october.ask("curator", "GET", f"{SCHOOL}/execution.{kind}").content == answer.content


def test_a_page_leads_to_the_file_with_the_same_rights(october: World):
    assert 'href="/programmes/school-1-2026/execution.docx"' in look(october, SCHOOL, "curator").text
    for kind in KINDS:
        answer = look(october, f"{SCHOOL}/execution.{kind}", "curator")
        assert answer.status_code == 200
        assert "Имя p-curator" in words(answer.content, kind)
        assert "Имя" not in words(look(october, f"{SCHOOL}/execution.{kind}").content, kind)
        assert look(october, "/programmes/school-9-2026/execution.docx", "curator").status_code == 404
        assert look(october, f"{SCHOOL}/execution.{kind}", None).status_code == 401
    assert look(october, f"{SCHOOL}/execution.exe", "curator").status_code == 422


def test_the_order_asks_a_college_for_its_report_elsewhere(october: World):
    body = october.ask("navigator", "GET", "/programmes/college-2026/execution.docx").content
    assert "подпункт 8.3" in words(body, "docx")


def test_who_works_with_figures_only_reads_no_names(october: World):
    answer = october.ask("operator", "GET", f"{SCHOOL}/execution.json")
    assert answer.status_code == 200
    assert "Имя" not in answer.text
    assert "Имя" not in words(october.ask("operator", "GET", "/units/mo-tomsk/execution.xlsx").content, "xlsx")


def test_a_municipality_is_the_sum_of_its_organisations(october: World):
    town = october.get("/units/mo-tomsk/execution.json", "coordinator")
    assert (town["programmes"], town["complete"], town["year"]) == (2, True, 2026)
    single = [october.get(f"/programmes/{one}-2026/execution.json")["counts"] for one in ("school-1", "club-1")]
    assert town["counts"] == {name: sum(one[name] for one in single) for name in single[0]}
    assert {one["organisation"]: one["overdue"] for one in town["organisations"]}["school-1"] == [3, 4, 5]
    second = next(one for one in town["steps"] if one["number"] == 2)
    assert (second["counts"]["steps"], second["counts"]["done"], second["counts"]["moved"]) == (2, 1, 1)
    region = october.get("/units/tomsk-oblast/execution.json?year=2026")
    assert {one["unit"]: one["programmes"] for one in region["units"]} == {"mo-tomsk": 2, "mo-seversk": 1, "dpo": 1}
    assert {one["roadmap"]["key"] for one in region["steps"]} == {"school", "college"}
    assert october.get("/units/tomsk-oblast/execution.json?year=2030")["programmes"] == 0


@pytest.mark.parametrize("kind", KINDS)
def test_the_file_of_a_municipality_names_what_is_out_of_line(october: World, kind: str):
    said = words(october.ask("coordinator", "GET", f"/units/mo-tomsk/execution.{kind}").content, kind)
    for part in ("город Томск", "подпункт 6.4", "Дом творчества", "Карантин, приказ № 7 от 20.09.2026"):
        assert part in said
    assert "охватывает только" not in said
    assert not any(canary in said for canary in CANARIES)


def test_the_spreadsheet_sums_with_formulas_and_runs_none_of_its_own(october: World):
    body = october.ask("coordinator", "GET", "/units/mo-tomsk/execution.xlsx").content
    with zipfile.ZipFile(BytesIO(body)) as parts:
        sheets = {name: parts.read(name).decode() for name in parts.namelist() if "/worksheets/sheet" in name}
    formulas = "".join(sheets.values()).count("<f>")
    assert formulas == sum(sheet.count("<f>SUM(") for sheet in sheets.values()) > 0
    summary = load_workbook(BytesIO(body)).get_sheet_by_name("Сводка").to_python()
    assert summary[-1][:3] == ["Всего", 2.0, 68.0]


def test_results_are_planned_beside_actual(october: World):
    planned = {"mentors": 3, "mentees": 4, "pairs": 4}
    october.ask("curator", "PUT", f"{SCHOOL}/results/teacher-teacher", json=planned)
    found = october.get("/units/mo-tomsk/results.json", "coordinator")
    (form,) = found["forms"]
    assert (form["title"], form["programmes"], form["planned"]) == (
        "учитель – учитель",
        2,
        {"programmes": 1, **planned},
    )
    assert (form["actual"], form["percent"]) == ({"programmes": 0, "pairs": 0}, None)
    mine = next(one for one in found["items"] if one["organisation"] == "school-1")
    assert (mine["planned"], mine["actual"], mine["fixed"]) == (planned, {"pairs": None}, False)
    said = words(october.ask("coordinator", "GET", "/units/mo-tomsk/results.xlsx").content, "xlsx")
    assert "подпункт 3.3" in said
    assert "учитель – учитель" in said


def test_the_institute_reports_on_its_form(october: World):
    found = october.get("/reports/teacher-teacher?year=2026", "toipkro")
    assert (found["form"]["title"], found["programmes"], found["complete"]) == ("учитель – учитель", 3, True)
    assert {one["name"]: one["programmes"] for one in found["municipalities"]} == {"город Томск": 2, "ЗАТО Северск": 1}
    assert {one["organisation"] for one in found["organisations"]} == {"school-1", "club-1", "school-9"}
    assert found["counts"]["steps"] == 3 * 34
    for kind in KINDS:
        said = words(october.ask("toipkro", "GET", f"/reports/teacher-teacher.{kind}?year=2026").content, kind)
        assert "Аналитический отчёт по форме наставничества «учитель – учитель»" in said
        assert "подпункт 5.2" in said
        assert "техникум" not in said


def test_nobody_reads_of_what_they_may_not_see(october: World):
    for kind in ("json", *KINDS):
        answer = october.ask("coordinator", "GET", f"/programmes/school-9-2026/execution.{kind}")
        problem(answer, 404, "programme_unknown")
        for unit in ("school-9", "mo-seversk", "dpo", "nowhere"):
            problem(october.ask("coordinator", "GET", f"/units/{unit}/execution.{kind}"), 404, "unit_not_found")
    for kind in ("json", "xlsx"):
        problem(october.ask("coordinator", "GET", f"/units/mo-seversk/results.{kind}"), 404, "unit_not_found")
    problem(october.ask("coordinator", "GET", "/reports/teacher-teacher?unit=mo-seversk"), 422, "unit_not_found")


def test_a_report_that_leaves_something_out_says_so(october: World):
    seen = october.ask("coordinator", "GET", "/units/tomsk-oblast/execution.json")
    assert not any(canary in seen.text for canary in CANARIES)
    assert (seen.json()["programmes"], seen.json()["complete"]) == (2, False)
    for kind in KINDS:
        for path in ("/units/tomsk-oblast/execution", "/reports/teacher-teacher"):
            said = words(october.ask("coordinator", "GET", f"{path}.{kind}").content, kind)
            assert "Отчёт охватывает только те программы" in said
            assert not any(canary in said for canary in CANARIES)


def test_everybody_reads_exactly_the_programmes_of_their_list(october: World):
    for who in set(KEYS) - {"office"}:
        listed = {one["id"] for one in october.get("/programmes", who)["items"]}
        seen = october.get("/units/tomsk-oblast/execution.json", who)["organisations"]
        assert {one["programme"] for one in seen} == listed, who


def test_the_project_office_reads_sums_of_all_and_no_organisation(october: World):
    for path in ("/units/tomsk-oblast/execution.json", "/units/mo-tomsk/results.json", "/reports/teacher-teacher"):
        answer = october.ask("office", "GET", path)
        assert answer.status_code == 200
        assert answer.json()["complete"]
        assert not any(name in answer.text for name in ("Школа № 1", "Дом творчества", *CANARIES)), path
    said = words(october.ask("office", "GET", "/units/mo-tomsk/execution.xlsx").content, "xlsx")
    assert "Школа № 1" not in said
    problem(october.ask("office", "GET", f"{SCHOOL}/execution.json"), 404, "programme_unknown")
