"""Stories of a submission as given(past).when(command, at).then(events or a refusal code)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from domain.ladder import Ladder
from domain.plan import Timetable, TimetableRef
from domain.refusal import Refusal
from domain.submission import commands as c
from domain.submission import events as e
from domain.submission.agenda import agenda
from domain.submission.decide import Decision, after_time
from domain.submission.evolve import fold
from domain.submission.state import Submission
from tests.domain.programme.given import moment
from tests.domain.programme.plans import CALENDAR, _read

WHY = "txt-" + "0" * 32
REF = TimetableRef(ladder="monitoring-municipal@1", calendar="test@1")
LADDER = Ladder.model_validate(_read("ladders/monitoring-municipal.yaml"))
TIMETABLE = Timetable(LADDER, CALENDAR, "next_working_day")

Dated = tuple[datetime, c.SubmissionCommand]


def content(text: str) -> str:
    """The hash of a form's content."""
    return sha256(text.encode()).hexdigest()


OPEN = c.OpenSubmission(
    campaign="monitoring-2026", respondent="tomsk", respondent_class="municipal", centre="rcro", zone="Asia/Tomsk",
    plan=REF, form="monitoring@1", asked=date(2026, 3, 21),
)  # fmt: skip
"""21 March 2026 is a Saturday: the deadline rolls to Monday the 23rd."""

SAVE = c.SaveForm(sha256=content("filled"))
SUBMIT = c.SubmitForm(revision=1, figures={"/appendix1/totals/general": 10}, by="person:anna")
COMMENTS = (c.Comment(pointer="/appendix2/1/later/numerator", comment=WHY),)
RETURN = c.ReturnForm(comments=COMMENTS, by="person:vera")
ACCEPT = c.AcceptForm(by="person:vera")
CLOSE = c.CloseSubmission()
PASS = c.PassTime()


def extend(due: date, **more: Any) -> c.ExtendDeadline:
    return c.ExtendDeadline(due=due, reason=WHY, **more)


def document(kind: c.DocumentKind, revision: int | None = None, text: str = "file") -> c.AddDocument:
    return c.AddDocument(kind=kind, sha256=content(f"{kind}: {text}"), size=100, revision=revision)


def on(at: str, *commands: c.SubmissionCommand) -> list[Dated]:
    """Commands of one moment: `10.03 08:30` in Tomsk, noon when no time is given."""
    return [(moment(at), command) for command in commands]


OPENED = on("25.02", OPEN)
FILLED = [*OPENED, *on("02.03", SAVE)]
SUBMITTED = [*FILLED, *on("10.03", SUBMIT)]
ACCEPTED = [*SUBMITTED, *on("11.03", ACCEPT)]


class Given:
    """A submission with a past."""

    def __init__(self, happened: Iterable[e.Happened] = ()) -> None:
        self.happened = tuple(happened)

    @property
    def state(self) -> Submission:
        state = fold(None, self.happened)
        assert state is not None
        return state

    def and_(self, *past: list[Dated]) -> Given:
        """The same after more commands, none of which may be refused."""
        happened = self.happened
        for at, command in (one for group in past for one in group):
            decision = after_time(fold(None, happened), command, TIMETABLE, at)
            assert not isinstance(decision, Refusal), f"{command} was refused: {decision}"
            happened += decision
        return Given(happened)

    def when(self, command: c.SubmissionCommand, at: str) -> Outcome:
        """What the command brings about, with what time brought about before it."""
        return Outcome(self, after_time(fold(None, self.happened), command, TIMETABLE, moment(at)))

    def notices(self) -> list[tuple[str, str | None]]:
        """Every notice that was ever queued: kind and rung."""
        return [(one.event.kind, one.event.rung) for one in self.happened if isinstance(one.event, e.NoticeQueued)]

    def ahead(self) -> list[tuple[str, str | None]]:
        """What time will bring: local day and rung."""
        return [(f"{item.at:%d.%m}", item.rung) for item in agenda(self.state, TIMETABLE)]


def given(*past: list[Dated]) -> Given:
    """A submission in which commands were recorded before."""
    return Given().and_(*past)


class Outcome:
    """What came of a command."""

    def __init__(self, before: Given, decision: Decision) -> None:
        self.before, self.decision = before, decision

    @property
    def happened(self) -> tuple[e.Happened, ...]:
        assert not isinstance(self.decision, Refusal), self.decision
        return self.decision

    @property
    def after(self) -> Given:
        return Given((*self.before.happened, *self.happened))

    def then(self, *expected: Any, **facts: Any) -> Given:
        """Exactly these events (a type stands for any of its kind), or a refusal by code with some of its facts."""
        if expected and isinstance(expected[0], str):
            assert isinstance(self.decision, Refusal), f"not refused: {self.decision}"
            assert self.decision.code == expected[0]
            assert facts.items() <= self.decision.facts.items(), self.decision.facts
            return self.before
        found = [one.event for one in self.happened]
        pattern = [type(f) if isinstance(x, type) else f for f, x in zip(found, expected, strict=False)]
        assert [*pattern, *found[len(expected) :]] == list(expected)
        return self.after
