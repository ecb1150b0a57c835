"""What Temporal shows to operators: where a programme stands, and what the timer waits for."""

from datetime import timedelta

import pytest

from activities.beat import Beat, Work
from activities.standing import beat_of, facts_of
from activities.texts import text_ref
from domain.plan import midnight
from domain.programme import commands as c
from tests.activities.mailroom import COLLEGE, SCHOOL, Mailroom


@pytest.fixture
def school(desk: Mailroom) -> Mailroom:
    desk.start()
    desk.record(c.RecordSent(item=2, to=("person:orlova",)))
    return desk


def beat(desk: Mailroom, stream: str = SCHOOL) -> Beat:
    state = desk.state(stream)
    return beat_of(stream, state, desk.recorder.plan(state), desk.clock())


def sent(desk: Mailroom) -> None:
    for number in list(desk.state().items):
        desk.record(c.RecordSent(item=number, to=("person:orlova",)))


def test_a_workflow_is_found_by_facts(school: Mailroom):
    facts = facts_of(school.state())
    assert (facts.organisation, facts.municipality, facts.year, facts.phase) == ("school-1", "mo-a", 2026, 1)
    assert (facts.overdue, facts.next_deadline) == (False, midnight(school.state().steps[1].current.due, "Asia/Tomsk"))
    school.start(COLLEGE)
    assert facts_of(school.state(COLLEGE)).municipality is None


def test_before_the_first_phase_the_timer_waits_for_it(school: Mailroom):
    now = beat(school)
    assert (now.stream, now.version, now.phase, now.phases) == (SCHOOL, 3, 1, [])
    assert (now.wake_at, now.wake_for) == (school.at(8, 25, 0).clock(), "25 августа 00:00: открывается этап 1")
    assert (now.queued, now.overdue, now.closed) == ([], False, False)
    assert now.details == (
        "Программа идёт. Этап 1: Подготовка условий для запуска программы наставничества.\n\n"
        "Дальше: 25 августа 00:00: открывается этап 1."
    )


@pytest.mark.parametrize(
    ("month", "day", "hour", "expected"),
    [
        (9, 10, 12, "11 сентября 00:00: истекает срок, шаг 1"),
        (9, 11, 0, "11 сентября 09:00: напоминание, шаг 2 и другое"),
        (9, 11, 10, "15 сентября 00:00: открываются этапы 2, 4"),
    ],
)
def test_the_timer_says_what_it_waits_for(school: Mailroom, month: int, day: int, hour: int, expected: str):
    school.at(month, day, hour).pass_time()
    assert beat(school).wake_for == expected


def test_steps_that_wait_for_the_same_moment_are_named_in_their_order(school: Mailroom):
    """And whatever else comes with them is only hinted at."""
    due = school.state().steps[3].current.due
    for step in (10, 2):
        school.record(c.MoveDeadline(step=step, due=due, reason=text_ref()))
    school.now = midnight(due, "Asia/Tomsk") + timedelta(hours=12)
    school.pass_time()
    assert "шаги 2, 3, 5, 10" in beat(school).wake_for


def test_overdue_steps_are_named(school: Mailroom):
    school.at(9, 28).pass_time()
    now = beat(school)
    assert now.overdue
    assert now.phases == [1, 2, 3, 4]
    assert "\n\nПросрочены шаги: 1, 2, 4.\n\n" in now.details


def test_only_what_can_be_carried_out_now_is_handed_out(school: Mailroom):
    school.record(c.AppointPerson(role="curator", person="orlova", order=c.Order(number="1", date=school.now.date())))
    number = school.item("appointed").number
    assert beat(school).queued == [Work(number, "notice")]
    retry = school.now + timedelta(minutes=5)
    school.record(c.RecordDeferred(item=number, retry_at=retry))
    now = beat(school)
    assert (now.queued, now.wake_at) == ([], retry)
    assert now.wake_for == "20 августа 09:05: повторная попытка отправки"
    school.now = retry
    now = beat(school)
    assert now.queued == [Work(number, "notice")]
    assert now.wake_at == school.at(8, 25, 0).clock(), "the attempt is due: the next moment is another"


def test_a_paused_year_waits_for_nobody_but_people(school: Mailroom):
    school.record(c.PauseProgramme(reason=text_ref()))
    sent(school)
    now = beat(school)
    assert (now.wake_at, now.wake_for, now.closed) == (None, "", False)
    assert now.details.startswith("Программа приостановлена.")
    assert now.next_deadline is not None


def test_a_workflow_ends_when_the_year_is_over_and_its_last_letter_sent(school: Mailroom):
    school.at(9, 28).record(c.CloseProgramme(reason=text_ref()))
    now = beat(school)
    assert (now.closed, now.overdue, now.next_deadline) == (False, False, None)
    sent(school)
    now = beat(school)
    assert (now.closed, now.wake_at) == (True, None)
    assert now.details.startswith("Программа завершена.")
