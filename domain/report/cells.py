"""The single figures of one form, and the reasons where there are none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.report.layout import Layout


@dataclass(frozen=True, slots=True)
class Cells:
    """`given`: figures by JSON pointer, yes and no as 1 and 0; `missing`: the reasons of those said to be missing."""

    given: dict[str, int]
    missing: dict[str, str]


def cells_of(layout: Layout, form: Mapping[str, Any]) -> Cells:
    """What a form says of every cell of the report. What is neither given nor said to be missing is in neither."""
    given: dict[str, int] = {}
    missing: dict[str, str] = {}
    for cell in dict.fromkeys(cell for measure in layout.measures for cell in measure.cells):
        found = value_at(form, cell)
        if isinstance(found, int):
            given[cell] = int(found)
        elif isinstance(reason := _reason(found), str):
            missing[cell] = reason
        elif found is None and settled_by_no(layout, form, cell):
            given[cell] = 0
    return Cells(given=given, missing=missing)


def value_at(form: Mapping[str, Any], pointer: str) -> object:
    """What stands at a JSON pointer; of a figure that is missing as a whole, also for its parts, `{"missing": …}`."""
    here: object = form
    for part in pointer.split("/")[1:]:
        if not isinstance(here, Mapping):
            return None
        if _reason(here) is not None:
            return here
        here = here.get(part)
    return here


def text_at(form: Mapping[str, Any], pointer: str) -> str:
    """The text at a JSON pointer; empty when there is none."""
    found = value_at(form, pointer)
    return found.strip() if isinstance(found, str) else ""


def settled_by_no(layout: Layout, form: Mapping[str, Any], pointer: str) -> bool:
    """Whether nothing is wanted there, because what it belongs to is not done at all."""
    return pointer in layout.settled_by_no and value_at(form, layout.settled_by_no[pointer]) is False


def filled(layout: Layout, form: Mapping[str, Any], pointer: str) -> bool:
    """Whether something was entered there, or nothing is wanted; "no data" is a reason, not an entry."""
    if settled_by_no(layout, form, pointer):
        return True
    found = value_at(form, pointer)
    if isinstance(found, str):
        return bool(found.strip())
    return found is not None and not isinstance(found, Mapping)


def _reason(found: object) -> object:
    return found.get("missing") if isinstance(found, Mapping) else None
