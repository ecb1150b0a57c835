"""Which figures a consolidated report has, and where in a form each of them is read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from domain.value import Value

MeasureKind = Literal["sum", "share", "change", "yes"]


class Measure(Value):
    """One figure of the report.

    It goes over those respondents that gave all of its `cells` (JSON pointers into a form): a `sum` has one, a `share`
    numerator and denominator, a `change` the earlier and the later count, a `yes` the answer of which the yeses are
    counted. `key` is its JSON pointer in the report.
    """

    key: str
    column: str
    kind: MeasureKind
    cells: tuple[str, ...]


class Line(Value):
    """What is asked for, with its figures: a question, an indicator. `note` says how they are to be read.

    `number`: the one that the form prints before it, where it prints any.
    """

    title: str
    label: str
    measures: tuple[Measure, ...]
    unit: str = ""
    note: str = ""
    number: str = ""

    @property
    def called(self) -> str:
        """How a table names it: an indicator in full with its number; the wording of a question is too long there."""
        words = self.title if self.unit else self.label
        return f"{self.number}. {words}" if self.number else words


class Section(Value):
    """A table of the report."""

    title: str
    lines: tuple[Line, ...]


class Told(Value):
    """Free text that a form may hold: what it is about, and where."""

    key: str
    title: str
    cell: str


class Layout(Value):
    """The report over one form.

    `required`: everything that a filled form holds, for its completeness. `settled_by_no`: what is no gap when the
    yes-no question at the pointer beside it is answered no; a count that is left empty there is 0.
    """

    form: str
    sections: tuple[Section, ...]
    narratives: tuple[Told, ...] = ()
    comments: tuple[Told, ...] = ()
    corrections: tuple[Told, ...] = ()
    required: tuple[str, ...] = ()
    settled_by_no: dict[str, str] = Field(default_factory=dict)

    @property
    def lines(self) -> Iterator[Line]:
        """Every line of every section."""
        return (line for section in self.sections for line in section.lines)

    @property
    def measures(self) -> Iterator[Measure]:
        """Every figure, in the order of the report."""
        return (measure for line in self.lines for measure in line.measures)
