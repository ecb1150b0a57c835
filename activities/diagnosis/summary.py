"""Why something stands, in one breath: what it waits for and since when, whose turn it is, what comes by itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from activities.diagnosis.turn import turn_of
from activities.diagnosis.words import moment_of, sentence_of
from activities.letter_words import ADDRESSEES, NOTICES, STEP_ROLES
from activities.russian import sentence
from domain.diagnosis.finding import Finding

TURNS = {**STEP_ROLES, **ADDRESSEES, "administrator": "администратор"}
"""What the roles are called whose turn it may be."""


def summary_of(finding: Finding, zone: str, now: datetime, coming: dict[str, Any] | None, raw: bool = True) -> str:
    """The sentence of the finding that explains; `coming`: the next action. Names roles and no persons."""
    parts = [sentence_of(finding, zone, raw)]
    if who := TURNS.get(turn_of(finding) or ""):
        parts.append(f"Чья очередь: {who}.")
    if finding.cause.layer in ("person", "data", "none"):  # what the machine lacks would hold that up, too
        parts.append(_by_itself(finding, zone, now, coming))
    return " ".join(part for part in parts if part)


def _by_itself(finding: Finding, zone: str, now: datetime, coming: dict[str, Any] | None) -> str:
    if coming is None:
        return "Само ничего не произойдёт." if finding.cause.harm is not None else ""
    if coming["at"] <= now:
        return ""  # it is on its way
    day, _, time = moment_of(coming["at"], zone).rpartition(" ")
    what = "будет ещё одна попытка" if coming["kind"] == "retry" else f"уйдёт {NOTICES.get(coming['kind'], 'письмо')}"
    return sentence(f"{day} в {time} {what}.")
