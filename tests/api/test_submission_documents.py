"""Signed and approved papers are uploaded, looked at by the centre, and downloaded again."""

from __future__ import annotations

import io
from typing import Any

import docx
import httpx
import pytest

from tests.activities.files.hostile_pdf import PDF
from tests.activities.files.hostile_word import WORD
from tests.activities.files.papers import SIGNER, picture, signature_beside, signed, typeset, word
from tests.api.monitoring import SEVERSK, TOMSK, filled, opened, put_form, submitted
from tests.api.world import World, problem

FILES = f"{TOMSK}/documents"


def put(world: World, kind: str, content: bytes, who: str = "coordinator", **given: Any) -> httpx.Response:
    return world.ask(who, "PUT", f"{FILES}/{kind}", content=content, **given)


def line(world: World, kind: str, who: str = "rcro") -> dict[str, Any]:
    items = world.get(FILES, who)["items"]
    found: dict[str, Any] = next(one for one in items if one["kind"] == kind)
    return found


def printed(world: World, revision: int) -> bytes:
    """The form as the engine prints it."""
    answer = world.ask("coordinator", "GET", f"{TOMSK}/form.docx", params={"revision": revision})
    assert answer.status_code == 200, answer.text
    return answer.content


def changed(content: bytes, before: str, after: str) -> bytes:
    document = docx.Document(io.BytesIO(content))
    cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
    cell = next(one for one in cells if one.text == before)
    cell.paragraphs[0].runs[0].text = after
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def stored(world: World) -> list[str]:
    return sorted(one.sha256 for one in world.core.uploads.store.held())


def test_four_files_come_in_and_are_counted_one_by_one(region: World):
    opened(region)
    submitted(region, TOMSK, "coordinator")
    kinds = {
        "form-docx": printed(region, 1),
        "form-pdf": signed(typeset("Скан формы")),
        "programme": typeset("Программа"),
        "roadmap": word("Дорожная карта"),
    }
    missing = list(kinds)
    for kind, content in kinds.items():
        answer = put(region, kind, content, params={"name": f"{kind} (утв.)"})
        assert answer.status_code == 200, answer.text
        missing.remove(kind)
        assert answer.json()["missing_documents"] == missing
    document = line(region, "form-pdf")["document"]
    assert (document["type"], document["pages"], document["name"]) == ("application/pdf", 1, "form-pdf (утв.)")
    assert (document["revision"], document["current"], document["check_code"]["matches"]) == (1, True, False)
    (signature,) = document["signatures"]
    assert (signature["signer"], signature["valid"]) == (SIGNER, True)
    assert line(region, "form-docx")["document"]["check_code"]["matches"]
    assert line(region, "programme")["document"]["check_code"] is None
    assert len(stored(region)) == 4
    events = region.get(f"{TOMSK}/events", "rcro")["items"]
    assert [one["data"]["kind"] for one in events if one["type"] == "DocumentAdded"] == list(kinds)


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


def test_a_new_file_takes_the_place_of_the_old_one_and_both_can_be_had(small: World):
    opened(small)
    first, second = typeset("Программа"), typeset("Программа, исправленная")
    put(small, "programme", first, params={"name": "первая.pdf"})
    put(small, "programme", second, headers={"Content-Disposition": "attachment; filename*=UTF-8''%D0%B2.pdf"})
    shown = line(small, "programme")
    assert shown["document"]["name"] == "в.pdf"
    (earlier,) = shown["earlier"]
    assert earlier["name"] == "первая.pdf"
    answer = small.ask("rcro", "GET", f"{FILES}/programme")
    assert (answer.content, answer.headers["content-type"]) == (second, "application/pdf")
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''%D0%B2.pdf"
    assert answer.headers["x-content-type-options"] == "nosniff"
    old = small.ask("rcro", "GET", f"{FILES}/programme", params={"sha256": earlier["sha256"]})
    assert old.content == first
    types = [one["type"] for one in small.get(f"{TOMSK}/events", "rcro")["items"]]
    assert types.count("DocumentAdded") == 2


