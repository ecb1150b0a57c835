"""Cures of the machine: another attempt at once, and the workflow of a stream taken back or begun anew.

A workflow holds no truth (DESIGN, 1.4): what it has been doing is in the journal, so none of this can lose anything.
"""

from __future__ import annotations

from activities import audit
from activities.cures import arguments as a
from activities.cures.foreseeing import foresee
from activities.cures.planned import Bench, Hands, Planned, Rows, Target
from domain.queue_commands import RetryItems
from domain.refusal import Refusal

_PLACES = {"first": "к самому началу", "last": "к последней выполненной задаче"}


def retry(bench: Bench, target: Target, given: a.Nothing) -> Planned | Refusal:  # noqa: ARG001
    """Try at once what waits for its next attempt: in the queue, in the workflow, or in Temporal."""
    stream, state = target.stream or "", bench.state(target.stream or "")
    facts = bench.core.kinds.facts(stream, state)

    def after(hands: Hands) -> None:
        hands.retry(stream, facts)

    planned = foresee(bench, "retry", target, RetryItems(), after=after)
    if isinstance(planned, Refusal) or planned.changes:
        return planned
    told = ("Процесс немедленно повторит то, что не удалось",)
    return Planned("retry", target, told, rows=_noted("retry", target), after=after)


def reset(bench: Bench, target: Target, given: a.Reset) -> Planned | Refusal:  # noqa: ARG001
    """Take the workflow back, after a release whose code did not fit its history."""
    stream = target.stream or ""

    def after(hands: Hands) -> None:
        hands.reset(stream, given.to)

    told = (f"Процесс вернётся {_PLACES[given.to]} и снова прочитает журнал; данные не изменятся",)
    return Planned("reset", target, told, rows=_noted("reset", target, given.to), after=after)


def restart(bench: Bench, target: Target, given: a.Nothing) -> Planned | Refusal:  # noqa: ARG001
    """End the workflow and begin another one from the journal."""
    stream, state = target.stream or "", bench.state(target.stream or "")
    kind = bench.core.kinds.of(stream)
    if not kind.open(state):
        return Refusal(code="workflow_needless")

    def after(hands: Hands) -> None:
        hands.restart(stream, kind.facts(stream, state))

    told = ("Процесс завершится и начнётся заново из журнала; данные не изменятся",)
    return Planned("restart", target, told, rows=_noted("restart", target), after=after)


def _noted(action: str, target: Target, how: str | None = None) -> Rows:
    """Who did this to a workflow: it leaves no trace in the journal."""

    def rows(connection: object, by: str, at: object) -> None:
        audit.note(connection, f"workflow:{target.stream}", None, {"cure": action, "how": how}, by, at)  # type: ignore[arg-type]

    return rows
