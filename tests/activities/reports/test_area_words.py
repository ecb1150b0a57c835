"""The reports on roadmaps as papers: heads that fit their columns, words that an official would write."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from activities.documents.model import Document, Table, cells, texts
from activities.reports.area import COUNTS, area_document
from activities.reports.results import form_document

PAGE, INSETS, LETTER = 252.0, 3.0, 1.6
"""Millimetres: across a page, of both insets of a cell, and of a bold letter in the size of tables."""

SUMS: dict[str, Any] = dict.fromkeys(COUNTS, 7)
HEAD: dict[str, Any] = {
    "unit": {"id": "tomsk-oblast", "name": "Томская область", "kind": "region"},
    "year": 2026, "as_of": date(2026, 10, 5), "programmes": 3, "complete": False, "counts": SUMS,
}  # fmt: skip
PLACE: dict[str, Any] = {
    "programme": "s-2026", "organisation": "s", "name": "Школа", "municipality": "город Томск", "status": "paused",
    "counts": SUMS,
}  # fmt: skip
RESULT: dict[str, Any] = {"planned": None, "actual": {"pairs": None}, "percent": None}
TOTALS: dict[str, Any] = {
    "programmes": 3, "planned": {"programmes": 0, "mentors": 0, "mentees": 0, "pairs": 0},
    "actual": {"programmes": 0, "pairs": 0}, "percent": None, "compared": 0,
}  # fmt: skip
ROADMAP = {"key": "school", "title": "Школы"}
AREA = area_document(
    HEAD | {
        "units": [{"unit": "mo", "name": "город Томск", "kind": "municipality", "programmes": 3, "counts": SUMS}],
        "steps": [{"roadmap": ROADMAP, "number": 34, "title": "Ведение базы", "counts": SUMS}],
        "organisations": [PLACE | {"roadmap": "school", "overdue": [3, 4]}],
    }
)  # fmt: skip
FORM = form_document(
    HEAD | {
        "form": {"key": "teacher-teacher", "title": "учитель – учитель"}, "totals": TOTALS,
        "municipalities": [{"name": "город Томск", "programmes": 3, "totals": TOTALS, "counts": SUMS}],
        "organisations": [PLACE | RESULT],
    }
)  # fmt: skip


def tight(document: Document) -> Iterator[tuple[str, str]]:
    """Heads and states of a programme whose longest word is wider than the column: it would run into the next one."""
    for table in (one for one in document.blocks if isinstance(one, Table)):
        for row in table.rows:
            for width, cell in zip(table.widths, cells(row), strict=True):
                room = PAGE * width / sum(table.widths) - INSETS
                yield from (
                    (word, f"{room:.1f} mm") for word in cell.text.split() if LETTER * len(word) > room + INSETS / 2
                )


@pytest.mark.parametrize("document", [AREA, FORM], ids=["area", "form"])
def test_no_word_runs_into_the_next_column(document: Document):
    assert list(tight(document)) == []


def test_what_the_system_calls_a_node_is_a_territory_or_an_organisation():
    said = "\n".join(texts(AREA)).lower()
    assert "по территориям и организациям" in said
    assert "узел" not in said
    assert "узл" not in said


def test_programmes_of_a_form_are_counted_in_a_sentence():
    assert any(one.startswith("Программ, в которых реализуется форма: 3.") for one in texts(FORM))
