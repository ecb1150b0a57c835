"""The proposal of the next monitoring round: a letter to the centre once a year, a view at any time."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Table, select

from activities import deliveries, russian
from activities.campaigning import all_respondents, centre_of
from activities.database import Database
from activities.definitions import Library
from activities.deliveries import Delivery as Row
from activities.digests import Outcome
from activities.directory import Trees
from activities.letters import Letter, address, rendered
from activities.mail import MailDeferred, Mailer
from activities.mail_message import message_id
from activities.outbox import Outbox
from activities.recipients import Recipient, RecipientBook
from activities.settings import Settings
from activities.submission_notice import CAMPAIGNS
from activities.tables import SnapshotRow
from domain.campaign.proposal import asked_years, in_season, proposed_day
from domain.campaign.state import Campaign
from domain.plan import local_day
from domain.units import UnitTree

PROPOSALS = "proposal/"
"""What the streams of these letters begin with."""

TITLE = "Мониторинг реализации муниципальных программ наставничества"
FORM = "monitoring"
"""The form that is asked for every year."""

_SNAPSHOT: Table = SnapshotRow.__table__  # type: ignore[attr-defined]


def proposal(connection: Connection, library: Library, tree: UnitTree, now: datetime) -> dict[str, Any]:
    """`{title, years, deadline_asked, deadline, rolled, rule, reason, centre, respondents}` of the next round.

    `reason` says in words why the deadline is not on the day asked for; empty when it is.
    """
    centre = centre_of(tree)
    asked = proposed_day(local_day(now, _zone(tree)), held(connection, tree))
    calendar = library.calendar(asked.year - 1)
    due, years = calendar.roll(asked, "next_working_day"), asked_years(asked)
    return {
        "title": TITLE,
        "years": [years.earlier, years.later],
        "deadline_asked": asked,
        "deadline": due,
        "rolled": due != asked,
        "rule": "next_working_day",
        "reason": russian.rolled(asked, due, "next_working_day"),
        "provisional": calendar.provisional(due),
        "centre": centre.id if centre else None,
        "respondents": all_respondents(tree),
    }


def held(connection: Connection, tree: UnitTree) -> list[date]:
    """The deadlines of the rounds there were: of this form, for most of those who owe it.

    A round for a few, or of another form, takes nobody's yearly round away.
    """
    everybody = set(all_respondents(tree))
    rows = connection.scalars(
        select(_SNAPSHOT.c.state).where(_SNAPSHOT.c.stream.startswith(CAMPAIGNS, autoescape=True))
    )
    rounds = [Campaign.model_validate_json(text) for text in rows]
    return [
        one.due
        for one in rounds
        if one.form.partition("@")[0] == FORM and 2 * len(everybody & set(one.respondents)) > len(everybody)
    ]


def _zone(tree: UnitTree) -> str:
    centre = centre_of(tree)
    return tree.zone(centre.id if centre else "")


class Proposals:
    """Writes to the centre when a round is to be prepared; safe to call again, also side by side."""

    def __init__(self, database: Database, library: Library, mailer: Mailer, settings: Settings) -> None:
        self._database, self._library, self._settings = database, library, settings
        self._outbox, self._trees = Outbox(database, mailer, settings.mail_from), Trees()

    def zone(self) -> str:
        """Where the centre is."""
        with self._database.reading() as connection:
            return _zone(self._trees.current(connection))

    def due(self, now: datetime) -> bool:
        """Whether the round of this year is to be prepared, has not been opened, and nobody has been told so yet."""
        with self._database.reading() as connection:
            return self._season(connection, self._trees.current(connection), now) is not None

    def send(self, now: datetime) -> Outcome | None:
        """Write to everybody who answers for the centre; `None` when nothing is to be proposed now."""
        with self._database.reading() as connection:
            tree = self._trees.current(connection)
            found = self._season(connection, tree, now)
            if found is None:
                return None
            year, recipients = found
            said = proposal(connection, self._library, tree, now)
            names = [tree.units[one].name for one in said["respondents"]]
            stream = f"{PROPOSALS}{year}"
            rows = deliveries.deliveries_of(connection, stream, 0)
        writer = ProposalWriter(said, names, self._settings.public_url)
        drafts = [(one, self._draft(stream, one, now)) for one in recipients]
        return Outcome(len(drafts), self._send_all(writer, drafts, rows))

    def _season(
        self, connection: Connection, tree: UnitTree, now: datetime
    ) -> tuple[int, tuple[Recipient, ...]] | None:
        """The year of the round, and who is to hear of it; where the centre is empty, nobody until somebody comes."""
        centre = centre_of(tree)
        day = local_day(now, _zone(tree))
        if centre is None or not in_season(day) or day.year in {due.year for due in held(connection, tree)}:
            return None
        rows = deliveries.deliveries_of(connection, f"{PROPOSALS}{day.year}", 0).values()
        if rows and all(row.status in deliveries.ENDED for row in rows):
            return None
        recipients = RecipientBook.around(connection, centre.id).answering(centre, "mentoring_centre", day)
        return (day.year, recipients) if recipients else None

    def _send_all(self, writer: ProposalWriter, drafts: list[tuple[Recipient, Row]], rows: dict[str, Row]) -> bool:
        """Whether some letter has to wait."""
        deferred = False
        for recipient, draft in drafts:
            before = rows.get(draft.message_id)
            if before and before.status in deliveries.ENDED:
                continue
            try:
                self._outbox.send(before, draft, writer, recipient)
            except MailDeferred:
                deferred = True
        return deferred

    def _draft(self, stream: str, recipient: Recipient, now: datetime) -> Row:
        return Row(
            message_id=message_id(stream, 0, recipient.id, self._settings.mail_domain),
            stream=stream,
            number=0,
            recipient=recipient.id,
            address=recipient.address,
            status="handing_over",
            handovers=1,
            subject=None,
            at=now,
            kind="proposal",
            unit=recipient.unit,
        )


class ProposalWriter:
    """The letter with the proposal; `names`: those of the respondents."""

    def __init__(self, said: dict[str, Any], names: list[str], site: str) -> None:
        self._said, self._names, self._link = said, names, f"{site}/campaigns"

    @property
    def subject(self) -> str:
        """What is to be prepared."""
        earlier, later = self._said["years"]
        return f"Пора готовить мониторинг за {earlier} и {later} годы: срок {russian.full_date(self._said['deadline'])}"

    def write(self, recipient: Recipient) -> Letter:
        """The letter to one recipient."""
        said = self._said
        words = {
            **address(recipient),
            "title": said["title"],
            "years": said["years"],
            "due": russian.weekday_date(said["deadline"]),
            "rolled": said["reason"],
            "provisional": russian.provisional(said["deadline"].year) if said["provisional"] else "",
            "respondents": self._names,
            "link": self._link,
        }
        return rendered("submission/proposal", self.subject, words, {self._link})
