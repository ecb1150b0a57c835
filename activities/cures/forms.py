"""Cures of a respondent's form."""

from __future__ import annotations

from activities.cures import arguments as a
from activities.cures.foreseeing import foresee
from activities.cures.planned import Bench, Planned, Target
from activities.cures.steps import keep
from domain.refusal import Refusal
from domain.submission import commands as c


def remind(bench: Bench, target: Target, given: a.Remind) -> Planned | Refusal:
    """Remind whoever fills in the form, now."""
    return foresee(bench, "remind", target, c.RemindRespondent(insisting=given.insisting))


def extension(bench: Bench, target: Target, given: a.Extension) -> Planned | Refusal:
    """Give the respondent more time, from the day that holds now."""
    texts: dict[str, str] = {}
    was = bench.state(target.stream or "").due
    command = c.ExtendDeadline(due=given.due, was=was, reason=keep(texts, given.reason), order=given.order)
    return foresee(bench, "extension", target, command, texts)


def reopening(bench: Bench, target: Target, given: a.FormReopening) -> Planned | Refusal:
    """Unlock an accepted form for a numbered resubmission."""
    texts: dict[str, str] = {}
    command = c.ReopenForm(reason=keep(texts, given.reason), due=given.due)
    return foresee(bench, "reopening", target, command, texts)
