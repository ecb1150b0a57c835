"""Many writers at once, threads and processes: nothing is lost and nothing happens twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, TypeVar

import pytest

from activities import verify
from activities.recorder import Recorded
from domain.programme import commands as c
from domain.refusal import Refusal
from tests.activities.ledger import planned, planned_numbers, refusal_code, starting, stored
from tests.activities.mailroom import SCHOOL, Mailroom
from tests.activities.writers import acknowledged, begin, writer

T = TypeVar("T")


def at_once(count: int, act: Callable[[int], T]) -> list[T]:
    """Do something in many threads that all begin at the same moment."""
    barrier = Barrier(count)

    def wait_and_act(number: int) -> T:
        barrier.wait()
        return act(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(wait_and_act, range(count)))


def sound(desk: Mailroom, stream: str = SCHOOL) -> bool:
    """Versions without a gap, a chain that holds, a read model that agrees."""
    versions = [row["version"] for row in stored(desk.database, "event")["event"] if row["stream"] == stream]
    assert versions == list(range(1, len(versions) + 1))
    assert list(verify.differences(desk.database, desk.recorder.kinds)) == []
    return True


def counted(desk: Mailroom, monkeypatch: pytest.MonkeyPatch) -> list[c.ProgrammeCommand]:
    """Every command from now on, once for each time that it is decided."""
    streams = desk.streams
    decided: list[c.ProgrammeCommand] = []
    decide = streams.decide

    def counting(state: Any, command: Any, at: Any, wake_at: Any) -> Any:
        decided.append(command)
        return decide(state, command, at, wake_at)

    monkeypatch.setattr(streams, "decide", counting)
    return decided


def test_three_hundred_commands_of_sixteen_threads_on_one_stream(desk: Mailroom, monkeypatch: pytest.MonkeyPatch):
    desk.start()

    def work(thread: int) -> list[int]:
        return [desk.record(planned(number), key=f"k{number}").version for number in range(thread, 300, 16)]

    decided = counted(desk, monkeypatch)
    versions = [version for some in at_once(16, work) for version in some]
    assert len(decided) <= 600, "at most twice: beforehand, and again when it is his turn and somebody was faster"
    assert sorted(versions) == list(range(3, 303))
    assert sorted(planned_numbers(desk.database, SCHOOL)) == list(range(300))
    assert sound(desk)


def test_three_hundred_commands_of_three_processes_on_one_stream(desk: Mailroom, journal_url: str):
    desk.start()
    children = [writer(journal_url, SCHOOL, "k", 100 * number, 100) for number in range(3)]
    begin(*children)
    answers = {number: version for child in children for number, version in acknowledged(child).items()}
    assert sorted(answers) == list(range(300))
    assert sorted(answers.values()) == list(range(3, 303))
    assert sorted(planned_numbers(desk.database, SCHOOL)) == list(range(300))
    assert sound(desk)


@pytest.mark.parametrize("attempt", range(3))
def test_one_key_raced_by_eight_threads_is_one_command(desk: Mailroom, attempt: int):
    desk.start()
    answers = at_once(8, lambda _: desk.record(planned(1), key="k", fingerprint="f"))
    assert {(answer.version, answer.body) for answer in answers} == {(3, answers[0].body)}
    assert [answer.replayed for answer in answers].count(False) == 1
    assert planned_numbers(desk.database, SCHOOL) == [1]
    assert sound(desk)


def test_one_key_raced_by_two_processes_is_one_command(desk: Mailroom, journal_url: str):
    desk.start()
    children = [writer(journal_url, SCHOOL, "same", 0, 40) for _ in range(2)]
    begin(*children)
    first, second = [acknowledged(child) for child in children]
    assert first == second
    assert sorted(first.values()) == list(range(3, 43))
    assert planned_numbers(desk.database, SCHOOL) == list(range(40))
    assert sound(desk)


def test_of_eight_simultaneous_starts_one_begins_the_year(desk: Mailroom):
    start = starting(desk.library, SCHOOL)
    answers = at_once(8, lambda n: desk.recorder.record(SCHOOL, start, by="person:orlova", key=f"k{n}"))
    assert sorted(map(str, map(refusal_code, answers))) == ["None", *["programme_exists"] * 7]
    assert len(stored(desk.database, "event")["event"]) == 2
    assert sound(desk)


def test_of_eight_who_close_a_step_at_once_one_closes_it_and_the_rest_hear_so(desk: Mailroom):
    desk.start()

    def close(number: int) -> Recorded | Refusal:
        return desk.recorder.record(SCHOOL, c.CompleteStep(step=1), by=f"person:p{number}", key="k")

    answers = at_once(8, close)
    assert sorted(map(str, map(refusal_code, answers))) == ["None", *["step_done"] * 7]
    assert len(desk.events("StepCompleted")) == 1
    assert list(map(refusal_code, at_once(8, close))) == list(map(refusal_code, answers))
    assert sound(desk)


def test_of_eight_who_saw_the_same_version_one_may_act(desk: Mailroom):
    desk.start()
    answers = at_once(8, lambda n: desk.recorder.record(SCHOOL, planned(n), by="person:orlova", expected=2))
    assert sorted(map(str, map(refusal_code, answers))) == ["None", *["version_stale"] * 7]
    assert sound(desk)
