"""The correspondence of submissions: what each letter says; the templates only lay it out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from activities import russian
from activities.blank_forms import blank_form
from activities.definitions import Library
from activities.letter_words import addressed
from activities.letters import Attachment, Letter, address, rendered
from activities.recipients import Recipient, RecipientBook
from activities.submission_notice import (
    SUBMISSIONS,
    SubmissionNotice,
    read_round,
    read_submission_story,
)
from activities.submission_words import file_words, notice_words, place_words
from domain.calendar import working_days_between
from domain.plan import local_day
from domain.queued import Queued
from domain.submission import events as e
from domain.submission.agenda import agenda
from domain.submission.check_code import check_code
from domain.submission.state import Submission


class SubmissionLetters:
    """How the notices of submissions become letters."""

    prefix = SUBMISSIONS

    def __init__(self, library: Library) -> None:
        self._library = library

    def notice(
        self, connection: Connection, stream: str, state: Submission, item: Queued, at: datetime
    ) -> SubmissionNotice:
        """The notice of a queued item."""
        story = read_submission_story(connection, stream)
        named = [one.removeprefix("person:") for one in item.to if one.startswith("person:")]
        return SubmissionNotice(
            submission=state,
            plan=self._library.timetable(state.plan),
            round=read_round(connection, state.campaign),
            form=self._library.forms.frozen(state.form),
            item=item,
            book=RecipientBook.around(connection, state.respondent, named),
            story=story,
            at=at,
        )

    def writer(self, stream: str, notice: SubmissionNotice, site: str) -> SubmissionWriter:
        """Writes its letters; `site`: the public address that their links begin with."""
        attachments = (blank_form(notice),) if notice.kind == "opened" else ()
        return SubmissionWriter(notice, f"{site}/submissions/{stream.removeprefix(SUBMISSIONS)}", attachments)


class SubmissionWriter:
    """Renders the letters of one notice; what they share is gathered once."""

    def __init__(self, notice: SubmissionNotice, link: str, attachments: tuple[Attachment, ...] = ()) -> None:
        self._notice, self._link, self._attachments = notice, link, attachments
        self._facts = {**round_facts(notice), **deadline_facts(notice), **_FACTS.get(notice.kind, _nothing)(notice)}

    @property
    def subject(self) -> str:
        """The same for everybody who gets the notice."""
        return self._notice.subject()

    def write(self, recipient: Recipient) -> Letter:
        """The letter to one recipient."""
        words = {**self._facts, **address(recipient, municipal=_municipal(self._notice)), "link": self._link}
        letter = rendered(f"submission/{self._notice.kind}", self.subject, words, {self._link})
        return replace(letter, attachments=self._attachments)


def round_facts(notice: SubmissionNotice) -> dict[str, Any]:
    """Which round it is, whose form, and by which letter."""
    campaign = notice.round.campaign
    return {
        "of": notice.form.of,
        "round": notice.form.words.round,
        "of_round": notice.form.words.of_round,
        "title": campaign.title,
        "number": campaign.letter.number,
        "dated": russian.full_date(campaign.letter.date),
        "respondent": notice.respondent,
        "earlier": campaign.years.earlier,
        "later": campaign.years.later,
        "missing": [file_words(one, notice.submission.respondent_class) for one in notice.submission.missing_documents],
    }


def deadline_facts(notice: SubmissionNotice) -> dict[str, Any]:
    """The card of the deadline and the distance to it."""
    state, calendar, today = notice.submission, notice.plan.calendar, notice.today
    return {
        "due": russian.full_date(state.due),
        "card": {
            "due": russian.weekday_date(state.due),
            "until": russian.last_moment(state.due, state.zone),
            "first_due": russian.full_date(state.first_due) if state.extended else "",
            "rolled": russian.rolled(state.asked, state.due, notice.plan.rolling),
            "provisional": russian.provisional(state.due.year) if calendar.provisional(state.due) else "",
        },
        "is_today": today == state.due,
        "days_left": working_days_between(calendar, today, state.due),
        "days_late": working_days_between(calendar, state.due, today),
        "late_since": russian.full_date(state.due + timedelta(days=1)),
        "returned": state.status == "returned",
        "next": _next_escalation(notice),
    }


def _next_escalation(notice: SubmissionNotice) -> dict[str, str] | None:
    for item in agenda(notice.submission, notice.plan):
        if item.kind == "escalation" and item.at > notice.at:
            day = local_day(item.at, notice.submission.zone)
            verb = "получит" if len(item.to) == 1 else "получат"
            return {"day": russian.full_date(day), "to": f"{verb} {addressed(item.to, _municipal(notice))}"}
    return None


def _municipal(notice: SubmissionNotice) -> bool:
    return notice.submission.respondent_class == "municipal"


def _nothing(notice: SubmissionNotice) -> dict[str, Any]:  # noqa: ARG001
    return {}


def _opened(notice: SubmissionNotice) -> dict[str, Any]:
    paragraphs = [" ".join(one.split()) for one in notice.round.letter.splitlines() if one.strip()]
    return {
        "letter": paragraphs,
        "files": [file_words(kind, notice.submission.respondent_class) for kind in notice.submission.wanted],
    }


def _escalation(notice: SubmissionNotice) -> dict[str, Any]:
    return {"sent": list(dict.fromkeys(_sent_lines(notice)))}


def _sent_lines(notice: SubmissionNotice) -> list[str]:
    lines = []
    for one in notice.story.sent():
        day = russian.full_date(local_day(one.at, notice.submission.zone))
        lines.append(f"{day}: {notice_words(one.kind, notice.form)} — {addressed(one.addressees, _municipal(notice))}")
    return lines


def _extended(notice: SubmissionNotice) -> dict[str, Any]:
    event = notice.story.last(e.DeadlineMoved, notice.item.number)
    if event is None:
        return {"was": "", "why": "", "order": ""}
    order = event.order
    dated = f" от {russian.full_date(order.date)}" if order and order.date else ""
    return {
        "was": russian.full_date(event.was),
        "why": notice.story.text(event.reason).rstrip("."),
        "order": f"приказ № {order.number}{dated}" if order else "",
    }


def _handed_in(notice: SubmissionNotice) -> dict[str, Any]:
    """Of a receipt: which act of submitting, and the mark of its revision."""
    before = notice.item.number
    act = notice.story.last(e.FormSubmitted, before)
    if act is None:
        return {"act": 0, "revision": 0, "code": "", "day": "", "late": False, "waits": False}
    return {
        "act": act.number,
        "revision": act.revision,
        "code": check_code(notice.submission.id, act.revision, act.sha256),
        "day": russian.full_date(local_day(notice.item.queued_at, notice.submission.zone)),
        "late": act.late,
        "waits": notice.submission.status == "submitted",
    }


def _accepted(notice: SubmissionNotice) -> dict[str, Any]:
    event = notice.story.last(e.FormAccepted, notice.item.number)
    return {**_handed_in(notice), "remarks": notice.story.text(event.remarks if event else None)}


def _returned(notice: SubmissionNotice) -> dict[str, Any]:
    event = notice.story.last(e.FormReturned, notice.item.number)
    years = notice.round.campaign.years
    comments = [
        (place_words(notice.form, one.pointer, years), notice.story.text(one.comment))
        for one in (event.comments if event else ())
    ]
    return {"comments": [f"{place}: {text}" if place else text for place, text in comments]}


def _reopened(notice: SubmissionNotice) -> dict[str, Any]:
    unlocked = notice.story.last(e.FormReopened, notice.item.number)
    let_in = notice.story.last(e.SubmissionReopened, notice.item.number)
    event, accepted = let_in or unlocked, notice.submission.accepted
    return {
        "sent_before": notice.submission.submitted is not None,
        "why": notice.story.text(event.reason if event else None).rstrip("."),
        "counts": accepted.number if accepted else 0,
    }


def _closed(notice: SubmissionNotice) -> dict[str, Any]:
    accepted = notice.submission.accepted
    return {
        "state": _STATES[notice.submission.status],
        "counts": accepted.number if accepted else 0,
        "early": notice.round.campaign.closed_early,
    }


_STATES = {
    "draft": "Она не была сдана",
    "submitted": "Она сдана, но решение о приёме не принято",
    "returned": "После возврата она не была сдана снова",
    "accepted": "Она принята",
}

_FACTS: dict[str, Callable[[SubmissionNotice], dict[str, Any]]] = {
    "opened": _opened,
    "escalation": _escalation,
    "extended": _extended,
    "moved": _extended,
    "received": _handed_in,
    "returned": _returned,
    "accepted": _accepted,
    "reopened": _reopened,
    "closed": _closed,
}
