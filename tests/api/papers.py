"""What is sent with a form, and how it is told."""

from __future__ import annotations

import io
from typing import Any

import docx
import httpx

from tests.api.monitoring import TOMSK
from tests.api.world import World

FILES = f"{TOMSK}/documents"


def put(world: World, kind: str, content: bytes, who: str = "coordinator", **given: Any) -> httpx.Response:
    return world.ask(who, "PUT", f"{FILES}/{kind}", content=content, **given)


def line(world: World, kind: str, who: str = "rcro") -> dict[str, Any]:
    items = world.get(FILES, who)["items"]
    found: dict[str, Any] = next(one for one in items if one["kind"] == kind)
    return found


def printed(world: World, revision: int, ending: str = "docx") -> bytes:
    """The form as the engine prints it."""
    answer = world.ask("coordinator", "GET", f"{TOMSK}/form.{ending}", params={"revision": revision})
    assert answer.status_code == 200, answer.text
    return answer.content


def changed(content: bytes, before: str, after: str) -> bytes:
    document = docx.Document(io.BytesIO(content))
    cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
    cell = next(one for one in cells if one.text == before)
    cell.paragraphs[0].runs[0].text = after
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def stored(world: World) -> list[str]:
    return sorted(one.sha256 for one in world.core.uploads.store.held())
