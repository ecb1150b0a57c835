"""A monitoring round in the mailroom's region: opened, filled, submitted, judged."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlmodel import SQLModel

from activities.recorder import Request
from domain.campaign import commands as cc
from domain.queued import Queued
from domain.refusal import Refusal
from domain.submission import commands as c
from domain.submission.state import Submission
from domain.units import UnitTree
from tests.activities.mailroom import Mailroom
from tests.activities.region import UNITS

CAMPAIGN = "monitoring-2027"
RESPONDENTS = ("mo-a", "mo-b", "lyceum")
LETTER = "txt-" + "1" * 32
REASON = "txt-" + "2" * 32
TITLE = "Мониторинг программ наставничества"
ASKED = date(2027, 3, 21)
"""A Sunday: the deadline rolls to Monday, 22 March 2027. Ten working days before it is the 5th."""


def stream(respondent: str = "mo-a") -> str:
    return f"submission/{CAMPAIGN}-{respondent}"


def open_campaign(room: Mailroom, respondents: tuple[str, ...] = RESPONDENTS) -> None:
    """On 25 February: the round and all of its submissions at once."""
    room.at(2, 25, year=2027)
    tree, form = UnitTree(UNITS), room.library.forms.freeze("monitoring")
    plans = {kind: room.library.timetable_ref(kind, ASKED) for kind in ("municipal", "state")}
    campaign = cc.OpenCampaign(
        title=TITLE, years=cc.Years(earlier=2025, later=2026), asked=ASKED, centre="rcro", zone="Asia/Tomsk",
        letter=cc.Letter(number="183", date=date(2027, 2, 25), text=LETTER), plan=plans["municipal"], form=form,
        respondents=respondents,
    )  # fmt: skip
    words = "Уважаемые коллеги!\n\nПросим заполнить формы мониторинга."
    requests = [Request(f"campaign/{CAMPAIGN}", campaign, "person:gusev", texts={LETTER: words})]
    for respondent in respondents:
        kind = tree.organisation_class(respondent)
        opened = c.OpenSubmission(
            campaign=CAMPAIGN, respondent=respondent, respondent_class=kind, centre="rcro", zone=tree.zone(respondent),
            plan=plans[kind], form=form, asked=ASKED,
        )  # fmt: skip
        requests.append(Request(stream(respondent), opened, "person:gusev"))
    done = room.recorder.record_together(requests)
    assert not isinstance(done, Refusal), done


def act(room: Mailroom, command: Any, respondent: str = "mo-a", **given: Any) -> None:
    done = room.recorder.record(stream(respondent), command, by="person:titova", **given)
    assert not isinstance(done, Refusal), done


def hand_in(room: Mailroom, respondent: str = "mo-a", by: str = "person:titova", content: str = "filled") -> None:
    """Save something and submit it."""
    act(room, c.SaveForm(sha256=sha256(content.encode()).hexdigest()), respondent)
    act(room, c.SubmitForm(revision=submission(room, respondent).revision, by=by), respondent)


def accept(room: Mailroom, respondent: str = "mo-a", **more: Any) -> None:
    act(room, c.AcceptForm(by="person:gusev", **more), respondent)


def submission(room: Mailroom, respondent: str = "mo-a") -> Submission:
    found = room.recorder.state(stream(respondent))
    assert isinstance(found, Submission)
    return found


def item(room: Mailroom, kind: str, respondent: str = "mo-a") -> Queued:
    return [one for one in submission(room, respondent).items.values() if one.notice == kind][-1]


def pass_and_send(room: Mailroom, *respondents: str) -> None:
    """What the workflows of the submissions do."""
    for respondent in respondents or RESPONDENTS:
        with suppress(KeyError):
            room.recorder.pass_time(stream(respondent), by="worker")
        for number in sorted(submission(room, respondent).items):
            room.delivery().send_notice(stream(respondent), number)


def day_by_day(room: Mailroom, *days: int, month: int = 3, respondents: tuple[str, ...] = ()) -> None:
    """The mornings on which something happens, and their letters; what was taken before is forgotten."""
    for day in days:
        room.at(month, day, year=2027)
        room.taken.clear()
        pass_and_send(room, *respondents)


def addresses(room: Mailroom) -> list[str]:
    return sorted(message["To"].addresses[0].addr_spec for message in room.taken)


def words(room: Mailroom, address: str) -> str:
    (message,) = (one for one in room.taken if one["To"].addresses[0].addr_spec == address)
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def subjects(room: Mailroom) -> list[str]:
    return sorted({str(message["Subject"]) for message in room.taken})


def events(room: Mailroom, respondent: str, kind: str) -> list[str]:
    """The data of every event of a type."""
    table = SQLModel.metadata.tables["event"]
    query = select(table.c.data).where(table.c.stream == stream(respondent), table.c.type == kind)
    with room.database.reading() as connection:
        return list(connection.scalars(query.order_by(table.c.version)))