def test_the_same_file_again_changes_nothing(small: World):
    opened(small)
    content = signed(typeset())
    first = put(small, "programme", content)
    again = put(small, "programme", content)
    assert again.json()["version"] == first.json()["version"]
    assert line(small, "programme")["earlier"] == []


def test_a_repeated_request_gets_its_answer_and_another_file_does_not(small: World):
    opened(small)
    headers = {"Idempotency-Key": "file"}
    first = put(small, "programme", typeset(), headers=headers)
    again = put(small, "programme", typeset(), headers=headers)
    assert again.headers["idempotent-replayed"] == "true"
    assert again.json() == first.json()
    problem(put(small, "programme", typeset("другая"), headers=headers), 422, "key_reused")
    assert len(stored(small)) == 1


def test_several_pictures_become_one_pdf(small: World):
    opened(small)
    pages = [("file", ("стр1.jpg", picture())), ("file", ("стр2.png", picture("PNG")))]
    answer = small.ask("coordinator", "PUT", f"{FILES}/form-pdf", files=pages)
    assert answer.status_code == 200, answer.text
    document = line(small, "form-pdf")["document"]
    assert (document["pages"], document["name"], document["type"]) == (2, "стр1.pdf", "application/pdf")
    problem(small.ask("coordinator", "PUT", f"{FILES}/form-docx", files=pages), 422, "file_type_unknown")


