"""What the reconciler learns from the journal: what has to run, and what is late."""

from datetime import timedelta

import pytest

from activities.bulk import BulkPlan
from activities.jobs import create_bulk
from activities.lagging import EACH, GRACE, Expected
from activities.standing import facts_of
from activities.texts import text_ref
from domain.programme import commands as c
from tests.activities.mailroom import COLLEGE, SCHOOL, Mailroom

SOON = timedelta(minutes=5)
OTHER = "programme/school-2-2026"


@pytest.fixture
def expected(desk: Mailroom) -> Expected:
    """A school whose queue is empty and a college with a notice to send."""
    desk.start()
    desk.record(c.RecordSent(item=2, to=("person:orlova",)))
    desk.start(COLLEGE)
    return Expected(desk.database, desk.recorder.kinds)


def empty_queue(desk: Mailroom, stream: str = SCHOOL) -> None:
    for number in list(desk.state(stream).items):
        desk.record(c.RecordSent(item=number, to=("person:orlova",)), stream)


def test_a_year_has_to_run_until_it_is_over_and_its_last_letter_sent(desk: Mailroom, expected: Expected):
    assert (expected.count_open("programme"), expected.open_streams("programme")) == (2, {SCHOOL, COLLEGE})
    desk.record(c.CancelProgramme(reason=text_ref()))
    assert expected.open_streams("programme") == {SCHOOL, COLLEGE}, "the letter about its end is not sent yet"
    empty_queue(desk)
    assert (expected.count_open("programme"), expected.open_streams("programme")) == (1, {COLLEGE})
    desk.record(c.PauseProgramme(reason=text_ref()), COLLEGE)
    empty_queue(desk, COLLEGE)
    assert expected.open_streams("programme") == {COLLEGE}, "a pause is no end"


def test_what_stands_in_the_queue_is_late_after_the_grace(desk: Mailroom, expected: Expected):
    assert expected.late(desk.clock()) == {}
    assert expected.late(desk.clock() + GRACE - timedelta(microseconds=1)) == {}
    assert expected.late(desk.clock() + GRACE) == {COLLEGE: 2}
    empty_queue(desk, COLLEGE)
    assert expected.late(desk.clock() + GRACE) == {}


def test_a_crowd_gets_more_time(desk: Mailroom, expected: Expected):
    """Each further stream that stands still for the same reason gives all of them a little longer."""
    desk.start(OTHER)
    assert expected.late(desk.clock() + GRACE) == {}
    assert expected.late(desk.clock() + GRACE + EACH) == {COLLEGE: 2, OTHER: 2}


def test_a_deferred_letter_is_late_after_the_moment_of_its_next_attempt(desk: Mailroom, expected: Expected):
    desk.record(c.RecordDeferred(item=2, retry_at=desk.now + SOON), COLLEGE)
    assert expected.late(desk.clock() + GRACE) == {}
    assert expected.late(desk.clock() + SOON + GRACE) == {COLLEGE: 3}


def test_a_moment_that_nobody_recorded_is_late(desk: Mailroom, expected: Expected):
    empty_queue(desk, COLLEGE)
    wake = desk.streams.wake_at(desk.state())
    assert wake is not None
    assert SCHOOL not in expected.late(wake + GRACE - timedelta(microseconds=1))
    assert expected.late(wake + GRACE)[SCHOOL] == desk.state().version
    desk.now = wake
    desk.pass_time()
    empty_queue(desk)
    assert SCHOOL not in expected.late(wake + GRACE)


def test_a_letter_of_a_year_that_is_over_is_late_too(desk: Mailroom, expected: Expected):
    desk.record(c.CancelProgramme(reason=text_ref()))
    assert SCHOOL in expected.late(desk.clock() + GRACE + EACH)


def test_a_workflow_is_started_with_what_the_journal_says(desk: Mailroom, expected: Expected):
    assert expected.facts(SCHOOL) == facts_of(desk.state())
    assert expected.facts("programme/nowhere-2026") is None


def test_a_bulk_start_is_open_until_it_is_finished(desk: Mailroom, expected: Expected):
    assert expected.open_bulks() == []
    with desk.database.writing() as connection:
        bulk = create_bulk(connection, BulkPlan("mo-a", 2026, (), ()).order, "token:t", desk.clock())
    assert expected.open_bulks() == [bulk]
