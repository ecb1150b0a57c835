"""Questionnaires behind one-time links: issuing, answering, and gathering what came in."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Protocol

from sqlalchemy import Connection, Select, func, insert, select, update
from sqlmodel import SQLModel

from activities import tables
from activities.database import Database
from activities.definition_files import read
from activities.definitions import BUILT_IN
from activities.recorder import Recorded
from domain.plan import Plan
from domain.programme import commands as c
from domain.programme.state import Programme
from domain.refusal import Refusal
from domain.value import Value

ANSWER_ROOM = 4000
"""Characters of one answer."""

RESPONDENT = "respondent"
"""Who acts when a questionnaire comes back: whoever has the link."""

_QUESTIONNAIRE = SQLModel.metadata.tables[str(tables.QuestionnaireRow.__tablename__)]
_EVENT = SQLModel.metadata.tables[str(tables.EventRow.__tablename__)]
_SNAPSHOT = SQLModel.metadata.tables[str(tables.SnapshotRow.__tablename__)]
_UNIT = SQLModel.metadata.tables[str(tables.UnitRow.__tablename__)]


class Question(Value):
    """One question; it is answered in free words."""

    id: str
    text: str


class Blank(Value):
    """The questions of a questionnaire."""

    key: str
    version: str
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Questionnaire:
    """What somebody who follows a link sees."""

    stream: str
    step: int
    occurrence: int
    title: str
    organisation: str
    questions: tuple[Question, ...]
    answered: bool


@dataclass(frozen=True)
class Issued:
    """The links, to be shown once: only their hashes are kept, so a repeated request gets none."""

    links: tuple[str, ...]
    recorded: Recorded


class Records(Protocol):
    """What forms need of the recorder."""

    def state(self, stream: str) -> Programme | None: ...

    def plan(self, state: Programme) -> Plan: ...

    def record(self, stream: str, command: c.ProgrammeCommand, *, by: str, **given: Any) -> Recorded | Refusal: ...


class _Changed(Exception):
    """What a transaction relied on is no longer so; nothing of it is kept."""


class Forms:
    """Issues questionnaires, takes their answers, counts what came back."""

    def __init__(self, database: Database, recorder: Records, clock: Callable[[], datetime]) -> None:
        self._database, self._recorder, self._clock = database, recorder, clock
        self.blank = read(BUILT_IN / "questionnaires" / "default.yaml", Blank)

    def issue(
        self, stream: str, step: int, occurrence: int | None, count: int, *, by: str, **given: Any
    ) -> Issued | Refusal:
        """Create `count` one-time links for a step, in the transaction of the event; `given` as for the recorder."""
        state = self._recorder.state(stream)
        if occurrence is None and state is not None and step in state.steps:
            occurrence = state.steps[step].current.number
        command = c.IssueForms(step=step, occurrence=occurrence, count=count)
        links = tuple(secrets.token_urlsafe() for _ in range(count))
        place = {"stream": stream, "step": step, "occurrence": occurrence, "issued_at": self._clock()}
        rows = [{"link": hashed(link), **place} for link in links]

        def also(connection: Connection) -> None:
            connection.execute(insert(_QUESTIONNAIRE), rows)

        recorded = self._recorder.record(stream, command, by=by, also=also, **given)
        if isinstance(recorded, Refusal):
            return recorded
        return Issued(() if recorded.replayed else links, recorded)

    def find(self, link: str) -> Questionnaire | None:
        """The questionnaire behind a link; `None` when there is none."""
        with self._database.reading() as connection:
            row = connection.execute(select(_QUESTIONNAIRE).where(_QUESTIONNAIRE.c.link == hashed(link))).first()
            state = self._recorder.state(row.stream) if row else None
            if row is None or state is None:
                return None
            name = connection.scalar(select(_UNIT.c.name).where(_UNIT.c.id == state.organisation))
        title = self._recorder.plan(state).roadmap.steps[row.step].title
        organisation, answered = name or state.organisation, row.answered_at is not None
        return Questionnaire(
            row.stream, row.step, row.occurrence, title, organisation, self.blank.questions, answered
        )  # fmt: skip

    def answer(self, link: str, answers: Mapping[str, str]) -> Recorded | Refusal:
        """Take the answers, once. Refuses `link_unknown`, `link_used` and what is wrong with an answer."""
        while True:
            found = self.find(link)
            if found is None:
                return Refusal(code="link_unknown")
            if refusal := _USED if found.answered else self._refused(answers):
                return refusal
            try:
                return self._answered(found, hashed(link), answers)
            except _Changed:  # somebody was faster, with this link or with a collection: look again
                continue

    def _answered(self, found: Questionnaire, link: str, answers: Mapping[str, str]) -> Recorded | Refusal:
        body = json.dumps({key: text.strip() for key, text in answers.items()}, ensure_ascii=False)
        unanswered = update(_QUESTIONNAIRE).where(
            _QUESTIONNAIRE.c.link == link, _QUESTIONNAIRE.c.answered_at.is_(None)
        )  # fmt: skip

        def also(connection: Connection) -> None:
            if connection.execute(unanswered.values(answered_at=self._clock(), answers=body)).rowcount != 1:
                raise _Changed
            if not _collection_queued(connection, found):
                raise _Changed

        command = c.NoteReturn(step=found.step, occurrence=found.occurrence)
        return self._recorder.record(found.stream, command, by=RESPONDENT, also=also)

    def _refused(self, answers: Mapping[str, str]) -> Refusal | None:
        known = {question.id for question in self.blank.questions}
        for key, text in answers.items():
            if key not in known:
                return Refusal(code="question_unknown", facts={"question": key}, pointer=f"/answers/{key}")
            if len(text) > ANSWER_ROOM:
                return Refusal(code="answer_too_long", facts={"most": ANSWER_ROOM}, pointer=f"/answers/{key}")
        if not any(text.strip() for text in answers.values()):
            return Refusal(code="answers_empty", pointer="/answers")
        return None

    def collect_forms(self, stream: str, number: int) -> None:
        """Count what was issued and answered for a queued collection and record it. Safe to call again."""
        while not self._collected(stream, number):
            pass

    def _collected(self, stream: str, number: int) -> bool:
        """False when an answer came in between counting and recording: no further collection would be queued."""
        state = self._recorder.state(stream)
        item = state.items.get(number) if state else None
        if item is None or item.kind != "collection":
            return True
        (step, occurrence), *_ = item.steps
        with self._database.reading() as connection:
            sent, returned = _count(connection, stream, step, occurrence)

        def also(connection: Connection) -> None:
            connection.execute(_place(stream, step, occurrence).with_for_update())
            if _count(connection, stream, step, occurrence) != (sent, returned):
                raise _Changed

        command = c.RecordForms(item=number, sent=sent, returned=returned)
        try:
            self._recorder.record(stream, command, by="worker", key=f"forms/{stream}/{number}", also=also)
        except _Changed:
            return False
        return True


_USED = Refusal(code="link_used")


def hashed(link: str) -> str:
    """What is kept of a link."""
    return sha256(link.encode()).hexdigest()


def _place(stream: str, step: int, occurrence: int) -> Select[Any]:
    """The questionnaires of one deadline."""
    return select(_QUESTIONNAIRE.c.link).where(
        _QUESTIONNAIRE.c.stream == stream,
        _QUESTIONNAIRE.c.step == step,
        _QUESTIONNAIRE.c.occurrence == occurrence,
    )


def _collection_queued(connection: Connection, found: Questionnaire) -> bool:
    """Whether the answer will be counted: a collection may have counted just before it, and be done."""
    text = connection.scalar(select(_SNAPSHOT.c.state).where(_SNAPSHOT.c.stream == found.stream))
    items = Programme.model_validate_json(text).items.values() if text else ()
    return any(item.kind == "collection" and (found.step, found.occurrence) in item.steps for item in items)


def _count(connection: Connection, stream: str, step: int, occurrence: int) -> tuple[int, int]:
    """Questionnaires sent out and returned in the present run of the programme."""
    begun = select(func.max(_EVENT.c.recorded_at)).where(
        _EVENT.c.stream == stream, _EVENT.c.type == "ProgrammeStarted"
    )  # fmt: skip
    query = _place(stream, step, occurrence).where(_QUESTIONNAIRE.c.issued_at >= begun.scalar_subquery())
    counted = query.with_only_columns(func.count(), func.count(_QUESTIONNAIRE.c.answered_at))
    sent, returned = connection.execute(counted).one()
    return sent, returned
