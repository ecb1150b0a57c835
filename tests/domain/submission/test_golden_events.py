"""Every event type of a submission is read back as it was written."""

from __future__ import annotations

from datetime import date

from domain.orders import Order
from domain.submission import commands as c
from domain.submission import events as e
from tests.domain import golden
from tests.domain.programme.given import moment
from tests.domain.submission.given import (
    ACCEPT,
    ACCEPTED,
    CLOSE,
    FILLED,
    PASS,
    RETURN,
    SUBMIT,
    WHY,
    Given,
    document,
    extend,
    given,
    on,
)

ORDER = Order(number="12-о", date=date(2026, 3, 24))


def _story() -> Given:
    """A submission to which everything happens."""
    late = given(FILLED, on("24.03", PASS))
    first, second, third, *_ = late.state.items
    sent = c.RecordSent(
        item=first, to=("person:anna",), bundled=("unit:dgo",), instead_of={"person:anna": ("boris",)},
        redirect=c.Redirect(vacant=("coordinator",), rung="missed", to=("authority_head",)),
    )  # fmt: skip
    return late.and_(
        on("24.03", sent, c.RecordDropped(item=second, reason="untrue")),
        on("24.03", c.RecordDeferred(item=third, retry_at=moment("25.03")), c.RetryItems(), c.RemindRespondent()),
        on("25.03", extend(date(2026, 4, 6), order=ORDER)),
        on("26.03", document("form-pdf", revision=1).model_copy(update={"signer": WHY})),
        on("26.03", document("roadmap"), c.ClearDocument(kind="roadmap"), SUBMIT),
        on("26.03", c.AdoptCalendar(calendar="test@2", was="test@1", reason=WHY, order=ORDER)),
        on("27.03", RETURN, SUBMIT, ACCEPT.model_copy(update={"remarks": WHY})),
        on("30.03", c.ReopenForm(reason=WHY), CLOSE),
        on("31.03", c.ReopenSubmission(due=date(2026, 4, 20), reason=WHY, order=ORDER)),
    )


def test_what_was_written_is_read_back_as_it_was() -> None:
    happened = (*_story().happened, *given(ACCEPTED).happened)
    golden.check("submission", golden.fullest(happened), e.SubmissionEvent, e.SUBMISSION_EVENT)
