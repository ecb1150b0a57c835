"""A worker is alive as long as it says so."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from activities import heartbeat
from activities.heartbeat import FRESH, Heart, Pulse, beat_heart, clear_away, workers_of, write_beat
from tests.activities.ledger import stored
from tests.activities.mailroom import Mailroom


def alive(desk: Mailroom) -> bool:
    return seen(desk, Pulse()) > 0


def seen(desk: Mailroom, pulse: Pulse) -> int:
    """How many workers live, for whoever looks again and again."""
    with desk.database.reading() as connection:
        return len(workers_of(pulse.feel(connection, desk.clock())))


def beat(desk: Mailroom, process: str = "host/1", beats: int = 0) -> None:
    with desk.database.writing() as connection:
        write_beat(connection, Heart("worker", process, "b1", beats=beats), desk.clock)


def test_a_worker_that_has_been_silent_for_too_long_counts_as_dead(desk: Mailroom):
    assert not alive(desk)
    beat(desk)
    assert alive(desk)
    desk.now += FRESH
    assert not alive(desk)
    beat(desk)
    assert alive(desk)
    assert len(stored(desk.database, "heartbeat")["heartbeat"]) == 1


def test_one_worker_that_lives_is_enough(desk: Mailroom):
    beat(desk, "host/1")
    desk.now += timedelta(hours=1)
    beat(desk, "host/2")
    assert alive(desk)


def test_whose_clock_is_wrong_lives_as_long_as_its_heart_beats(desk: Mailroom):
    pulse = Pulse()
    desk.now += timedelta(hours=2)
    beat(desk, beats=1)
    desk.now -= timedelta(hours=2)
    assert seen(desk, pulse) == 0, "it may have died before anybody looked"
    desk.now += timedelta(hours=2)
    beat(desk, beats=2)
    desk.now -= timedelta(hours=2)
    assert seen(desk, pulse) == 1


def test_those_long_gone_are_forgotten_by_who_has_watched_them(desk: Mailroom, monkeypatch: pytest.MonkeyPatch):
    """A clock two hours ahead clears nobody away: what counts is how long a heart was seen to stand still."""
    pulse = Pulse()
    beat(desk, "host/1")
    desk.now += timedelta(hours=2)
    beat(desk, "host/2", beats=1)
    assert seen(desk, pulse) == 1
    assert pulse.long_gone == []
    monkeypatch.setattr(heartbeat, "LONG_GONE", timedelta(0))
    beat(desk, "host/2", beats=2)
    assert seen(desk, pulse) == 1
    assert pulse.long_gone == ["host/1"]
    with desk.database.writing() as connection:
        clear_away(connection, pulse.long_gone)
    assert [row["process"] for row in stored(desk.database, "heartbeat")["heartbeat"]] == ["host/2"]


async def test_a_heart_beats_at_once_and_stops_when_it_is_cancelled(desk: Mailroom):
    heart = asyncio.create_task(beat_heart(desk.database, Heart("worker", "host/1", "b1"), desk.clock))
    while not alive(desk):
        assert not heart.done()
        await asyncio.sleep(0.01)
    heart.cancel()
    with pytest.raises(asyncio.CancelledError):
        await heart


async def test_a_database_that_does_not_answer_is_waited_out(desk: Mailroom, monkeypatch: pytest.MonkeyPatch):
    failures = iter([OperationalError("", {}, OSError()), OperationalError("", {}, OSError())])

    def failing(*given: Any) -> None:
        for failure in failures:
            raise failure
        write_beat(*given)

    monkeypatch.setattr(heartbeat, "EVERY", 0.01)
    monkeypatch.setattr(heartbeat, "write_beat", failing)
    heart = asyncio.create_task(beat_heart(desk.database, Heart("worker", "host/1", "b1"), desk.clock))
    while not alive(desk):
        assert not heart.done()
        await asyncio.sleep(0.01)
    heart.cancel()
