"""A workflow is nudged when it has something to do before its timer fires, and only then."""

from datetime import date, timedelta

import pytest

from activities.recorder import Recorded
from activities.texts import text_ref
from domain.programme import commands as c
from tests.activities.ledger import planned, starting
from tests.activities.mailroom import SCHOOL, Mailroom

WHY = text_ref()
SOON = date(2026, 8, 26)
ORDER = c.Order(number="12-о", date=SOON)


@pytest.fixture
def school(desk: Mailroom) -> Mailroom:
    """A year that goes on; its first notice is sent."""
    desk.start()
    desk.record(c.RecordSent(item=2, to=("person:orlova",)))
    return desk


def test_a_start_is_told(desk: Mailroom):
    done = desk.recorder.record(SCHOOL, starting(desk.library, SCHOOL), by="person:orlova", key="k")
    assert isinstance(done, Recorded)
    assert done.nudge
    again = desk.recorder.record(SCHOOL, starting(desk.library, SCHOOL), by="person:orlova", key="k")
    assert isinstance(again, Recorded)
    assert not again.nudge, "the reconciler makes good what was lost with the first answer"


@pytest.mark.parametrize(
    "command",
    [
        c.CompleteStep(step=2),
        c.SkipStep(step=3, reason=WHY),
        c.ChooseForms(forms=("pupil-pupil",)),
        c.IssueForms(step=5, count=3),
        planned(1),
        c.PassTime(),
    ],
    ids=lambda command: command.type,
)
def test_what_the_timer_will_find_is_not_told(school: Mailroom, command: c.ProgrammeCommand):
    assert not school.record(command).nudge


@pytest.mark.parametrize(
    "command",
    [
        c.AppointPerson(role="curator", person="orlova", order=ORDER),
        c.AssignStep(step=5, person="belov"),
        c.NoteReturn(step=5),
        c.PauseProgramme(reason=WHY),
        c.CancelProgramme(reason=WHY),
        c.MoveDeadline(step=3, due=date(2026, 10, 1), reason=WHY),
    ],
    ids=lambda command: command.type,
)
def test_what_queues_a_letter_or_a_collection_is_told(school: Mailroom, command: c.ProgrammeCommand):
    assert school.record(command).nudge


def test_an_earlier_moment_is_told(school: Mailroom):
    """A later one is not: the timer fires in vain then, which costs less than a nudge each time."""
    before = school.rows("snapshot")[0]["wake_at"]
    assert school.record(c.MoveDeadline(step=1, due=SOON, reason=WHY)).nudge
    assert school.rows("snapshot")[0]["wake_at"] < before


def test_the_next_attempt_of_a_letter_is_told_when_it_comes_first(school: Mailroom):
    school.record(c.AppointPerson(role="curator", person="orlova", order=ORDER))
    number = school.item("appointed").number
    first = school.clock() + timedelta(minutes=5)
    assert school.record(c.RecordDeferred(item=number, retry_at=first)).nudge
    assert school.rows("snapshot")[0]["wake_at"] == first
    assert not school.record(c.RecordDeferred(item=number, retry_at=first + timedelta(minutes=10))).nudge


def test_the_clock_that_runs_again_is_told(school: Mailroom):
    school.record(c.PauseProgramme(reason=WHY))
    school.record(c.RecordSent(item=school.item("paused").number, to=("person:orlova",)))
    assert school.rows("snapshot")[0]["wake_at"] is None
    assert school.record(c.ResumeProgramme()).nudge


def test_what_time_brought_along_with_a_command_is_told(school: Mailroom):
    assert school.at(9, 28).record(c.CompleteStep(step=2)).nudge
