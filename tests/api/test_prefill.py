"""What a municipality need not count by hand: its programmes are in the region's records."""

from __future__ import annotations

from typing import Any

import pytest

from activities.last_form import LastForm
from activities.prefill import Prefill
from tests.api.world import V1, World, problem
from tests.domain.form.forms import MONITORING, filled

FIXED = {"evidence": {"document": "Приказ № 5"}, "forms": ["ученик – ученик", "teacher-pupil"]}
Q = "/appendix1/questions"


@pytest.fixture
def busy(region: World) -> World:
    """A school and a club with fixed forms, another municipality's school and a state lyceum with theirs."""
    region.clock.on("2026-10-05")
    for organisation in ("school-1", "club-1", "school-9", "lyceum"):
        region.start(organisation)
        region.post(f"/programmes/{organisation}-2026/steps/8/completion", FIXED)
    return region


def prefilled(world: World, respondent: str, years: tuple[int, int] = (2025, 2026)) -> dict[str, Any]:
    last = LastForm("monitoring-2026-mo-tomsk", filled())
    prefill = Prefill(MONITORING, respondent, years, last, single=respondent == "lyceum")
    with world.core.database.reading() as connection:
        found = prefill.proposals(connection, world.app.state.context.tree(connection))
    return {one.pointer: prefill.view(one) for one in found}


def test_a_number_opens_to_the_programmes_that_it_counts(busy: World):
    general = prefilled(busy, "mo-tomsk")[f"{Q}/pupil-pupil/general"]
    assert general["value"] == 1
    assert general["source"]["programmes"] == [
        {"id": "school-1-2026", "organisation": "school-1", "organisation_name": "Школа № 1"}
    ]
    assert "на 2026/27 учебный год закреплена форма «ученик – ученик»" in general["source"]["text"]
    opened = busy.get(general["source"]["href"].removeprefix(V1), "coordinator")["items"]
    assert [line["id"] for line in opened] == ["school-1-2026"]


def test_a_count_of_organisations_opens_to_those_it_counts(busy: World):
    municipality = prefilled(busy, "mo-tomsk")
    for key, counted in (("general", ["school-1"]), ("additional", ["club-1"])):
        href = municipality[f"/appendix1/totals/{key}"]["source"]["href"]
        assert [one["id"] for one in busy.get(href.removeprefix(V1), "coordinator")["items"]] == counted
    own = prefilled(busy, "lyceum")["/appendix1/totals/general"]["source"]["href"]
    assert busy.get(own.removeprefix(V1))["id"] == "lyceum"


def test_state_organisations_report_themselves(busy: World):
    municipality = prefilled(busy, "mo-tomsk")
    assert municipality["/appendix1/totals/general"]["value"] == 1, "the lyceum of the department is not counted"
    assert municipality["/appendix1/totals/additional"]["value"] == 1
    assert municipality[f"{Q}/teacher-pupil/additional"]["value"] == 1
    assert municipality[f"{Q}/employer-pupil/runs"]["value"] is False
    lyceum = prefilled(busy, "lyceum")
    assert lyceum["/appendix1/totals/general"]["value"] == 1
    assert [one["id"] for one in lyceum[f"{Q}/pupil-pupil/runs"]["source"]["programmes"]] == ["lyceum-2026"]


def test_forms_that_are_only_planned_and_years_that_were_cancelled_do_not_count(busy: World):
    busy.start("school-1", 2027, forms=["pupil-pupil"])
    assert f"{Q}/pupil-pupil/runs" not in prefilled(busy, "mo-tomsk", (2026, 2027))
    busy.post("/programmes/school-1-2026/cancellation", {"reason": "школа закрыта"})
    assert prefilled(busy, "mo-tomsk")[f"{Q}/pupil-pupil/general"]["value"] == 0


def test_last_years_figures_come_from_the_accepted_report(busy: World):
    third = prefilled(busy, "mo-tomsk")["/appendix2/3/earlier"]
    assert third == {
        "pointer": "/appendix2/3/earlier",
        "value": 12,
        "source": {
            "text": "Принятый отчёт респондента, данные за 2025 г.",
            "href": "/api/v1/submissions/monitoring-2026-mo-tomsk",
            "programmes": [],
        },
    }


def test_programmes_are_found_by_their_form(busy: World):
    busy.start("school-9", 2027, forms=["student-pupil"])

    def found(**query: str) -> list[str]:
        return [line["id"] for line in busy.get("/programmes", params=query)["items"]]

    assert found(form="ученик – ученик", sector="additional") == ["club-1-2026"]
    assert found(form="student-pupil") == ["school-9-2027"]
    assert found(form="student-pupil", forms_fixed="true") == []
    assert found(form="student-pupil", forms_fixed="false") == ["school-9-2027"]
    assert len(found(forms_fixed="true")) == 4
    problem(busy.ask("administrator", "GET", "/programmes", params={"form": "кружок"}), 422)
