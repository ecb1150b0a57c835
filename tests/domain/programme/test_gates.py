"""Gates: who has not consented does not enter, and nothing is compared that was not measured."""

from __future__ import annotations

from typing import Any

import pytest

from domain.programme import events as e
from tests.domain.programme.given import Dated, Given, given, on
from tests.domain.programme.plans import COLLEGE
from tests.domain.programme.words import COLLEGE_STARTED, STARTED, WHY, complete, skip

AT = "21.08"


def consent(step: int, obtained: int, needed: int) -> list[Dated]:
    return on(AT, complete(step, part="consent", evidence={"needed": needed, "obtained": obtained}))


def entering(step: int, count: int) -> Any:
    figures = {"pairs": count} if step == 18 else {"document": WHY, "count": count}
    return complete(step, evidence=figures)


def ready_to_match(*more: list[Dated]) -> Given:
    return given(STARTED, *more, on(AT, *(complete(number) for number in (9, 12, 15, 16, 17))))


def test_7_waits_for_the_consents_of_5_and_6() -> None:
    given(STARTED).when(entering(7, 1), at=AT).then("gate_consent_open", missing=[5, 6])
    given(STARTED, consent(5, 38, 40)).when(entering(7, 1), at=AT).then("gate_consent_open", missing=[6])


def test_7_takes_no_more_people_than_consented() -> None:
    story = given(STARTED, consent(5, 38, 40), consent(6, 10, 10))
    story.when(entering(7, 39), at=AT).then("gate_consent_exceeded", entering=39, allowed=38, short=1)
    story.when(entering(7, 38), at=AT).then(e.StepCompleted)
    both = given(STARTED, consent(5, 38, 40), consent(6, 7, 10))
    both.when(entering(7, 8), at=AT).then("gate_consent_exceeded", allowed=7)


def test_complete_consents_of_5_and_6_add_up() -> None:
    story = given(STARTED, consent(5, 40, 40), consent(6, 10, 10))
    story.when(entering(7, 51), at=AT).then("gate_consent_exceeded", allowed=50, short=1)
    story.when(entering(7, 50), at=AT).then(e.StepCompleted)


def test_7_without_a_count_needs_every_consent() -> None:
    uncounted = complete(7, evidence={"document": WHY})
    short = given(STARTED, consent(5, 38, 40), consent(6, 9, 10))
    short.when(uncounted, at=AT).then("gate_consent_short", short=3)
    given(STARTED, consent(5, 40, 40), consent(6, 10, 10)).when(uncounted, at=AT).then(e.StepCompleted)


def test_a_skipped_step_gives_no_consent() -> None:
    none = given(STARTED, on(AT, skip(5), skip(6)))
    none.when(entering(7, 1), at=AT).then("gate_consent_skipped")
    one = given(STARTED, on(AT, skip(5)), consent(6, 10, 10))
    one.when(entering(7, 11), at=AT).then("gate_consent_exceeded", allowed=10)
    one.when(entering(7, 10), at=AT).then(e.StepCompleted)


def test_a_consent_that_was_recorded_before_the_skip_still_counts() -> None:
    story = given(STARTED, consent(5, 38, 40), on(AT, skip(5), skip(6)))
    story.when(entering(7, 38), at=AT).then(e.StepCompleted)


def test_11_takes_no_more_mentors_than_consented() -> None:
    given(STARTED).when(entering(11, 1), at=AT).then("gate_consent_open", missing=[10])
    story = given(STARTED, consent(10, 12, 14))
    story.when(entering(11, 13), at=AT).then("gate_consent_exceeded", allowed=12, short=1)
    story.when(entering(11, 12), at=AT).then(e.StepCompleted)


def test_18_waits_for_9_12_15_and_17() -> None:
    story = given(STARTED, consent(5, 40, 40), consent(6, 10, 10))
    story.when(entering(18, 1), at=AT).then("gate_steps", missing=[9, 12, 15, 17])
    almost = story.and_(on(AT, complete(9), skip(12), complete(15)))
    almost.when(entering(18, 1), at=AT).then("gate_steps", missing=[17])


def test_18_matches_no_more_pairs_than_consented() -> None:
    story = ready_to_match(consent(5, 12, 14), consent(6, 10, 10))
    story.when(entering(18, 13), at=AT).then("gate_consent_exceeded", entering=13, allowed=12, short=1)
    story.when(entering(18, 12), at=AT).then(e.StepCompleted)
    ready_to_match().when(entering(18, 1), at=AT).then("gate_consent_open", missing=[5, 6])


def test_18_needs_the_number_of_pairs() -> None:
    story = ready_to_match(consent(5, 12, 12), consent(6, 10, 10))
    story.when(complete(18, evidence={}), at=AT).then("evidence_required", field="pairs")


def test_20_waits_for_the_order_of_19() -> None:
    given(STARTED).when(complete(20), at=AT).then("gate_steps", missing=[19])
    given(STARTED, on(AT, complete(19))).when(complete(20), at=AT).then_among(e.StepCompleted)


def test_31_waits_for_both_baselines() -> None:
    given(STARTED).when(complete(31), at=AT).then("gate_steps", missing=[9, 12])
    given(STARTED, on(AT, complete(9))).when(complete(31), at=AT).then("gate_steps", missing=[12])


@pytest.mark.parametrize(("measured", "short"), [(42, 0), (43, 1), (50, 8)])
def test_31_measures_nobody_without_a_baseline(measured: int, short: int) -> None:
    story = given(STARTED, on(AT, complete(9), complete(12)))
    outcome = story.when(complete(31, evidence={"measured": measured, "of": 50}), at=AT)
    if short:
        outcome.then("gate_baseline_exceeded", measured=measured, baseline=42, short=short)
    else:
        outcome.then(e.StepCompleted)


def test_31_with_one_baseline_skipped_counts_the_other() -> None:
    story = given(STARTED, on(AT, complete(9), skip(12)))
    story.when(complete(31, evidence={"measured": 31, "of": 42}), at=AT).then("gate_baseline_exceeded", baseline=30)
    none = given(STARTED, on(AT, skip(9), skip(12)))
    none.when(complete(31), at=AT).then("gate_baseline_skipped")


def test_33_publishes_only_with_consent() -> None:
    waiting = given(STARTED, consent(5, 40, 40), consent(6, 10, 10))
    waiting.when(complete(33), at=AT).then("gate_consent_open", missing=[10])
    story = waiting.and_(consent(10, 12, 12))
    short = complete(33, evidence={"link": WHY, "needed": 5, "obtained": 3})
    story.when(short, at=AT).then("gate_consent_short", short=2)
    story.when(complete(33), at=AT).then(e.StepCompleted)
    story.when(complete(33, evidence={"link": WHY}), at=AT).then(e.StepCompleted)


def test_33_without_figures_of_its_own_looks_at_all_consents() -> None:
    story = given(STARTED, consent(5, 38, 40), consent(6, 10, 10), consent(10, 12, 12))
    story.when(complete(33, evidence={"link": WHY}), at=AT).then("gate_consent_short", short=2)


def test_the_college_holds_its_lists_and_its_publication_by_step_4() -> None:
    nothing = given(COLLEGE_STARTED, plan=COLLEGE)
    nothing.when(entering(5, 1), at=AT).then("gate_consent_open", missing=[4])
    nothing.when(complete(10, evidence={"link": WHY}), at=AT).then("gate_consent_open", missing=[4])
    story = nothing.and_(consent(4, 20, 25))
    story.when(entering(5, 21), at=AT).then("gate_consent_exceeded", allowed=20)
    story.when(entering(5, 20), at=AT).then(e.StepCompleted)
