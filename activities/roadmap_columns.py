"""Which column of a roadmap's table says what, and the kinds of step as people write them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from activities.slugs import plain
from activities.table_file import TableRow
from domain.evidence import EvidenceKind

TITLES = {
    "number": "№",
    "phase": "Этап",
    "title": "Мероприятие",
    "date": "Сроки",
    "responsible": "Ответственные",
    "kind": "Вид",
}
"""The headings of the order's own table and two more, by field."""

_HEADINGS = {
    "number": ("", "номер", "п п", "n", "no", "n п п", "пп"),
    "phase": ("этап", "раздел", "направление", "этапы", "наименование этапа"),
    "title": ("мероприятие", "мероприятия", "наименование мероприятия", "наименование", "содержание", "название"),
    "date": ("срок", "сроки", "дата", "даты", "срок исполнения", "сроки исполнения", "срок реализации",
             "сроки реализации", "сроки проведения", "срок проведения"),
    "responsible": ("ответственный", "ответственные", "исполнитель", "исполнители", "ответственное лицо",
                    "ответственные исполнители", "ответственный исполнитель"),
    "kind": ("вид", "вид подтверждения", "вид мероприятия"),
}  # fmt: skip

KINDS: Mapping[str, EvidenceKind] = {
    "анкетирование": "form",
    "согласия": "consent",
    "решение": "decision",
    "совещание": "meeting",
    "встреча": "meeting",
    "обучение": "training",
    "событие": "event",
    "собеседование": "interview",
    "подбор пар": "matching",
    "оценка": "evaluation",
    "информирование": "notice",
    "отчет": "report",
    "публикация": "publication",
}


class Columns(NamedTuple):
    """The row of headings, and where each field stands."""

    row: int
    headings: Sequence[str]
    places: Mapping[str, int]

    def cell(self, row: TableRow, field: str) -> str:
        """The text of a field in a row; empty where the table has no such column."""
        place = self.places.get(field)
        return row.cells[place] if place is not None and place < len(row.cells) else ""

    def heading(self, field: str) -> str:
        """The heading as the reader sees it."""
        place = self.places.get(field)
        return (self.headings[place] if place is not None else "") or TITLES[field]


def find_columns(table: Sequence[TableRow]) -> Columns | None:
    """The first row that names a column of steps and one of dates."""
    for row in table:
        places = _places(row.cells)
        if {"title", "date"} <= set(places):
            return Columns(row.number, row.cells, places)
    return None


def _places(cells: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        for field, known in _HEADINGS.items():
            if cell and plain(cell) in known and field not in found:
                found[field] = place
    return found
