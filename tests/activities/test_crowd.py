"""A deadline of the region: the first workflow that wakes records for all whose moment has come."""

from threading import Barrier, Thread
from typing import Any

import pytest

from activities import verify
from activities.crowd import Crowd
from activities.programme_hands import ProgrammeHands
from activities.questionnaires import Forms
from activities.recorder import Recorder
from tests.activities.ledger import stored
from tests.activities.mailroom import Mailroom

SCHOOLS = ("programme/school-1-2026", "programme/school-2-2026", "programme/lyceum-2026", "programme/club-1-2026")


@pytest.fixture
def region(desk: Mailroom, monkeypatch: pytest.MonkeyPatch) -> Mailroom:
    """Beats take the time that they need, however busy the machine is."""
    monkeypatch.setattr("activities.programme_hands.A_WHILE", 60.0)
    monkeypatch.setattr("activities.crowd.FOR_OTHERS", 60.0)
    for school in SCHOOLS:
        desk.start(school)
    return desk


def hands(desk: Mailroom) -> ProgrammeHands:
    return ProgrammeHands(desk.recorder, desk.delivery(), Forms(desk.database, desk.recorder, desk.clock))


def missed(desk: Mailroom) -> dict[str, list[Any]]:
    """By stream, when each missed deadline belongs to."""
    found: dict[str, list[Any]] = {}
    for row in stored(desk.database)["event"]:
        if row["type"] == "StepMissed":
            found.setdefault(row["stream"], []).append(row["at"])
    return found


def test_the_first_beat_after_a_common_deadline_records_it_for_everybody(region: Mailroom):
    region.at(10, 11, 10)
    hands(region).beat(SCHOOLS[0], [])
    assert set(missed(region)) == {*SCHOOLS}
    assert list(verify.differences(region.database, region.recorder.kinds)) == []


def test_the_others_find_it_written_and_send_their_own_letters(region: Mailroom):
    region.at(10, 11, 10)
    hands(region).beat(SCHOOLS[0], [])
    versions = {school: region.state(school).version for school in SCHOOLS}
    before = missed(region)
    for school in SCHOOLS[1:]:
        beat = hands(region).beat(school, [])
        assert beat.version >= versions[school]
        assert beat.overdue
        assert not beat.queued
    assert missed(region) == before


def test_a_stream_that_cannot_be_recorded_holds_up_nobody_else(region: Mailroom, monkeypatch: pytest.MonkeyPatch):
    region.at(10, 11, 10)
    alone = Recorder.pass_time_together

    def broken(self: Recorder, streams: Any, *, by: str) -> None:
        alone(self, streams, by=by)
        raise RuntimeError("a stream of the crowd is broken")

    monkeypatch.setattr(Recorder, "pass_time_together", broken)
    assert hands(region).beat(SCHOOLS[0], []).overdue


def test_all_or_none_of_a_crowd_is_written(region: Mailroom, monkeypatch: pytest.MonkeyPatch):
    region.at(10, 11, 10)
    write, seen = Recorder._write, []

    def cut(self: Recorder, connection: Any, request: Any, proposal: Any) -> Any:
        seen.append(request.stream)
        if len(seen) == len(SCHOOLS):
            raise RuntimeError("power cut")
        return write(self, connection, request, proposal)

    monkeypatch.setattr(Recorder, "_write", cut)
    with pytest.raises(RuntimeError, match="power cut"):
        region.recorder.pass_time_together(SCHOOLS, by="worker")
    assert missed(region) == {}


def test_many_who_wake_at_once_write_each_deadline_once(region: Mailroom):
    region.at(10, 11, 10)
    crowd, gate = Crowd(region.recorder), Barrier(len(SCHOOLS))

    def wake(school: str) -> None:
        gate.wait()
        crowd.pass_time(school, by="worker")

    threads = [Thread(target=wake, args=(school,)) for school in SCHOOLS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    region.at(10, 11, 11)
    assert {school: len(moments) for school, moments in missed(region).items()} == dict.fromkeys(
        SCHOOLS, len(missed(region)[SCHOOLS[0]])
    )
    assert list(verify.differences(region.database, region.recorder.kinds)) == []


def test_nobody_looks_for_others_when_nothing_was_due(region: Mailroom, monkeypatch: pytest.MonkeyPatch):
    def never(*_: Any, **__: Any) -> None:
        raise AssertionError("nothing was due")

    monkeypatch.setattr(Recorder, "pass_time_together", never)
    hands(region).beat(SCHOOLS[0], [])
