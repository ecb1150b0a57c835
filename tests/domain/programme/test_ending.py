"""The end of a year: by itself, with gaps, or called off."""

from __future__ import annotations

import pytest

from domain.programme import commands as c
from domain.programme import events as e
from domain.programme.agenda import agenda, wake_at
from tests.domain.programme.given import given, moment, on
from tests.domain.programme.plans import COLLEGE, SCHOOL
from tests.domain.programme.words import CANCEL, CLOSE, PASS, RESUME, STARTED, WHY, complete, pause, reopen, skip, start

ENDED = e.NoticeQueued(kind="ended", to=("curator", "head"))


def test_a_year_with_nothing_open_closes_by_itself() -> None:
    story = given(on("20.08", start(COLLEGE), *(skip(number) for number in range(1, 10))), plan=COLLEGE)
    closed = story.when(skip(10), at="21.08").then_among(e.PhaseCompleted(phase=7), e.ProgrammeClosed(gaps=()), ENDED)
    assert closed.state.status == "closed"


def test_closing_names_the_gaps() -> None:
    story = given(STARTED, on("21.08", *(skip(number) for number in range(3, 33)), complete(1)))
    closed = story.when(CLOSE, at="21.08").then(e.ProgrammeClosed(gaps=(2, 33, 34), reason=WHY), ENDED)
    assert agenda(closed.state, SCHOOL) == []


@pytest.mark.parametrize(("end", "status"), [(CLOSE, "closed"), (CANCEL, "cancelled")])
def test_after_the_end_time_brings_nothing_and_people_are_refused(end: c.ProgrammeCommand, status: str) -> None:
    story = given(STARTED, on("01.09", end))
    story.when(PASS, at="01.06").then_nothing()
    for command in (complete(1), skip(1), pause(), RESUME, CLOSE, CANCEL, c.ChooseForms(forms=())):
        story.when(command, at="02.09").then(f"programme_{status}")


def test_a_cancelled_year_is_not_reopened() -> None:
    given(STARTED, on("01.09", complete(1), CANCEL)).when(reopen(1), at="02.09").then("programme_cancelled")


def test_a_paused_year_can_be_closed_and_called_off() -> None:
    story = given(STARTED, on("01.09", pause()))
    story.when(CLOSE, at="02.09").then(e.ProgrammeClosed, ENDED)
    assert story.when(CANCEL, at="02.09").after.state.paused_at is None


def test_letters_that_are_queued_go_out_after_the_end() -> None:
    story = given(STARTED, on("01.09", CANCEL))
    last = max(story.state.items)
    deferred = story.and_(on("01.09", c.RecordDeferred(item=last, retry_at=moment("02.09"))))
    assert wake_at(deferred.state, SCHOOL) == moment("02.09")
    deferred.when(c.RecordSent(item=last, to=("anna",)), at="02.09").then(e.NoticeSent)


def test_nothing_is_known_of_a_year_that_never_began() -> None:
    for command in (PASS, complete(1), CLOSE):
        given().when(command, at="20.08").then("programme_unknown")
