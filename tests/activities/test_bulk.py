"""Bulk starts: planned and hashed before, carried out item by item, resumable at any item."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from activities.beat import Facts
from activities.bulk import BulkPlan, plan_bulk
from activities.directory import load_tree, put_unit
from activities.job_hands import BulkHands
from activities.jobs import create_bulk, percent_of, read_bulk
from activities.recorder import Recorder
from activities.texts import text_ref
from domain.programme import commands as c
from domain.refusal import Refusal
from domain.units import Unit
from tests.activities.ledger import stored
from tests.activities.mailroom import SCHOOL, Mailroom

LATECOMER = Unit(id="school-3", kind="organisation", parent="mo-a", sector="general", name="Школа № 3")


class PowerCut(Exception):
    """What a test throws between two transactions."""


class Campaign:
    """Bulk starts on a small region, and the nudges that they send."""

    def __init__(self, room: Mailroom) -> None:
        self.room, self.nudged = room, []  # type: tuple[Mailroom, list[str]]
        self.hands = BulkHands(room.recorder, self.nudge)

    def nudge(self, stream: str, facts: Facts) -> None:
        assert stream == f"programme/{facts.organisation}-{facts.year}"
        self.nudged.append(stream)

    def plan(self, parent: str = "region", **given: Any) -> BulkPlan:
        with self.room.database.reading() as connection:
            tree = load_tree(connection)
            plan = plan_bulk(
                connection, self.room.library, tree, parent, given.get("year", 2026), given.get("forms", ())
            )
        assert isinstance(plan, BulkPlan), plan
        return plan

    def create(self, parent: str = "region") -> str:
        plan = self.plan(parent)
        with self.room.database.writing() as connection:
            return create_bulk(connection, plan.order, "token:t", self.room.clock())

    def read(self, bulk: str) -> dict[str, Any]:
        with self.room.database.reading() as connection:
            found = read_bulk(connection, bulk)
        assert found is not None
        return found

    def outcomes(self, bulk: str) -> dict[str, str | None]:
        return {item["item"]: item["outcome"] for item in self.read(bulk)["items"]}


@pytest.fixture
def campaign(staffed: Mailroom) -> Campaign:
    return Campaign(staffed)


def test_a_region_is_started_share_by_share(campaign: Campaign):
    bulk = campaign.create()
    share = campaign.hands.bulk_share(bulk)
    assert share.organisations == ["club-1", "college", "lyceum", "school-1", "school-2"]
    assert share.percent == 0
    for organisation in share.organisations[:2]:
        campaign.hands.bulk_start(bulk, organisation)
    assert campaign.read(bulk)["percent"] == 40
    share = campaign.hands.bulk_share(bulk)
    assert (share.organisations, share.percent) == (["lyceum", "school-1", "school-2"], 40)
    for organisation in share.organisations:
        campaign.hands.bulk_start(bulk, organisation)
    assert campaign.read(bulk)["finished_at"] is None
    last = campaign.hands.bulk_share(bulk)
    assert (last.organisations, last.percent) == ([], 100)
    found = campaign.read(bulk)
    assert (found["percent"], found["finished_at"], found["by"]) == (100, campaign.room.clock(), "token:t")
    assert found["kind"] == "start"
    assert set(campaign.outcomes(bulk).values()) == {"started"}
    programmes = stored(campaign.room.database, "programme")["programme"]
    assert {row["organisation"]: row["roadmap"] for row in programmes} == {
        "club-1": "school@1", "college": "college@1", "lyceum": "school@1", "school-1": "school@1",
        "school-2": "school@1",
    }  # fmt: skip
    assert sorted(campaign.nudged) == sorted(f"programme/{row['id']}" for row in programmes)
    assert {row["by"] for row in stored(campaign.room.database, "event")["event"]} == {"token:t"}


def test_the_end_is_noted_once(campaign: Campaign):
    bulk = campaign.create("mo-b")
    campaign.hands.bulk_start(bulk, "school-2")
    campaign.hands.bulk_share(bulk)
    finished = campaign.read(bulk)["finished_at"]
    campaign.room.at(10, 1)
    campaign.hands.bulk_share(bulk)
    assert campaign.read(bulk)["finished_at"] == finished


def test_an_item_that_is_done_twice_is_done_once(campaign: Campaign):
    bulk = campaign.create("mo-a")
    campaign.hands.bulk_start(bulk, "school-1")
    before = stored(campaign.room.database)
    campaign.hands.bulk_start(bulk, "school-1")
    assert stored(campaign.room.database) == before
    assert campaign.outcomes(bulk) == {"club-1": None, "school-1": "started"}


def test_an_item_that_two_workers_do_at_once_is_done_once(campaign: Campaign):
    bulk = campaign.create("mo-a")
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: campaign.hands.bulk_start(bulk, "school-1"), range(6)))
    assert len(campaign.room.events("ProgrammeStarted")) == 1
    assert campaign.outcomes(bulk)["school-1"] == "started"


def test_a_crash_before_the_end_of_an_item_leaves_it_to_the_next_share(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
):
    bulk = campaign.create("mo-a")
    with monkeypatch.context() as patch:
        patch.setattr(campaign.room.streams, "project", lambda *_: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            campaign.hands.bulk_start(bulk, "school-1")
    assert campaign.hands.bulk_share(bulk).organisations == ["club-1", "school-1"]
    campaign.hands.bulk_start(bulk, "school-1")
    assert campaign.hands.bulk_share(bulk).organisations == ["club-1"]


def test_a_crash_between_a_refusal_and_its_outcome_is_made_good(campaign: Campaign, monkeypatch: pytest.MonkeyPatch):
    bulk = campaign.create("mo-a")
    campaign.room.start()
    record: Callable[..., Any] = Recorder.record

    def crashing(*given: Any, **more: Any) -> Any:
        record(*given, **more)
        raise PowerCut

    with monkeypatch.context() as patch:
        patch.setattr(Recorder, "record", crashing)
        with pytest.raises(PowerCut):
            campaign.hands.bulk_start(bulk, "school-1")
    assert campaign.outcomes(bulk)["school-1"] is None
    campaign.hands.bulk_start(bulk, "school-1")
    assert campaign.outcomes(bulk)["school-1"] == "programme_exists"


def test_a_year_that_somebody_started_meanwhile_is_an_outcome(campaign: Campaign):
    bulk = campaign.create("mo-a")
    campaign.room.start()
    campaign.hands.bulk_start(bulk, "school-1")
    assert campaign.outcomes(bulk)["school-1"] == "programme_exists"
    assert campaign.nudged == []


def test_a_second_bulk_start_starts_only_what_is_missing(campaign: Campaign):
    first = campaign.create("mo-a")
    campaign.hands.bulk_start(first, "school-1")
    plan = campaign.plan()
    assert plan.existing == ("school-1",)
    assert [command.organisation for command in plan.commands] == ["club-1", "college", "lyceum", "school-2"]
    assert campaign.plan(year=2027).existing == ()


def test_a_year_that_was_called_off_may_be_started_again(campaign: Campaign):
    campaign.room.start()
    campaign.room.record(c.CancelProgramme(reason=text_ref()))
    assert campaign.plan("school-1").existing == ()
    bulk = campaign.create("school-1")
    campaign.hands.bulk_start(bulk, "school-1")
    assert campaign.outcomes(bulk) == {"school-1": "started"}
    assert campaign.room.state(SCHOOL).status == "running"


def test_a_plan_without_organisations_is_finished_at_once(campaign: Campaign):
    bulk = campaign.create("mo_a")
    assert campaign.read(bulk)["percent"] == 100
    assert campaign.hands.bulk_share(bulk).organisations == []
    assert campaign.read(bulk)["finished_at"] is not None


def test_the_hash_is_that_of_the_plan(campaign: Campaign):
    first = campaign.plan()
    assert campaign.plan().hash == first.hash
    others = [campaign.plan("mo-a"), campaign.plan(year=2027), campaign.plan(forms=("pupil-pupil",))]
    with campaign.room.database.writing() as connection:
        assert isinstance(put_unit(connection, LATECOMER, "test", campaign.room.clock()), tuple)
    others.append(campaign.plan())
    campaign.room.start()
    others.append(campaign.plan())
    hashes = {first.hash, *(plan.hash for plan in others)}
    assert len(hashes) == 6, "a newcomer, a year that began, other forms: another plan"


@pytest.mark.parametrize(
    ("parent", "year", "code"), [("nowhere", 2026, "unit_unknown"), ("region", 1999, "year_out_of_range")]
)
def test_what_cannot_be_planned(campaign: Campaign, parent: str, year: int, code: str):
    with campaign.room.database.reading() as connection:
        plan = plan_bulk(connection, campaign.room.library, load_tree(connection), parent, year, ())
    assert isinstance(plan, Refusal)
    assert plan.code == code


def test_a_bulk_start_that_is_not_there(campaign: Campaign):
    with campaign.room.database.reading() as connection:
        assert read_bulk(connection, "nowhere-2026-0") is None


@pytest.mark.parametrize(
    ("done", "total", "percent"), [(0, 0, 100), (0, 3, 0), (2, 3, 66), (999, 1000, 99), (3, 3, 100)]
)
def test_percent(done: int, total: int, percent: int):
    assert percent_of(done, total) == percent
