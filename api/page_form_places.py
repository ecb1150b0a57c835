"""What is said about places of a form: what is wrong, what the reviewer wants, what is known already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from activities.prefill import Prefill
from activities.russian import counted
from activities.submission_words import place_words
from domain.campaign.commands import Years
from domain.form.definition import FormDefinition
from domain.form.prefill import Proposal
from domain.form.problem import Problem
from domain.form.reading import at
from domain.submission.commands import Comment


class Part(NamedTuple):
    """A part of the form with what is wrong in it, in the order of the form; `tally` in words."""

    title: str
    tally: str
    problems: list[str]


class Remark(NamedTuple):
    """What the reviewer wants at a place."""

    place: str
    comment: str


class Source(NamedTuple):
    """Where values are known from: how many, and for how many of them the form has nothing yet."""

    text: str
    values: int
    empty: int


WHOLE = "Форма в целом"


def problems_by_part(form: FormDefinition, found: Sequence[Problem]) -> list[Part]:
    """Problems under the names of questions and tables; each names its field itself."""
    parts: dict[str, list[str]] = {}
    for one in found:
        parts.setdefault(_part(form, one.pointer), []).append(one.detail)
    return [Part(title, places(len(details)), details) for title, details in parts.items()]


def places(count: int) -> str:
    """`3 места`"""
    return counted(count, "место", "места", "мест")


def remarks_of(
    form: FormDefinition, comments: Sequence[Comment], texts: Mapping[str, str], years: Years
) -> list[Remark]:
    """The comments of a return; an erased one says so."""
    return [
        Remark(place_words(form, one.pointer, years) or WHOLE, texts.get(one.comment, "[удалено]")) for one in comments
    ]


def known_sources(source: Prefill, found: Sequence[Proposal], values: Mapping[str, Any]) -> list[Source]:
    """What the region's records know, by where they know it from."""
    counts: dict[str, list[int]] = {}
    for one in found:
        tally = counts.setdefault(source.view(one)["source"]["text"], [0, 0])
        tally[0] += 1
        tally[1] += at(values, one.pointer) is None
    return [Source(text, values, empty) for text, (values, empty) in counts.items()]


def _part(form: FormDefinition, pointer: str) -> str:
    """The name of the innermost group around a place, under the heading of its section."""
    names = []
    parts = pointer.split("/")
    for length in range(2, len(parts) + 1):
        group = form.groups.get("/".join(parts[:length]))
        if group is not None:
            names.append(group.label)
    section = form.groups.get("/".join(parts[:2]))
    if section is None or not names:
        return WHOLE
    heading = getattr(section, "heading", "") or section.label
    return heading if len(names) == 1 else f"{heading}. {names[-1]}"
