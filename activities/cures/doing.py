"""One cure of a job, planned anew when its turn comes: it is done only if it would still do what was shown."""

from __future__ import annotations

from typing import Any

from activities.cures.access import refused
from activities.cures.carrying_out import carry_out
from activities.cures.planned import Bench, Hands
from activities.cures.planning import plan_one
from activities.cures.targets import target_of
from activities.directory import load_tree
from activities.recorder import Also
from activities.tokens import identity_behind
from activities.wiring import Core
from domain.refusal import Refusal


class CureItems:
    """Carries the items of cure jobs out."""

    def __init__(self, core: Core, hands: Hands) -> None:
        self._core, self._hands = core, hands

    def carry_out(
        self, action: str, name: str, given: dict[str, Any], shown: str, by: str, key: str, also: Also
    ) -> Refusal | None:
        """`shown`: the hash of the plan that somebody has seen; `also` is written when it is done."""
        core = self._core
        with core.database.reading() as connection:
            target = target_of(connection, core.kinds, name)
            if target is None:
                return Refusal(code="incident_unknown", facts={"incident": name})
            bench = Bench(core, connection, load_tree(connection), core.clock())
            identity = identity_behind(connection, by, bench.now)  # it may have lost its rights since the job began
            if identity is None:
                return Refusal(code="forbidden")
            if refusal := refused(connection, identity, bench.tree, target, action):
                return refusal
            planned = plan_one(bench, action, target, given)
        if isinstance(planned, Refusal):
            return planned
        if planned.hash != shown:
            return Refusal(code="plan_changed")
        return carry_out(core, self._hands, planned, by, key, also)
