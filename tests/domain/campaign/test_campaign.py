"""A monitoring round: opened with its rolled deadline, closed with named gaps, open again for a late arrival."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from domain.campaign import commands as c
from domain.campaign import events as e
from domain.campaign.agenda import wake_at
from domain.campaign.decide import Decision, decide
from domain.campaign.evolve import fold
from domain.campaign.state import Campaign, campaign_id
from domain.orders import Order
from domain.refusal import Refusal
from tests.domain import golden
from tests.domain.programme.given import moment
from tests.domain.submission.given import REF, TIMETABLE, WHY

OPEN = c.OpenCampaign(
    title="Мониторинг реализации программ наставничества", years=c.Years(earlier=2024, later=2025),
    asked=date(2026, 3, 21), letter=c.Letter(number="183", date=date(2026, 2, 25), text=WHY), centre="rcro",
    zone="Asia/Tomsk", plan=REF, form="monitoring@1", respondents=("tomsk", "seversk", "licey"),
)  # fmt: skip
CLOSE = c.CloseCampaign(gaps=("seversk",), note=WHY)
LATE = c.ReopenRespondent(respondent="seversk", due=date(2026, 4, 10), reason=WHY)


def after(*past: tuple[str, c.CampaignCommand]) -> tuple[e.Happened, ...]:
    """What happened by commands none of which was refused."""
    happened: tuple[e.Happened, ...] = ()
    for at, command in past:
        decision = decide(fold(None, happened), command, TIMETABLE, moment(at))
        assert not isinstance(decision, Refusal), decision
        happened += decision
    return happened


def refused(decision: Decision) -> str:
    assert isinstance(decision, Refusal)
    return decision.code


def state(*past: tuple[str, c.CampaignCommand]) -> Campaign:
    found = fold(None, after(*past))
    assert found is not None
    return found


def test_the_date_is_rolled_and_both_are_kept() -> None:
    opened = state(("25.02", OPEN))
    assert (opened.asked, opened.due) == (date(2026, 3, 21), date(2026, 3, 23))
    assert opened.active


def test_a_rolled_date_that_was_seen_otherwise_is_refused() -> None:
    seen = OPEN.model_copy(update={"confirmed": date(2026, 3, 20)})
    decision = decide(None, seen, TIMETABLE, moment("25.02"))
    assert isinstance(decision, Refusal)
    assert (decision.code, decision.facts["due"]) == ("deadline_rolls", date(2026, 3, 23))
    state(("25.02", OPEN.model_copy(update={"confirmed": date(2026, 3, 23)})))


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"asked": date(2026, 2, 1)}, "deadline_in_past"),
        ({"asked": date(2028, 2, 1)}, "deadline_too_far"),
        ({"respondents": ("tomsk", "tomsk")}, "respondent_twice"),
    ],
)
def test_what_cannot_be_opened(changed: dict[str, Any], code: str) -> None:
    assert refused(decide(None, OPEN.model_copy(update=changed), TIMETABLE, moment("25.02"))) == code


def test_who_is_named_twice_is_named_with_the_place() -> None:
    named = OPEN.model_copy(update={"respondents": ("tomsk", "seversk", "tomsk")})
    decision = decide(None, named, TIMETABLE, moment("25.02"))
    assert isinstance(decision, Refusal)
    assert (decision.facts, decision.pointer) == ({"respondent": "tomsk"}, "/respondents/2")


def test_the_years_stand_in_their_order() -> None:
    with pytest.raises(ValidationError, match="раньше второго"):
        c.Years(earlier=2025, later=2024)


def test_closing_names_the_gaps() -> None:
    closed = state(("25.02", OPEN), ("31.03", CLOSE))
    assert (closed.status, closed.gaps, closed.note) == ("closed", ("seversk",), WHY)
    assert [item.notice for item in closed.items.values()] == ["campaign_closed"]
    assert refused(decide(closed, CLOSE, TIMETABLE, moment("01.04"))) == "campaign_closed"
    strange = CLOSE.model_copy(update={"gaps": ("moon",)})
    assert refused(decide(state(("25.02", OPEN)), strange, TIMETABLE, moment("01.04"))) == "respondent_unknown"


def test_a_late_arrival_opens_the_round_until_it_is_closed_anew() -> None:
    running = state(("25.02", OPEN))
    assert refused(decide(running, LATE, TIMETABLE, moment("31.03"))) == "campaign_open"
    open_again = state(("25.02", OPEN), ("31.03", CLOSE), ("01.04", LATE))
    assert (open_again.status, open_again.reopened) == ("open", ("seversk",))
    another = LATE.model_copy(update={"respondent": "licey"})
    assert not isinstance(decide(open_again, another, TIMETABLE, moment("01.04")), Refusal)
    closed = state(("25.02", OPEN), ("31.03", CLOSE), ("01.04", LATE), ("10.04", c.CloseCampaign()))
    assert (closed.status, closed.gaps) == ("closed", ())


def test_rounds_of_one_year_are_numbered() -> None:
    due = date(2027, 3, 22)
    assert campaign_id("monitoring", due) == "monitoring-2027"
    assert campaign_id("monitoring", due, frozenset({"monitoring-2027", "monitoring-2027-2"})) == "monitoring-2027-3"


def test_a_round_has_no_clock_but_that_of_its_letters() -> None:
    closed = state(("25.02", OPEN), ("31.03", CLOSE))
    assert wake_at(closed) is None
    (item,) = closed.items
    deferred = state(
        ("25.02", OPEN), ("31.03", CLOSE), ("31.03", c.RecordDeferred(item=item, retry_at=moment("01.04")))
    )
    assert wake_at(deferred) == moment("01.04")


def test_what_was_written_is_read_back_as_it_was() -> None:
    closed = after(("25.02", OPEN), ("31.03", CLOSE))
    (item,) = (fold(None, closed) or state()).items
    redirect = c.Redirect(vacant=("department",), rung="after-5", to=("working_group",))
    sent = c.RecordSent(item=item, to=("person:vera",), bundled=("unit:dgo",), redirect=redirect)
    order = Order(number="12-о", date=date(2026, 3, 31))
    decreed = c.AdoptCalendar(calendar="test@2", was="test@1", reason=WHY, order=order)
    to, wait = ("mentoring_centre", "department"), c.RecordDeferred(item=item, retry_at=moment("01.04"))
    anew = c.RepeatNotice(again=item, kind="campaign_closed", to=to, only="person:vera")
    happened = after(
        ("25.02", OPEN), ("31.03", CLOSE), ("31.03", wait), ("31.03", c.RetryItems()), ("01.04", sent), ("01.04", anew),
        ("02.04", LATE.model_copy(update={"order": order})), ("03.04", decreed), ("10.04", CLOSE),
    )  # fmt: skip
    second = [one.event for one in happened if isinstance(one.event, e.NoticeQueued)][-1]
    assert second.to == ("mentoring_centre", "department")
    dropped = c.RecordDropped(item=len(happened), reason="nobody")
    every = (*happened, *after_more(happened, dropped))
    golden.check("campaign", golden.fullest(every), e.CampaignEvent, e.CAMPAIGN_EVENT)


def after_more(happened: tuple[e.Happened, ...], command: c.CampaignCommand) -> tuple[e.Happened, ...]:
    decision = decide(fold(None, happened), command, TIMETABLE, moment("11.04"))
    assert not isinstance(decision, Refusal)
    return decision
