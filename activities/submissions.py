"""Submissions as a kind of stream: how they are decided and shown in the read model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from activities.beat import Beat, Facts
from activities.monitoring_standing import submission_beat, submission_facts
from activities.row_streams import RowStreams
from activities.submission_view import submission_body
from activities.tables import SubmissionRow
from domain.refusal import Refusal
from domain.submission.agenda import wake_at
from domain.submission.check_code import blank_code
from domain.submission.commands import OpenSubmission, PassTime, SubmissionCommand
from domain.submission.decide import after_time, decide
from domain.submission.events import SUBMISSION_EVENT, Happened
from domain.submission.evolve import fold
from domain.submission.state import Submission

PREFIX = "submission/"


class SubmissionStreams(RowStreams[Submission, Happened]):
    """The rules of `domain.submission`. What was filled in stands beside the journal, see `form_revisions`."""

    prefix = PREFIX
    title = "строка отчёта"
    table = SubmissionRow.__table__  # type: ignore[attr-defined]
    state, happened, events = Submission, Happened, SUBMISSION_EVENT
    time = PassTime()

    def begins(self, command: SubmissionCommand) -> bool:
        """Whether a command is the first of a submission."""
        return isinstance(command, OpenSubmission)

    def decide(
        self, state: Submission | None, command: SubmissionCommand, at: datetime, wake_at: datetime | None
    ) -> tuple[Happened, ...] | Refusal:
        """What happens at `at`: first what time has brought, if the planner's moment `wake_at` has come."""
        if isinstance(command, OpenSubmission):
            return decide(state, command, self.library.timetable(command.plan), at)
        if state is None:
            return Refusal(code="submission_unknown")
        due = wake_at is not None and wake_at <= at
        return (after_time if due else decide)(state, command, self.plan(state), at, self.adopted(state, command))

    def fold(self, state: Submission | None, happened: Sequence[Happened]) -> Submission:
        """The state after the events."""
        folded = fold(state, happened)
        assert folded is not None, "a stream begins with SubmissionOpened"
        return folded

    def wake_at(self, state: Submission) -> datetime | None:
        """When its workflow has to look next."""
        return wake_at(state, self.plan(state))

    def open(self, state: Submission) -> bool:
        """Whether a workflow has to run for it: its form is not accepted yet, or something is still queued."""
        return not (state.closed or state.status == "accepted") or bool(state.items)

    def body(self, state: Submission, texts: Mapping[str, str]) -> bytes:
        """The JSON that the API shows, but for the form."""
        return submission_body(state, texts)

    def row(self, state: Submission) -> dict[str, Any]:
        """The row of the read model, without its id."""
        same = ("campaign", "respondent", "centre", "closed", "revision", "sha256", "due", "first_due", "moved_at")
        return {
            **{name: getattr(state, name) for name in (*same, "overdue", "on_time", "on_time_excused", "version")},
            "blank_code": blank_code(state.id),
            "state": state.status,
            "number": state.submitted.number if state.submitted else 0,
            "accepted_revision": state.accepted.revision if state.accepted else None,
            "submitted_at": state.submitted.at if state.submitted else None,
            "artefacts": len(state.wanted) - len(state.missing_documents),
            "artefacts_of": len(state.wanted),
        }

    def facts(self, stream: str, state: Submission) -> Facts:  # noqa: ARG002
        """What its workflow is found by."""
        return submission_facts(state)

    def beat(self, stream: str, state: Submission, now: datetime) -> Beat:
        """Where a submission stands at `now`."""
        return submission_beat(stream, state, self.plan(state), now, self.open(state))
