"""The raw facts behind an explanation, folded: for whoever wants to see for themselves."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from domain.diagnosis.facts import Kept, Machine, Process, Seen


def evidence_of(machine: Machine, kept: Kept, seen: Seen) -> dict[str, Any]:
    """Of the journal, of its workflow, of the machine; `saw`: the version that the workflow believes to stand at."""
    waiting = [item for item in kept.items if item.retry_at is None or item.retry_at > machine.now]
    return {
        "version": kept.version,
        "saw": seen.saw,
        "wake_at": kept.wake_at,
        "waiting_items": [item.number for item in waiting],
        "items": [asdict(item) for item in kept.items],
        "workflow": {
            "state": seen.state,
            "status": seen.status,
            "run": seen.run,
            "started_at": seen.started_at,
            "events": seen.events,
            "build": seen.build,
        },
        "pending_activities": [asdict(one) for one in seen.pending],
        "workflow_task": asdict(seen.task) if seen.task else None,
        "resting": [asdict(one) for one in seen.resting],
        "pollers": [asdict(one) for one in machine.server.pollers],
        "processes": [process_line(one) for one in machine.processes],
        "deployment": machine.server.build,
        "temporal": machine.server.trouble.error if machine.server.trouble else None,
        "database": machine.database.error if machine.database else None,
        "letters": asdict(kept.letters),
    }


def process_line(one: Process) -> dict[str, Any]:
    """A heartbeat; `off`: seconds that its clock is ahead of ours."""
    return {**asdict(one), "off": one.off.total_seconds() if one.off is not None else None}
