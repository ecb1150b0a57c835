"""Quiet hours: a span of the local day in which no letter disturbs anybody."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

from domain.plan import zone_of
from domain.value import Value

_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)\s*[-–—]\s*([01]\d|2[0-3]):([0-5]\d)")


class QuietHours(Value):
    """From `since` up to, but not including, `until`; over midnight when `until` is the earlier one."""

    since: time
    until: time

    @classmethod
    def parse(cls, text: str) -> QuietHours:
        """Read `20:00-08:00`. Raises ValueError."""
        found = _SPAN.fullmatch(text.strip())
        if found is None:
            raise ValueError("нужны часы вида 20:00-08:00")
        first, second, third, fourth = (int(part) for part in found.groups())
        return cls(since=time(first, second), until=time(third, fourth))

    def end(self, at: datetime, zone: str) -> datetime | None:
        """When the quiet hours end in which the instant lies, `None` when it lies in none."""
        local = at.astimezone(zone_of(zone))
        if not self._quiet(local.time()):
            return None
        day = local.date() if local.time() < self.until else local.date() + timedelta(days=1)
        return datetime.combine(day, self.until, zone_of(zone)).astimezone(at.tzinfo)

    def _quiet(self, at: time) -> bool:
        if self.since <= self.until:
            return self.since <= at < self.until
        return at >= self.since or at < self.until
