"""Whose turn it is: the one rule for the explanation, the list and the pages."""

from __future__ import annotations

from domain.diagnosis.finding import Finding


def turn_of(finding: Finding, answering: str | None = None) -> str | None:
    """The role that sees to such a cause; else who is `answering` for the stream, a person's id or a unit's; else the
    role that answers for the step or the form. `None` when it is nobody's.
    """
    return finding.cause.turn or answering or finding.facts.get("role")
