"""Forms of mentoring, planned results, and questionnaires on their way out and back."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from domain.evidence import Evidence
from domain.programme import commands as c
from domain.programme import events as e
from tests.domain.programme.given import Given, given, moment, on
from tests.domain.programme.plans import COLLEGE
from tests.domain.programme.words import COLLEGE_STARTED, PASS, STARTED, WHY, complete, reopen, skip, start

AT = "21.08"
PAIR: c.ChooseForms = c.ChooseForms(forms=("pupil-pupil", "teacher-pupil"))


def test_forms_are_a_plan_until_step_8_fixes_them() -> None:
    story = given(on("20.08", start(forms=("pupil-pupil",))))
    assert (story.state.forms, story.state.forms_fixed) == (("pupil-pupil",), False)
    chosen = story.when(PAIR, at=AT).then(e.FormsChosen(forms=PAIR.forms))
    fixed = chosen.when(complete(8), at=AT).then(e.StepCompleted, e.FormsFixed(forms=PAIR.forms))
    assert (fixed.state.forms, fixed.state.forms_fixed) == (PAIR.forms, True)
    fixed.when(PAIR, at=AT).then("forms_fixed", step=8)


def test_completing_8_may_name_the_forms() -> None:
    named = complete(8, forms=("student-pupil",))
    given(STARTED).when(named, at=AT).then(e.StepCompleted, e.FormsFixed(forms=("student-pupil",)))
    given(STARTED).when(complete(7, forms=("student-pupil",)), at=AT).then("forms_foreign", step=7)


def test_the_college_fixes_its_forms_at_6() -> None:
    story = given(COLLEGE_STARTED, plan=COLLEGE)
    fixed = story.when(complete(6, evidence={}, forms=("student-student",)), at=AT).then_among(e.FormsFixed)
    fixed.when(PAIR, at=AT).then("forms_fixed", step=6)


def test_reopening_8_unfixes_the_forms_and_keeps_them_as_a_plan() -> None:
    story = given(STARTED, on(AT, PAIR, complete(8)))
    again = story.when(reopen(8), at=AT).then(e.StepReopened(step=8, reason=WHY, unfixes_forms=True))
    assert (again.state.forms, again.state.forms_fixed) == (PAIR.forms, False)
    again.when(c.ChooseForms(forms=()), at=AT).then(e.FormsChosen(forms=()))


def test_skipping_8_leaves_the_forms_open() -> None:
    assert not given(STARTED, on(AT, skip(8))).state.forms_fixed


def test_a_planned_result_may_be_changed() -> None:
    def planned(pairs: int) -> c.PlanResult:
        figures = c.PlannedResult(mentors=5, mentees=10, pairs=pairs)
        return c.PlanResult(form="pupil-pupil", planned=figures)

    story = given(STARTED, on(AT, planned(9)))
    again = story.when(planned(10), at=AT).then(e.ResultPlanned)
    assert again.state.results["pupil-pupil"].pairs == 10


def issued(*more: c.ProgrammeCommand) -> Given:
    return given(STARTED, on(AT, c.IssueForms(step=5, count=60), *more))


def collection(story: Given) -> int:
    (number,) = [n for n, item in story.state.items.items() if item.kind == "collection"]
    return number


def test_questionnaires_that_go_out_are_counted() -> None:
    story = issued().when(c.IssueForms(step=5, count=5), at=AT).then(e.FormsIssued(step=5, occurrence=1, count=5))
    assert story.state.steps[5].issued == {1: 65}


def test_however_many_come_back_one_collection_is_queued() -> None:
    back = c.NoteReturn(step=5)
    first = issued().when(back, at=AT).then(e.CollectionQueued(step=5, occurrence=1))
    second = first.when(back, at="21.08 12:01").then_nothing()
    item = collection(second)
    gathered = second.when(c.RecordForms(item=item, sent=60, returned=2), at="21.08 12:02").then(
        e.FormsCollected(item=item, step=5, occurrence=1, sent=60, returned=2)
    )
    assert gathered.state.steps[5].returned == {1: 2}
    gathered.when(back, at="21.08 12:03").then(e.CollectionQueued)


def test_each_time_of_a_repeated_step_has_questionnaires_of_its_own() -> None:
    story = given(STARTED, on(AT, c.IssueForms(step=24, occurrence=2, count=9), c.NoteReturn(step=24)))
    assert story.state.steps[24].issued == {2: 9}
    story.when(c.NoteReturn(step=24, occurrence=2), at=AT).then(e.CollectionQueued(step=24, occurrence=2))


def test_what_was_gathered_stands_in_for_figures_that_are_not_given() -> None:
    story = issued(c.NoteReturn(step=5))
    story = story.and_(on(AT, c.RecordForms(item=collection(story), sent=60, returned=41)))
    done = story.when(complete(5, part="form", evidence={}), at=AT).then(e.PartCompleted)
    assert done.state.steps[5].parts["form"] == Evidence(sent=60, returned=41)
    own = story.when(complete(5, part="form", evidence={"sent": 70, "returned": 50}), at=AT).then(e.PartCompleted)
    assert own.state.steps[5].parts["form"] == Evidence(sent=70, returned=50)


def test_only_open_steps_of_kind_form_have_questionnaires() -> None:
    story = given(STARTED, on(AT, skip(6), complete(10), complete(5, part="form", evidence={})))
    story.when(c.IssueForms(step=1, count=1), at=AT).then("step_without_forms")
    story.when(c.NoteReturn(step=1), at=AT).then("step_without_forms")
    story.when(c.IssueForms(step=24, occurrence=3, count=1), at=AT).then("occurrence_unknown", last=2)
    story.when(c.NoteReturn(step=24, occurrence=3), at=AT).then("occurrence_unknown", last=2)
    story.when(c.IssueForms(step=10, count=1), at=AT).then("step_done")
    story.when(c.IssueForms(step=6, count=1), at=AT).then("step_skipped")
    story.when(c.IssueForms(step=5, count=1), at=AT).then("part_done", part="form")
    story.when(c.NoteReturn(step=10), at=AT).then(e.CollectionQueued), "a late answer is gathered all the same"


def test_more_cannot_come_back_than_went_out() -> None:
    with pytest.raises(ValidationError):
        c.RecordForms(item=1, sent=1, returned=2)


def test_items_are_carried_out_once_by_what_fits_them() -> None:
    story = issued(c.NoteReturn(step=5))
    letter, forms = 2, collection(story)
    story.when(c.RecordSent(item=forms, to=()), at=AT).then("item_unknown", item=forms)
    story.when(c.RecordForms(item=letter, sent=1, returned=1), at=AT).then("item_unknown", item=letter)
    later = story.when(c.RecordDeferred(item=letter, retry_at=moment("22.08")), at=AT).then(e.ItemDeferred)
    assert (later.state.items[letter].retry_at, later.state.items[letter].deferred) == (moment("22.08"), 1)
    later.when(c.RecordDropped(item=letter, reason="nobody"), at=AT).then(e.NoticeDropped)
    sent = later.when(c.RecordSent(item=letter, to=("anna",)), at=AT).then(e.NoticeSent(item=letter, to=("anna",)))
    sent.when(c.RecordSent(item=letter, to=("anna",)), at=AT).then("item_unknown")
    assert set(sent.and_(on("24.08", PASS)).state.items) == {forms}
