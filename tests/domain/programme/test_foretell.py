"""What is foretold of a year with acts is what it records, notice for notice."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import assume, settings
from hypothesis import given as suppose
from hypothesis import strategies as st

from domain.programme import events as e
from domain.programme.evolve import fold
from domain.programme.foretell import Deed, foretell
from domain.programme.passing import pass_time
from domain.refusal import Refusal
from tests.domain.programme.given import given, moment, on
from tests.domain.programme.plans import SCHOOL
from tests.domain.programme.walks import Walk, plan_of, strides, walks
from tests.domain.programme.words import STARTED, complete, move, skip

THE_END = datetime(2040, 1, 1, tzinfo=UTC)
NOTICES = ("reminder", "missed", "escalation")
ROADMAPS = st.sampled_from(["school", "college"])


@settings(max_examples=60)
@suppose(ROADMAPS.flatmap(lambda roadmap: st.tuples(st.just(roadmap), walks(roadmap))))
def test_any_walk_brings_what_was_foretold(drawn: tuple[str, Walk]) -> None:
    roadmap, walk = drawn
    plan = plan_of(roadmap)
    accepted = [one for one in strides(plan, walk) if not isinstance(one.decision, Refusal)]
    assume(accepted)
    first, *rest = accepted
    assert first.after is not None
    last = accepted[-1].after
    assert last is not None
    happened = [event for one in rest for event in one.decision]
    happened += pass_time(last, plan, THE_END)
    queued = [
        (one.at, one.event.kind, one.event.steps[0], one.event.rung, one.event.to)
        for one in happened
        if isinstance(one, e.Happened) and isinstance(one.event, e.NoticeQueued) and one.event.kind in NOTICES
    ]
    deeds = [Deed(one.at, lambda _, one=one: one.command, "") for one in rest]  # type: ignore[misc]
    stretches = foretell(first.after, plan, deeds)
    assert not isinstance(stretches, Refusal)
    foretold = [
        (item.at, item.kind, (item.step, item.occurrence), item.rung, item.to)
        for stretch in stretches
        for item in stretch.items
        if item.kind in NOTICES
    ]
    assert foretold == queued


def deed(at: str, command: object, place: str = "") -> Deed:
    return Deed(moment(at), lambda _: command, place)  # type: ignore[arg-type, return-value]


def test_the_letters_of_the_morning_come_before_what_is_done_at_that_instant() -> None:
    state = given(STARTED).state
    stretches = foretell(state, SCHOOL, [deed("10.09 09:00", skip(1))])
    assert not isinstance(stretches, Refusal)
    before, after = [[(i.at, i.rung) for i in one.items if i.step == 1 and i.rung] for one in stretches]
    assert (moment("10.09 09:00"), "before-0") in before
    assert after == []


def test_a_deed_that_is_refused_is_named_by_its_place() -> None:
    deeds = [deed("01.09", complete(1), "/acts/4"), deed("02.09", skip(1), "/acts/1")]
    refused = foretell(given(STARTED).state, SCHOOL, deeds)
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.pointer) == ("step_done", "/acts/1")


def test_a_deed_knows_where_the_programme_stands_then() -> None:
    seen = []

    def command(state: object) -> object:
        seen.append(state)
        return move(2, "01.10")

    past = on("01.09", skip(1))
    foretell(given(STARTED).state, SCHOOL, [deed("01.09", skip(1)), Deed(moment("02.09"), command, "")])  # type: ignore[arg-type]
    (state,) = seen
    assert state == fold(None, given(STARTED, past).happened)
