"""The year of a municipality by its own roadmap: the same letters and digests, to those who answer for it there."""

from __future__ import annotations

from datetime import date

import pytest

from activities.definition_store import MemoryDefinitions
from activities.definitions import BUILT_IN, Library
from activities.digest_days import DigestDays
from activities.digests import Digests
from activities.roadmap_file import read_roadmap
from activities.starting import plan_for, start_command
from domain.plan import PlanRef
from domain.programme import commands as c
from domain.refusal import Refusal
from domain.roadmap import Approval, Roadmap
from domain.units import Unit, UnitTree
from tests.activities.mailroom import YEARS_AGO, Mailroom
from tests.activities.region import UNITS

STREAM = "programme/mo-a-2026"
CARD = """\
№;Мероприятие;Сроки;Ответственные
1;Совещание с руководителями школ;до 12.10;Муниципальный координатор
2;Отчёт об исполнении;до 20.06;Начальник управления
"""


def approved(version: str = "1") -> Roadmap:
    read = read_roadmap(CARD.encode(), "карта.csv").roadmap
    assert read is not None
    approval = Approval(unit="mo-a", number="15-од", date=date(2026, 8, 1))
    fields = {"key": "mo-a", "version": version, "source": "утверждена", "approval": approval}
    return Roadmap.model_validate({**read.model_dump(), **fields})


def library(*roadmaps: Roadmap) -> Library:
    store = MemoryDefinitions()
    for one in roadmaps:
        store.put(f"roadmap/{one.key}@{one.version}", one.model_dump(mode="json"))
    return Library([BUILT_IN], store)


@pytest.fixture
def room(staffed: Mailroom) -> Mailroom:
    """Its year has begun; nobody has been told yet."""
    mine = Mailroom(staffed.database, library(approved()), staffed.settings)
    plan = plan_for(mine.library, UnitTree(UNITS), "mo-a", 2026, "mo-a")
    assert isinstance(plan, PlanRef)
    mine.record(start_command(UnitTree(UNITS), "mo-a", 2026, plan), STREAM)
    return mine


def told(room: Mailroom) -> list[str]:
    room.taken.clear()
    room.pass_time(STREAM)
    room.send_all(STREAM)
    return sorted(message["To"].addresses[0].addr_spec for message in room.taken)


def digest(room: Mailroom) -> tuple[list[str], str]:
    told(room)
    room.taken.clear()
    days = DigestDays(room.database, room.library, None)
    Digests(room.database, room.library, room.streams, room, room.settings, days).send("Asia/Tomsk", room.clock())
    return sorted(message["To"].addresses[0].addr_spec for message in room.taken), said(room)


def said(room: Mailroom) -> str:
    """What the letters taken say."""
    bodies = [message.get_body(("plain",)) for message in room.taken]
    return "\n".join(str(body.get_content()) for body in bodies if body is not None)


def test_the_coordinator_does_the_work_of_a_curator(room: Mailroom):
    assert told(room) == ["titova@district.example.org"], "the letter about the beginning"
    room.at(10, 7)
    assert told(room) == ["titova@district.example.org"]
    assert "Совещание с руководителями школ" in said(room)
    assert "Район А" in room.taken[0]["Subject"]


def test_a_head_of_the_authority_hears_of_what_is_theirs_and_of_what_is_late(room: Mailroom):
    room.give_role("belov", "head", "mo-a", YEARS_AGO)
    told(room)
    room.at(10, 13)
    assert told(room) == ["belov@school.example.org", "titova@district.example.org"]
    assert room.resolved("responsible", step=2, stream=STREAM) == ["person:belov"]


def test_superiors_read_of_it_in_their_digests(room: Mailroom):
    told(room)
    room.at(10, 20)
    found, text = digest(room)
    assert "gusev@centre.example.org" in found
    assert "Район А" in text
    room.at(10, 27)
    assert "lapina@department.example.org" in digest(room)[0]


def test_the_last_approved_version_is_the_one_to_begin_with():
    both = library(*(approved(version) for version in ("2", "10", "9")))
    assert [one.version for one in both.approved("mo-a")] == ["2", "9", "10"]
    plan = plan_for(both, UnitTree(UNITS), "mo-a", 2026, None)
    assert isinstance(plan, PlanRef)
    assert plan.roadmap == "mo-a@10"


def test_a_year_needs_a_roadmap_of_its_own():
    for roadmap, code in ((None, "roadmap_not_approved"), ("school", "roadmap_not_approved")):
        found = plan_for(library(), UnitTree(UNITS), "mo-a", 2026, roadmap)
        assert isinstance(found, Refusal)
        assert found.code == code
    foreign = plan_for(library(approved()), UnitTree(UNITS), "mo-a", 2026, "school")
    assert isinstance(foreign, Refusal)
    assert foreign.code == "roadmap_foreign"


def test_a_municipality_with_a_sector_is_no_school():
    units = (Unit(id="mo-c", kind="municipality", parent="region", sector="general", name="Район В"), *UNITS)
    own = approved().model_copy(update={"key": "mo-c"})
    plan = plan_for(library(own), UnitTree(units), "mo-c", 2026, None)
    assert isinstance(plan, PlanRef)
    assert plan.roadmap == "mo-c@1"
    assert start_command(UnitTree(units), "mo-c", 2026, plan).sector is None


def test_a_step_is_completed_as_any_other(room: Mailroom):
    room.record(c.CompleteStep(step=1), STREAM)
    assert room.state(STREAM).steps[1].status == "done"
    assert room.state(STREAM).sector is None
