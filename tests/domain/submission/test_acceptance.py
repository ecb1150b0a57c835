"""The way of a form: filled, submitted, returned, accepted, and reopened for a numbered resubmission."""

from __future__ import annotations

from datetime import date

import pytest

from domain.submission import commands as c
from domain.submission import events as e
from tests.domain.submission.given import (
    ACCEPT,
    ACCEPTED,
    CLOSE,
    COMMENTS,
    FILLED,
    OPEN,
    OPENED,
    PASS,
    RETURN,
    SAVE,
    SUBMIT,
    SUBMITTED,
    WHY,
    Dated,
    content,
    document,
    extend,
    given,
    on,
)


def test_opening_rolls_the_deadline_and_writes_to_the_respondent() -> None:
    opened = given().when(OPEN, "25.02").then(e.SubmissionOpened, e.NoticeQueued)
    assert (opened.state.asked, opened.state.due) == (date(2026, 3, 21), date(2026, 3, 23))
    assert opened.notices() == [("opened", None)]
    assert opened.state.revision == 0
    opened.when(OPEN, "26.02").then("submission_exists")


def test_a_deadline_that_has_passed_cannot_be_asked_for() -> None:
    given().when(OPEN, "24.03").then("deadline_in_past", due=date(2026, 3, 21))


def test_each_other_content_is_a_revision_and_the_same_again_is_none() -> None:
    filled = given(OPENED).when(SAVE, "02.03").then(e.FormSaved(revision=1, sha256=content("filled")))
    filled.when(SAVE, "03.03").then()
    filled.when(c.SaveForm(sha256=content("better")), "03.03").then(e.FormSaved(revision=2, sha256=content("better")))


def test_submitting_freezes_the_revision_that_was_looked_at() -> None:
    filled = given(FILLED)
    filled.when(SUBMIT.model_copy(update={"revision": 0}), "05.03").then("revision_stale", revision=0, last=1)
    submitted = filled.when(SUBMIT, "05.03").then(
        e.FormSubmitted(
            number=1, revision=1, sha256=content("filled"), figures={"/appendix1/totals/general": 10}, by="person:anna"
        ),
        e.NoticeQueued(kind="received", to=("coordinator",)),
    )
    submitted.when(c.SaveForm(sha256=content("later")), "11.03").then("form_submitted")
    submitted.when(SUBMIT, "11.03").then("form_submitted")
    submitted.when(extend(date(2026, 4, 6)), "11.03").then("form_submitted")


def test_who_submits_cannot_accept() -> None:
    submitted = given(SUBMITTED)
    submitted.when(ACCEPT.model_copy(update={"by": "person:anna"}), "11.03").then("own_submission")
    accepted = submitted.when(ACCEPT.model_copy(update={"remarks": WHY}), "11.03").then(e.FormAccepted, e.NoticeQueued)
    assert accepted.state.status == "accepted"
    assert accepted.state.accepted == accepted.state.submitted
    assert accepted.state.remarks == WHY


@pytest.mark.parametrize("command", [RETURN, ACCEPT])
def test_only_what_was_submitted_is_judged(command: c.SubmissionCommand) -> None:
    given(FILLED).when(command, "11.03").then("form_not_submitted", state="draft")
    given(ACCEPTED).when(command, "12.03").then("form_not_submitted", state="accepted")


def test_a_returned_form_names_the_fields_and_goes_on() -> None:
    returned = (
        given(SUBMITTED)
        .when(RETURN, "11.03")
        .then(
            e.FormReturned(number=1, revision=1, comments=COMMENTS, by="person:vera"),
            e.NoticeQueued(kind="returned", due=date(2026, 3, 23), to=("coordinator",)),
        )
    )
    assert returned.state.comments == COMMENTS
    again = returned.and_(
        on("12.03", c.SaveForm(sha256=content("mended")), SUBMIT.model_copy(update={"revision": 2})),
        on("13.03", ACCEPT),
    )
    assert again.state.comments == ()
    assert again.state.accepted is not None
    assert (again.state.accepted.number, again.state.accepted.revision) == (2, 2)


def test_an_accepted_form_is_locked_until_the_centre_reopens_it() -> None:
    accepted = given(ACCEPTED)
    for command in (SAVE, SUBMIT, c.ClearDocument(kind="programme"), extend(date(2026, 4, 6))):
        accepted.when(command, "12.03").then("form_accepted")
    reopened = accepted.when(c.ReopenForm(reason=WHY), "12.03").then(e.FormReopened, e.NoticeQueued)
    assert reopened.state.status == "returned"
    assert reopened.state.accepted is not None, "the accepted one counts until another is accepted"
    resubmitted = reopened.and_(
        on("13.03", c.SaveForm(sha256=content("other")), SUBMIT.model_copy(update={"revision": 2})), on("16.03", ACCEPT)
    )
    assert resubmitted.state.accepted is not None
    assert (resubmitted.state.accepted.number, resubmitted.state.accepted.revision) == (2, 2)


