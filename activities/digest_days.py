"""On which days digests go out, zone by zone, and for which of them they have."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, Table, insert, select
from sqlalchemy.exc import IntegrityError

from activities.database import Database
from activities.definitions import Library
from activities.directory import Trees
from activities.tables import DigestDayRow
from domain.calendar import UnknownYear
from domain.plan import local_day, morning
from domain.quiet import QuietHours

EARLY = timedelta(minutes=1)
"""A clock that is so little behind the one that woke us means the morning that comes."""

_DAY: Table = DigestDayRow.__table__  # type: ignore[attr-defined]


class DigestDay(NamedTuple):
    """A digest to send: `at` is the moment it speaks of, `before` the one of the digest before it, if there was one,
    else the working morning before.
    """

    zone: str
    day: date
    at: datetime
    before: datetime


class DigestDays:
    """Knows the zones in which superiors work, their working days, and what has been sent."""

    def __init__(self, database: Database, library: Library, quiet: QuietHours | None) -> None:
        self._database, self._library, self._quiet = database, library, quiet
        self._trees = Trees()

    def zones(self) -> set[str]:
        """The zones of everybody who may get a digest."""
        with self._database.reading() as connection:
            tree = self._trees.current(connection)
        return {tree.zone(unit.id) for unit in tree.units.values() if unit.kind != "organisation"}

    def late(self, now: datetime, grace: timedelta) -> set[str]:
        """The zones whose digests should have gone out `grace` ago, and have not."""
        return {zone for zone in self.zones() if self.due(zone, now - grace) is not None}

    def due(self, zone: str, now: datetime) -> DigestDay | None:
        """The digest that is due in a zone: it is a working day, after 09:00, not too late, and it is not sent yet."""
        day = local_day(now + EARLY, zone)
        at = max(now, morning(day, zone))
        if at - now > EARLY or not self._works(day) or (self._quiet and self._quiet.end(at, zone)):
            return None
        with self._database.reading() as connection:
            last = _last(connection, zone)
        if last is not None and last.day >= day:
            return None
        before = last.at if last is not None else morning(self._library.calendar(day.year).add(day, -1), zone)
        return DigestDay(zone, day, at, before)

    def finish(self, digest: DigestDay) -> None:
        """Everything of the day has been handed over."""
        row = {"zone": digest.zone, "day": digest.day, "at": digest.at}
        try:
            with self._database.writing() as connection:
                connection.execute(insert(_DAY), row)
        except IntegrityError:  # another process was as far
            return

    def _works(self, day: date) -> bool:
        try:
            return self._library.calendar(day.year).is_working(day)
        except UnknownYear:
            return day.weekday() < 5


def _last(connection: Connection, zone: str) -> DigestDayRow | None:
    """The last day whose digests have all been sent."""
    query = select(_DAY).where(_DAY.c.zone == zone).order_by(_DAY.c.day.desc()).limit(1)
    row = connection.execute(query).mappings().first()
    return DigestDayRow(**row) if row else None
