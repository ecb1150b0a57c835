"""Every event type ever written is read back as it was written: `tests/golden/events` is the memory of that.

WRITE_GOLDEN=1 pytest tests/domain/programme/test_golden_events.py   # adds what is missing, edits nothing
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic_core import to_jsonable_python

from domain.evidence import Evidence
from domain.plan import PlanRef
from domain.programme import commands as c
from domain.programme import events as e
from domain.value import Value
from tests.domain import golden
from tests.domain.programme.given import Dated, Given, given, moment, on
from tests.domain.programme.plans import day
from tests.domain.programme.versions import adopted, without
from tests.domain.programme.words import (
    CANCEL,
    CLOSE,
    EVIDENCE,
    ORDER,
    PASS,
    RESUME,
    STARTED,
    complete,
    move,
    pause,
    reopen,
    skip,
    start,
)

GOLDEN = Path(__file__).parents[2] / "golden" / "events"
DEFAULTS = GOLDEN.parent / "event_defaults.json"
TYPES = {kind.model_fields["type"].default: kind for kind in get_args(get_args(e.ProgrammeEvent)[0])}

MISSING = """
{type} has no golden file. Let the stories below make one, then
    WRITE_GOLDEN=1 pytest tests/domain/programme/test_golden_events.py
and commit tests/golden/events/{type}.json with the new event."""


def _full_year() -> Given:
    """A busy year, so that every type happens."""
    more: dict[str, Any] = {"deadlines": {3: day("02.10")}, "responsible": {3: "anna"}, "forms": ("pupil-pupil",)}
    result = c.PlannedResult(mentors=5, mentees=10, pairs=10)
    story = given(
        on("20.08", start(**more), c.ChooseForms(forms=("teacher-pupil",))),
        on("21.08", c.PlanResult(form="teacher-pupil", planned=result)),
        on("21.08", c.AppointPerson(role="curator", person="anna", order=ORDER), c.AssignStep(step=2, person="boris")),
        on("12.09", complete(1, evidence={"audience": 25}), skip(2).model_copy(update={"order": ORDER}), reopen(2)),
        on("13.09", skip(2), complete(3), complete(4), reopen(4), move(4, "30.09", order=ORDER)),
        on("14.09", c.IssueForms(step=5, count=60), c.NoteReturn(step=5)),
    )
    item = next(number for number, one in story.state.items.items() if one.kind == "collection")
    return story.and_(
        on("15.09", c.RecordForms(item=item, sent=60, returned=50)),
        _letters(story),
        on("16.09", complete(5), complete(8), reopen(8), complete(24), reopen(24, occurrence=1)),
        on("25.11", complete(19, documents=("doc-1",), note=move(1, "01.09").reason), pause("keep")),
        on("10.12", RESUME, CLOSE, reopen(9), complete(9, evidence=EVIDENCE[9]), CANCEL),
    )


def _letters(story: Given) -> list[Dated]:
    first, second, third, *_ = (number for number, one in story.state.items.items() if one.kind == "notice")
    return on(
        "15.09",
        c.RecordSent(
            item=first,
            to=("anna", "boris"),
            bundled=("unit:dgo",),
            instead_of={"boris": ("vera",)},
            redirect=c.Redirect(vacant=("curator",), rung="missed", to=("head",)),
        ),
        c.RecordDropped(item=second, reason="untrue"),
        c.RecordDeferred(item=third, retry_at=moment("16.09")),
        c.RetryItems(),
        c.RemindStep(step=10),
    )


def _samples() -> dict[str, e.ProgrammeEvent]:
    """The fullest event of each type from the busy year and from one in which everything is skipped."""
    skipped = given(STARTED, on("21.08", *(skip(n) for n in range(1, 35))), on("22.08", reopen(34), PASS))
    found: dict[str, e.ProgrammeEvent] = {}
    newer = adopted(given(STARTED), without(34), "21.08")
    for one in (*_full_year().happened, *skipped.happened, *newer.happened):
        size = len(one.event.model_dump_json(exclude_defaults=True))
        if one.event.type not in found or size > len(found[one.event.type].model_dump_json(exclude_defaults=True)):
            found[one.event.type] = one.event
    return found


def _defaults() -> dict[str, Any]:
    """What a field means that is not written: journals leave out what equals its default."""
    parts: list[type[Value]] = [e.Due, Evidence, c.Order, c.PlannedResult, PlanRef]
    return {
        f"{kind.__name__}.{name}": to_jsonable_python(field.get_default(call_default_factory=True))
        for kind in (*TYPES.values(), *parts)
        for name, field in kind.model_fields.items()
        if not field.is_required() and name != "type"
    }


@pytest.fixture(scope="module", autouse=True)
def _written_on_request() -> None:
    if not os.environ.get("WRITE_GOLDEN"):
        return
    GOLDEN.mkdir(parents=True, exist_ok=True)
    known = json.loads(DEFAULTS.read_text(encoding="utf-8")) if DEFAULTS.exists() else {}
    DEFAULTS.write_text(json.dumps(_defaults() | known, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    for name, event in _samples().items():
        path = GOLDEN / f"{name}.json"
        if not path.exists():
            golden.write("programme", path, event)


@pytest.mark.parametrize("name", sorted(TYPES))
def test_every_type_has_its_golden_file(name: str) -> None:
    assert (GOLDEN / f"{name}.json").exists(), MISSING.format(type=name)


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.json")), ids=lambda path: path.stem)
def test_what_was_written_is_read_back_as_it_was(path: Path) -> None:
    assert json.loads(path.read_text(encoding="utf-8"))["type"] == path.stem.partition(".")[0]
    golden.read_back("programme", path, e.PROGRAMME_EVENT)


def test_the_busy_year_makes_every_type() -> None:
    assert set(_samples()) == set(TYPES), "add a line to the year above, so that a golden file can be written"


def test_what_journals_leave_out_keeps_its_meaning() -> None:
    known = json.loads(DEFAULTS.read_text(encoding="utf-8"))
    now = _defaults()
    assert {name: now.get(name, "no default any more") for name in known} == known, "a default cannot be changed"
    assert now.keys() == known.keys(), "WRITE_GOLDEN=1 adds the new ones"
