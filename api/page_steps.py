"""Phases and steps of a programme as the page shows them: state, date and person in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from activities.letter_words import PARTS, STEP_ROLES, in_place_of
from activities.recipients import Recipient, RecipientBook
from activities.russian import counted, full_date, short_date
from domain.plan import Plan, local_day
from domain.programme.state import Programme

PHASES = {
    "running": {"waiting": "впереди", "open": "идёт", "done": "завершён"},
    "paused": {"waiting": "впереди", "open": "приостановлен", "done": "завершён"},
    "ended": {"waiting": "не начат", "open": "не завершён", "done": "завершён"},
}
STATES = {
    "active": {"waiting": "впереди", "open": "в работе", "done": "выполнено", "skipped": "пропущено"},
    "ended": {"waiting": "не выполнено", "open": "не выполнено", "done": "выполнено", "skipped": "пропущено"},
}


def named(recipient: Recipient) -> str:
    """A person by name, with those they stand in for."""
    return in_place_of(recipient.name, [one.name for one in recipient.instead_of])


@dataclass(frozen=True)
class StepLine:
    """One step; `key` is its state or `overdue`, `state` says it in words."""

    number: int
    title: str
    key: str
    state: str
    due: str
    notes: list[str]
    responsible: str


@dataclass(frozen=True)
class PhaseBlock:
    """One phase with its steps. `key`: waiting, open or done; `late`: how many steps are overdue, in words."""

    number: int
    label: str
    title: str
    key: str
    state: str
    late: str
    count: int
    done: int
    steps: list[StepLine]

    @property
    def shown(self) -> bool:
        """Whether its steps are unfolded from the beginning."""
        return self.key == "open"


@dataclass(frozen=True)
class Steps:
    """Turns the programme, as the API shows it, into words. `names`: whether persons may be named."""

    state: Programme
    plan: Plan
    book: RecipientBook
    today: date
    names: bool

    def turn(self, responsible: str | None, instead_of: str | None = None) -> str:
        """Whose turn it is, given a person's id or a role; a person only where persons may be named."""
        if responsible in STEP_ROLES:
            return STEP_ROLES[responsible]
        name = self.book.name(f"person:{responsible}") if responsible and self.names else None
        away = self.book.name(f"person:{instead_of}") if instead_of else None
        return in_place_of(name, [away] if away else []) if name else ""

    def phase(self, phase: dict[str, Any], steps: list[dict[str, Any]]) -> PhaseBlock:
        """One phase."""
        mine = [step for step in steps if step["phase"] == phase["number"]]
        late = sum(step["overdue"] for step in mine)
        opens = date.fromisoformat(phase["opens"]) if phase["opens"] else None
        word = PHASES[self.state.status if self.state.active else "ended"][phase["state"]]
        if phase["state"] == "waiting" and self.state.status == "running" and opens and opens > self.today:
            word = f"с {short_date(opens)}"
        return PhaseBlock(
            number=phase["number"],
            label=phase["label"],
            title=phase["title"],
            key=phase["state"],
            state=word,
            late=f"просрочено: {late}" if late else "",
            count=len(mine),
            done=sum(step["state"] in ("done", "skipped") for step in mine),
            steps=[self._step(step) for step in mine],
        )

    def _step(self, step: dict[str, Any]) -> StepLine:
        key = "overdue" if step["overdue"] else step["state"]
        if key == "open" and not self.state.active:
            key = "waiting"
        return StepLine(
            number=step["number"],
            title=step["title"],
            key=key,
            state=self._word(step),
            due=full_date(date.fromisoformat(step["due"])),
            notes=list(self._notes(step)),
            responsible=self._responsible(step),
        )

    def _word(self, step: dict[str, Any]) -> str:
        if step["overdue"]:
            days = (self.today - self._oldest(step)).days
            return f"просрочено на {counted(days, 'день', 'дня', 'дней')}"
        if step["state"] == "done" and step["done_at"]:
            return f"выполнено {short_date(self._day(step['done_at']))}"
        return STATES["active" if self.state.active else "ended"][step["state"]]

    def _oldest(self, step: dict[str, Any]) -> date:
        """The deadline that has been overdue for longest."""
        late = [date.fromisoformat(one["due"]) for one in step.get("occurrences", ()) if one["overdue"]]
        return min(late, default=date.fromisoformat(step["due"]))

    def _notes(self, step: dict[str, Any]) -> Iterator[str]:
        if step["first_due"] != step["due"]:
            yield f"первоначально до {full_date(date.fromisoformat(step['first_due']))}"
        elif step["catch_up"] and step["state"] in ("open", "waiting"):
            yield "догоняющий срок: обычный прошёл до начала программы"
        if "occurrences" in step:
            held = sum(one["done_at"] is not None for one in step["occurrences"])
            yield f"проведено {held} из {len(step['occurrences'])}"
        for part in step.get("parts", ()):
            yield f"{PARTS[part['part']]}: {'выполнено' if part['done'] else 'ещё нет'}"
        if "questionnaires" in step:
            yield f"анкеты: вернулось {step['questionnaires']['returned']} из {step['questionnaires']['sent']}"

    def _responsible(self, step: dict[str, Any]) -> str:
        role = STEP_ROLES[step["role"]]
        if not self.names:
            return role
        found = self.book.resolve(self.state, self.plan, step["number"], ("responsible",), self.today).recipients
        return ", ".join(named(one) for one in found) or role

    def _day(self, at: str) -> date:
        return local_day(datetime.fromisoformat(at), self.state.zone)
