"""What is told of an electronic signature."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True)
class Signature:
    """`at`: when, as the signer says. `valid`: the document is as it was signed; `None`: that was not checked."""

    signer: str
    at: datetime | None
    kind: Literal["embedded", "detached"]
    valid: bool | None
    detail: str
