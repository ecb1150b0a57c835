"""From a route of a submission to the recorder and back: who may, which version, the answer with the form in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import Connection, Table, select
from starlette.responses import Response

from activities import journal
from activities.access import may
from activities.form_revisions import read_form
from activities.monitoring_access import submission_scope
from activities.recorder import Also, Recorded
from activities.submission_acts import last_return
from activities.submission_query import last_accepted, read_submission
from activities.submission_view import comments_view
from activities.submissions import PREFIX, SubmissionStreams
from activities.tables import CampaignRow, SubmissionRow
from activities.texts import read_texts
from activities.tokens import Identity
from api.acting import Attempt, hides_people, nudge
from api.answers import answer, etag
from api.context import Context
from api.problems import Refused
from domain.access import Action
from domain.form.definition import FormDefinition
from domain.form.problem import Context as FormContext
from domain.form.problem import Problem
from domain.form.reading import without_words
from domain.form.rules import problems_of
from domain.refusal import Refusal
from domain.submission.commands import SubmissionCommand
from domain.submission.state import is_owed

_CAMPAIGN: Table = CampaignRow.__table__  # type: ignore[attr-defined]
_SUBMISSION: Table = SubmissionRow.__table__  # type: ignore[attr-defined]

BY_ITSELF = frozenset(
    {
        "SubmissionMissed",
        "NoticeQueued",
        "NoticeRedirected",
        "NoticeSent",
        "NoticeDropped",
        "ItemDeferred",
        "RetryAsked",
        "ReminderAsked",
    }
)
"""What happens without anybody's doing: it does not make what a person has read stale."""


def seen_submission(context: Context, connection: Connection, caller: Identity, submission: str) -> Any:
    """The row of a submission that the caller may see. Raises Refused."""
    here = _SUBMISSION.c.id == submission
    scope = submission_scope(caller, context.tree(connection))
    row = connection.execute(select(_SUBMISSION).where(here, scope)).first()
    if row is None:
        raise Refused(Refusal(code="submission_unknown"))
    return row


def actable(context: Context, connection: Connection, caller: Identity, submission: str, action: Action) -> Any:
    """The row of a submission that the caller may see and act on: who fills in at the respondent, who reviews at the
    centre. Raises Refused.
    """
    row = seen_submission(context, connection, caller, submission)
    place = row.respondent if action == "fill_form" else row.centre
    if not may(caller, action, place, context.tree(connection)):
        raise Refused(Refusal(code="forbidden"))
    return row


def act_on(
    context: Context,
    caller: Identity,
    attempt: Attempt,
    row: Any,
    command: SubmissionCommand,
    texts: Mapping[str, str] | None = None,
    also: Also | None = None,
    status: int = 200,
) -> Response:
    """Record a command on a submission and answer with it. Rights have been checked before."""
    result = context.core.recorder.record(
        f"{PREFIX}{row.id}",
        command,
        by=caller.actor,
        key=attempt.key,
        fingerprint=attempt.fingerprint,
        expected=_expected(context, row.id, attempt.expected),
        status=status,
        texts=texts or {},
        also=also,
    )
    if isinstance(result, Refusal):
        raise Refused(result)
    nudge(context, result)
    with context.core.database.reading() as connection:
        body = full(context, connection, caller, shown(context, connection, result))
    replayed = {"Idempotent-Replayed": "true"} if result.replayed else {}
    return answer(body, result.status, {**etag(result.version), **replayed})


def shown(context: Context, connection: Connection, result: Recorded) -> dict[str, Any]:
    """What a stream looks like after a command, also after one that changed nothing."""
    body = result.body
    if not body:
        kind = context.core.kinds.of(result.stream)
        body = kind.shown(result.state, read_texts(connection, result.stream)).body
    view: dict[str, Any] = orjson.loads(body)
    return view


def full(context: Context, connection: Connection, caller: Identity, view: dict[str, Any]) -> dict[str, Any]:
    """A submission with its form and with what is wrong in it; what people wrote only for whom it is meant."""
    definition = context.core.library.forms.frozen(view["form_version"])
    form = read_form(connection, view["id"], view["revision"]) or {}
    owed = is_owed(view["state"], view["closed"])  # nobody could put right what is wrong in any other
    found = found_problems(connection, definition, view["campaign"], view["respondent"], form) if owed else []
    view = {**view, "returned": _returned(connection, view)}
    if hides_people(caller):
        form, view = without_words(form), _without_words(view)
    return {**view, "form": form, "problems": [{"pointer": one.pointer, "detail": one.detail} for one in found]}


def _without_words(view: dict[str, Any]) -> dict[str, Any]:
    """That there are comments, remarks and signatures, without what people wrote and who signed."""
    accepted, returned = view["accepted"], view["returned"]
    return {
        **view,
        "comments": _unsaid(view["comments"]),
        "returned": returned and {**returned, "comments": _unsaid(returned["comments"])},
        "accepted": accepted and {**accepted, "remarks": None},
        "documents": [{**one, "signer": None} for one in view["documents"]],
    }


def _unsaid(comments: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**one, "comment": None} for one in comments]


def _returned(connection: Connection, view: Mapping[str, Any]) -> dict[str, Any] | None:
    """The last return as of the version that is shown: a repeated command is answered as it was the first time."""
    found = last_return(connection, view["id"], view["version"])
    if found is None:
        return None
    act, texts = found.event, read_texts(connection, PREFIX + view["id"])
    same = {"number": act.number, "revision": act.revision, "at": found.at, "by": act.by}
    return {**same, "comments": comments_view(act.comments, texts)}


def form_of(context: Context, connection: Connection, submission: str) -> FormDefinition:
    """The form as it was frozen when the submission was opened."""
    kind = context.core.kinds.of(PREFIX)
    assert isinstance(kind, SubmissionStreams)
    state = read_submission(connection, kind, submission, context.core.clock())
    assert state is not None, "a row of the read model has a snapshot"
    return context.core.library.forms.frozen(state.form)


def found_problems(
    connection: Connection, definition: FormDefinition, campaign: str, respondent: str, form: Mapping[str, Any]
) -> list[Problem]:
    """What keeps a form from being submitted, last year's accepted report beside it."""
    years = select(_CAMPAIGN.c.earlier, _CAMPAIGN.c.later).where(_CAMPAIGN.c.id == campaign)
    earlier, later = connection.execute(years).one()
    last = last_accepted(connection, definition.key, respondent, earlier).values
    return problems_of(definition, form, FormContext((earlier, later), last))


def _expected(context: Context, submission: str, asked: int | None) -> int | None:
    """The version to insist on: a reminder that went out since it was read makes nothing stale."""
    if asked is None or asked < 1:
        return asked
    with context.core.database.reading() as connection:
        since = list(journal.read(connection, f"{PREFIX}{submission}", asked))
    return asked + len(since) if all(entry.type in BY_ITSELF for entry in since) else asked
