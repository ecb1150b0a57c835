"""How figures are written in Russian."""

from __future__ import annotations

from decimal import Decimal

from domain.report.entry import EntryState, RespondentKind
from domain.report.figures import Figure
from domain.report.layout import Layout
from domain.report.league import Kept

NO_DATA = "нет данных"
NOT_APPLICABLE = "не применимо"
STATES: dict[EntryState, str] = {
    "draft": "заполняется",
    "submitted": "на проверке",
    "returned": "возвращена на доработку",
    "accepted": "принята",
}
KINDS: dict[RespondentKind, str] = {"municipality": "Муниципалитеты", "state": "Государственные организации"}
KEPT: dict[Kept, str] = {
    "on_time": "в срок",
    "excused": "в продлённый срок",
    "open": "срок не наступил",
    "late": "с опозданием",
}


def number(value: int | Decimal) -> str:
    """`1 234`, `28,5`: thousands apart by a space that does not break."""
    return f"{value:,}".replace(",", "\u00a0").replace(".", ",").replace("-", "−")


def value_words(figure: Figure) -> str:
    """The value with its sign of percent; a change with its sign."""
    value = figure.value
    if value is None:
        return NOT_APPLICABLE if figure.received else NO_DATA
    sign = "+" if figure.measure.kind == "change" and value > 0 else ""
    return f"{sign}{number(value)}" + ("\u00a0%" if figure.measure.kind == "share" else "")


def share_words(figure: Figure) -> str:
    """A share with what it was computed from: `28,5 % (57 из 200)`."""
    if not figure.received:
        return NO_DATA
    return f"{value_words(figure)} ({number(figure.sums[0])} из {number(figure.sums[1])})"


def coverage_words(figure: Figure, expected: int) -> str:
    """Over how many respondents it goes: `28 из 30`."""
    return f"{number(figure.received)} из {number(expected)}"


def cell_words(layout: Layout, cell: str) -> str:
    """What a figure of a form is about, for people: line and column."""
    for line in layout.lines:
        for measure in line.measures:
            if cell in measure.cells:
                return f"{line.label}: {measure.column}"
    named = (told.title for told in (*layout.narratives, *layout.comments, *layout.corrections) if told.cell == cell)
    return next(named, cell)
