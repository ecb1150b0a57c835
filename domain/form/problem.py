"""One thing to put right in a form, and what the rules know beside its values."""

from __future__ import annotations

from dataclasses import dataclass, field

from domain.form.reading import Values

_LONGEST_STEP = 80


@dataclass(frozen=True)
class Problem:
    """A JSON pointer into the values (RFC 6901), and a Russian sentence that names the place and the cure."""

    pointer: str
    detail: str


@dataclass(frozen=True)
class Context:
    """The two years of the campaign, and the values of the last accepted form, whose later year is now the earlier."""

    years: tuple[int, int]
    last: Values = field(default_factory=dict)


def step(key: object) -> str:
    """A key of somebody's JSON as a part of a pointer."""
    plain = str(key)[:_LONGEST_STEP].encode("utf-8", "replace").decode("utf-8")
    return plain.replace("~", "~0").replace("/", "~1")
