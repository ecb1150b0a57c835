"""What a consolidated report takes from one respondent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from domain.programme.timeliness import Timely

RespondentKind = Literal["municipality", "state"]
EntryState = Literal["draft", "submitted", "returned", "accepted"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One respondent's submission; `artefacts`: which of its files are there, of how many.

    `accepted`: whether `form` is an accepted one; only then does it count. Otherwise it is what was submitted last, or
    empty. `number`, `revision` and `event` say which act of submission, which content and which event of the stream
    the form came with. `raw` and `excused` are measured against the first and the last deadline.
    """

    submission: str
    respondent: str
    name: str
    kind: RespondentKind
    state: EntryState = "draft"
    accepted: bool = False
    number: int = 0
    revision: int = 0
    event: int = 0
    submitted_on: date | None = None
    raw: Timely = "open"
    excused: Timely = "open"
    form: Mapping[str, Any] = field(default_factory=dict)
    artefacts: frozenset[str] = frozenset()
    artefacts_of: int = 0

    @property
    def received(self) -> bool:
        """Whether a form has come in: it waits for its review, or one was accepted before."""
        return self.accepted or self.state in ("submitted", "accepted")