def test_what_is_not_accepted_cannot_be_reopened() -> None:
    given(SUBMITTED).when(c.ReopenForm(reason=WHY), "12.03").then("form_not_accepted", state="submitted")


def test_four_files_are_counted_one_by_one() -> None:
    filled = given(FILLED)
    assert filled.state.missing_documents == ("form-docx", "form-pdf", "programme", "roadmap")
    some = filled.and_(on("03.03", document("form-pdf", revision=1), document("programme")))
    assert some.state.missing_documents == ("form-docx", "roadmap")
    changed = some.and_(on("04.03", c.SaveForm(sha256=content("other"))))
    assert changed.state.missing_documents == ("form-docx", "form-pdf", "roadmap"), "it was printed from revision 1"


def test_a_file_is_replaced_and_taken_away() -> None:
    one = given(FILLED, on("03.03", document("programme")))
    one.when(document("programme"), "04.03").then()
    one.when(document("programme", text="better"), "04.03").then(e.DocumentAdded)
    one.when(c.ClearDocument(kind="programme"), "04.03").then(e.DocumentCleared(kind="programme"))
    one.when(c.ClearDocument(kind="roadmap"), "04.03").then("document_unknown", kind="roadmap")
    one.when(document("form-pdf", revision=7), "04.03").then("revision_unknown", revision=7, last=1)


def test_a_signed_scan_may_come_after_the_submission() -> None:
    given(SUBMITTED).when(document("form-pdf", revision=1), "11.03").then(e.DocumentAdded)


def test_closing_tells_only_whose_form_is_missing() -> None:
    given(ACCEPTED).when(CLOSE, "30.03").then(e.SubmissionClosed)
    closed = given(FILLED, on("27.03", PASS)).when(CLOSE, "30.03").then(e.SubmissionClosed, e.NoticeQueued)
    closed.when(SAVE, "31.03").then("submission_closed")
    closed.when(CLOSE, "31.03").then("submission_closed")


def test_a_late_respondent_is_let_in_again() -> None:
    closed = given(FILLED, on("30.03", CLOSE))
    late = c.ReopenSubmission(due=date(2026, 4, 6), reason=WHY)
    given(FILLED).when(late, "31.03").then("submission_open")
    reopened = closed.when(late, "31.03").then(e.SubmissionReopened, e.DeadlineMoved, e.NoticeQueued)
    done = reopened.and_(on("02.04", SUBMIT), on("03.04", ACCEPT))
    assert done.state.status == "accepted"
    assert (done.state.on_time, done.state.on_time_excused) == (False, False), "late is late: nobody gave an extension"


def test_letting_in_an_accepted_respondent_unlocks_its_form() -> None:
    late = c.ReopenSubmission(due=date(2026, 4, 6), reason=WHY)
    reopened = given(ACCEPTED, on("30.03", CLOSE)).and_(on("31.03", late))
    assert reopened.state.status == "returned"
    assert reopened.state.accepted is not None


@pytest.mark.parametrize(("past", "day"), [(SUBMITTED, "11.03"), (ACCEPTED, "12.03")], ids=["submitted", "accepted"])
def test_what_was_handed_in_stays_and_what_is_missing_may_still_come(past: list[Dated], day: str) -> None:
    with_files = [*FILLED, *on("03.03", document("programme"), document("form-pdf", revision=1)), *past[len(FILLED) :]]
    handed = given(with_files)
    refused = f"form_{handed.state.status}"
    handed.when(document("programme"), day).then()
    handed.when(document("programme", text="other"), day).then(refused)
    handed.when(document("form-pdf", revision=1, text="other"), day).then(refused)
    handed.when(c.ClearDocument(kind="programme"), day).then(refused)
    full = handed.and_(on(day, document("form-docx", revision=1), document("roadmap")))
    assert full.state.missing_documents == ()
    full.when(document("roadmap", text="other"), "13.03").then(refused)


def test_a_signature_that_is_missing_may_still_come_and_is_not_exchanged() -> None:
    with_file = given([*FILLED, *on("03.03", document("programme")), *on("10.03", SUBMIT)])
    signed = document("programme").model_copy(update={"signer": WHY})
    after = with_file.when(signed, "11.03").then(e.DocumentAdded)
    after.when(signed.model_copy(update={"signer": "txt-" + "9" * 32}), "11.03").then("form_submitted")


def test_a_paper_of_an_earlier_revision_is_missing_and_may_be_replaced_while_the_form_is_looked_at() -> None:
    printed = on("03.03", document("form-pdf", revision=1))
    changed = on("04.03", c.SaveForm(sha256=content("other")), SUBMIT.model_copy(update={"revision": 2}))
    handed = given([*FILLED, *printed, *changed])
    handed.when(document("form-pdf", revision=2, text="new"), "11.03").then(e.DocumentAdded)


def test_nothing_comes_after_the_round() -> None:
    closed = given([*ACCEPTED, *on("12.03", CLOSE)])
    closed.when(document("programme"), "13.03").then("submission_closed")
