"""A round with a form that a region wrote itself: ids, letters, files, pages and reports speak of that form."""

from __future__ import annotations

import shutil
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

import pytest

from activities.campaign_letters import CampaignLetters
from activities.delivery import Delivery
from activities.mail import FolderMailer
from activities.people import Person, give_role, put_person
from activities.submission_letters import SubmissionLetters
from domain.units import Role
from tests.activities.files.papers import typeset
from tests.api.monitoring import opened, submitted
from tests.api.test_pages import look, shown
from tests.api.test_submission_forms import CAMP_FILLED
from tests.api.world import AUTUMN, World, problem
from tests.domain.form.forms import CAMP_FILE

ROUND, TOMSK = "camp-2027", "/submissions/camp-2027-mo-tomsk"


PEOPLE: tuple[tuple[str, Role, str], ...] = (
    ("titova", "municipal_coordinator", "mo-tomsk"),
    ("olga", "municipal_coordinator", "mo-seversk"),
    ("vera", "methodologist", "rcro"),
)


@pytest.fixture
def own_form(tmp_path: Path) -> None:
    """The region's own form lies in its folder before anything starts."""
    folder = tmp_path / "definitions" / "forms"
    folder.mkdir(parents=True)
    shutil.copy(CAMP_FILE, folder)


@pytest.fixture
def camp(own_form: None, small: World) -> World:
    """It goes to Tomsk, whose coordinator has an address, and to Seversk."""
    with small.core.database.writing() as connection:
        for who, role, unit in PEOPLE:
            put_person(connection, Person(id=who, name=who, email=f"{who}@example.org"), "test", AUTUMN)
            give_role(connection, who, role, unit, AUTUMN.date(), "test", AUTUMN)
    opened(small, ["mo-tomsk", "mo-seversk"], form="camp", title="Летние школы 2026 года", deadline="2027-04-20")
    return small


def letters(region: World, *streams: str) -> list[EmailMessage]:
    """What the workflows of the streams send now, every letter so far."""
    core = region.core
    posts = (CampaignLetters(core.library), SubmissionLetters(core.library))
    folder = core.settings.mail_folder
    delivery = Delivery(core.database, core.recorder, FolderMailer(folder), core.settings, core.clock, *posts)
    for stream in streams:
        core.recorder.pass_time(stream, by="worker")
        for number in core.recorder.state(stream).items:
            delivery.send_notice(stream, number)
    read = BytesParser(policy=policy.default).parsebytes
    return [read(path.read_bytes()) for path in sorted(folder.glob("*.eml"))]


def text(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def test_its_round_goes_from_letter_to_report_in_its_own_words(camp: World):
    stream = f"submission/{ROUND}-mo-tomsk"
    (first,) = letters(camp, stream)
    assert [one.get_filename() for one in first.iter_attachments()] == ["Форма летней школы 2025-2026.docx"]
    assert "Что нужно сдать:\n— форма с подписью руководителя и печатью в формате PDF\n\nБланк" in text(first)
    assert "На странице смотра школ видно" in text(first)

    given = submitted(camp, TOMSK, "coordinator", CAMP_FILLED)
    assert given["missing_documents"] == ["form-pdf"]
    camp.post(f"{TOMSK}/acceptance", None, "rcro")
    camp.post(f"/campaigns/{ROUND}/closure", {"gaps": ["mo-seversk"]}, "rcro")
    sent = letters(camp, stream, f"submission/{ROUND}-mo-seversk", f"campaign/{ROUND}")
    assert {str(one["Subject"]) for one in sent} == {
        "Летние школы 2026 года: сдать до 20 апреля 2027 г. (город Томск)",
        "Форма летней школы получена (город Томск)",
        "Форма летней школы принята (город Томск)",
        "Смотр школ завершён, ваша форма не принята (ЗАТО Северск)",
        "Смотр школ завершён: Летние школы 2026 года",
    }
    assert not any("ониторинг" in text(one) for one in sent)


def test_only_its_own_files_are_asked_for(camp: World):
    submitted(camp, TOMSK, "coordinator", CAMP_FILLED)
    unwanted = camp.ask("coordinator", "PUT", f"{TOMSK}/documents/programme", content=typeset("Программа"))
    assert "не прилагают" in problem(unwanted, 422, "document_unwanted")["detail"]
    assert camp.ask("coordinator", "PUT", f"{TOMSK}/documents/form-pdf", content=typeset("Форма")).status_code == 200
    assert [one["kind"] for one in camp.get(f"{TOMSK}/documents", "rcro")["items"]] == ["form-pdf"]
    (listed,) = camp.get("/submissions", "coordinator")["items"]
    assert (listed["artefacts"], listed["artefacts_of"]) == (1, 1)
    camp.post(f"{TOMSK}/acceptance", None, "rcro")
    league = camp.get(f"/campaigns/{ROUND}/report/league", "rcro")["items"]
    assert {one["respondent"]: one["artefacts"] for one in league} == {
        "mo-tomsk": {"given": 1, "of": 1}, "mo-seversk": {"given": 0, "of": 1},
    }  # fmt: skip


def test_its_pages_call_it_by_its_name(camp: World):
    page = shown(look(camp, TOMSK, "coordinator"))
    assert "Форма летней школы" in page
    assert "муниципальная программа" not in page
    camp.post(f"/campaigns/{ROUND}/closure", {"gaps": ["mo-seversk", "mo-tomsk"]}, "rcro")
    assert "Смотр школ завершён, форма не принята." in shown(look(camp, TOMSK, "coordinator"))
    assert "Смотр школ завершён 25 февраля 2027 г.: принято 0 из 2." in shown(look(camp, f"/campaigns/{ROUND}", "rcro"))
