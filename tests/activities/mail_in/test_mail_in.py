"""Forms come by e-mail: into the tray of whoever sent them, and the sender hears what became of them."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from activities.directory import put_unit
from activities.mail import MailDeferred
from activities.paper_codes import papers_of
from activities.people import end_role
from domain.submission.check_code import blank_code
from domain.units import Unit
from tests.activities.files.hostile_word import WORD
from tests.activities.files.papers import SIGNER, picture, signature_beside, typeset, word
from tests.activities.mail_in.post import COORDINATOR, OTHER, SUBMISSION, Post
from tests.api.monitoring import SEVERSK, TOMSK
from tests.api.world import problem, settled, world
from tests.conftest import DATABASES
from tests.moulds import Moulds
from tests.servers import ImapServer, SmtpServer

pytestmark = pytest.mark.alike

ROUND = "/campaigns/monitoring-2027"


@pytest.fixture(params=DATABASES)
def post(
    request: pytest.FixtureRequest, moulds: Moulds, tmp_path: Path, imap_server: ImapServer, smtp_server: SmtpServer
) -> Iterator[Post]:
    with moulds.copy(request, tmp_path, settled) as place, world(place, tmp_path) as made:
        yield Post(made, imap_server, smtp_server)


def test_a_form_by_mail_waits_in_the_tray_until_a_person_confirms_it(post: Post):
    post.write(("Форма.docx", word(code=post.code)), ("Программа.pdf", typeset("Программа")))
    assert post.look() == {"matched": 1}
    form, programme = post.tray()
    assert (form["name"], form["kind"], form["state"]) == ("Форма.docx", "form-docx", "waiting")
    assert (form["check_codes"], form["sender"]) == ([post.code], COORDINATOR)
    assert (programme["kind"], programme["pages"]) == ("programme", 1)
    assert post.world.get(TOMSK, "coordinator")["documents"] == []
    after = post.world.post(f"{TOMSK}/tray/{form['id']}/confirmation", None, "rcro")
    assert [one["kind"] for one in after["documents"]] == ["form-docx"]
    assert [one["state"] for one in post.tray()] == ["confirmed", "waiting"]
    told = post.told()
    assert "приняты на проверку" in told
    assert "— Форма.docx" in told
    assert "Не принято" not in told
    assert post.smtp.letters[0].recipients == (COORDINATOR,)
    assert post.smtp.letters[0].message["Auto-Submitted"] == "auto-replied"
    assert post.smtp.letters[0].subject == "Re: Форма мониторинга"
    assert post.mails() == []
    (letter,) = post.world.get("/letters", "administrator")["items"]
    assert (letter["kind"], letter["status"], letter["address"]) == ("answer", "sent", COORDINATOR)
    assert post.world.get("/letters", "operator")["items"][0]["address"] is None
    assert post.world.get("/letters", "coordinator")["items"] == []


def test_what_the_checks_refuse_is_told_and_not_kept(post: Post):
    post.write(("Форма.docx", WORD["macros"][0]()), ("письмо.txt", b"hello"), ("План.pdf", typeset("Дорожная карта")))
    assert post.look() == {"matched": 1}
    assert [(one["name"], one["state"]) for one in post.tray()] == [
        ("Форма.docx", "refused"),
        ("письмо.txt", "refused"),
        ("План.pdf", "waiting"),
    ]
    assert post.stored() == 1
    assert "— Форма.docx: В документе есть макросы." in post.told()
    assert "— письмо.txt: По содержимому это" in post.told()
    refused = post.tray()[0]["id"]
    problem(post.world.ask("rcro", "POST", f"{TOMSK}/tray/{refused}/confirmation"), 409, "tray_settled")


def test_each_mail_is_read_once_and_answered_once(post: Post):
    post.write(("Программа.pdf", typeset()), identity="<one@example.org>")
    assert post.look() == {"matched": 1}
    assert post.look() == {}
    post.write(("Программа.pdf", typeset()), identity="<one@example.org>")
    assert post.look() == {"repeated": 1}
    assert len(post.tray()) == 1
    assert len(post.smtp.letters) == 1
    assert [one["outcome"] for one in post.mails()] == ["repeated"]


def test_a_crash_in_the_middle_repeats_without_doubles(post: Post, monkeypatch: pytest.MonkeyPatch):
    from activities.mail_in import reader

    post.write(("Программа.pdf", typeset()))

    def dies(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as crash:
        crash.setattr(reader, "add_mail", dies)
        with pytest.raises(KeyboardInterrupt):
            post.reader.look()
    assert (post.tray(), list(post.world.core.uploads.store.held())) == ([], [])
    assert post.look() == {"matched": 1}
    assert len(post.tray()) == 1


def test_a_crash_before_the_answer_answers_later_and_once(post: Post):
    post.write(("Программа.pdf", typeset()))
    post.reader.look()
    post.smtp.stop()
    with pytest.raises(MailDeferred):
        post.answers.send()
    post.smtp.start()
    assert post.answers.send() == 1
    assert post.answers.send() == 0
    assert len(post.smtp.letters) == 1


def test_a_code_of_another_respondent_is_for_the_operators(post: Post):
    post.write(("Форма.docx", word(code=post.code)), sender=OTHER)
    assert post.look() == {"unmatched": 1}
    assert post.tray() == []
    (mail,) = post.mails()
    assert (mail["reason"], mail["submission"], mail["sender"]) == ("foreign_code", SUBMISSION, OTHER)
    assert "не от вашей формы" in post.told()
    moved = post.world.post(f"/operations/mail/{mail['id']}/assignment", {"submission": SUBMISSION})
    assert moved["settled_at"] is not None
    assert [one["name"] for one in post.tray()] == ["Форма.docx"]
    again = post.world.ask("administrator", "POST", f"/operations/mail/{mail['id']}/closure")
    problem(again, 409, "mail_settled")


def test_an_unknown_sender_is_told_and_nothing_is_dropped(post: Post):
    post.write(("Форма.docx", word(code=post.code)), sender="somebody@example.org")
    post.write(sender="anybody@example.org", text="Когда срок?")
    assert post.look() == {"unmatched": 2}
    found = {one["reason"]: one for one in post.mails()}
    sends, asks = found["unknown_sender"], found["no_attachments"]
    assert [one["name"] for one in sends["attachments"]] == ["Форма.docx"]
    assert "Его разберёт специалист" in post.told(0)
    assert "В письме нет документов" in post.told(1)
    assert {(one["sender"], one["subject"]) for one in post.mails("operator")} == {(None, None)}
    closed = post.world.post(f"/operations/mail/{asks['id']}/closure")
    assert closed["settled_at"] is not None
    assert [one["id"] for one in post.world.get("/operations/mail")["items"]] == [sends["id"]]


@pytest.mark.parametrize(
    "given",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"List_Id": "<news.example.org>"},
        {"sender": "mailer-daemon@mx.example.org"},
        {"sender": "noreply@example.org"},
        {"sender": "forms@centre.example.org"},
    ],
    ids=["away", "bulk", "list", "bounce", "noreply", "ourselves"],
)
def test_machines_get_no_answer(post: Post, given: dict[str, str]):
    post.write(text="Я в отпуске", **given)
    assert post.look() == {"automatic": 1}
    assert post.smtp.letters == []
    assert [one["reason"] for one in post.mails()] == ["automatic"]


@pytest.mark.parametrize("sender", ["mailer-daemon@mx.example.org", "forms@centre.example.org"])
def test_what_a_mail_server_sends_back_is_no_form(post: Post, sender: str):
    post.write(("Форма.docx", word(code=post.code)), sender=sender)
    assert post.look() == {"automatic": 1}
    assert post.tray() == []


@pytest.mark.parametrize(
    "given",
    [
        {"Precedence": "bulk"},
        {"List_Unsubscribe": "<mailto:off@example.org>"},
        {"X_Auto_Response_Suppress": "OOF"},
        {"Auto_Submitted": "auto-generated"},
    ],
    ids=["bulk", "list", "suppress", "scanner"],
)
def test_a_form_in_a_mail_that_looks_like_a_machines_comes_into_the_tray_unanswered(post: Post, given: dict[str, str]):
    post.write(("Форма.docx", word(code=post.code)), **given)
    assert post.look() == {"matched": 1}
    assert [one["name"] for one in post.tray()] == ["Форма.docx"]
    assert post.smtp.letters == []


def test_a_strangers_automatic_mail_with_files_waits_for_a_person(post: Post):
    post.write(("Форма.docx", word(code=post.code)), sender="noreply@scanner.example.org")
    assert post.look() == {"unmatched": 1}
    (mail,) = post.world.get("/operations/mail", "rcro")["items"]
    assert [one["name"] for one in mail["attachments"]] == ["Форма.docx"]
    assert post.smtp.letters == []


def test_the_same_name_with_other_files_is_another_mail(post: Post):
    post.write(("Программа.pdf", typeset()), identity="<one@example.org>")
    post.write(("План.pdf", typeset("Дорожная карта")), identity="<one@example.org>")
    assert post.look() == {"matched": 2}
    assert {one["name"] for one in post.tray()} == {"Программа.pdf", "План.pdf"}
    post.write(("План.pdf", typeset("Дорожная карта")), identity="<one@example.org>")
    assert post.look() == {"repeated": 1}
    plan = typeset("Дорожная карта")
    post.write(("План.pdf", plan), ("План.pdf.sig", signature_beside(plan)), identity="<one@example.org>")
    assert post.look() == {"matched": 1}


def test_the_centre_of_a_running_round_reads_and_assigns_what_found_no_tray(post: Post):
    post.write(("Форма.docx", word(code=post.code)), ("План.pdf", typeset("План")), sender="somebody@example.org")
    post.look()
    (mail,) = post.world.get("/operations/mail", "rcro")["items"]
    assert (mail["sender"], mail["subject"]) == ("somebody@example.org", "Форма мониторинга")
    assert [one["name"] for one in mail["attachments"]] == ["Форма.docx", "План.pdf"]
    moved = post.world.post(f"/operations/mail/{mail['id']}/assignment", {"submission": SUBMISSION}, "rcro")
    assert moved["submission"] == SUBMISSION
    assert len(post.tray()) == 2


def test_after_the_round_nothing_is_assigned_to_it(post: Post):
    post.write(("Форма.docx", word(code=post.code)), sender="somebody@example.org")
    post.look()
    (mail,) = post.mails()
    post.world.post(f"{ROUND}/closure", None, "rcro")
    place = f"/operations/mail/{mail['id']}/assignment"
    problem(post.world.ask("administrator", "POST", place, json={"submission": SUBMISSION}), 409, "submission_closed")
    problem(post.world.ask("rcro", "GET", "/operations/mail"), 403, "forbidden")


def test_the_code_of_the_blank_names_its_respondent_as_long_as_the_round_runs(post: Post):
    blank = blank_code(SUBMISSION)
    database = post.world.core.database
    with database.reading() as connection:
        found = papers_of(connection, [blank, post.code, "0000-0000"], open_only=True)
        assert found == {blank: (SUBMISSION, 0), post.code: (SUBMISSION, 1)}
    post.world.post(f"{ROUND}/closure", None, "rcro")
    with database.reading() as connection:
        assert papers_of(connection, [blank, post.code], open_only=True) == {}
        assert papers_of(connection, [blank, post.code]) == found


def test_a_coordinator_writes_for_a_municipality_until_the_day_ends_there(post: Post):
    clock, database = post.world.clock, post.world.core.database
    seversk = Unit(id="mo-seversk", kind="municipality", parent="tomsk-oblast", name="Северск", zone="Europe/Moscow")
    with database.writing() as connection:
        put_unit(connection, seversk, "test", clock())
        for person, unit in (("titova", "mo-tomsk"), ("belov", "mo-seversk")):
            end_role(connection, person, "municipal_coordinator", unit, clock().date(), "test", clock())
    clock.now = clock().replace(hour=18)
    post.write(("План.pdf", typeset("План")), sender=COORDINATOR)
    post.write(("План.pdf", typeset("План")), sender=OTHER)
    assert post.look() == {"unmatched": 1, "matched": 1}
    assert post.tray() == []
    assert len(post.world.get(f"{SEVERSK}/tray", "rcro")["items"]) == 1


def test_a_machine_that_does_not_say_so_is_not_talked_to_for_ever(post: Post):
    for number in range(12):
        post.write(text="Я в отпуске", identity=f"<{number}@example.org>")
    assert post.look() == {"unmatched": 12}
    assert len(post.smtp.letters) == 10
    assert len(post.mails()) == 12


def test_photographs_of_the_pages_become_one_file_and_a_signature_finds_its_document(post: Post):
    plan = typeset("Программа")
    post.write(
        ("скан формы 1.jpg", picture()),
        ("скан формы 2.png", picture("PNG")),
        ("Программа.pdf", plan),
        ("Программа.pdf.sig", signature_beside(plan)),
    )
    assert post.look() == {"matched": 1}
    programme, scan = post.tray()
    assert (scan["kind"], scan["pages"], scan["name"]) == ("form-pdf", 2, "скан формы 1.pdf")
    assert [(one["signer"], one["valid"]) for one in programme["signatures"]] == [(SIGNER, True)]
    post.world.post(f"{TOMSK}/tray/{programme['id']}/confirmation", {"kind": "programme"}, "coordinator")
    items = post.world.get(f"{TOMSK}/documents", "rcro")["items"]
    document = next(one["document"] for one in items if one["kind"] == "programme")
    assert [one["kind"] for one in document["signatures"]] == ["detached"]


def test_a_person_refuses_what_does_not_belong_there(post: Post):
    post.write(("Отпуск.pdf", typeset("Отпуск")))
    post.look()
    (item,) = post.tray()
    assert item["kind"] is None
    place = f"{TOMSK}/tray/{item['id']}"
    problem(post.world.ask("rcro", "POST", f"{place}/confirmation"), 422, "tray_kind_missing")
    problem(
        post.world.ask("rcro", "POST", f"{place}/confirmation", json={"kind": "form-docx"}), 422, "file_type_unknown"
    )
    refused = post.world.post(f"{place}/refusal", {"reason": "Это не документ мониторинга"}, "rcro")
    assert (refused["state"], refused["reason"]) == ("refused", "Это не документ мониторинга")
    problem(post.world.ask("rcro", "POST", f"{place}/confirmation", json={"kind": "programme"}), 409, "tray_settled")


def test_trays_and_mails_are_seen_by_whom_they_concern(post: Post):
    post.write(("Программа.pdf", typeset()))
    post.look()
    for who in ("curator of 9", "rcrpk", "dpo", "office"):
        problem(post.world.ask(who, "GET", f"{TOMSK}/tray"), 404, "submission_unknown")
    assert post.world.get(f"{SEVERSK}/tray", "rcro")["items"] == []
    for who in ("coordinator", "rcrpk", "dgo", "office"):
        problem(post.world.ask(who, "GET", "/operations/mail"), 403, "forbidden")
    (item,) = post.tray()
    problem(post.world.ask("dgo", "POST", f"{TOMSK}/tray/{item['id']}/confirmation"), 403, "forbidden")


def test_mails_that_break_a_reader_are_kept_and_those_after_them_are_read(post: Post):
    large = EmailMessage()
    large["From"], large["Subject"], large["Message-ID"] = COORDINATOR, "Скан", "<large@example.org>"
    large.set_content("x" * 900 + "\n")
    post.reader._uploads.most = 400
    post.imap.deliver(large.as_bytes())
    post.imap.deliver(b"From: =?unknown-8bit?Q?=FF=FE?= <\xff\xfe>\r\nContent-Type: multipart/mixed\r\n\r\n\x00\xff")
    found = post.look()
    assert sum(found.values()) == 2
    assert found["unreadable"] >= 1
    assert "Файл больше 20 МБ" in post.told()
    post.reader._uploads.most = 20_000_000
    post.write(("Программа.pdf", typeset()))
    assert post.look() == {"matched": 1}
