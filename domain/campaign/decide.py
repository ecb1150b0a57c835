"""Deciding: from a state and a command to events, or to a refusal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import assert_never

from domain.adopting import calendar_refused
from domain.campaign import commands as c
from domain.campaign import events as e
from domain.campaign.state import Campaign
from domain.campaign.turn import Turn
from domain.carrying_out import OnItem, carried_out, item_refused, retried
from domain.plan import Timetable, local_day
from domain.refusal import Refusal
from domain.submission.deadline import opening_refused

Decision = tuple[e.Happened, ...] | Refusal


def decide(
    state: Campaign | None, command: c.CampaignCommand, plan: Timetable, at: datetime, adopted: Timetable | None = None
) -> Decision:
    """What happens when `command` arrives at the instant `at` (UTC, not before the last event).

    `adopted`: what it goes over to.
    """
    if isinstance(command, c.OpenCampaign):
        return _open(state, command, plan, at)
    if state is None:
        return Refusal(code="campaign_unknown")
    if isinstance(command, c.PassTime):
        return ()
    turn = Turn(state, adopted or plan, at)
    refusal = _decide(turn, command)
    return refusal if refusal is not None else tuple(turn.happened)


def _open(state: Campaign | None, command: c.OpenCampaign, plan: Timetable, at: datetime) -> Decision:
    if state is not None:
        return Refusal(code="campaign_exists")
    if refusal := opening_refused(plan, command.asked, local_day(at, command.zone)):
        return refusal
    due = plan.rolled(command.asked)
    if command.confirmed not in (None, due):
        facts = {"asked": command.asked, "due": due, "confirmed": command.confirmed}
        return Refusal(code="deadline_rolls", facts=facts, pointer="/confirm_deadline")
    if refusal := _named_twice(command.respondents):
        return refusal
    given = {name: getattr(command, name) for name in c.OpenCampaign.model_fields if name not in ("type", "confirmed")}
    return (e.Happened(at=at, event=e.CampaignOpened(**given, due=due)),)


def _named_twice(respondents: Sequence[str]) -> Refusal | None:
    seen: set[str] = set()
    for number, one in enumerate(respondents):
        if one in seen:
            return Refusal(code="respondent_twice", facts={"respondent": one}, pointer=f"/respondents/{number}")
        seen.add(one)
    return None


def _decide(turn: Turn, command: c.CampaignCommand) -> Refusal | None:
    match command:
        case c.OpenCampaign() | c.PassTime():
            raise AssertionError("handled by decide")
        case c.AdoptCalendar():
            return _adopt(turn, command)
        case c.CloseCampaign():
            return _close(turn, command)
        case c.ReopenRespondent():
            return _reopen(turn, command)
        case c.RecordSent() | c.RecordDropped() | c.RecordDeferred():
            return _report(turn, command)
        case c.RetryItems():
            for asked in retried(turn.state.items):
                turn.emit(asked)
            return None
        case c.RepeatNotice():
            return _repeat(turn, command)
        case _:
            assert_never(command)


def _adopt(turn: Turn, command: c.AdoptCalendar) -> Refusal | None:
    """The day of the letter rolls by the other calendar, unless it would have passed."""
    if not turn.state.active:
        return Refusal(code="campaign_closed")
    if refusal := calendar_refused(turn.state.plan, command):
        return refusal
    due = turn.plan.rolled(turn.state.asked)
    due = due if due >= turn.today else turn.state.due
    turn.emit(e.CalendarAdopted(**command.model_dump(exclude={"type"}), due=due))
    return None


def _close(turn: Turn, command: c.CloseCampaign) -> Refusal | None:
    if not turn.state.active:
        return Refusal(code="campaign_closed")
    strangers = sorted(set(command.gaps) - set(turn.state.respondents))
    if strangers:
        return Refusal(code="respondent_unknown", facts={"respondent": strangers[0]}, pointer="/gaps")
    turn.emit(e.CampaignClosed(gaps=command.gaps, note=command.note))
    turn.emit(e.NoticeQueued(kind="campaign_closed", to=("mentoring_centre", "department")))
    return None


def _reopen(turn: Turn, command: c.ReopenRespondent) -> Refusal | None:
    """A second late respondent may be let in while the round is open again for the first."""
    state = turn.state
    if command.respondent not in state.respondents:
        return Refusal(code="respondent_unknown", facts={"respondent": command.respondent}, pointer="/respondent")
    if state.active and not state.reopened:
        return Refusal(code="campaign_open")
    if refusal := opening_refused(turn.plan, command.due, turn.today, "/due"):
        return refusal
    due = turn.plan.rolled(command.due)
    turn.emit(e.RespondentReopened(respondent=command.respondent, due=due, reason=command.reason, order=command.order))
    return None


def _report(turn: Turn, command: OnItem) -> Refusal | None:
    if refusal := item_refused(turn.state.items, command):
        return refusal
    for event in carried_out(command):
        turn.emit(event)
    return None


def _repeat(turn: Turn, command: c.RepeatNotice) -> Refusal | None:
    if turn.state.active:  # a round that was opened again has no result yet
        return Refusal(code="notice_untrue", facts={"notice": command.again})
    turn.emit(e.NoticeQueued.model_validate(command.model_dump(exclude={"type", "steps", "due"})))
    return None
