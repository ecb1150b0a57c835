"""An expected "no": a stable code and the facts that explain it."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from domain.value import Value


class Refusal(Value):
    """Why a command was not accepted.

    `code` is stable and names the rule; `facts` fill the sentence that the reader gets (`api/problems.py`
    owns the wording); `pointer` is the JSON pointer of the field that has to change, if it is one field.
    """

    code: str
    facts: dict[str, Any] = Field(default_factory=dict)
    pointer: str | None = None
