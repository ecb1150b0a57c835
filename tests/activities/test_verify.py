"""Whoever changes a stored row, by hand or by accident, is found out, and the place is named."""

from typing import Any

import pytest
from sqlalchemy import text

from activities.definition_files import BadDefinition
from activities.texts import text_ref
from activities.verify import differences
from domain.programme import commands as c
from tests.activities.ledger import planned
from tests.activities.mailroom import COLLEGE, SCHOOL, Mailroom

pytestmark = pytest.mark.alike

RESTORE, REBUILD = "Восстановите резервную копию.", "Выполните mentoring rebuild."


@pytest.fixture
def year(desk: Mailroom) -> Mailroom:
    """A school with six events and a notice in its queue, and a college that nobody touches."""
    ref = text_ref()
    desk.start()
    desk.start(COLLEGE)
    desk.record(planned(1))
    desk.record(c.CompleteStep(step=1))
    desk.record(c.PauseProgramme(reason=ref), texts={ref: "Карантин"})
    assert found(desk) == []
    return desk


def found(desk: Mailroom) -> list[str]:
    return list(differences(desk.database, desk.recorder.kinds))


def change(desk: Mailroom, statement: str, **given: Any) -> None:
    with desk.database.writing() as connection:
        assert connection.execute(text(statement), {"stream": SCHOOL, **given}).rowcount


def test_an_untouched_database_agrees_at_any_time(year: Mailroom):
    year.at(11, 28).pass_time(COLLEGE)
    year.pass_time()
    year.record(c.ResumeProgramme())
    assert found(year) == []


@pytest.mark.parametrize("version", [1, 6])
@pytest.mark.parametrize(
    "change_to",
    [
        """type = 'StepMissed'""",
        """data = data || ' '""",
        """data = replace(data, '"', '')""",
        """data = '[]'""",
        """data = ''""",
        """"by" = 'person:nobody\'""",
        """at = '2026-08-20 03:00:00.000000'""",
        """recorded_at = '2026-08-20 03:00:00.000000'""",
        """previous = replace(previous, substr(previous, 1, 1), 'x')""",
        """hash = replace(hash, substr(hash, 1, 1), 'x')""",
    ],
    ids=lambda change_to: str(change_to).partition(" ")[0],
)
def test_a_changed_event_is_named_and_nothing_else(year: Mailroom, change_to: str, version: int):
    change(year, f"UPDATE event SET {change_to} WHERE stream = :stream AND version = :version", version=version)
    place = f"{SCHOOL}: событие {version} "
    assert found(year) == [f"{place}изменено после записи: хеш не сходится. {RESTORE}"]


@pytest.mark.parametrize("version", [1, 2, 4])
def test_a_removed_event_is_named(year: Mailroom, version: int):
    change(year, "DELETE FROM event WHERE stream = :stream AND version = :version", version=version)
    place = f"{SCHOOL}: событие {version + 1} стоит на месте {version}"
    assert found(year) == [f"{place}: событие пропало. {RESTORE}"]


@pytest.mark.parametrize("left", [3, 5])
def test_events_missing_at_the_end_are_named_and_no_rebuild_is_advised(year: Mailroom, left: int):
    """A rebuild would remove the last witness of what was lost."""
    change(year, "DELETE FROM event WHERE stream = :stream AND version > :left", left=left)
    assert found(year) == [f"{SCHOOL}: событий {left}, а снимок сделан после 6: последние пропали. {RESTORE}"]


def test_a_stream_without_events_is_named(year: Mailroom):
    change(year, "DELETE FROM event WHERE stream = :stream")
    assert found(year) == [f"{SCHOOL}: строки в базе есть, а событий нет. {RESTORE}"]


def test_events_in_another_order_are_named(year: Mailroom):
    for was, becomes in ((3, 99), (4, 3), (99, 4)):
        numbers = {"was": was, "becomes": becomes}
        change(year, "UPDATE event SET version = :becomes WHERE stream = :stream AND version = :was", **numbers)
    assert found(year) == [f"{SCHOOL}: событие 3 изменено после записи: хеш не сходится. {RESTORE}"]


def test_an_event_of_another_stream_is_named(year: Mailroom):
    change(year, "DELETE FROM event WHERE stream = :stream AND version = 2")
    change(
        year,
        "INSERT INTO event SELECT :stream, version, type, at, recorded_at, \"by\", data, previous, hash FROM event"
        " WHERE stream = :college AND version = 2",
        college=COLLEGE,
    )  # fmt: skip
    assert found(year) == [f"{SCHOOL}: событие 2 изменено после записи: хеш не сходится. {RESTORE}"]


