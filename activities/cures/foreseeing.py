"""What a command on a stream would bring: decided in memory, told in sentences, with whoever would get a letter."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from activities.campaign_letters import CampaignLetters
from activities.correspondence import Correspondence, Notice
from activities.cures.planned import Bench, Letter, Planned, Reader, Target
from activities.letter_words import ROLES, shortened
from activities.programme_letters import ProgrammeLetters
from activities.recipients import Recipient
from activities.russian import counted, full_date
from activities.submission_letters import SubmissionLetters
from activities.wishes import kept_back, read_wishes
from domain.refusal import Refusal

TITLE = 60


def foresee(
    bench: Bench, action: str, target: Target, command: Any, texts: Mapping[str, str] | None = None, **more: Any
) -> Planned | Refusal:
    """The plan of a cure that is one command on a stream."""
    assert target.stream is not None, "a command is recorded on a stream"
    kind, before = bench.core.kinds.of(target.stream), bench.load(target.stream)
    if before.state is None:
        return Refusal(code="incident_unknown", facts={"incident": target.name})
    at = max(bench.now, before.state.last_at)
    brought = kind.decide(before.state, kind.time, at, before.wake_at)
    assert not isinstance(brought, Refusal), "nothing refuses the passing of time"
    state = kind.fold(before.state, brought) if brought else before.state
    decision = kind.decide(state, command, at, None)  # what time has brought is none of its doing
    if isinstance(decision, Refusal):
        return decision
    after = kind.fold(state, decision) if decision else state
    changes = tuple(told for one in decision if (told := _told(one.event, bench, after)))
    fresh = [item for number, item in after.items.items() if number not in state.items]
    letters = tuple(_letter(bench, target.stream, after, item) for item in fresh if item.kind == "notice")
    return Planned(action, target, changes, letters, command, texts or {}, **more)


def _letter(bench: Bench, stream: str, state: Any, item: Any) -> Letter:
    post = _post(bench, stream)
    notice = post.notice(bench.connection, stream, state, item, bench.now)
    found = notice.reached().narrowed(item.only).recipients
    wishes = read_wishes(bench.connection, notice, found)
    to = tuple(Reader(one.id, one.name, _how(bench, notice, one, wishes)) for one in found)
    return Letter(notice.kind, notice.subject(), to)


def _how(bench: Bench, notice: Notice, one: Recipient, wishes: frozenset[str]) -> str:
    if notice.bundled(one):
        return "digest"
    kept = kept_back(notice, one, bench.core.settings.quiet, wishes)
    return "letter" if kept is None else "later" if kept.until else "declined"


def _post(bench: Bench, stream: str) -> Correspondence:
    library = bench.core.library
    posts: tuple[Correspondence, ...] = (
        ProgrammeLetters(bench.core.recorder.plan),
        CampaignLetters(library),
        SubmissionLetters(library),
    )
    return next(one for one in posts if stream.startswith(one.prefix))


def _told(event: Any, bench: Bench, after: Any) -> str | None:
    teller = _SENTENCES.get(event.type)
    if teller is None:
        return None
    return teller(event, _Named(bench, after))


class _Named:
    """Names of steps, as the state after the command knows them."""

    def __init__(self, bench: Bench, state: Any) -> None:
        self._bench, self._state = bench, state

    def step(self, number: int) -> str:
        plan = self._bench.core.streams.plan(self._state)
        known = plan.roadmap.steps.get(number)
        return f"мероприятие {number} «{shortened(known.title, TITLE)}»" if known else f"мероприятие {number}"


def _of_step(words: str) -> Callable[[Any, _Named], str]:
    return lambda event, named: f"{words}: {named.step(event.step)}"


def _moved(event: Any, named: _Named) -> str:
    what = f"{named.step(event.step)}, " if hasattr(event, "step") else ""
    return f"{what}срок {full_date(event.was)} → {full_date(event.due)}"


def _adopted(event: Any, named: _Named) -> str:
    return "; ".join(_differences(event, named))


def _differences(event: Any, named: _Named) -> Iterator[str]:
    for name, words in (("roadmap", "дорожная карта"), ("ladder", "лестница"), ("calendar", "календарь")):
        was, now = getattr(event.was, name), getattr(event.plan, name)
        if was != now:
            yield f"{words} {was} → {now}"
    for due in event.added:
        yield f"добавится {named.step(due.step)}, срок {full_date(due.due)}"
    for step, _ in event.removed:
        yield f"уберётся мероприятие {step}"


_SENTENCES: Mapping[str, Callable[[Any, _Named], str]] = {
    "ReminderAsked": lambda event, named: (
        f"Напоминание сейчас: {named.step(event.step)}" if hasattr(event, "step") else "Напоминание сейчас: форма"
    ),
    "DeadlineMoved": _moved,
    "StepCompleted": _of_step("Выполнено"),
    "PartCompleted": _of_step("Выполнена часть"),
    "StepSkipped": _of_step("Пропуск"),
    "StepReopened": _of_step("Возвращается в работу"),
    "ProgrammeReopened": lambda event, named: f"Год снова открыт: {named.step(event.step)}",
    "StepAssigned": _of_step("Передаётся другому человеку"),
    "PersonAppointed": lambda event, named: f"Назначается {ROLES[event.role]}",  # noqa: ARG005
    "ProgrammePaused": lambda event, named: "Программа приостанавливается",  # noqa: ARG005
    "ProgrammeResumed": lambda event, named: "Программа возобновляется",  # noqa: ARG005
    "VersionsAdopted": _adopted,
    "FormReopened": lambda event, named: "Форма открывается для изменений",  # noqa: ARG005
    "RetryAsked": lambda event, named: (  # noqa: ARG005
        f"Сейчас будет выполнено {counted(len(event.items), 'поручение', 'поручения', 'поручений')} из очереди"
    ),
}
"""What is said of the events that cures bring about; others, like the opening of a phase, follow from them."""
