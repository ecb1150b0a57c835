"""One transaction per command: all or nothing, and a repeated key gets the answer it got before."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, text

from activities import verify
from activities.programmes import ProgrammeStreams
from activities.recorder import Recorded, Recorder, Request
from activities.streams import Streams
from activities.texts import text_ref
from domain.programme import commands as c
from domain.refusal import Refusal
from tests.activities.ledger import planned, planned_numbers, refusal_code, starting, stored
from tests.activities.mailroom import COLLEGE, SCHOOL, Mailroom


class PowerCut(Exception):
    """What a test throws into the middle of a transaction."""


def cut(*_: Any, **__: Any) -> None:
    raise PowerCut


def send(desk: Mailroom, command: c.ProgrammeCommand, by: str = "person:orlova", **given: Any) -> Recorded | Refusal:
    return desk.recorder.record(given.pop("stream", SCHOOL), command, by=by, **given)


def accepted(answer: Recorded | Refusal) -> Recorded:
    assert isinstance(answer, Recorded), answer
    return answer


@pytest.fixture
def school(desk: Mailroom) -> Mailroom:
    desk.start()
    return desk


def test_a_start_is_in_the_journal_and_in_everything_that_is_folded_from_it(school: Mailroom):
    rows = stored(school.database)
    assert [row["type"] for row in rows["event"]] == ["ProgrammeStarted", "NoticeQueued"]
    assert [row["version"] for row in rows["event"]] == [1, 2]
    assert {(row["at"], row["recorded_at"], row["by"]) for row in rows["event"]} == {
        (school.clock(), school.clock(), "person:orlova")
    }
    (snapshot,) = rows["snapshot"]
    assert (snapshot["version"], snapshot["head"], snapshot["open"]) == (2, rows["event"][-1]["hash"], True)
    assert [(row["id"], row["status"], row["version"]) for row in rows["programme"]] == [
        ("school-1-2026", "running", 2)
    ]
    assert [(row["stream"], row["number"], row["kind"]) for row in rows["queue"]] == [(SCHOOL, 2, "notice")]
    assert rows["command"] == []


@pytest.mark.parametrize("place", ["also", "project", "fold", "wake_at"])
def test_a_crash_anywhere_in_the_transaction_leaves_nothing(
    school: Mailroom, monkeypatch: pytest.MonkeyPatch, place: str
):
    before, ref = stored(school.database), text_ref()
    command = c.PauseProgramme(reason=ref)
    given: dict[str, Any] = {"key": "k", "texts": {ref: "Карантин"}}
    with monkeypatch.context() as patch:
        if place != "also":
            patch.setattr(school.streams, place, cut)
        with pytest.raises(PowerCut):
            send(school, command, **given, also=cut if place == "also" else None)
    assert stored(school.database) == before
    again = accepted(send(school, command, **given))
    assert (again.version, again.replayed) == (4, False)
    assert stored(school.database, "text")["text"][0]["body"] == "Карантин"


def test_rows_beside_the_journal_are_written_with_the_command_or_not_at_all(school: Mailroom):
    seen: list[int] = []

    def also(connection: Connection) -> None:
        seen.append(connection.scalar(text("SELECT count(*) FROM event")) or 0)

    accepted(send(school, planned(1), key="k", also=also))
    assert seen == [3]
    accepted(send(school, planned(1), key="k", also=also))
    assert refusal_code(send(school, c.AssignStep(step=99, person="belov"), also=also)) == "step_unknown"
    assert seen == [3], "neither a repeated nor a refused command brings its rows"


def test_a_repeated_key_gets_the_stored_answer(school: Mailroom):
    first = accepted(send(school, planned(1), key="k", fingerprint="f", status=201))
    accepted(send(school, planned(2)))
    before = stored(school.database)
    again = accepted(send(school, planned(1), key="k", fingerprint="f", status=201))
    assert (again.version, again.status, again.body) == (first.version, 201, first.body)
    assert (first.replayed, again.replayed, again.nudge, again.state) == (False, True, False, None)
    assert stored(school.database) == before


def test_a_repeated_start_gets_the_stored_answer(desk: Mailroom):
    start = starting(desk.library, SCHOOL)
    first = accepted(send(desk, start, key="k"))
    assert first.body.decode() == stored(desk.database, "programme")["programme"][0]["body"]
    before = stored(desk.database)
    assert accepted(send(desk, start, key="k")).body == first.body
    assert stored(desk.database) == before
    assert refusal_code(send(desk, start, key="another")) == "programme_exists"


def test_a_refusal_is_an_answer_too(school: Mailroom):
    resume = c.ResumeProgramme()
    first = send(school, resume, key="k")
    assert refusal_code(first) == "programme_running"
    accepted(send(school, c.PauseProgramme(reason=text_ref())))
    before = stored(school.database)
    assert send(school, resume, key="k") == first
    assert stored(school.database) == before
    accepted(send(school, resume, key="another"))


def test_a_key_belongs_to_one_body_one_stream_and_one_actor(school: Mailroom):
    school.start(COLLEGE)
    accepted(send(school, planned(1), key="k", fingerprint="f"))
    before = stored(school.database)
    other_body = send(school, planned(2), key="k", fingerprint="g")
    other_stream = send(school, planned(1), key="k", fingerprint="f", stream=COLLEGE)
    assert (refusal_code(other_body), refusal_code(other_stream)) == ("key_reused", "key_reused")
    assert stored(school.database) == before
    accepted(send(school, planned(3), key="k", fingerprint="g", by="person:belov"))
    assert planned_numbers(school.database, SCHOOL) == [1, 3]


def test_who_saw_an_older_version_is_refused_and_nothing_is_kept(school: Mailroom):
    accepted(send(school, planned(1), expected=2))
    before = stored(school.database)
    stale = send(school, planned(2), expected=2, key="k")
    assert isinstance(stale, Refusal)
    assert (stale.code, stale.facts) == ("version_stale", {"expected": 2, "version": 3})
    assert stored(school.database) == before
    accepted(send(school, planned(2), expected=3, key="k"))


def test_what_is_at_hand_is_not_trusted_when_another_process_has_written(school: Mailroom):
    """The state that this recorder saw last would refuse the one command and take the other."""
    elsewhere = Recorder(school.database, Streams(ProgrammeStreams(school.library)), school.clock)
    skipped, planned_elsewhere = c.SkipStep(step=3, reason=text_ref()), planned(7)
    assert isinstance(elsewhere.record(SCHOOL, skipped, by="person:belov"), Recorded)
    reopened = accepted(send(school, c.ReopenStep(step=3, reason=text_ref()), key="open"))
    assert isinstance(elsewhere.record(SCHOOL, planned_elsewhere, by="person:belov"), Recorded)
    assert refusal_code(send(school, planned(1), expected=reopened.version)) == "version_stale"
    assert accepted(send(school, planned(2), expected=reopened.version + 1)).version == reopened.version + 2
    assert planned_numbers(school.database, SCHOOL) == [7, 2]
    assert list(verify.differences(school.database, school.recorder.kinds)) == []


def test_a_repeated_key_is_answered_although_its_version_is_old_by_now(school: Mailroom):
    first = accepted(send(school, planned(1), expected=2, key="k"))
    again = accepted(send(school, planned(1), expected=2, key="k"))
    assert (again.version, again.replayed) == (first.version, True)


def test_nothing_but_a_start_begins_a_stream(desk: Mailroom):
    assert refusal_code(send(desk, planned(1))) == "programme_unknown"
    assert refusal_code(send(desk, c.PassTime())) == "programme_unknown"
    assert all(rows == [] for rows in stored(desk.database).values())
    assert desk.recorder.state(SCHOOL) is None


def test_an_event_of_another_stream_is_no_obstacle(school: Mailroom):
    school.start(COLLEGE)
    assert accepted(send(school, planned(1), stream=COLLEGE)).version == 3
    assert accepted(send(school, planned(1))).version == 3


def test_a_step_closed_late_is_missed_first_each_at_its_own_moment(school: Mailroom):
    accepted(send(school, c.CompleteStep(step=1)))
    late = school.at(9, 28, 15).clock()
    accepted(send(school, c.CompleteStep(step=2)))
    rows = stored(school.database, "event")["event"]
    missed = next(row for row in rows if row["type"] == "StepMissed" and '"step":2' in row["data"])
    done = next(row for row in rows if row["type"] == "StepCompleted" and '"step":2' in row["data"])
    assert missed["at"] == school.at(9, 26, 0).clock(), "at the midnight that ended its last day"
    assert missed["recorded_at"] == late
    assert (done["at"], done["recorded_at"]) == (late, late)
    assert missed["version"] < done["version"]
    assert '"late":true' in done["data"]
    assert '"late":false' in next(row["data"] for row in rows if row["type"] == "StepCompleted")
    assert [row["at"] for row in rows] == sorted(row["at"] for row in rows)
    step = school.state().steps[2]
    assert (step.status, step.current.missed, step.current.late) == ("done", True, True)


def test_a_refused_command_leaves_time_to_the_next_one(school: Mailroom):
    before = stored(school.database)
    school.at(9, 28)
    assert refusal_code(send(school, c.AssignStep(step=99, person="belov"))) == "step_unknown"
    assert stored(school.database) == before
    accepted(send(school, c.PassTime(), by="worker"))
    assert school.state().overdue_steps == (1, 2, 4)


def test_time_that_brings_nothing_writes_nothing(school: Mailroom):
    before = stored(school.database)
    school.now += timedelta(hours=1)
    answer = accepted(send(school, c.PassTime(), by="worker"))
    assert (answer.version, answer.nudge) == (2, False)
    assert stored(school.database) == before


def test_a_clock_that_goes_backwards_does_not_turn_the_journal_back(school: Mailroom):
    later = school.at(9, 3, 12).clock()
    accepted(send(school, planned(1)))
    school.at(9, 1, 12)
    accepted(send(school, planned(2), key="k"))
    accepted(send(school, c.PassTime(), by="worker"))
    rows = stored(school.database, "event", "command")
    times = [row["at"] for row in rows["event"]]
    assert times == sorted(times)
    assert (rows["event"][-1]["at"], rows["event"][-1]["recorded_at"]) == (later, later)
    assert rows["command"][0]["at"] == later
    assert school.state().last_at == later


def test_commands_on_several_streams_are_recorded_together_or_not_at_all(desk: Mailroom):
    desk.start(COLLEGE)
    begin = Request(SCHOOL, starting(desk.library, SCHOOL), "person:orlova", key="k", fingerprint="f", status=201)
    pause = c.PauseProgramme(reason=(ref := text_ref()))
    refused = desk.recorder.record_together([begin, Request(COLLEGE, c.ResumeProgramme(), "person:orlova")])
    assert isinstance(refused, Refusal)
    assert refused.code == "programme_running"
    assert desk.recorder.state(SCHOOL) is None, "the refusal of one is the refusal of all"

    both = [replace(begin, key="k2"), Request(COLLEGE, pause, "person:orlova", texts={ref: "Карантин"})]
    done = desk.recorder.record_together(both)
    assert isinstance(done, tuple)
    assert [(one.stream, one.status, one.nudge) for one in done] == [(SCHOOL, 201, True), (COLLEGE, 200, True)]
    before = stored(desk.database)
    again = desk.recorder.record_together(both)
    assert isinstance(again, tuple)
    assert [(one.stream, one.replayed, one.body) for one in again] == [(SCHOOL, True, done[0].body)]
    assert stored(desk.database) == before
    assert list(verify.differences(desk.database, desk.recorder.kinds)) == []
