"""From facts to causes: which one explains, and which do not count."""

from __future__ import annotations

import string
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest

from domain.diagnosis.causes import CAUSES, Layer
from domain.diagnosis.cures import CURES, offered
from domain.diagnosis.facts import Item, Kept, Letters, Machine, Pending, Process, Resting, Seen, Server, Task, Trouble
from domain.diagnosis.finding import Finding, foremost, of_machine, of_stream

NOW = datetime(2026, 9, 1, 3, tzinfo=UTC)
AGO = NOW - timedelta(minutes=5)
WORKER = Process("here/1", "worker", "b", NOW, alive=True, off=timedelta(0), free=10**12)
WELL = Machine(NOW, processes=(WORKER,), server=Server(build="b"))
KEPT = Kept("programme/x-2026", 7, open=True, last_at=AGO, wake_at=NOW + timedelta(days=1))
RUNS = Seen("running", saw=7)
BROKEN = Pending("record", 3, "disk on fire", "OSError", NOW)


def held_up(**changed: Any) -> set[str]:
    return {one.key for one in of_machine(replace(WELL, **changed))}


def test_where_all_is_well_nothing_is_found() -> None:
    assert held_up() == set()
    assert list(of_stream(KEPT, RUNS, NOW)) == []


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"database": Trouble(AGO, "no answer")}, "database_down"),
        ({"database": Trouble(AGO, "database or disk is full", full=True)}, "disk_full"),
        ({"server": Server(Trouble(AGO, "RPCError"))}, "temporal_down"),
        ({"processes": ()}, "worker_missing"),
        ({"processes": (replace(WORKER, alive=False),)}, "worker_missing"),
        ({"processes": (replace(WORKER, kind="api"),)}, "worker_missing"),
        ({"processes": (replace(WORKER, build="a"),)}, "worker_version"),
        ({"processes": (replace(WORKER, off=timedelta(minutes=-9)),)}, "clock_skew"),
        ({"processes": (WORKER, replace(WORKER, kind="api", off=timedelta(minutes=2)))}, "clock_skew"),
        ({"processes": (replace(WORKER, free=10**8),)}, "disk_low"),
        ({"processes": (replace(WORKER, free=10**5),)}, "disk_full"),
        ({"mail": Letters(3, AGO, NOW, 1, "refused", away=True)}, "mail_down"),
    ],
)
def test_what_holds_everything_up(changed: dict[str, Any], key: str) -> None:
    assert held_up(**changed) == {key}


def test_an_older_worker_beside_the_current_one_harms_nobody() -> None:
    assert held_up(processes=(WORKER, replace(WORKER, name="here/2", build="a"))) == set()


@pytest.mark.parametrize(
    ("seen", "key"),
    [
        (Seen("missing"), "workflow_missing"),
        (Seen("ended", status="terminated"), "workflow_missing"),
        (replace(RUNS, task=Task(2, AGO, "TMPRL1100", nondeterministic=True)), "nondeterminism"),
        (replace(RUNS, task=Task(2, AGO, "KeyError", nondeterministic=False)), "workflow_fails"),
        (replace(RUNS, pending=(BROKEN,)), "act_fails"),
        (replace(RUNS, pending=(replace(BROKEN, failure_type="OperationalError"),)), "database_refuses"),
        (replace(RUNS, resting=(Resting(5, NOW, "bug"),)), "exhausted"),
    ],
)
def test_what_holds_one_stream_up(seen: Seen, key: str) -> None:
    assert [one.key for one in of_stream(KEPT, seen, NOW)] == [key]


def test_a_stream_lags_once_the_grace_is_over() -> None:
    for seconds, found in ((9, []), (11, ["workflow_lagging"])):
        late = replace(KEPT, wake_at=NOW - timedelta(seconds=seconds))
        assert [one.key for one in of_stream(late, RUNS, NOW)] == found
        queued = replace(KEPT, items=(Item(7, "notice", NOW - timedelta(seconds=seconds), None, 0),))
        assert [one.key for one in of_stream(queued, RUNS, NOW)] == found


def test_a_closed_stream_needs_no_workflow() -> None:
    assert list(of_stream(replace(KEPT, open=False, wake_at=None), Seen("ended"), NOW)) == []


def test_a_first_attempt_is_no_failure() -> None:
    fresh = replace(RUNS, pending=(replace(BROKEN, failure=None, attempt=1),), task=Task(1, None, None, False))
    assert list(of_stream(KEPT, fresh, NOW)) == []


def test_letters_of_a_server_that_is_away_and_of_one_that_hesitates() -> None:
    for letters, keys in (
        (Letters(1, AGO, NOW, 1, "no answer", away=True), ["mail_down"]),
        (Letters(1, AGO, NOW, 3, "451 later"), ["mail_postponed"]),
        (Letters(1, AGO, NOW, 2, "451 later"), []),
    ):
        assert [one.key for one in of_stream(replace(KEPT, letters=letters), RUNS, NOW)] == keys


def test_the_machine_explains_before_people_do() -> None:
    found = [Finding("in_time"), Finding("overdue"), Finding("gate"), Finding("mail_down"), Finding("worker_missing")]
    told = [one.key for one in foremost(found)]
    assert told == ["worker_missing", "mail_down", "overdue", "gate", "in_time"], "of people's, as they were named"


@pytest.mark.parametrize("key", CAUSES)
def test_a_cause_is_described_and_can_be_cured(key: str) -> None:
    cause = CAUSES[key]
    assert cause.layer in get_args(Layer)
    assert set(cause.cures) <= set(CURES)
    assert cause.cures or cause.harm is None
    assert [name for _, name, _, _ in string.Formatter().parse(cause.sentence) if name == ""] == []


def test_only_what_one_may_do_is_offered_and_instructions_to_who_operates() -> None:
    keys = ("complete", "retry", "start_worker")
    assert [one["action"] for one in offered(keys, lambda action: action == "steer")] == ["complete"]
    told = offered(keys, lambda _: True)
    assert [(one["action"], one["kind"]) for one in told] == [
        ("complete", "command"),
        ("retry", "command"),
        ("start_worker", "instruction"),
    ]
