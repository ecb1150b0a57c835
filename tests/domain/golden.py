"""Event types of a kind of stream as they were written: journals cannot be edited, nor may these files."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import TypeAdapter

from domain.earlier_shapes import of_today, shape_of

FOLDER = Path(__file__).parents[1] / "golden" / "events"

MISSING = """
{type} has no golden file. Let the stories make one, then run these tests with WRITE_GOLDEN=1
and commit {path} with the new event."""

CHANGED = """
{type} as it stands in journals is not read back as it was written. Journals cannot be edited, nor may this file:
give a new field a default, keep an old one, or lead the old shape to the new one in domain/earlier_shapes.py
and keep the old file as {type}.v1.json."""


def types_of(union: Any) -> dict[str, Any]:
    """The events of an annotated union, by their type."""
    return {kind.model_fields["type"].default: kind for kind in get_args(get_args(union)[0])}


def fullest(happened: Iterable[Any]) -> dict[str, Any]:
    """The event of each type that says most."""
    found: dict[str, Any] = {}
    for one in happened:
        known = found.get(one.event.type)
        if known is None or _size(one.event) > _size(known):
            found[one.event.type] = one.event
    return found


def _size(event: Any) -> int:
    return len(event.model_dump_json(exclude_defaults=True))


def check(kind: str, samples: dict[str, Any], union: Any, adapter: TypeAdapter[Any]) -> None:
    """Every type has its file, and every file is read back as it was written."""
    assert set(samples) == set(types_of(union)), "add a line to the story, so that a golden file can be written"
    folder = FOLDER / kind
    for name, event in samples.items():
        path = folder / f"{name}.json"
        if os.environ.get("WRITE_GOLDEN") and not path.exists():
            folder.mkdir(parents=True, exist_ok=True)
            write(kind, path, event)
        assert path.exists(), MISSING.format(type=name, path=path)
    for path in sorted(folder.glob("*.json")):
        read_back(kind, path, adapter)


def write(kind: str, path: Path, event: Any) -> None:
    """A file as a journal would hold the event, with what it leaves out."""
    content = {**json.loads(event.model_dump_json()), **shape_of(kind, event.type)}
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def read_back(kind: str, path: Path, adapter: TypeAdapter[Any]) -> None:
    """What a file says is what it says today; of an earlier shape, what that has become."""
    written = json.loads(path.read_text(encoding="utf-8"))
    today = dict(of_today(kind, written["type"], written))
    try:
        again = adapter.validate_json(json.dumps(today))
    except ValueError as problem:
        pytest.fail(f"{CHANGED.format(type=path.stem)}\n{problem}")
    assert json.loads(again.model_dump_json(exclude_unset=True)) == today, CHANGED.format(type=path.stem)
