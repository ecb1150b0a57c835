"""What people will do in a rehearsed year, written as lines: `2026-10-01 пропустить 5`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from typing import Literal, get_args

from activities.sample import Completion, completion
from activities.texts import text_ref
from domain.plan import Plan, zone_of
from domain.programme import commands as c
from domain.programme.foretell import Deed
from domain.programme.state import Programme
from domain.refusal import Refusal

Verb = Literal["complete", "skip", "reopen", "move", "pause", "resume", "close", "cancel"]
VERBS: dict[str, Verb] = {
    "выполнить": "complete",
    "пропустить": "skip",
    "вернуть": "reopen",
    "перенести": "move",
    "приостановить": "pause",
    "возобновить": "resume",
    "завершить": "close",
    "отменить": "cancel",
    **{verb: verb for verb in get_args(Verb)},
}
HOWS: dict[str, c.OnResume] = {"сдвинуть": "shift", "оставить": "keep", "shift": "shift", "keep": "keep"}
ON_STEP: tuple[Verb, ...] = ("complete", "skip", "reopen", "move")

NOON = time(12)
"""When people act unless a line says otherwise: the letters of the morning have come."""

WHY = "Репетиция года"
_TIME, _STEP = re.compile(r"([01]?\d|2[0-3]):[0-5]\d"), re.compile(r"№?(\d{1,3})(?:\.(\d{1,3}))?")


@dataclass(frozen=True)
class Act:
    """One line; `number` is its place among the lines, from 0."""

    number: int
    line: str
    at: datetime
    verb: Verb
    step: int = 0
    occurrence: int | None = None
    due: date | None = None
    how: c.OnResume | None = None

    @property
    def place(self) -> str:
        """The pointer of its line."""
        return f"/acts/{self.number}"

    def prepared(self, state: Programme, plan: Plan) -> Completion:
        """The command with the texts it refers to, for a programme that stands at `state`."""
        if self.verb == "complete" and self.step in state.steps:
            return completion(state, plan, self.step, self.at, self.occurrence)
        reason = text_ref()
        return Completion(self._command(reason), {reason: WHY})

    def _command(self, reason: str) -> c.ProgrammeCommand:
        match self.verb:
            case "complete":
                return c.CompleteStep(step=self.step)
            case "skip":
                return c.SkipStep(step=self.step, reason=reason)
            case "reopen":
                return c.ReopenStep(step=self.step, occurrence=self.occurrence, reason=reason)
            case "move":
                assert self.due is not None, "a move has been read with its date"
                return c.MoveDeadline(step=self.step, occurrence=self.occurrence, due=self.due, reason=reason)
            case "pause":
                return c.PauseProgramme(reason=reason, on_resume=self.how or "shift")
            case "resume":
                return c.ResumeProgramme(deadlines=self.how, reason=reason)
            case "close":
                return c.CloseProgramme(reason=reason)
            case "cancel":
                return c.CancelProgramme(reason=reason)


class _Unclear(ValueError):
    """A line that cannot be read; its text says why, in Russian."""


def read_acts(lines: Sequence[str], zone: str, since: datetime) -> list[Act] | Refusal:
    """The acts in order of time, at noon of the zone unless a line says otherwise; none before `since`."""
    acts: list[Act] = []
    for number, line in enumerate(lines):
        try:
            act = _read(number, line, zone)
            if act.at < since:
                raise _Unclear(f"это раньше начала, {since.astimezone(zone_of(zone)):%d.%m.%Y %H:%M}")
        except _Unclear as why:
            facts = {"act": line.strip(), "reason": str(why)}
            return Refusal(code="act_unclear", facts=facts, pointer=f"/acts/{number}")
        acts.append(act)
    return sorted(acts, key=lambda one: one.at)


def deeds_of(acts: Sequence[Act], plan: Plan) -> list[Deed]:
    """The acts as the planner takes them."""
    return [Deed(act.at, partial(_command_of, act, plan), act.place) for act in acts]


def _command_of(act: Act, plan: Plan, state: Programme) -> c.ProgrammeCommand:
    return act.prepared(state, plan).command


def _read(number: int, line: str, zone: str) -> Act:
    words = line.split()
    day = _day(words.pop(0) if words else "", "начните с даты вида 2026-10-01")
    clock = time.fromisoformat(words.pop(0).zfill(5)) if words and _TIME.fullmatch(words[0]) else NOON
    verb = VERBS.get(words.pop(0).casefold() if words else "")
    if verb is None:
        raise _Unclear(f"после даты нужно одно из слов: {', '.join(list(VERBS)[:8])}")
    step, occurrence = _step(words) if verb in ON_STEP else (0, None)
    due = _day(words.pop(0) if words else "", "укажите новый срок вида 2026-12-25") if verb == "move" else None
    how = HOWS.get(words[0].casefold()) if words and verb in ("pause", "resume") else None
    rest = words[1:] if how else words
    if rest:
        hint = "; о сроках можно сказать «сдвинуть» или «оставить»" if verb in ("pause", "resume") else ""
        raise _Unclear(f"лишнее: «{' '.join(rest)}»{hint}")
    return Act(number, line, datetime.combine(day, clock, zone_of(zone)), verb, step, occurrence, due, how)


def _day(word: str, otherwise: str) -> date:
    try:
        found = date.fromisoformat(word) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", word) else None
    except ValueError:
        raise _Unclear(f"даты {word} нет в календаре") from None
    if found is None or not 2000 <= found.year <= 2200:
        raise _Unclear(otherwise)
    return found


def _step(words: list[str]) -> tuple[int, int | None]:
    found = _STEP.fullmatch(words[0]) if words else None
    if found is None:
        raise _Unclear("назовите номер мероприятия, у повторяющегося с номером повторения: 24 или 24.2")
    words.pop(0)
    return int(found[1]), int(found[2]) if found[2] else None
