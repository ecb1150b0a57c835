"""Letters that went out or came back, and how people want them."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from activities.tables.columns import instant, text


class DeliveryRow(SQLModel, table=True):
    """A letter to one recipient. `handing_over` is written before DATA, so a crash there shows (DESIGN, 5).

    `kind`: of its notice, or `digest`; `unit`: where the recipient was asked for; `bounced_at`: when it
    came back; `closed_at`: when somebody said that this is settled; `trace_id`: what it was handed over in.
    """

    __tablename__ = "delivery"
    message_id: str = Field(primary_key=True, max_length=200)
    stream: str = Field(max_length=200, index=True)
    number: int
    recipient: str = Field(max_length=80, index=True)
    address: str | None = Field(default=None, max_length=320)
    status: str = Field(max_length=16)
    handovers: int = 0
    subject: str | None = Field(default=None, max_length=500)
    at: datetime = instant(index=True)
    error: str | None = text(nullable=True)
    file: str | None = Field(default=None, max_length=300)
    kind: str = Field(default="", max_length=16)
    unit: str | None = Field(default=None, max_length=64)
    bounced_at: datetime | None = instant(nullable=True)
    closed_at: datetime | None = instant(nullable=True)
    trace_id: str | None = Field(default=None, max_length=32)


class DigestDayRow(SQLModel, table=True):
    """The digests of one zone's local day have all been handed over; `at`: the moment that they speak of."""

    __tablename__ = "digest_day"
    zone: str = Field(primary_key=True, max_length=64)
    day: date = Field(primary_key=True)
    at: datetime = instant()


class PreferenceRow(SQLModel, table=True):
    """What letters a person has asked for; who has no row gets all of them."""

    __tablename__ = "preference"
    person: str = Field(primary_key=True, max_length=64)
    early_reminders: bool
    version: int = 1


class QuestionnaireRow(SQLModel, table=True):
    """One questionnaire behind a one-time public link; only the link's SHA-256 is kept."""

    __tablename__ = "questionnaire"
    link: str = Field(primary_key=True, max_length=64)
    stream: str = Field(max_length=200, index=True)
    step: int
    occurrence: int
    issued_at: datetime = instant()
    answered_at: datetime | None = instant(nullable=True)
    answers: str | None = text(nullable=True)
