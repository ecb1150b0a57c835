"""Events in the shape of today, whichever version wrote them: journals cannot be edited."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Content = Mapping[str, Any]
Step = Callable[[Content], Content]
"""From one shape to the next."""

SHAPE = "v"
"""Where an event's content says which shape it has; the first one does not say it."""


def _resumed_on_resume(content: Content) -> Content:
    """ProgrammePaused and ProgrammeResumed said the same choice by two names."""
    return {"on_resume" if name == "deadlines" else name: value for name, value in content.items()}


STEPS: Mapping[tuple[str, str], tuple[Step, ...]] = {
    ("programme", "ProgrammeResumed"): (_resumed_on_resume,),
}
"""By kind of stream and type of event: what leads from each shape to the next, oldest first."""


def of_today(kind: str, event: str, content: Content) -> Content:
    """An event's content in the shape of today, without the shape's number."""
    steps = STEPS.get((kind, event), ())
    shape = content.get(SHAPE, 1)
    told = {name: value for name, value in content.items() if name != SHAPE}
    for step in steps[shape - 1 :]:
        told = dict(step(told))
    return told


def shape_of(kind: str, event: str) -> dict[str, int]:
    """What new content says of its shape: nothing while there has been only one."""
    steps = STEPS.get((kind, event), ())
    return {SHAPE: len(steps) + 1} if steps else {}
