"""What a person may ask of a campaign."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from domain.adopting import AdoptCalendar as AdoptCalendar
from domain.orders import Order
from domain.plan import TimetableRef
from domain.queue_commands import RecordDeferred as RecordDeferred
from domain.queue_commands import RecordDropped as RecordDropped
from domain.queue_commands import RecordSent as RecordSent
from domain.queue_commands import Redirect as Redirect
from domain.queue_commands import RepeatNotice as RepeatNotice
from domain.queue_commands import RetryItems as RetryItems
from domain.value import Identifier, TextRef, Value


class Years(Value):
    """The two calendar years that the form asks for."""

    earlier: int = Field(ge=2000, le=2200)
    later: int = Field(ge=2000, le=2200)

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if self.earlier >= self.later:
            raise ValueError("первый год должен быть раньше второго")
        return self


class Letter(Value):
    """The letter that announces the campaign: its outgoing number and date, and its text."""

    number: str = Field(min_length=1, max_length=64)
    date: date
    text: TextRef


class OpenCampaign(Value):
    """Open a monitoring round. `asked`: the deadline before rolling; `confirmed`: the rolled date that whoever asked
    has seen; `centre`: the unit that runs it; `plan`: the versions that a municipality's submission gets.
    """

    type: Literal["OpenCampaign"] = "OpenCampaign"
    title: str = Field(min_length=1, max_length=300)
    years: Years
    asked: date
    confirmed: date | None = None
    letter: Letter
    centre: Identifier
    zone: str
    plan: TimetableRef
    form: str
    respondents: tuple[Identifier, ...] = Field(min_length=1)


class PassTime(Value):
    """Nothing falls due in a campaign itself; the clocks are those of its submissions."""

    type: Literal["PassTime"] = "PassTime"


class CloseCampaign(Value):
    """End the round. `gaps`: respondents without an accepted form, as they stand in the same transaction."""

    type: Literal["CloseCampaign"] = "CloseCampaign"
    gaps: tuple[Identifier, ...] = ()
    note: TextRef | None = None


class ReopenRespondent(Value):
    """Let one respondent in again after the round was closed; the campaign is open until it is closed anew."""

    type: Literal["ReopenRespondent"] = "ReopenRespondent"
    respondent: Identifier
    due: date
    reason: TextRef
    order: Order | None = None


CampaignCommand = Annotated[
    OpenCampaign
    | PassTime
    | AdoptCalendar
    | CloseCampaign
    | ReopenRespondent
    | RecordSent
    | RecordDropped
    | RecordDeferred
    | RetryItems
    | RepeatNotice,
    Field(discriminator="type"),
]
