"""What a cure is aimed at: an incident by its id, a stream, or a single letter; and all that one of them stands for."""

from __future__ import annotations

from sqlalchemy import Connection, Table, select

from activities.cures.letters import of_target
from activities.cures.planned import Bench, Target
from activities.deliveries import ROLE
from activities.streams import Streams
from activities.submissions import PREFIX as SUBMISSIONS
from activities.tables import DeliveryRow, QueueRow, SnapshotRow, SubmissionRow

_DELIVERY: Table = DeliveryRow.__table__  # type: ignore[attr-defined]
_SUBMISSION: Table = SubmissionRow.__table__  # type: ignore[attr-defined]
_QUEUE: Table = QueueRow.__table__  # type: ignore[attr-defined]
_SNAPSHOT: Table = SnapshotRow.__table__  # type: ignore[attr-defined]


def target_of(connection: Connection, kinds: Streams, name: str) -> Target | None:
    """The target of that name: `delivery:…`, `vacancy:…`, `letter:…`, `machine:…`, `{cause}:{stream}` or a stream."""
    head, _, rest = name.partition(":")
    match head:
        case "delivery":
            return Target(name, "delivery", recipient=rest)
        case "vacancy":
            unit, _, addressee = rest.partition(":")
            return Target(name, "vacant", unit=unit, addressee=addressee.removeprefix(ROLE))
        case "letter":
            row = connection.execute(select(_DELIVERY).where(_DELIVERY.c.message_id == rest)).first()
            return Target(name, None, row.stream, row.recipient, letter=rest) if row else None
        case "machine":
            return Target(name, rest.partition(":")[0])
        case _:
            return _of_stream(connection, kinds, name, head if rest else None, rest or head)


def _of_stream(connection: Connection, kinds: Streams, name: str, cause: str | None, stream: str) -> Target | None:
    known = any(stream.startswith(kind.prefix) for kind in kinds)
    if known and connection.scalar(select(_SNAPSHOT.c.stream).where(_SNAPSHOT.c.stream == stream)):
        return Target(name, cause, stream)
    return None


OF_FORMS = ("remind", "extension")
"""Of a campaign, what is done to the forms that are late."""


def _late_forms(connection: Connection, campaign: Target) -> list[str]:
    name = (campaign.stream or "").partition("/")[2]
    late = (_SUBMISSION.c.campaign == name) & _SUBMISSION.c.overdue & ~_SUBMISSION.c.closed
    query = select(_SUBMISSION.c.id).where(late).order_by(_SUBMISSION.c.id)
    return [SUBMISSIONS + one for one in connection.scalars(query)]


def spread(bench: Bench, action: str, target: Target) -> list[Target]:
    """What an action is done to, one after another: each lost letter, each late form of a campaign, each stream whose
    queue waits, or just that.
    """
    if action == "resend" and not target.letter:
        return [
            Target(f"letter:{one.message_id}", target.cause, one.stream, one.recipient, letter=one.message_id)
            for one in of_target(bench.connection, target)
        ]
    if target.kind == "campaign" and action in OF_FORMS:
        return [Target(stream, target.cause, stream) for stream in _late_forms(bench.connection, target)]
    if target.kind == "machine":
        waiting = select(_QUEUE.c.stream).where(_QUEUE.c.retry_at.is_not(None)).distinct().order_by(_QUEUE.c.stream)
        return [Target(stream, target.cause, stream) for stream in bench.connection.scalars(waiting)]
    return [target]
