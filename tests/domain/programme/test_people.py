"""Handing a step over, and appointing the curator or navigator by an order."""

from __future__ import annotations

from domain.programme import commands as c
from domain.programme import events as e
from tests.domain.programme.given import given, on
from tests.domain.programme.plans import day
from tests.domain.programme.words import ORDER, STARTED, complete, start


def test_whoever_gets_a_step_is_told_of_it() -> None:
    story = (
        given(STARTED)
        .when(c.AssignStep(step=3, person="anna"), at="21.08")
        .then(
            e.StepAssigned(step=3, person="anna"),
            e.NoticeQueued(kind="handed", steps=((3, 1),), due=day("30.09"), to=("person:anna",)),
        )
    )
    assert story.state.steps[3].responsible == "anna"
    story.when(c.AssignStep(step=3, person="anna"), at="22.08").then("person_unchanged", step=3)
    story.when(c.AssignStep(step=3, person="boris"), at="22.08").then(e.StepAssigned, e.NoticeQueued)


def test_of_a_repeated_step_the_next_time_is_handed_over() -> None:
    story = given(STARTED, on("21.08", complete(24))).when(c.AssignStep(step=24, person="anna"), at="22.08")
    told = story.then_among(e.NoticeQueued).events(e.NoticeQueued)[-1]
    assert (told.steps, told.due) == (((24, 2),), day("16.03"))


def test_a_step_that_is_done_stays_with_whom_it_was() -> None:
    story = given(STARTED, on("21.08", complete(1)))
    story.when(c.AssignStep(step=1, person="anna"), at="22.08").then("step_done")
    started = given(on("20.08", start(responsible={1: "anna"})))
    started.when(c.AssignStep(step=1, person="anna"), at="21.08").then("person_unchanged")


def test_a_curator_is_appointed_by_an_order_and_told() -> None:
    appoint = c.AppointPerson(role="curator", person="anna", order=ORDER)
    story = (
        given(STARTED)
        .when(appoint, at="21.08")
        .then(
            e.PersonAppointed(role="curator", person="anna", order=ORDER),
            e.NoticeQueued(kind="appointed", to=("person:anna",)),
        )
    )
    assert story.state.appointed == {"curator": "anna"}
    story.when(appoint, at="22.08").then("person_unchanged", role="curator")
    both = story.and_(on("22.08", c.AppointPerson(role="navigator", person="anna", order=ORDER)))
    assert both.state.appointed == {"curator": "anna", "navigator": "anna"}


def test_the_journal_shows_for_whom_somebody_got_a_letter_and_why_it_went_elsewhere() -> None:
    story = given(STARTED)
    (item,) = story.state.items
    redirect = c.Redirect(vacant=("curator", "head"), rung="after-3", to=("municipal_authority",))
    away: dict[str, tuple[str, ...]] = {"person:boris": ("person:anna",)}
    story.when(c.RecordSent(item=item, to=("person:boris",), instead_of=away, redirect=redirect), at="21.08").then(
        e.NoticeRedirected(item=item, vacant=("curator", "head"), rung="after-3", to=("municipal_authority",)),
        e.NoticeSent(item=item, to=("person:boris",), instead_of=away),
    )
