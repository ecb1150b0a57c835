"""The monitoring rounds, the newest first, and the proposal of the next one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import Connection

from activities import russian
from activities.access import may
from activities.campaign_query import list_campaigns
from activities.campaigning import centre_of
from activities.monitoring_access import campaign_scope, counted_scope
from activities.proposals import proposal
from activities.tokens import Identity
from api.context import Context
from domain.refusal import Refusal
from domain.units import UnitTree

STATES = {"open": "идёт", "closed": "завершён"}


class Line(NamedTuple):
    """One round, in words."""

    id: str
    title: str
    years: str
    key: str
    state: str
    deadline: str
    received: str
    accepted: str


def campaigns_view(context: Context, connection: Connection, identity: Identity) -> dict[str, Any]:
    """Everything that `campaigns.html` shows."""
    tree = context.tree(connection)
    rows = sorted(_rows(connection, identity, tree), key=lambda row: (row["deadline"], row["id"]), reverse=True)
    return {"rounds": [_line(row) for row in rows], "next": _next(context, connection, identity, tree)}


def _rows(connection: Connection, identity: Identity, tree: UnitTree) -> Iterator[dict[str, Any]]:
    """All of them: there is one a year."""
    scope, counted, cursor = campaign_scope(identity, tree), counted_scope(identity, tree), None
    while True:
        found = list_campaigns(connection, scope, counted, cursor=cursor, limit=500)
        assert not isinstance(found, Refusal), "the cursor is our own"
        yield from found.items
        if found.next is None:
            return
        cursor = found.next


def _line(row: dict[str, Any]) -> Line:
    rates = row["rates"]
    return Line(
        id=row["id"],
        title=row["title"],
        years=f"{row['years'][0]} и {row['years'][1]}",
        key="running" if row["status"] == "open" else "closed",
        state=STATES[row["status"]],
        deadline=russian.full_date(row["deadline"]),
        received=f"{rates['received']} из {rates['expected']}",
        accepted=f"принято {rates['accepted']}",
    )


def _next(context: Context, connection: Connection, identity: Identity, tree: UnitTree) -> dict[str, Any] | None:
    """The next round in words, for whoever may open it."""
    centre = centre_of(tree)
    if centre is None or not may(identity, "run_campaigns", centre.id, tree):
        return None
    said = proposal(connection, context.core.library, tree, context.core.clock())
    due = said["deadline"]
    return {
        "title": said["title"],
        "years": f"{said['years'][0]} и {said['years'][1]}",
        "due": russian.weekday_date(due),
        "rolled": said["reason"],
        "provisional": russian.provisional(due.year) if said["provisional"] else "",
        "respondents": russian.counted(len(said["respondents"]), "респондент", "респондента", "респондентов"),
    }
