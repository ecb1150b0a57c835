"""Administrative orders, as commands name them."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from domain.value import Value

Day = date


class Order(Value):
    """An administrative order: number and, where it is known, day."""

    number: str = Field(min_length=1, max_length=64)
    date: Day | None = None
