"""What delivery has to know of the letters of each kind of stream."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Protocol

from sqlalchemy import Connection

from activities.outbox import Writer
from activities.reaching import Reached
from activities.recipients import Recipient
from domain.queued import Queued


class Notice(Protocol):
    """A queued notice with everything that its letters are made of. `at`: the instant of sending."""

    @property
    def item(self) -> Queued:
        """What the journal has queued."""
        ...

    @property
    def at(self) -> datetime:
        """The instant of sending."""
        ...

    @property
    def kind(self) -> str:
        """The kind of notice."""
        ...

    @property
    def today(self) -> date:
        """The local day of whoever owes."""
        ...

    @property
    def called_off(self) -> bool:
        """Whether it belongs to something that has been begun anew since, so that nobody can be told."""
        ...

    def true(self) -> bool:
        """Whether its text would be true now."""
        ...

    def optional(self) -> bool:
        """Whether a person may decline it."""
        ...

    def bundled(self, recipient: Recipient) -> bool:
        """Whether the recipient reads it in a digest instead of a letter."""
        ...

    def reached(self, of_all_steps: bool = False) -> Reached:
        """Who gets it now; `of_all_steps`: also for what is not owed any more."""
        ...

    def vacancies(self, found: Reached) -> Iterable[Recipient]:
        """Roles that should have got it and that nobody holds, each at the unit where somebody is missing."""
        ...

    def subject(self) -> str:
        """What it was to be about when it was queued."""
        ...

    def zone_of(self, unit: str | None) -> str:
        """The zone of a unit, else of whoever owes."""
        ...


class Correspondence(Protocol):
    """How the notices of one kind of stream become letters."""

    prefix: str
    """How the ids of these streams begin."""

    def notice(self, connection: Connection, stream: str, state: Any, item: Any, at: datetime) -> Notice:
        """The notice of a queued item."""
        ...

    def writer(self, stream: str, notice: Any, site: str) -> Writer:
        """Writes its letters; `site`: the public address that their links begin with."""
        ...
