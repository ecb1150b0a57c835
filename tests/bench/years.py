"""The years that both sides live through, so that their histories can be compared."""

from datetime import date, datetime, time
from typing import Literal

from tests.bench.baseline.plan import ZONE
from tests.bench.sides import SCHOOL_YEAR

Scenario = Literal["on-time", "prompt", "nobody"]
SCENARIOS: dict[Scenario, str] = {
    "on-time": "each step closed at noon of its deadline's day, after its reminders",
    "prompt": "every step closed on the first day, before any reminder",
    "nobody": "nobody closes a step",
}
START = datetime(SCHOOL_YEAR, 8, 25, 12, tzinfo=ZONE)
END = datetime(SCHOOL_YEAR + 1, 7, 31, 12, tzinfo=ZONE)


def closing_moment(scenario: Scenario, due: date) -> datetime | None:
    """When a step with this deadline is closed; None: never."""
    if scenario == "nobody":
        return None
    return START if scenario == "prompt" else datetime.combine(due, time(12), ZONE)
