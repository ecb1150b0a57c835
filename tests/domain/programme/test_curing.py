"""What somebody who looks after the year asks for out of turn: a reminder, another attempt, a letter anew."""

from __future__ import annotations

import pytest

from domain.programme import commands as c
from domain.programme import events as e
from tests.domain.programme.given import Given, given, moment, on
from tests.domain.programme.words import PASS, RESUME, STARTED, complete, pause

REMIND = c.RemindStep(step=1)
INSIST = c.RemindStep(step=1, insisting=True)


def _queued(story: Given) -> list[e.NoticeQueued]:
    return [one.event for one in story.happened if isinstance(one.event, e.NoticeQueued)]


def test_whoever_answers_for_a_step_is_reminded_of_its_deadline() -> None:
    story = given(STARTED, on("25.08", REMIND))
    notice = _queued(story)[-1]
    assert (notice.kind, notice.rung, notice.to) == ("reminder", None, ("responsible",))
    assert notice.due == story.state.steps[1].current.due
    assert story.state.steps[1].current.sent == (), "no rung of the ladder was used up"


def test_of_a_deadline_that_has_passed_it_is_said_that_it_has() -> None:
    story = given(STARTED, on("20.10", PASS, REMIND))
    assert _queued(story)[-1].kind == "missed"


def test_a_reminder_is_left_time_to_work() -> None:
    story = given(STARTED, on("25.08 09:00", REMIND))
    story.when(REMIND, "25.08 12:00").then("reminded_lately")
    assert len(_queued(story.and_(on("25.08 12:00", INSIST)))) == len(_queued(story)) + 1
    assert len(_queued(story.and_(on("25.08 13:00", REMIND)))) == len(_queued(story)) + 1


def test_nobody_is_reminded_of_what_is_done_or_rests() -> None:
    given(STARTED, on("25.08", complete(1))).when(REMIND, "26.08").then("step_done")
    paused = given(STARTED, on("25.08", pause("keep")))
    paused.when(REMIND, "26.08").then("programme_paused")
    resumed = paused.and_(on("27.08", RESUME, REMIND))
    assert _queued(resumed)[-1].kind == "reminder"


def test_what_waits_is_tried_at_once() -> None:
    story = given(STARTED)
    item = next(iter(story.state.items))
    waiting = story.and_(on("20.08", c.RecordDeferred(item=item, retry_at=moment("21.08"))))
    assert waiting.state.items[item].retry_at == moment("21.08")
    tried = waiting.and_(on("20.08", c.RetryItems()))
    assert tried.state.items[item].retry_at is None
    assert tried.state.items[item].deferred == 1, "that an attempt failed is not forgotten"
    assert tried.and_(on("20.08", c.RetryItems())).happened == tried.happened, "nothing waits any more"


@pytest.mark.parametrize(("at", "true"), [("25.08", True), ("20.10", False)])
def test_a_letter_goes_out_anew_while_it_is_true(at: str, true: bool) -> None:
    story = given(STARTED, on("24.08", REMIND))
    number = max(story.state.items)
    first = _queued(story)[-1]
    again = c.RepeatNotice(
        again=number, kind=first.kind, steps=first.steps, due=first.due, to=first.to, only="person:anna"
    )
    if not true:
        story.and_(on(at, PASS)).when(again, at).then("notice_untrue")
        return
    sent = story.and_(on("24.08", c.RecordSent(item=number, to=("person:anna",))), on(at, again))
    item = sent.state.items[max(sent.state.items)]
    assert (item.notice, item.steps, item.only) == ("reminder", first.steps, "person:anna")
