"""What the region's records know of a form before it is filled in, each number with the programmes behind it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import orjson
from sqlalchemy import Connection, Table, select

from activities.last_form import LastForm
from activities.russian import school_year
from activities.tables import ProgrammeRow
from domain.form.definition import FormDefinition
from domain.form.prefill import Known, Proposal, Running, proposals
from domain.mentoring_forms import FORM_TITLES
from domain.units import UnitTree

_PROGRAMME: Table = ProgrammeRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Prefill:
    """Whose form it is, of which two years; programmes are those of the school year that begins in the later one.

    `single`: the respondent is an organisation itself, and has none of its own.
    """

    definition: FormDefinition
    respondent: str
    years: tuple[int, int]
    last: LastForm = field(default_factory=LastForm)
    single: bool = False

    def proposals(self, connection: Connection, tree: UnitTree) -> list[Proposal]:
        """What can be put into the form now."""
        return proposals(self.definition, self._known(connection, tree))

    def view(self, proposal: Proposal) -> dict[str, Any]:
        """`{pointer, value, source: {text, href, programmes}}`, a value and where it comes from."""
        source = {
            "text": self._text(proposal),
            "href": self._href(proposal),
            "programmes": [_line(one) for one in proposal.programmes],
        }
        return {"pointer": proposal.pointer, "value": proposal.value, "source": source}

    def _known(self, connection: Connection, tree: UnitTree) -> Known:
        """A municipality's organisations; a state organisation has itself alone, and no municipality counts it."""
        places = [tree.units[unit] for unit in sorted(tree.subtree(self.respondent)) if unit in tree.units]
        organisations = tuple(unit for unit in places if unit.kind == "organisation")
        by_id = {unit.id: unit for unit in organisations}
        query = select(_PROGRAMME.c.id, _PROGRAMME.c.organisation, _PROGRAMME.c.body).where(
            _PROGRAMME.c.year == self.years[1],
            _PROGRAMME.c.status != "cancelled",
            _PROGRAMME.c.organisation.in_(by_id),
        )
        rows = connection.execute(query.order_by(_PROGRAMME.c.id)).all()
        bodies = [(row, orjson.loads(row.body)) for row in rows]
        running = tuple(
            Running(row.id, by_id[row.organisation], tuple(body["forms"]))
            for row, body in bodies
            if body["forms_fixed"]
        )  # fmt: skip
        return Known(organisations, running, self.last.values)

    def _text(self, proposal: Proposal) -> str:
        match proposal.origin:
            case "organisations":
                return "Организации этого вида в перечне области"
            case "programmes":
                form = FORM_TITLES[proposal.form] if proposal.form else ""
                year = school_year(self.years[1])
                return f"Организации, в программах которых на {year} учебный год закреплена форма «{form}»"
            case "last":
                return f"Принятый отчёт респондента, данные за {self.years[0]} г."

    def _href(self, proposal: Proposal) -> str:
        match proposal.origin:
            case "organisations":
                if self.single:
                    return _address(f"units/{self.respondent}")
                return _address("units", parent=self.respondent, kind="organisation", sector=proposal.sector)
            case "programmes":
                sector = {"sector": proposal.sector} if proposal.sector else {}
                place = {"unit": self.respondent, "year": self.years[1], "form": proposal.form}
                return _address("programmes", **place, **sector, forms_fixed="true")
            case "last":
                return _address(f"submissions/{self.last.submission}")


def _address(path: str, **query: Any) -> str:
    return f"/api/v1/{path}" + (f"?{urlencode(query)}" if query else "")


def _line(one: Running) -> dict[str, str]:
    organisation = one.organisation
    return {"id": one.programme, "organisation": organisation.id, "organisation_name": organisation.name}
