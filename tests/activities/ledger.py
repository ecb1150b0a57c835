"""What the tests around the journal share: looking at everything that is stored, and commands that never run out."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlmodel import SQLModel

from activities.database import Database
from activities.definitions import Library
from activities.recorder import Recorded
from activities.starting import plan_for, start_command
from domain.programme import commands as c
from domain.refusal import Refusal
from tests.activities.region import TREE

JOURNAL = ("event", "command", "text")
FOLDED = ("snapshot", "programme", "queue", "named")
"""What `rebuild` makes anew."""

Rows = dict[str, list[dict[str, Any]]]


def stored(database: Database, *names: str) -> Rows:
    """Every row of some tables, in the order of their keys."""
    tables = [SQLModel.metadata.tables[name] for name in names or (*JOURNAL, *FOLDED)]
    with database.reading(frozen=True) as connection:
        return {
            table.name: [dict(row) for row in connection.execute(select(table).order_by(*table.primary_key)).mappings()]
            for table in tables
        }


def starting(library: Library, stream: str, **given: Any) -> c.StartProgramme:
    """The command that starts the year a stream is named after."""
    organisation, _, year = stream.removeprefix("programme/").rpartition("-")
    plan = plan_for(library, TREE, organisation, int(year), None)
    assert not isinstance(plan, Refusal), plan
    return start_command(TREE, organisation, int(year), plan, **given)


def planned(number: int) -> c.PlanResult:
    """A command that is accepted as often as it comes, and is one event; the number tells it from others."""
    return c.PlanResult(form="pupil-pupil", planned=c.PlannedResult(mentors=number, mentees=0, pairs=0))


def planned_numbers(database: Database, stream: str) -> list[int]:
    """The numbers of the `planned` commands in a stream, in the order of the journal."""
    events = [row for row in stored(database, "event")["event"] if row["stream"] == stream]
    data = [c.PlanResult.model_validate_json(row["data"]) for row in events if row["type"] == "ResultPlanned"]
    return [one.planned.mentors for one in data]


def refusal_code(answer: Recorded | Refusal) -> str | None:
    """The code of a refusal, `None` for an acceptance."""
    return answer.code if isinstance(answer, Refusal) else None
