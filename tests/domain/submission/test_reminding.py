"""A respondent is reminded out of turn, and letters that did not arrive go out anew."""

from __future__ import annotations

from domain.submission import commands as c
from domain.submission import events as e
from tests.domain.submission.given import CLOSE, FILLED, PASS, SUBMITTED, given, on

REMIND = c.RemindRespondent()


def test_the_respondent_is_reminded_while_the_form_is_owed() -> None:
    story = given(FILLED, on("10.03 09:00", REMIND))
    (notice,) = [one.event for one in story.happened if isinstance(one.event, e.NoticeQueued)][-1:]
    assert (notice.kind, notice.due, notice.to) == ("reminder", story.state.due, ("coordinator",))
    story.when(REMIND, "10.03 12:00").then("reminded_lately")
    given(SUBMITTED).when(REMIND, "11.03").then("form_submitted")
    given(FILLED, on("31.03", CLOSE)).when(REMIND, "31.03").then("submission_closed")


def test_of_a_form_that_is_late_it_is_said_that_it_is() -> None:
    story = given(FILLED, on("24.03", PASS, REMIND))
    assert [one.event for one in story.happened if isinstance(one.event, e.NoticeQueued)][-1].kind == "missed"


def test_a_letter_that_is_not_true_any_more_does_not_go_out_anew() -> None:
    again = c.RepeatNotice(again=2, kind="opened", due=given(FILLED).state.due, to=("coordinator",), only="person:anna")
    assert given(FILLED).when(again, "10.03").happened[-1].event.type == "NoticeQueued"
    given(SUBMITTED).when(again, "11.03").then("notice_untrue")
