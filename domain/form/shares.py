"""What a numerator and a denominator say."""

from __future__ import annotations

from decimal import Decimal


def percent(numerator: int, denominator: int) -> Decimal | None:
    """Percent to one decimal, half up, from whole numbers; `None` (not applicable) of nothing."""
    if denominator == 0:
        return None
    tenths = (2000 * numerator + denominator) // (2 * denominator)
    return Decimal(tenths).scaleb(-1)
