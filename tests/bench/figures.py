"""One measured figure of both sides, its ratio, and the bar that it is held to."""

from dataclasses import dataclass, field
from typing import Literal

NOTHING = 1e-3  # seconds, counts: a ratio to less says nothing


@dataclass
class Figure:
    """`ratio` is engine / baseline. A bar compares it: `at least` or `at most`."""

    name: str
    unit: str
    baseline: float | None = None
    engine: float | None = None
    bar: float | None = None
    sense: Literal["at least", "at most", ""] = ""
    own_bar: float | None = None  # the engine's own figure may be at most this, whatever the baseline's

    @property
    def ratio(self) -> float | None:
        if self.baseline is None or self.engine is None or self.baseline < NOTHING:
            return None
        return self.engine / self.baseline

    @property
    def met(self) -> bool | None:
        """None when there is no bar, or not what it needs."""
        if self.own_bar is not None:
            return None if self.engine is None else self.engine <= self.own_bar
        if self.bar is None or self.ratio is None:
            return None
        return self.ratio >= self.bar if self.sense == "at least" else self.ratio <= self.bar

    def set(self, side: str, value: float | None) -> None:
        setattr(self, side, value)


@dataclass
class Chapter:
    """What one measurement found; `details` goes into the JSON only."""

    key: str
    title: str
    figures: list[Figure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    details: dict[str, object] = field(default_factory=dict)

    def figure(self, name: str, unit: str, bar: float | None = None, sense: str = "") -> Figure:
        """The figure of that name, made at its first mention."""
        for figure in self.figures:
            if figure.name == name:
                return figure
        made = Figure(name, unit, bar=bar, sense="at least" if sense == ">=" else "at most" if sense == "<=" else "")
        self.figures.append(made)
        return made
