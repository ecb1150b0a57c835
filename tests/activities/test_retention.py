"""Stored answers are kept for thirty days and not longer."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Table, insert, select

from activities.database import Database
from activities.retention import KEPT, forget_answers
from activities.tables import CommandRow

COMMAND: Table = CommandRow.__table__  # type: ignore[attr-defined]
NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)


def test_an_answer_is_forgotten_when_its_thirty_days_are_over(journal_url: str) -> None:
    database = Database(journal_url)
    ages = {"fresh": timedelta(days=1), "just-inside": KEPT, "over": KEPT + timedelta(seconds=1)}
    with database.writing() as connection:
        for key, age in ages.items():
            row = {"actor": "a", "key": key, "fingerprint": "f", "status": 200, "answer": b"", "at": NOW - age}
            connection.execute(insert(COMMAND), row)
    assert forget_answers(database, NOW) == 1
    with database.reading() as connection:
        assert set(connection.scalars(select(COMMAND.c.key))) == {"fresh", "just-inside"}
    database.close()
