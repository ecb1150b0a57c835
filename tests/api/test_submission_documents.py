"""Signed and approved papers are uploaded, looked at by the centre, and downloaded again."""

from __future__ import annotations

import pytest

from tests.activities.files.hostile_pdf import PDF
from tests.activities.files.hostile_word import WORD
from tests.activities.files.papers import SIGNER, picture, signed, typeset, word
from tests.api.monitoring import TOMSK, opened, submitted
from tests.api.papers import FILES, line, printed, put, stored
from tests.api.world import World, problem


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
    for kind, content in (
        ("form-docx", printed(small, 1)),
        ("form-pdf", typeset("Скан")),
        ("roadmap", typeset("Карта")),
    ):
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
