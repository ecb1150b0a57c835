"""Whether a form is right: each problem names its place and its cure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.form.definition import FormDefinition

Values = Mapping[str, Any]
"""What has been filled in, as JSON."""


@dataclass(frozen=True)
class Problem:
    """One thing to put right: a JSON pointer into the values, and a Russian sentence."""

    pointer: str
    detail: str


@dataclass(frozen=True)
class Context:
    """What the rules need beside the values: the two years, and the values of the last accepted form."""

    years: tuple[int, int]
    last: Values = field(default_factory=dict)


def problems_of(definition: FormDefinition, values: Any, context: Context) -> list[Problem]:  # noqa: ARG001
    """Everything that keeps the form from being submitted, in the order of the form; whatever JSON is given."""
    return []


def shape_problems(values: Any) -> list[Problem]:  # noqa: ARG001
    """Why these values cannot even be kept as a draft; an incomplete or wrong draft can."""
    return []


def figures_of(definition: FormDefinition, values: Any) -> dict[str, int]:  # noqa: ARG001
    """The figures by pointer, integers only; yes is 1. A missing figure is not among them."""
    return {}