def test_a_signature_beside_a_document_is_shown_with_its_signer(small: World):
    opened(small)
    content = typeset("Программа")
    problem(put(small, "programme/signature", signature_beside(content)), 404, "document_unknown")
    put(small, "programme", content)
    answer = put(small, "programme/signature", signature_beside(content), params={"name": "программа.pdf.sig"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["documents"][0]["signer"] == SIGNER
    (signature,) = line(small, "programme")["document"]["signatures"]
    assert (signature["signer"], signature["kind"], signature["valid"]) == (SIGNER, "detached", True)
    problem(put(small, "programme/signature", content), 422, "file_type_unknown")
    assert len(stored(small)) == 2


def test_a_signature_is_one_file(small: World):
    opened(small)
    content = typeset("Программа")
    put(small, "programme", content)
    two = [("file", (f"{number}.sig", signature_beside(content))) for number in (1, 2)]
    problem(small.ask("coordinator", "PUT", f"{FILES}/programme/signature", files=two), 422, "file_type_unknown")
    assert small.get(TOMSK, "coordinator")["documents"][0]["signer"] is None


def test_while_a_form_is_looked_at_its_signature_may_come_and_is_not_exchanged(small: World):
    opened(small)
    content = typeset("Программа")
    put(small, "programme", content)
    submitted(small, TOMSK, "coordinator")
    signature = signature_beside(content)
    assert put(small, "programme/signature", signature).status_code == 200
    assert put(small, "programme/signature", signature).status_code == 200
    problem(put(small, "programme/signature", signature_beside(content)), 409, "form_submitted")
    assert len(stored(small)) == 2


@pytest.mark.parametrize(
    ("kind", "content", "code"),
    [
        ("form-docx", WORD["macros"][0](), "file_macros"),
        ("form-docx", typeset(), "file_type_unknown"),
        ("form-pdf", PDF["script"][0](), "file_active"),
        ("form-pdf", b"", "file_empty"),
        ("programme", PDF["bomb"][0](), "file_bomb"),
    ],
    ids=["macros", "wrong type", "script", "nothing", "bomb"],
)
def test_a_hostile_file_is_refused_and_nothing_is_left(small: World, kind: str, content: bytes, code: str):
    opened(small)
    before = small.written()
    refused = problem(put(small, kind, content, headers={"Content-Type": "application/pdf"}), 422, code)
    assert refused["detail"].endswith(".")
    assert (small.written(), stored(small)) == (before, [])


def test_a_file_that_is_too_large_is_refused_while_it_comes(small: World):
    opened(small)
    refused = problem(put(small, "programme", b"%PDF-1.7" + bytes(20_000_000)), 413, "file_too_large")
    assert "20 МБ" in refused["detail"]
    files = [("file", ("a.png", bytes(11_000_000))), ("file", ("b.png", bytes(11_000_000)))]
    problem(small.ask("coordinator", "PUT", f"{FILES}/programme", files=files), 413, "file_too_large")
    assert stored(small) == []


def test_a_name_that_is_a_path_is_refused(small: World):
    opened(small)
    problem(put(small, "programme", typeset(), params={"name": "../../etc/passwd"}), 422, "file_name_bad")
    headers = {"Content-Disposition": 'attachment; filename="C:\\\\x.pdf"'}
    problem(put(small, "programme", typeset(), headers=headers), 422, "file_name_bad")


def test_what_was_handed_in_stays_and_what_is_missing_may_still_come(small: World):
    opened(small)
    submitted(small, TOMSK, "coordinator")
    assert put(small, "programme", typeset()).status_code == 200
    for refused in ("form_submitted", "form_accepted"):
        problem(put(small, "programme", typeset("другая")), 409, refused)
        problem(small.ask("coordinator", "DELETE", f"{FILES}/programme"), 409, refused)
        if refused == "form_submitted":
            small.post(f"{TOMSK}/acceptance", None, "rcro")
    assert len(stored(small)) == 1
    for kind, content in (("form-docx", printed(small, 1)), ("form-pdf", typeset("Скан")), ("roadmap", typeset())):
        assert put(small, kind, content).status_code == 200, kind
    assert small.get(TOMSK, "coordinator")["missing_documents"] == []


def test_the_wrong_file_can_be_taken_away(small: World):
    opened(small)
    put(small, "programme", typeset())
    answer = small.ask("coordinator", "DELETE", f"{FILES}/programme")
    assert "programme" in answer.json()["missing_documents"]
    assert line(small, "programme")["document"] is None
    problem(small.ask("coordinator", "DELETE", f"{FILES}/programme"), 404, "document_unknown")
    problem(small.ask("rcro", "GET", f"{FILES}/programme"), 404, "document_unknown")


@pytest.mark.parametrize("who", ["curator of 9", "curator of lyceum", "rcrpk", "dpo", "office"])
def test_a_stranger_sees_no_files(small: World, who: str):
    opened(small)
    put(small, "programme", typeset())
    problem(small.ask(who, "GET", FILES), 404, "submission_unknown")
    problem(small.ask(who, "GET", f"{FILES}/programme"), 404, "submission_unknown")
    problem(put(small, "programme", typeset(), who), 404, "submission_unknown")


def test_the_centre_looks_and_does_not_upload_and_operators_see_no_names(small: World):
    opened(small)
    put(small, "programme", signed(typeset()))
    problem(put(small, "programme", typeset(), "rcro"), 403, "forbidden")
    assert line(small, "programme", "operator")["document"]["signatures"][0]["signer"] is None
    problem(small.ask("operator", "GET", f"{FILES}/programme"), 403, "forbidden")


def test_a_file_that_is_lost_hides_no_other(small: World):
    opened(small)
    put(small, "form-docx", printed(small, 0))
    put(small, "programme", typeset())
    for file in (one for one in small.core.settings.home.rglob("*") if one.is_file() and one.read_bytes()[:2] == b"PK"):
        file.unlink()
    document = line(small, "form-docx")["document"]
    assert document["differences"] is None
    assert document["not_compared"].startswith("Файла в хранилище нет")
    assert line(small, "programme")["document"] is not None


def test_a_store_that_is_away_is_told_and_nothing_is_written(small: World, monkeypatch: pytest.MonkeyPatch):
    from activities.files.store import StoreAway

    opened(small)
    before = small.written()

    def away(*_: object) -> bool:
        raise StoreAway("down")

    monkeypatch.setattr(small.core.uploads.store, "put", away)
    problem(put(small, "programme", typeset()), 503, "files-unavailable")
    assert small.written() == before
