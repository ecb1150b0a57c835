"""Why one stream stands: journal, planner, Temporal and heartbeats put together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from activities.diagnosis.evidence import evidence_of
from activities.diagnosis.human import NextAct
from activities.diagnosis.reading import Known
from activities.diagnosis.summary import summary_of
from activities.diagnosis.turn import turn_of
from activities.diagnosis.words import sentence_of
from activities.letter_words import ADDRESSEES
from domain.access import Action
from domain.diagnosis.cures import offered
from domain.diagnosis.facts import Machine, Seen
from domain.diagnosis.finding import Finding, foremost, of_stream
from workflows.watch import Watch


@dataclass(frozen=True)
class Explained:
    """A stream, everything that holds it up, the foremost first, and what that was seen by."""

    known: Known
    machine: Machine
    seen: Seen
    findings: list[Finding]

    @property
    def others(self) -> list[Finding]:
        """What holds it up besides the first."""
        return [one for one in self.findings[1:] if one.cause.harm is not None]


async def explain(watch: Watch, known: Known) -> Explained:
    """Ask Temporal and the heartbeats about a stream; takes a second when Temporal is down."""
    stream = known.kept.stream
    machine, seen = await asyncio.gather(watch.machine(), watch.look.stream(stream, ask=watch.worker_lives))
    findings = [*_of_machine(watch, known, machine), *of_stream(known.kept, seen, machine.now), *known.findings]
    return Explained(known, machine, seen, foremost(findings))


def _of_machine(watch: Watch, known: Known, machine: Machine) -> Iterator[Finding]:
    """A stream that waits for nothing does not wait for the machine; its letters are its own."""
    for one in watch.findings(machine):
        if known.kept.open and one.key != "mail_down":
            yield one


def explanation(told: Explained, permitted: Callable[[Action], bool]) -> dict[str, Any]:
    """The answer; `permitted`: what the caller may do at the unit of the stream. `others`: what holds besides."""
    first, human = told.findings[0], told.known.human
    raw, turn = permitted("operate"), turn_of(first, human.responsible)
    others = [
        {
            "cause": one.key,
            "layer": one.cause.layer,
            "sentence": sentence_of(one, human.zone, raw),
            "since": one.since,
            "cures": offered(one.cause.cures, permitted),
        }
        for one in told.others
    ]
    coming = _next(told, human.next_act)
    return {
        "sentence": summary_of(first, human.zone, told.machine.now, coming, raw),
        "layer": first.cause.layer,
        "cause": first.key,
        "since": first.since,
        "responsible": turn,
        "instead_of": human.instead_of if turn == human.responsible else None,
        "next_action": coming,
        "vacant": [{"addressee": to, "label": ADDRESSEES[to]} for to in human.vacant],
        "others": others,
        "cures": offered(first.cause.cures, permitted),
        "evidence": {**evidence_of(told.machine, told.known.kept, told.seen), "undelivered": told.known.lost},
    }


def _next(told: Explained, planned: NextAct | None) -> dict[str, Any] | None:
    """What the planner brings next, or before it another attempt at what is queued."""
    retries = [item.retry_at for item in told.known.kept.items if item.retry_at and item.retry_at > told.machine.now]
    if retries and (planned is None or min(retries) < planned.at):
        return {"at": min(retries), "kind": "retry", "step": None, "to": [], "recipients": []}
    if planned is None:
        return None
    return {
        "at": planned.at,
        "kind": planned.kind,
        "step": planned.step,
        "to": list(planned.to),
        "recipients": list(planned.recipients),
    }
