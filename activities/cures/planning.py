"""Planning a cure: for one target, or for everything that several of them stand for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from activities.cures.access import refused
from activities.cures.planned import Bench, Planned, Target, hash_of
from activities.cures.registry import CURES
from activities.cures.targets import spread, target_of
from activities.tokens import Identity
from domain.refusal import Refusal


class Item(NamedTuple):
    """One thing that a cure is done to, and what it would do there, or why not."""

    target: Target
    found: Planned | Refusal

    @property
    def hash(self) -> str:
        """Changes when what would happen does."""
        return self.found.code if isinstance(self.found, Refusal) else self.found.hash


class Plan(NamedTuple):
    """What a cure would do to all of them."""

    action: str
    items: tuple[Item, ...]

    @property
    def hash(self) -> str:
        """Changes when it would do something else to one of them, or to others."""
        return hash_of([self.action, *(f"{one.target.name} {one.hash}" for one in self.items)])

    @property
    def ready(self) -> list[tuple[Target, Planned]]:
        """Those to which it can be done."""
        return [(one.target, one.found) for one in self.items if isinstance(one.found, Planned)]


def plan_one(bench: Bench, action: str, target: Target, given: dict[str, Any]) -> Planned | Refusal:
    """What a cure would do to one target. Raises ValidationError when it needs other arguments than `given`."""
    offer = CURES.get(action, {}).get(target.kind)
    if offer is None:
        return Refusal(code="cure_foreign", facts={"action": action})
    return offer.plan(bench, target, offer.arguments.model_validate(given))


def plan_all(bench: Bench, identity: Identity, action: str, names: Iterable[str], given: dict[str, Any]) -> Plan:
    """What a cure would do to all that `names` stand for; what one may not cure is refused item by item."""
    items: dict[str, Item] = {}
    for name in names:
        target = target_of(bench.connection, bench.core.kinds, name)
        if target is None:
            items[name] = Item(Target(name), Refusal(code="incident_unknown", facts={"incident": name}))
            continue
        for one in _items(bench, identity, action, target, given):
            items.setdefault(one.target.name, one)
    return Plan(action, tuple(items.values()))


def _items(bench: Bench, identity: Identity, action: str, target: Target, given: dict[str, Any]) -> list[Item]:
    if refusal := refused(bench.connection, identity, bench.tree, target, action):
        return [Item(target, refusal)]
    found = []
    for one in spread(bench, action, target):
        unseen = one is not target and refused(bench.connection, identity, bench.tree, one, action)
        found.append(Item(one, unseen or plan_one(bench, action, one, given)))
    return found
