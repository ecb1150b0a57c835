"""The correspondence of campaigns: what was reached is told when a round is closed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from activities import russian
from activities.definitions import Library
from activities.letters import Letter, address, rendered
from activities.reaching import Reached, reach_by
from activities.recipients import Recipient, RecipientBook, Resolved
from activities.submission_notice import CAMPAIGNS
from activities.texts import read_texts
from activities.unit_names import unit_names
from domain.campaign.state import Campaign
from domain.form.definition import FormDefinition
from domain.plan import Timetable, local_day
from domain.queued import Queued
from domain.report.names import by_name


@dataclass(frozen=True)
class CampaignNotice:
    """A queued notice of a campaign. `gaps`: names of the respondents without an accepted form."""

    campaign: Campaign
    form: FormDefinition
    plan: Timetable
    item: Queued
    book: RecipientBook
    gaps: tuple[str, ...]
    note: str
    at: datetime
    called_off = False

    @property
    def kind(self) -> str:
        """The kind of notice."""
        return self.item.notice or ""

    @property
    def today(self) -> date:
        """The local day of the centre."""
        return local_day(self.at, self.campaign.zone)

    def true(self) -> bool:
        """A round that was opened again has no result yet."""
        return not self.campaign.active

    def optional(self) -> bool:
        """Whether a person may decline it."""
        return False

    def bundled(self, recipient: Recipient) -> bool:  # noqa: ARG002
        """Whether the recipient reads it in a digest instead of a letter."""
        return False

    def reached(self, of_all_steps: bool = False) -> Reached:  # noqa: ARG002
        """Who gets it now."""

        def resolve(to: Iterable[str]) -> Resolved:
            units = self.book.tree.units
            places = {"mentoring_centre": [units[self.campaign.centre]] if self.campaign.centre in units else []}
            found = {}
            for addressee in to:
                here = places.get(addressee)
                if here is None:
                    here = [one for one in self.book.tree.of_kind("department") if one.sector == "general"]
                found[addressee] = tuple(
                    one for unit in here for one in self.book.answering(unit, addressee, self.today)
                )
            return Resolved(found)

        return reach_by(resolve, (), self.item.to)

    def vacancies(self, found: Reached) -> Iterable[Recipient]:  # noqa: ARG002
        """A summary leaves no role unanswered for: centre and department hear of vacancies by other letters."""
        return ()

    def subject(self) -> str:
        """What it is about."""
        return f"{russian.sentence(self.form.words.round)} завершён: {self.campaign.title}"

    def zone_of(self, unit: str | None) -> str:
        """The zone of a unit, else of the campaign."""
        return self.book.tree.zone(unit, self.campaign.zone) if unit else self.campaign.zone


class CampaignLetters:
    """How the notices of campaigns become letters."""

    prefix = CAMPAIGNS

    def __init__(self, library: Library) -> None:
        self._library = library

    def notice(
        self, connection: Connection, stream: str, state: Campaign, item: Queued, at: datetime
    ) -> CampaignNotice:
        """The notice of a queued item."""
        names = unit_names(connection, state.gaps)
        note = read_texts(connection, stream).get(state.note or "", "")
        return CampaignNotice(
            campaign=state,
            form=self._library.forms.frozen(state.form),
            plan=self._library.timetable(state.plan),
            item=item,
            book=RecipientBook.around(connection, state.centre),
            gaps=tuple(names.get(one, one) for one in state.gaps),
            note=" ".join(note.split()),
            at=at,
        )

    def writer(self, stream: str, notice: CampaignNotice, site: str) -> CampaignWriter:
        """Writes its letters; `site`: the public address that their links begin with."""
        return CampaignWriter(notice, f"{site}/campaigns/{stream.removeprefix(CAMPAIGNS)}")


class CampaignWriter:
    """Renders the letters of one notice."""

    def __init__(self, notice: CampaignNotice, link: str) -> None:
        self._notice, self._link = notice, link

    @property
    def subject(self) -> str:
        """The same for everybody who gets the notice."""
        return self._notice.subject()

    def write(self, recipient: Recipient) -> Letter:
        """The letter to one recipient."""
        return rendered("submission/campaign_closed", self.subject, self._words() | address(recipient), {self._link})

    def _words(self) -> dict[str, Any]:
        campaign, gaps = self._notice.campaign, self._notice.gaps
        expected = len(campaign.respondents)
        return {
            "round": self._notice.form.words.round,
            "title": campaign.title,
            "number": campaign.letter.number,
            "dated": russian.full_date(campaign.letter.date),
            "due": russian.full_date(campaign.due),
            "expected": expected,
            "accepted": expected - len(gaps),
            "early": campaign.closed_early,
            "gaps": sorted(gaps, key=by_name),
            "note": self._notice.note,
            "link": self._link,
        }
