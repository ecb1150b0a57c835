"""What every route needs, wired once in `api.app`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import Connection

from activities.directory import Trees
from activities.tokens import Identity
from activities.wiring import Core
from domain.units import UnitTree
from workflows.client import Workflows
from workflows.mending import MendingHands
from workflows.nudger import Nudger
from workflows.watch import Watch


@dataclass(frozen=True)
class Context:
    """The dependencies of the API."""

    core: Core
    trees: Trees
    workflows: Workflows
    nudger: Nudger
    watch: Watch
    hands: MendingHands

    def tree(self, connection: Connection, stamp: int | None = None) -> UnitTree:
        """The units as they are now; `stamp` as for `Trees.current`."""
        return self.trees.current(connection, stamp)


async def _context(request: Request) -> Context:
    found: Context = request.app.state.context
    return found


async def _caller(request: Request) -> Identity:
    found: Identity = request.state.identity
    return found


InContext = Annotated[Context, Depends(_context)]
Caller = Annotated[Identity, Depends(_caller)]
"""Who asks; `api.auth` has let them in before any route is looked at."""
