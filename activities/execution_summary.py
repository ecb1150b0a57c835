"""How roadmaps were carried out in a municipality or the region: sums, steps, programmes (order 420-р, 6.4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Table, not_, select

from activities.execution_history import Told, read_histories
from activities.execution_report import Report
from activities.programmes import PREFIX, ProgrammeStreams
from activities.recipients import RecipientBook, people_of
from activities.staff import Staff
from activities.tables import ProgrammeRow, SnapshotRow, UnitRow
from domain.mentoring_forms import MentoringForm
from domain.plan import local_day
from domain.programme.execution import Counts, History, StepLine, counts, step_lines
from domain.programme.state import Programme
from domain.report.names import by_name
from domain.roadmap import Roadmap
from domain.units import UnitTree

_PROGRAMME: Table = ProgrammeRow.__table__  # type: ignore[attr-defined]
_SNAPSHOT: Table = SnapshotRow.__table__  # type: ignore[attr-defined]
_UNIT: Table = UnitRow.__table__  # type: ignore[attr-defined]


class Year(NamedTuple):
    """One programme with its steps as they stand."""

    id: str
    state: Programme
    roadmap: Roadmap
    lines: tuple[StepLine, ...]

    @property
    def counts(self) -> Counts:
        """Its steps, counted."""
        return counts(self.lines)


@dataclass(frozen=True)
class Area:
    """What a report covers: a unit of the tree, a school year, the moment it speaks of.

    `organisations`: whether single organisations may be named; `form`: only organisations that run it (a municipality
    that names it in its own programme runs none).
    """

    tree: UnitTree
    unit: str
    year: int
    now: datetime
    organisations: bool
    form: MentoringForm | None = None

    @property
    def today(self) -> date:
        """The local day at the unit."""
        return local_day(self.now, self.tree.zone(self.unit))

    def head(self) -> dict[str, Any]:
        """`{unit, year, as_of}`, what every such report begins with."""
        unit = self.tree.units[self.unit]
        return {"unit": {"id": unit.id, "name": unit.name, "kind": unit.kind}, "year": self.year, "as_of": self.today}

    @property
    def condition(self) -> ColumnElement[bool]:
        """Which programmes lie in it, of those that were not called off; `programme` is joined with `unit`."""
        here = ("/" + _UNIT.c.path).contains(f"/{self.unit}/", autoescape=True)
        here &= (_PROGRAMME.c.status != "cancelled") & (_PROGRAMME.c.year == self.year)
        if self.form is None:
            return here
        return here & (_UNIT.c.kind == "organisation") & _PROGRAMME.c.forms.contains(f",{self.form},", autoescape=True)

    def below(self, organisation: str) -> str:
        """The unit next below on the way to the organisation."""
        line = [place.id for place in self.tree.lineage(organisation)]
        place = line.index(self.unit) if self.unit in line else len(line)
        return line[max(place - 1, 0)]

    def shown(self, unit: str) -> bool:
        """Whether the unit may be named."""
        return self.organisations or self.tree.units[unit].kind != "organisation"


def read_years(connection: Connection, streams: ProgrammeStreams, scope: ColumnElement[bool], area: Area) -> list[Year]:
    """The programmes of an area that lie in `scope`, by name of the organisation."""
    query = select(_PROGRAMME.c.id, _SNAPSHOT.c.state)
    query = query.join(_UNIT, _UNIT.c.id == _PROGRAMME.c.organisation)
    query = query.join(_SNAPSHOT, _SNAPSHOT.c.stream == PREFIX + _PROGRAMME.c.id).where(scope, area.condition)
    years = []
    for key, text in connection.execute(query.order_by(_UNIT.c.search, _PROGRAMME.c.id)):
        state = streams.parse_state(text)
        lines = tuple(step_lines(state, local_day(area.now, state.zone)))
        years.append(Year(key, state, streams.plan(state).roadmap, lines))
    return years


def is_complete(connection: Connection, scope: ColumnElement[bool], area: Area) -> bool:
    """Whether every programme of the area lies in `scope`: a report that leaves some out has to say so."""
    joint = _PROGRAMME.join(_UNIT, _UNIT.c.id == _PROGRAMME.c.organisation)
    hidden = select(_PROGRAMME.c.id).select_from(joint).where(area.condition, not_(scope)).limit(1)
    return connection.scalar(hidden) is None


def execution_summary(years: Sequence[Year], area: Area) -> dict[str, Any]:
    """`{unit, year, as_of, programmes, counts, units, steps, organisations}`; `units`: sums of those next below."""
    below: dict[str, list[Year]] = {}
    for one in years:
        below.setdefault(area.below(one.state.organisation), []).append(one)
    units = [_unit_line(area.tree, unit, mine) for unit, mine in below.items() if area.shown(unit)]
    return {
        **area.head(),
        "programmes": len(years),
        "counts": _sum(years).model_dump(),
        "units": sorted(units, key=lambda line: by_name(line["name"])),
        "steps": list(_by_step(years)),
        "organisations": [_organisation_line(area.tree, one) for one in years if area.organisations],
    }


def read_details(
    connection: Connection, streams: ProgrammeStreams, years: Sequence[Year], area: Area, names: bool
) -> list[dict[str, Any]]:
    """The steps of every programme as its own report has them: `[{organisation, name, steps}]`."""
    if not area.organisations:
        return []
    book = _book(connection, area.tree, [one.state for one in years])
    told = read_histories(connection, streams, [PREFIX + one.id for one in years])
    found = []
    for one in years:
        mine = told.get(PREFIX + one.id, Told(History(), {}))
        report = Report(one.state, streams.plan(one.state), mine, book, area.today, names)
        found.append({**_place(area.tree, one), "steps": report.steps(one.lines)})
    return found


def _book(connection: Connection, tree: UnitTree, states: Iterable[Programme]) -> RecipientBook:
    """Everybody of the organisations at once."""
    every = list(states)
    named = {person for state in every for person in people_of(state)}
    return RecipientBook(tree, Staff.load(connection, {state.organisation for state in every}, named))


def _unit_line(tree: UnitTree, unit: str, years: Sequence[Year]) -> dict[str, Any]:
    place = {"unit": unit, "name": tree.units[unit].name, "kind": tree.units[unit].kind}
    return {**place, "programmes": len(years), "counts": _sum(years).model_dump()}


def _organisation_line(tree: UnitTree, one: Year) -> dict[str, Any]:
    return {
        **_place(tree, one),
        "status": one.state.status,
        "roadmap": one.state.plan.roadmap.partition("@")[0],
        "counts": one.counts.model_dump(),
        "overdue": [line.number for line in one.lines if line.stand == "overdue"],
    }


def _place(tree: UnitTree, one: Year) -> dict[str, Any]:
    municipality = tree.municipality(one.state.organisation)
    return {
        "programme": one.id,
        "organisation": one.state.organisation,
        "name": tree.units[one.state.organisation].name,
        "municipality": municipality.name if municipality else None,
    }


def _by_step(years: Sequence[Year]) -> Iterator[dict[str, Any]]:
    """How each step of each roadmap stands over the programmes; titles are the first programme's that has them."""
    roadmaps: dict[str, list[Roadmap]] = {}
    lines: dict[tuple[str, int], list[StepLine]] = {}
    for one in sorted(years, key=lambda year: (year.roadmap.key, year.id)):
        roadmaps.setdefault(one.roadmap.key, []).append(one.roadmap)
        for line in one.lines:
            lines.setdefault((one.roadmap.key, line.number), []).append(line)
    for (roadmap, number), mine in lines.items():
        title = next(one.steps[number].title for one in roadmaps[roadmap] if number in one.steps)
        head = {"roadmap": {"key": roadmap, "title": roadmaps[roadmap][0].title}, "number": number, "title": title}
        yield {**head, "counts": counts(mine).model_dump()}


def _sum(years: Iterable[Year]) -> Counts:
    total = Counts()
    for one in years:
        total = total + one.counts
    return total
