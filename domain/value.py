"""The base of every value: frozen, and strict about unknown fields."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints


class Value(BaseModel):
    """An immutable value; an unknown field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


TextRef = Annotated[str, StringConstraints(pattern=r"^txt-[0-9a-f]{32}$")]
"""Reference to a free text kept outside of the journal, so that it can be erased (DESIGN, 1.7)."""

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
"""Opaque id of a unit or a person: lower-case Latin letters, digits, `.`, `_`, `-`; 1–64 characters."""
