"""Folding: one event changes the state, and nothing else does."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, assert_never

from domain.campaign import events as e
from domain.campaign.state import Campaign
from domain.queued import Queued, at_once, deferred, without


def fold(state: Campaign | None, happened: Iterable[e.Happened]) -> Campaign | None:
    """The state after a sequence of events."""
    for one in happened:
        state = evolve(state, one)
    return state


def evolve(state: Campaign | None, happened: e.Happened) -> Campaign:
    """The state after one event. Raises on an event that cannot have happened in `state`."""
    event, at = happened.event, happened.at
    if isinstance(event, e.CampaignOpened):
        known = {name: getattr(event, name) for name in e.CampaignOpened.model_fields if name != "type"}
        return Campaign(version=1, last_at=at, opened_at=at, **known)
    if state is None:
        raise ValueError(f"{event.type} before CampaignOpened")
    changes = _changes(state, event, at)
    return state.model_copy(update={"version": state.version + 1, "last_at": max(state.last_at, at), **changes})


def _changes(state: Campaign, event: e.CampaignEvent, at: datetime) -> dict[str, Any]:
    match event:
        case e.CampaignOpened():
            raise AssertionError("handled by evolve")
        case e.CalendarAdopted():
            return {"plan": state.plan.model_copy(update={"calendar": event.calendar}), "due": event.due}
        case e.CampaignClosed():
            return {"status": "closed", "closed_at": at, "gaps": event.gaps, "note": event.note}
        case e.RespondentReopened():
            reopened = tuple(dict.fromkeys((*state.reopened, event.respondent)))
            return {"status": "open", "closed_at": None, "reopened": reopened}
        case e.NoticeQueued():
            number = state.version + 1
            item = Queued(number=number, kind="notice", queued_at=at, notice=event.kind, to=event.to, only=event.only)
            return {"items": {**state.items, number: item}}
        case e.NoticeRedirected():
            return {}
        case e.NoticeSent() | e.NoticeDropped():
            return {"items": without(state.items, event.item)}
        case e.ItemDeferred():
            return {"items": deferred(state.items, event.item, event.retry_at)}
        case e.RetryAsked():
            return {"items": at_once(state.items, event.items)}
        case _:
            assert_never(event)
