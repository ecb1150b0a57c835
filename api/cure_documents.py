"""The shapes of answers about cures and jobs."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from api.documents import Document


class CureReader(Document):
    """`how`: by letter, in a digest, later (after quiet hours), or not at all because it was declined."""

    id: str
    name: str | None
    how: Literal["letter", "digest", "later", "declined"]


class CureLetter(Document):
    kind: str
    subject: str
    to: list[CureReader]


class CureItem(Document):
    """What it does to one: `changes` in words, `letters` that go out. `outcome`: `null` while nothing is done, `done`,
    or the code of a refusal, which `detail` explains.
    """

    target: str
    stream: str | None
    outcome: str | None
    detail: str | None
    changes: list[str]
    letters: list[CureLetter]


class Cures(Document):
    """A plan, or what was done by it; `plan` is its hash. `job`: where to see how it gets on, when it takes long."""

    action: str
    label: str
    dry_run: bool
    plan: str
    total: int
    refused: int
    items: list[CureItem]
    job: str | None


class Cured(Cures):
    """The same of one incident, with what the incident was."""

    id: str
    stream: str | None
    cause: str | None
    layer: str | None = None
    sentence: str | None = None
    since: datetime | None = None
    recipient: str | None = None
    letters: int | None = None
    unit: str | None = None
    kind: str | None = None
    harm: int | None = None
    cures: list[dict[str, Any]] | None = None


class Field(Document):
    """What a cure asks for. `kind`: day, text, number, flag, choice, choices, person, order, figures."""

    name: str
    title: str
    description: str | None
    kind: str
    required: bool
    default: Any
    choices: list[str]


class Applicable(Document):
    action: str
    label: str
    fields: list[Field]


class JobLine(Document):
    """A bulk act. `total`, `done`, `refused`: items; `action`: of a cure."""

    id: str
    kind: Literal["start", "deadline", "versions", "cure"]
    action: str | None
    label: str
    parent: str
    year: int | None
    plan_hash: str
    by: str
    created_at: datetime
    finished_at: datetime | None
    stopped_at: datetime | None
    stopped_by: str | None
    total: int
    done: int
    refused: int
    percent: int


class JobItem(Document):
    """`changes`: what was to happen; `outcome`: `null`, `done`, `started`, `stopped` or the code of a refusal."""

    item: str
    changes: list[str]
    outcome: str | None
    detail: str | None


class Job(JobLine):
    items: list[JobItem]