@pytest.mark.parametrize(
    ("place", "error"),
    [("parse_event", ValueError()), ("parse_event", TypeError()), ("plan", BadDefinition()), ("plan", KeyError())],
)
def test_events_that_cannot_be_folded_by_this_release_are_named(
    year: Mailroom, monkeypatch: pytest.MonkeyPatch, place: str, error: Exception
):
    def failing(_: object) -> None:
        raise error

    monkeypatch.setattr(year.streams, place, failing)
    sentence = f"события не складываются в состояние ({type(error).__name__})"
    assert found(year) == [f"{stream}: {sentence}. {RESTORE}" for stream in (COLLEGE, SCHOOL)]


@pytest.mark.parametrize(
    ("name", "change_to"),
    [
        ("version", "version = 5"),
        ("head", "head = replace(head, substr(head, 1, 1), 'x')"),
        ("state", "state = replace(state, 'paused', 'running')"),
        ("wake_at", "wake_at = '2026-08-20 03:00:00.000000'"),
        ("open", "open = (1 = 0)"),
    ],
)
def test_a_changed_snapshot_is_named(year: Mailroom, name: str, change_to: str):
    change(year, f"UPDATE snapshot SET {change_to} WHERE stream = :stream")
    assert found(year) == [f"{SCHOOL}: снимок расходится с журналом в «{name}». {REBUILD}"]


def test_a_lost_snapshot_is_named_once(year: Mailroom):
    change(year, "DELETE FROM snapshot WHERE stream = :stream")
    assert found(year) == [f"{SCHOOL}: снимка нет. {REBUILD}"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE programme SET body = replace(body, 'paused', 'running') WHERE id = :id",
        "UPDATE programme SET overdue = 7 WHERE id = :id",
        "UPDATE programme SET next_deadline = NULL WHERE id = :id",
        "UPDATE programme SET municipality = 'mo-b' WHERE id = :id",
        "DELETE FROM programme WHERE id = :id",
    ],
)
def test_a_changed_programme_is_named(year: Mailroom, statement: str):
    change(year, statement, id="school-1-2026")
    assert found(year) == [f"{SCHOOL}: строка программы расходится с журналом. {REBUILD}"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE queue SET deferred = 3 WHERE stream = :stream AND number = 2",
        "UPDATE queue SET kind = 'collection' WHERE stream = :stream AND number = 2",
        "UPDATE queue SET retry_at = queued_at WHERE stream = :stream AND number = 2",
        "DELETE FROM queue WHERE stream = :stream AND number = 2",
        "INSERT INTO queue SELECT stream, 99, kind, queued_at, retry_at, deferred FROM queue"
        " WHERE stream = :stream AND number = 2",
    ],
)
def test_a_changed_queue_is_named(year: Mailroom, statement: str):
    change(year, statement)
    assert found(year) == [f"{SCHOOL}: очередь поручений расходится с журналом. {REBUILD}"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE named SET person = 'somebody' WHERE programme = 'school-1-2026'",
        "DELETE FROM named WHERE programme = 'school-1-2026'",
        "INSERT INTO named SELECT 'somebody', programme FROM named WHERE programme = 'school-1-2026'",
    ],
)
def test_changed_names_are_named(year: Mailroom, statement: str):
    year.record(c.AssignStep(step=2, person="p-other"))
    change(year, statement)
    assert found(year) == [f"{SCHOOL}: названные в программе люди расходятся с журналом. {REBUILD}"]


def test_rows_of_no_stream_are_named(year: Mailroom):
    change(year, "UPDATE queue SET stream = 'programme/nowhere-2026' WHERE stream = :stream AND number = 2")
    change(year, "UPDATE programme SET id = 'elsewhere-2026' WHERE id = 'school-1-2026'")
    assert found(year) == [
        f"{SCHOOL}: строка программы расходится с журналом. {REBUILD}",
        f"{SCHOOL}: очередь поручений расходится с журналом. {REBUILD}",
        f"programme/elsewhere-2026: строки в базе есть, а событий нет. {RESTORE}",
        f"programme/nowhere-2026: строки в базе есть, а событий нет. {RESTORE}",
    ]
