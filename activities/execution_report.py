"""The report of one organisation on how its roadmap was carried out (order 420-р, 6.4, 7.4, 8.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from activities.evidence_words import evidence_words
from activities.execution_history import Told, read_histories
from activities.letter_words import PARTS, STEP_ROLES
from activities.programme_query import read_state
from activities.programmes import PREFIX, ProgrammeStreams
from activities.recipients import RecipientBook
from activities.texts import resolved
from domain.evidence import Evidence
from domain.plan import Plan, local_day
from domain.programme.commands import Order
from domain.programme.execution import Completion, DeadlineLine, Move, StepLine, counts, step_lines
from domain.programme.state import Programme, StepState


def read_execution(
    connection: Connection, streams: ProgrammeStreams, programme: str, now: datetime, names: bool
) -> dict[str, Any]:
    """The report of a known programme; `names`: whether persons may be named."""
    state = read_state(connection, streams, programme)
    assert state is not None, "a programme of the read model has a snapshot"
    told = read_histories(connection, streams, [PREFIX + programme])[PREFIX + programme]
    book = RecipientBook.load(connection, state)
    report = Report(state, streams.plan(state), told, book, local_day(now, state.zone), names)
    return {"programme": programme, **report.view()}


@dataclass(frozen=True)
class Report:
    """Tells a programme as of the local day `today`."""

    state: Programme
    plan: Plan
    told: Told
    book: RecipientBook
    today: date
    names: bool

    def view(self) -> dict[str, Any]:
        """The whole report."""
        state, roadmap = self.state, self.plan.roadmap
        lines = list(step_lines(state, self.today))
        key, _, version = state.plan.roadmap.partition("@")
        return {
            "version": state.version,
            "organisation": self._unit(state.organisation),
            "municipality": self._unit(state.municipality) if state.municipality else None,
            "sector": state.sector,
            "year": state.year,
            "status": state.status,
            "as_of": self.today,
            "roadmap": {"key": key, "version": version, "title": roadmap.title},
            "forms": state.forms,
            "counts": counts(lines).model_dump(),
            "steps": self.steps(lines),
        }

    def steps(self, lines: Sequence[StepLine]) -> list[dict[str, Any]]:
        """The steps in the order of the roadmap."""
        by_number = {line.number: line for line in lines}
        return [
            self._step(by_number[step.number], {"number": phase.number, "label": phase.label, "title": phase.title})
            for phase in self.plan.roadmap.phases
            for step in phase.steps
            if step.number in by_number
        ]

    def _unit(self, unit: str) -> dict[str, str]:
        known = self.book.tree.units.get(unit)
        return {"id": unit, "name": known.name if known else unit}

    def _step(self, line: StepLine, phase: Mapping[str, Any]) -> dict[str, Any]:
        history, number = self.told.history, line.number
        moves = history.moves.get(number, ())
        skip = history.skips.get(number) if line.stand == "skipped" else None
        returns = history.returns.get(number, ())
        return {
            "number": number,
            "title": self.plan.roadmap.steps[number].title,
            "phase": phase,
            "state": line.stand,
            "late": line.late,
            "done_on": line.done_on,
            "deadlines": [self._deadline(one, moves) for one in line.deadlines],
            "evidence": [one for done in history.completions.get(number, ()) for one in self._evidence(done)],
            "questionnaires": _questionnaires(self.state.steps[number]),
            "skipped": self._because(skip.at, skip.reason, skip.order) if skip else None,
            "returned": [self._because(one.at, one.reason) for one in returns],
            "responsible": self._responsible(number),
        }

    def _deadline(self, line: DeadlineLine, moves: Sequence[Move]) -> dict[str, Any]:
        mine = [self._move(one) for one in moves if one.occurrence == line.occurrence]
        view = {"state" if name == "stand" else name: value for name, value in line._asdict().items()}
        return {**view, "moves": mine}

    def _move(self, move: Move) -> dict[str, Any]:
        dates = {"was": move.was, "due": move.due, "cause": move.cause, "reference": move.reference}
        return {**self._because(move.at, move.reason, move.order), **dates}

    def _because(self, at: datetime, reason: str | None, order: Order | None = None) -> dict[str, Any]:
        return {
            "on": local_day(at, self.state.zone),
            "reason": resolved(reason, self.told.texts),
            "order": order.model_dump() if order else None,
        }

    def _evidence(self, done: Completion) -> list[dict[str, Any]]:
        """What was done and has not been taken back; `evidence` in words."""
        figures = _figures(self.state.steps[done.step], done)
        if figures is None:
            return []
        return [
            {
                "part": PARTS[done.part] if done.part else None,
                "occurrence": done.occurrence,
                "on": local_day(done.at, self.state.zone),
                "text": evidence_words(figures, self.told.texts),
                "documents": resolved(done.documents, self.told.texts),
                "note": resolved(done.note, self.told.texts),
            }
        ]

    def _responsible(self, number: int) -> dict[str, Any]:
        """The post that the roadmap names, and the persons behind it with their own posts."""
        persons = self.book.responsible(self.state, self.plan, number, self.today)
        return {
            "role": STEP_ROLES[self.plan.roadmap.steps[number].role],
            "persons": [{"name": one.name if self.names else None, "post": one.post} for one in persons],
        }


def _questionnaires(step: StepState) -> dict[str, int] | None:
    """What was handed out behind links, and what has come back."""
    if not step.issued:
        return None
    return {"sent": sum(step.issued.values()), "returned": sum(step.returned.values())}


def _figures(step: StepState, done: Completion) -> Evidence | None:
    if done.part is not None:
        return step.parts.get(done.part)
    occurrence = step.occurrence(done.occurrence)
    return (occurrence.evidence or Evidence()) if occurrence and occurrence.done_at else None
