"""The form on paper is compared with what was filled in: code, revision, respondent, every figure."""

from __future__ import annotations

from tests.activities.files.papers import signature_beside, signed, typeset
from tests.api.monitoring import SEVERSK, TOMSK, filled, opened, put_form, submitted
from tests.api.papers import changed, line, printed, put, stored
from tests.api.test_pages import look, shown
from tests.api.world import World, problem


def test_every_difference_to_the_form_as_printed_is_listed(small: World):
    opened(small)
    put_form(small, TOMSK, "coordinator", filled(27))
    assert put(small, "form-docx", changed(printed(small, 1), "27", "72")).status_code == 200
    differences = line(small, "form-docx")["document"]["differences"]
    assert [(one["frozen"], one["uploaded"]) for one in differences] == [("27", "72")]
    assert differences[0]["place"].startswith("таблица ")
    assert put(small, "form-docx", printed(small, 1)).status_code == 200
    assert line(small, "form-docx")["document"]["differences"] == []


def test_a_paper_of_an_older_revision_is_refused_with_the_code_that_is_expected(small: World):
    opened(small)
    put_form(small, TOMSK, "coordinator", filled(12))
    old = printed(small, 1)
    now = put_form(small, TOMSK, "coordinator", filled(13))
    refused = problem(put(small, "form-docx", old), 409, "document_outdated")
    assert now["check_code"] in refused["detail"]
    assert f"На документе код {refused['facts']['printed']}: " in refused["detail"]
    assert (refused["facts"]["revision"], refused["facts"]["last"]) == (1, 2)
    assert stored(small) == []
    assert put(small, "form-docx", printed(small, 2)).status_code == 200


def test_a_paper_of_another_respondent_is_refused_and_its_owner_not_named(small: World):
    opened(small)
    put_form(small, TOMSK, "coordinator")
    put_form(small, SEVERSK, "administrator")
    for revision in (0, 1):
        theirs = small.ask("administrator", "GET", f"{SEVERSK}/form.docx", params={"revision": revision})
        refused = problem(put(small, "form-docx", theirs.content), 409, "document_foreign")
        assert "seversk" not in str(refused).lower()
    assert stored(small) == []


def test_a_filled_in_blank_is_no_paper_of_a_later_revision(small: World):
    opened(small)
    blank = printed(small, 0)
    assert put(small, "form-docx", blank).status_code == 200
    assert line(small, "form-docx")["document"]["check_code"]["matches"]
    put_form(small, TOMSK, "coordinator")
    document = line(small, "form-docx")["document"]
    assert (document["revision"], document["current"]) == (0, False)
    problem(put(small, "form-docx", changed(blank, "\n" * 7, "Дописано")), 409, "document_outdated")


def test_a_respondent_that_is_renamed_keeps_the_name_on_what_was_frozen(small: World):
    opened(small)
    submitted(small, TOMSK, "coordinator")
    before = printed(small, 1)
    put(small, "form-docx", before)
    unit = small.get("/units/mo-tomsk", "administrator")
    unit["name"] = "Другое имя"
    assert small.ask("administrator", "PUT", "/units/mo-tomsk", json=unit).status_code == 200
    assert printed(small, 1) == before
    assert line(small, "form-docx")["document"]["differences"] == []


def test_a_form_that_changes_after_its_paper_came_wants_another_paper(small: World):
    opened(small)
    put_form(small, TOMSK, "coordinator", filled(12))
    put(small, "form-docx", printed(small, 1))
    later = put_form(small, TOMSK, "coordinator", filled(13))
    assert "form-docx" in later["missing_documents"]
    document = line(small, "form-docx")["document"]
    assert (document["revision"], document["current"]) == (1, False)
    (listed,) = small.get("/submissions?respondent=mo-tomsk", "rcro")["items"]
    assert (listed["artefacts"], listed["artefacts_of"]) == (0, 4), "the list counts as the submission does"


def test_the_reviewer_is_told_that_one_file_is_two_of_the_papers(small: World):
    """A roadmap may be an annex of the programme; a scan that serves as both has to be looked at."""
    opened(small)
    both = typeset("Программа и дорожная карта")
    for kind in ("form-pdf", "programme", "roadmap"):
        assert put(small, kind, typeset("Скан") if kind == "form-pdf" else both).status_code == 200
    assert [line(small, kind)["document"]["same_as"] for kind in ("form-pdf", "programme", "roadmap")] == [
        [], ["roadmap"], ["programme"],
    ]  # fmt: skip
    assert "тот же файл, что и: " in shown(look(small, TOMSK, "rcro"))


def test_the_reviewer_is_told_of_a_form_that_nobody_has_signed(small: World):
    opened(small)
    put_form(small, TOMSK, "coordinator")
    unsigned = printed(small, 1, "pdf")
    put(small, "form-pdf", unsigned)
    assert line(small, "form-pdf")["document"]["as_printed"]
    assert "это напечатанная нами форма" in shown(look(small, TOMSK, "rcro"))
    put(small, "form-pdf/signature", signature_beside(unsigned), params={"name": "form.p7s"})
    assert not line(small, "form-pdf")["document"]["as_printed"], "it is signed beside"
    put(small, "form-pdf", signed(unsigned))
    assert not line(small, "form-pdf")["document"]["as_printed"]
    put(small, "form-pdf", typeset("Скан"))
    assert not line(small, "form-pdf")["document"]["as_printed"]
