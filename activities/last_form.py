"""What a respondent reported last: the accepted form of the year before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class LastForm:
    """The submission and its values; both empty when nothing was accepted."""

    submission: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
