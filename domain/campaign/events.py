"""What happened in a campaign. Ids and dates only; free texts are references."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from domain.campaign.commands import Letter, Years
from domain.orders import Order
from domain.plan import TimetableRef
from domain.queue_events import ItemDeferred as ItemDeferred
from domain.queue_events import NoticeDropped as NoticeDropped
from domain.queue_events import NoticeRedirected as NoticeRedirected
from domain.queue_events import NoticeSent as NoticeSent
from domain.queue_events import Repeated
from domain.queue_events import RetryAsked as RetryAsked
from domain.value import TextRef, Value


class CampaignOpened(Value):
    """A round was opened: `asked` before rolling, `due` after it; both inclusive local days."""

    type: Literal["CampaignOpened"] = "CampaignOpened"
    title: str
    years: Years
    asked: date
    due: date
    letter: Letter
    centre: str
    zone: str
    plan: TimetableRef
    form: str
    respondents: tuple[str, ...]


class CalendarAdopted(Value):
    """The round goes on by another frozen calendar."""

    type: Literal["CalendarAdopted"] = "CalendarAdopted"
    calendar: str
    was: str
    due: date
    reason: TextRef
    order: Order | None = None


class CampaignClosed(Value):
    """The round is over; `gaps` are the respondents without an accepted form."""

    type: Literal["CampaignClosed"] = "CampaignClosed"
    gaps: tuple[str, ...] = ()
    note: TextRef | None = None


class RespondentReopened(Value):
    """A respondent may go on; the round is open again until it is closed anew."""

    type: Literal["RespondentReopened"] = "RespondentReopened"
    respondent: str
    due: date
    reason: TextRef
    order: Order | None = None


class NoticeQueued(Repeated):
    """A notice is to be sent; `to`: addressees, resolved at send time."""

    type: Literal["NoticeQueued"] = "NoticeQueued"
    kind: Literal["campaign_closed"]
    to: tuple[str, ...]


CampaignEvent = Annotated[
    CampaignOpened
    | CalendarAdopted
    | CampaignClosed
    | RespondentReopened
    | NoticeQueued
    | NoticeRedirected
    | NoticeSent
    | NoticeDropped
    | ItemDeferred
    | RetryAsked,
    Field(discriminator="type"),
]

CAMPAIGN_EVENT: TypeAdapter[CampaignEvent] = TypeAdapter(CampaignEvent)


class Happened(Value):
    """An event and the moment it belongs to (UTC)."""

    at: datetime
    event: CampaignEvent
