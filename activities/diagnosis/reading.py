"""One stream as the database knows it: what is recorded, and what people owe it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, select

from activities.addresses import without_addresses
from activities.deliveries import INCIDENTS
from activities.delivery_incidents import open_incidents
from activities.diagnosis import campaign, programme, submission
from activities.diagnosis.human import Human
from activities.diagnosis.journal import Stream, read_stream
from activities.diagnosis.letters import of_delivery, of_empty_role, of_vacancy, unlost
from activities.directory import load_tree
from activities.empty_roles import empty_roles
from activities.programmes import PREFIX as PROGRAMMES
from activities.recipients import RecipientBook
from activities.submissions import SubmissionStreams
from activities.tables import DeliveryRow, ProgrammeRow
from activities.vacancies import open_vacancies
from activities.wiring import Core
from domain.campaign.state import Campaign
from domain.diagnosis.facts import Kept
from domain.diagnosis.finding import Finding
from domain.programme.state import Programme
from domain.submission.state import Submission
from domain.units import UnitTree

_DELIVERY: Table = DeliveryRow.__table__  # type: ignore[attr-defined]
_PROGRAMME: Table = ProgrammeRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Known:
    """A stream as the database knows it; `lost`: letters that did not arrive and that nobody has settled."""

    kept: Kept
    human: Human
    findings: tuple[Finding, ...]
    lost: list[dict[str, Any]]


def read_known(
    connection: Connection, core: Core, stream: str, hidden: bool, tree: UnitTree | None = None
) -> Known | None:
    """Everything about a stream but what Temporal knows; `hidden`: without personal data; `tree`: if it is at hand."""
    found, now = read_stream(connection, core.kinds, stream), core.clock()
    if found is None:
        return None
    human = human_side(connection, core, found, now)
    lost = lost_letters(connection, stream)
    if not lost and not human.vacant:
        return Known(found.kept, human, human.findings, lost)
    tree = tree or load_tree(connection)
    letters = _of_letters(connection, core, stream, hidden, tree)
    return Known(found.kept, human, (*human.findings, *letters), lost)


def _of_letters(connection: Connection, core: Core, stream: str, hidden: bool, tree: UnitTree) -> list[Finding]:
    """Only what is still so: an address may have been corrected since, or a role filled."""
    here, now = _DELIVERY.c.stream == stream, core.clock()
    lost = [of_delivery(one, tree, hidden) for one in open_incidents(connection, here)]
    vacant = open_vacancies(connection, core.streams, tree, now, here)
    empty = empty_roles(connection, tree, now, _PROGRAMME.c.id == stream.removeprefix(PROGRAMMES))
    return [
        *lost,
        *(of_vacancy(one, tree) for one in vacant),
        *(of_empty_role(one, tree) for one in unlost(empty, vacant)),
    ]


def human_side(connection: Connection, core: Core, stream: Stream, now: datetime) -> Human:
    """What a stream of any kind waits for from people. Raises TypeError for a kind that is not known here."""
    state, kind = stream.state, core.kinds.of(stream.kept.stream)
    match state:
        case Programme():
            return programme.human_side(state, core.streams.plan(state), now, RecipientBook.load(connection, state))
        case Submission():
            book = RecipientBook.around(connection, state.respondent)
            return submission.human_side(state, kind.plan(state), now, book)
        case Campaign():
            name, submissions = stream.kept.stream.removeprefix(kind.prefix), core.kinds.of("submission/")
            assert isinstance(submissions, SubmissionStreams)
            return campaign.human_side(connection, name, state, submissions, now)
        case _:
            raise TypeError(stream.kept.stream)


def lost_letters(connection: Connection, stream: str) -> list[dict[str, Any]]:
    """`[{notice, status, to, at, error}]`: letters of a stream that did not arrive and that nobody has settled."""
    query = select(_DELIVERY).where(
        _DELIVERY.c.stream == stream, _DELIVERY.c.status.in_((*INCIDENTS, "vacant")), _DELIVERY.c.closed_at.is_(None)
    )
    return [
        {
            "notice": row["number"],
            "status": row["status"],
            "to": row["recipient"],
            "at": row["bounced_at"] or row["at"],
            "error": without_addresses(row["error"]),
        }
        for row in connection.execute(query.order_by(_DELIVERY.c.at)).mappings()
    ]
