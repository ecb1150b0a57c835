"""Random walks of the domain's tests, taken through the journal."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

from pydantic import TypeAdapter

from activities.definition_store import MemoryDefinitions
from activities.definitions import BUILT_IN, Library
from activities.programmes import ProgrammeStreams
from activities.recorder import Recorded, Recorder
from activities.streams import Streams
from activities.texts import text_ref
from domain.programme import commands as c
from domain.refusal import Refusal
from tests.activities.mailroom import Mailroom
from tests.domain.programme.walks import BEGIN, Walk, plan_of
from tests.domain.programme.words import WHY

COMMAND: TypeAdapter[c.ProgrammeCommand] = TypeAdapter(c.ProgrammeCommand)
NAMES = count()


@dataclass
class Walker:
    """Takes walks through years of their own, each free text with a row of its own."""

    desk: Mailroom
    now: datetime = BEGIN
    streams: ProgrammeStreams = field(init=False)
    recorder: Recorder = field(init=False)

    def __post_init__(self) -> None:
        store = MemoryDefinitions()
        for roadmap in ("school", "college"):
            plan = plan_of(roadmap)
            for kind, one in (("roadmap", plan.roadmap), ("ladder", plan.ladder), ("calendar", plan.calendar)):
                store.put(f"{kind}/{one.key}@{one.version}", one.model_dump(mode="json"))
        self.streams = ProgrammeStreams(Library([BUILT_IN], store))
        self.recorder = Recorder(self.desk.database, Streams(self.streams), lambda: self.now)

    def walk(self, walk: Walk) -> tuple[str, dict[datetime, bytes]]:
        """The stream, and what was answered at each instant at which something happened."""
        stream, self.now = f"programme/walk-{next(NAMES)}-2025", BEGIN
        answers: dict[datetime, bytes] = {}
        for gap, command in walk:
            self.now += gap
            done = self._record(stream, self._aimed(stream, command))
            if isinstance(done, Recorded) and done.body:
                answers[self.now] = done.body
        return stream, answers

    def _record(self, stream: str, command: c.ProgrammeCommand) -> Recorded | Refusal:
        ref = text_ref()
        said = COMMAND.validate_json(command.model_dump_json().replace(WHY, ref))
        texts = {ref: f"Текст {ref}"} if said != command else {}
        return self.recorder.record(stream, said, by="person:orlova", texts=texts)

    def _aimed(self, stream: str, command: Any) -> c.ProgrammeCommand:
        """The n-th item that fits, so that letters are sent, dropped and deferred, and collections recorded."""
        state = self.recorder.state(stream)
        kind = "collection" if isinstance(command, c.RecordForms) else "notice"
        fitting = [number for number, item in state.items.items() if item.kind == kind] if state else []
        if not hasattr(command, "item") or not fitting:
            return command  # type: ignore[no-any-return]
        return command.model_copy(update={"item": fitting[command.item % len(fitting)]})  # type: ignore[no-any-return]
