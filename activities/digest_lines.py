"""What stands in a digest: late steps, late forms, and dates that moved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Told:
    """One notice that went out before; `lost`: somebody never got it."""

    day: date
    kind: str
    addressees: tuple[str, ...]
    lost: bool


@dataclass(frozen=True)
class Line:
    """One late step: whose, which, since when, for how many working days, what was sent about it."""

    programme: str
    organisation: str
    municipality: str
    step: int
    title: str
    occasion: int
    since: date
    days: int
    new: bool
    sent: tuple[Told, ...]


@dataclass(frozen=True)
class Move:
    """A deadline of which the reader had heard, and that has another date since the last digest."""

    programme: str
    organisation: str
    step: int
    title: str
    was: date
    due: date


@dataclass(frozen=True)
class FormLine:
    """One late form, «форма `of`» of a `round`. `first_due`: the date before any was given, if another was.

    `new`: the reader has not read of it yet; `higher`: it has climbed a rung since, be it one that names them again.
    """

    submission: str
    respondent: str
    municipal: bool
    campaign: str
    title: str
    of: str
    round: str
    since: date
    days: int
    first_due: date | None
    returned: bool
    new: bool
    higher: bool
    sent: tuple[Told, ...]


@dataclass(frozen=True)
class Extension:
    """A form of whose lateness the reader had heard, and that has more time since the last digest."""

    submission: str
    respondent: str
    campaign: str
    was: date
    due: date


News = Line | Move | FormLine | Extension
