"""What stands still, over all streams: letters and roles, steps and forms that are late, as one list."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, Table, literal, select

from activities.access import letter_scope, programme_scope
from activities.campaigns import PREFIX as CAMPAIGNS
from activities.delivery_incidents import DeliveryIncident, open_incidents
from activities.diagnosis.letters import of_delivery, of_empty_role, of_vacancy, unlost
from activities.diagnosis.machine import postponed_by_stream
from activities.diagnosis.programme import findings_of
from activities.empty_roles import empty_roles
from activities.monitoring_access import campaign_scope, submission_scope
from activities.programmes import PREFIX as PROGRAMMES
from activities.submissions import PREFIX as SUBMISSIONS
from activities.tables import CampaignRow, ProgrammeRow, SnapshotRow, SubmissionRow, UnitRow
from activities.tokens import Identity
from activities.vacancies import Vacancy, open_vacancies
from activities.wiring import Core
from domain.diagnosis.finding import Finding
from domain.diagnosis.finding import of_letters as of_waiting
from domain.plan import local_day, midnight
from domain.programme.lateness import as_of
from domain.units import UnitTree

_PROGRAMME: Table = ProgrammeRow.__table__  # type: ignore[attr-defined]
_SUBMISSION: Table = SubmissionRow.__table__  # type: ignore[attr-defined]
_CAMPAIGN: Table = CampaignRow.__table__  # type: ignore[attr-defined]
_SNAPSHOT: Table = SnapshotRow.__table__  # type: ignore[attr-defined]
_UNIT: Table = UnitRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Incident:
    """One thing that stands still. `unit`: where it is, and where one needs rights to cure it, `centre`: to review the
    form; `stream` is `None` for what all streams share; `recipient`, `letters`: of letters that nobody got.
    """

    id: str
    finding: Finding
    since: datetime
    stream: str | None = None
    unit: str | None = None
    recipient: str | None = None
    letters: int | None = None
    centre: str | None = None

    @property
    def place(self) -> tuple[int, datetime, str]:
        """Where it stands in the list: what harms most first, then what is oldest."""
        return -(self.finding.cause.harm or 0), self.since, self.id

    @property
    def kind(self) -> str:
        """`programme`, `submission`, `campaign`, what else letters speak of, or `machine`."""
        return self.stream.partition("/")[0] if self.stream else "machine"


@dataclass(frozen=True)
class Reader:
    """Who asks, with the units as they are; `hidden`: without personal data."""

    identity: Identity
    tree: UnitTree
    hidden: bool


def of_machine(findings: Iterable[Finding], now: datetime) -> Iterator[Incident]:
    """What all streams share."""
    for one in findings:
        name = f"machine:{one.key}:{one.place}" if one.place else f"machine:{one.key}"
        yield Incident(name, one, _instant(one, now))


def of_stream(findings: Iterable[Finding], stream: str, unit: str, now: datetime) -> Iterator[Incident]:
    """What holds one stream up."""
    for one in findings:
        yield Incident(incident_name(one, stream), one, _instant(one, now), stream, unit)


def incident_name(finding: Finding, stream: str) -> str:
    """The id of the incident that a finding of a stream is: letters and roles have one of their own."""
    return finding.place or f"{finding.key}:{stream}"


def of_people(connection: Connection, core: Core, reader: Reader) -> list[Incident]:
    """What people have to see to, as far as the reader sees it."""
    scope = letter_scope(reader.identity, reader.tree)
    vacant = open_vacancies(connection, core.streams, reader.tree, core.clock(), scope)
    return [
        *of_letters(open_incidents(connection, scope), vacant, reader),
        *of_roles(connection, core, reader, vacant),
        *_postponed(connection, core, reader),
        *_programmes(connection, reader),
        *_submissions(connection, core, reader),
    ]


def of_letters(lost: Iterable[DeliveryIncident], vacant: Iterable[Vacancy], reader: Reader) -> Iterator[Incident]:
    """Letters that nobody got."""
    for one in lost:
        finding = of_delivery(one, reader.tree, reader.hidden)
        yield Incident(one.id, finding, one.since, one.last.stream, one.last.unit, one.recipient, one.letters)
    for empty in vacant:
        finding, last = of_vacancy(empty, reader.tree), empty.last
        yield Incident(empty.id, finding, empty.since, last.stream, empty.unit, last.recipient, len(empty.lost))


def of_roles(connection: Connection, core: Core, reader: Reader, vacant: Iterable[Vacancy]) -> Iterator[Incident]:
    """Roles that nobody holds, besides those whose letters were lost."""
    empty = empty_roles(connection, reader.tree, core.clock(), programme_scope(reader.identity, reader.tree))
    for one in unlost(empty, vacant):
        finding = of_empty_role(one, reader.tree)
        yield Incident(one.id, finding, one.since, one.stream, one.unit)


def _postponed(connection: Connection, core: Core, reader: Reader) -> Iterator[Incident]:
    """Letters that the mail server puts off again and again; one that is away is told of once for all streams."""
    letters = {stream: one for stream, one in postponed_by_stream(connection).items() if not one.away}
    for stream, unit in seen_places(connection, reader, letters).items():
        yield from of_stream(of_waiting(letters[stream]), stream, unit, core.clock())


def _programmes(connection: Connection, reader: Reader) -> Iterator[Incident]:
    """By the read model: `told` gives them their facts when they are shown."""
    late = _PROGRAMME.c.late_since.is_not(None) | _PROGRAMME.c.held_since.is_not(None)
    query = select(_PROGRAMME.c.id, _PROGRAMME.c.organisation, _PROGRAMME.c.late_since, _PROGRAMME.c.held_since)
    query = query.join(_UNIT, _UNIT.c.id == _PROGRAMME.c.organisation)
    for row in connection.execute(query.where(late, programme_scope(reader.identity, reader.tree))):
        stream = PROGRAMMES + row.id
        for key, due in (("overdue", row.late_since), ("gate", row.held_since)):
            if due is not None:
                since = passed(due, reader.tree.zone(row.organisation))
                yield Incident(f"{key}:{stream}", Finding(key, due), since, stream, row.organisation)


def _submissions(connection: Connection, core: Core, reader: Reader) -> Iterator[Incident]:
    query = select(_SUBMISSION.c.id, _SUBMISSION.c.respondent, _SUBMISSION.c.centre, _SUBMISSION.c.due)
    late = _SUBMISSION.c.overdue & ~_SUBMISSION.c.closed
    for row in connection.execute(query.where(late, submission_scope(reader.identity, reader.tree))):
        stream, zone = SUBMISSIONS + row.id, reader.tree.zone(row.respondent)
        unit = reader.tree.units.get(row.respondent)
        days = (local_day(core.clock(), zone) - row.due).days
        facts = {"who": unit.name if unit else row.respondent, "role": "coordinator", "due": row.due, "days": days}
        finding = Finding("form_overdue", row.due, facts)
        since = passed(row.due, zone)
        yield Incident(f"form_overdue:{stream}", finding, since, stream, row.respondent, centre=row.centre)


def told(connection: Connection, core: Core, incidents: Iterable[Incident]) -> list[Incident]:
    """Those that are shown, with the facts that their sentences need; without what is over meanwhile."""
    shown = list(incidents)
    bare = {one.stream for one in shown if not one.finding.facts and one.finding.key in ("overdue", "gate")}
    found = {stream: _of_programme(core, text) for stream, text in _states(connection, bare)}
    full = (replace(one, finding=finding) for one in shown if (finding := _full(one, found)) is not None)
    return list(full)


def _full(one: Incident, found: Mapping[str, Mapping[str, Finding]]) -> Finding | None:
    """`None` for what has come right since it was listed."""
    if one.stream is None or one.stream not in found or one.finding.facts:
        return one.finding
    return found[one.stream].get(one.finding.key)


def _of_programme(core: Core, text: str) -> Mapping[str, Finding]:
    now, state = core.clock(), core.streams.parse_state(text)
    plan = core.streams.plan(state)
    findings, _ = findings_of(as_of(state, plan, now), plan, now)
    return {one.key: one for one in findings}


def _states(connection: Connection, streams: Collection[str | None]) -> list[tuple[str, str]]:
    query = select(_SNAPSHOT.c.stream, _SNAPSHOT.c.state).where(_SNAPSHOT.c.stream.in_(streams))
    return [(row.stream, row.state) for row in connection.execute(query)]


def seen_places(connection: Connection, reader: Reader, streams: Collection[str]) -> dict[str, str]:
    """Of these streams those that the reader sees, each with its unit."""
    identity, tree = reader.identity, reader.tree
    programme = literal(PROGRAMMES).concat(_PROGRAMME.c.id)
    submission = literal(SUBMISSIONS).concat(_SUBMISSION.c.id)
    campaign = literal(CAMPAIGNS).concat(_CAMPAIGN.c.id)
    queries = (
        select(programme, _PROGRAMME.c.organisation)
        .join(_UNIT, _UNIT.c.id == _PROGRAMME.c.organisation)
        .where(_PROGRAMME.c.id.in_(_names(streams, PROGRAMMES)), programme_scope(identity, tree)),
        select(submission, _SUBMISSION.c.respondent).where(
            _SUBMISSION.c.id.in_(_names(streams, SUBMISSIONS)), submission_scope(identity, tree)
        ),
        select(campaign, _CAMPAIGN.c.centre).where(
            _CAMPAIGN.c.id.in_(_names(streams, CAMPAIGNS)), campaign_scope(identity, tree)
        ),
    )
    return {row[0]: row[1] for query in queries for row in connection.execute(query)}


def _names(streams: Iterable[str], prefix: str) -> list[str]:
    return [one.removeprefix(prefix) for one in streams if one.startswith(prefix)]


def passed(due: date, zone: str) -> datetime:
    """The moment at which a deadline has passed."""
    return midnight(due + timedelta(days=1), zone)


def _instant(finding: Finding, now: datetime) -> datetime:
    return finding.since if isinstance(finding.since, datetime) else now
