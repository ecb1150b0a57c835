"""What is folded from the journal; `rebuild` makes it anew."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from activities.tables.columns import instant, text


class SnapshotRow(SQLModel, table=True):
    """The state of a stream after its last event; `wake_at` is the planner's next moment."""

    __tablename__ = "snapshot"
    stream: str = Field(primary_key=True, max_length=200)
    version: int
    head: str = Field(max_length=64)
    state: str = text()
    wake_at: datetime | None = instant(nullable=True, index=True)
    open: bool


class ProgrammeRow(SQLModel, table=True):
    """A programme as lists and the API show it; `body` is the answer of `GET /programmes/{id}`.

    `late_since`: the oldest overdue deadline that somebody could meet; `held_since`: the oldest that waits for the
    figures of another step.
    """

    __tablename__ = "programme"
    __table_args__ = (Index("ix_programme_organisation_year", "organisation", "year"),)
    id: str = Field(primary_key=True, max_length=80)
    organisation: str = Field(max_length=64)
    municipality: str | None = Field(default=None, max_length=64, index=True)
    year: int
    roadmap: str = Field(max_length=80)
    status: str = Field(max_length=16)
    phase: int
    version: int
    overdue: int
    next_deadline: date | None = None
    late_since: date | None = Field(default=None, index=True)
    held_since: date | None = Field(default=None, index=True)
    forms: str = Field(max_length=400)
    changes_at: datetime | None = instant(nullable=True)
    body: str = text()


class NamedRow(SQLModel, table=True):
    """A programme names a person: appointed, or responsible for a step."""

    __tablename__ = "named"
    person: str = Field(primary_key=True, max_length=64)
    programme: str = Field(primary_key=True, max_length=80, index=True)


class CampaignRow(SQLModel, table=True):
    """A monitoring round as lists show it. `form`: the key of its form, whatever the version; `earlier` and `later`:
    the years that it asks for.
    """

    __tablename__ = "campaign"
    id: str = Field(primary_key=True, max_length=80)
    title: str = Field(max_length=300)
    status: str = Field(max_length=16)
    centre: str = Field(max_length=64, index=True)
    form: str = Field(max_length=64)
    earlier: int
    later: int
    due: date
    respondents: int
    version: int


class SubmissionRow(SQLModel, table=True):
    """A respondent's form as lists and reports look for it.

    `revision`: of the present content; `accepted_revision`: of the one that counts; `artefacts`: how many of the
    files that belong to it are there, of `artefacts_of`; `blank_code`: the check code of its empty form; `moved_at`:
    when it last got another deadline.
    """

    __tablename__ = "submission"
    id: str = Field(primary_key=True, max_length=160)
    campaign: str = Field(max_length=80, index=True)
    respondent: str = Field(max_length=64, index=True)
    centre: str = Field(max_length=64, index=True)
    blank_code: str = Field(max_length=9, index=True)
    state: str = Field(max_length=16)
    closed: bool
    revision: int
    sha256: str = Field(max_length=64)
    number: int
    accepted_revision: int | None = None
    due: date
    first_due: date
    moved_at: datetime | None = instant(nullable=True)
    overdue: bool
    on_time: bool | None = None
    on_time_excused: bool | None = None
    submitted_at: datetime | None = instant(nullable=True)
    artefacts: int
    artefacts_of: int
    version: int


class QueueRow(SQLModel, table=True):
    """Something a workflow still has to carry out; `number` is the version of the event that queued it."""

    __tablename__ = "queue"
    stream: str = Field(primary_key=True, max_length=200)
    number: int = Field(primary_key=True)
    kind: str = Field(max_length=32)
    queued_at: datetime = instant(index=True)
    retry_at: datetime | None = instant(nullable=True)
    deferred: int = 0
