"""The journal: dense versions, each event chained to the one before it."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from activities import journal
from activities.journal import BEGINNING, Draft, chained
from tests.activities.mailroom import Mailroom

AT = datetime(2026, 9, 1, 3, 0, 0, 123456, tzinfo=UTC)
NOW = datetime(2026, 9, 2, 3, 0, tzinfo=UTC)
FACTS: dict[str, Any] = {
    "previous": BEGINNING,
    "stream": "programme/a-2026",
    "version": 1,
    "kind": "StepSkipped",
    "at": AT,
    "recorded_at": NOW,
    "by": "person:orlova",
    "data": '{"step":3}',
}


def drafts(*numbers: int) -> list[Draft]:
    return [Draft("StepSkipped", AT + timedelta(seconds=number), f'{{"step":{number}}}') for number in numbers]


def test_events_are_read_as_they_were_written(desk: Mailroom):
    with desk.database.writing() as connection:
        head = journal.append(connection, "a", 0, BEGINNING, drafts(1, 2), "worker", NOW)
        head = journal.append(connection, "a", 2, head, drafts(3), "person:orlova", NOW)
        journal.append(connection, "b", 0, BEGINNING, drafts(1), "worker", NOW)
    with desk.database.reading() as connection:
        entries = list(journal.read(connection, "a"))
        assert [(entry.version, entry.at, entry.by, entry.data) for entry in entries] == [
            (1, AT + timedelta(seconds=1), "worker", '{"step":1}'),
            (2, AT + timedelta(seconds=2), "worker", '{"step":2}'),
            (3, AT + timedelta(seconds=3), "person:orlova", '{"step":3}'),
        ]
        assert [entry.previous for entry in entries] == [BEGINNING, entries[0].hash, entries[1].hash]
        assert entries[-1].hash == head
        assert all(entry.hash == entry.computed_hash() for entry in entries)
        assert [entry.version for entry in journal.read(connection, "a", after=1, limit=1)] == [2]
        assert journal.streams(connection) == ["a", "b"]


def test_a_version_that_is_taken_stays_with_the_first(desk: Mailroom):
    with desk.database.writing() as connection:
        journal.append(connection, "a", 0, BEGINNING, drafts(1), "worker", NOW)
    with pytest.raises(IntegrityError), desk.database.writing() as connection:
        journal.append(connection, "a", 0, BEGINNING, drafts(2, 3), "worker", NOW)
    with desk.database.reading() as connection:
        assert [entry.data for entry in journal.read(connection, "a")] == ['{"step":1}']


def test_the_hash_is_the_same_wherever_it_is_computed():
    """Written down once: another value means that every journal in use would count as broken."""
    assert chained(**FACTS) == "b3c59daaa6e6424f18ec85aa4090da9ef88d9a2571da8c2843838a887a0e12d3"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("previous", "1" * 64),
        ("stream", "programme/b-2026"),
        ("version", 2),
        ("kind", "StepReopened"),
        ("at", AT + timedelta(microseconds=1)),
        ("recorded_at", NOW + timedelta(microseconds=1)),
        ("by", "person:belov"),
        ("data", '{"step":4}'),
    ],
)
def test_the_hash_covers_everything_that_a_row_says(name: str, value: object):
    assert chained(**FACTS) != chained(**{**FACTS, name: value})


def test_an_instant_is_the_same_in_every_zone(desk: Mailroom):
    tomsk = timezone(timedelta(hours=7))
    with desk.database.writing() as connection:
        one = Draft("StepSkipped", AT.astimezone(tomsk), "{}")
        journal.append(connection, "a", 0, BEGINNING, [one], "worker", NOW.astimezone(tomsk))
    with desk.database.reading() as connection:
        (entry,) = journal.read(connection, "a")
    assert (entry.at, entry.recorded_at) == (AT, NOW)
    assert entry.hash == entry.computed_hash()
