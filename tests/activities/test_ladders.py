"""Ladders that a region edits: versions, what is refused, and who keeps what."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from activities.database import Database
from activities.definition_store import SqlDefinitions
from activities.definitions import Library, definition_folders
from activities.ladders import Faults, find_ladder, put_ladder, revision
from domain.ladder import Ladder, Rung
from domain.refusal import Refusal
from domain.units import UnitTree
from tests.activities.region import AUDIT, NOW, TREE, UNITS, region

MISSED = Rung(kind="missed", to=("responsible", "curator"))
AT_ONCE = Rung(kind="escalation", days=0, to=("department",))


@dataclass
class Desk:
    database: Database
    home: Path

    def library(self) -> Library:
        """Another process of the same installation."""
        return Library(definition_folders(self.home), SqlDefinitions(self.database))

    def put(self, *rungs: Rung, key: str = "step-municipal", tree: UnitTree = TREE, expected: int | None = None):
        with self.database.writing() as connection:
            return put_ladder(connection, self.library(), tree, key, rungs, "token:1", NOW, expected)


@pytest.fixture
def desk(journal_url: str, tmp_path: Path) -> Iterator[Desk]:
    with region(journal_url) as database:
        yield Desk(database, tmp_path)


def test_every_change_is_a_new_version_that_the_next_start_runs_by(desk: Desk):
    other = desk.library()  # a process that has been running for long
    before = other.plan_ref("school", "municipal", 2026)
    assert isinstance(desk.put(MISSED), Ladder)
    made = desk.put(MISSED, AT_ONCE)
    assert isinstance(made, Ladder)
    assert (made.version, revision(made)) == ("1-r2", 2)
    after = other.plan_ref("school", "municipal", 2026)
    assert (before.ladder, after.ladder) == ("step-municipal@1", "step-municipal@1-r2")
    assert other.plan(after).ladder.rungs == (MISSED, AT_ONCE)
    assert len(other.plan(before).ladder.rungs) == 7, "what runs keeps its ladder"
    assert other.ladder("state").version == "1", "the other ladders stay as they are"


def test_rungs_that_are_as_they_were_make_no_new_version(desk: Desk):
    first, again = desk.put(MISSED), desk.put(MISSED)
    assert first == again
    assert isinstance(again, Ladder)
    assert again.version == "1-r1"


def test_each_change_leaves_an_audit_row_with_both_ladders(desk: Desk):
    desk.put(MISSED)
    with desk.database.reading() as connection:
        (row,) = connection.execute(select(AUDIT).where(AUDIT.c.subject == "ladder:step-municipal")).all()
    assert (row.by, row.action) == ("token:1", "changed")
    assert (json.loads(row.before)["version"], json.loads(row.after)["version"]) == ("1", "1-r1")


def test_two_who_edit_at_once_do_not_overwrite_each_other(desk: Desk):
    assert isinstance(desk.put(MISSED, expected=0), Ladder)
    stale = desk.put(MISSED, AT_ONCE, expected=0)
    assert stale == Refusal(code="version_stale", facts={"expected": 0, "version": 1})


def test_a_ladder_that_nobody_knows_is_refused(desk: Desk):
    assert desk.put(MISSED, key="camp") == Refusal(code="ladder_unknown", facts={"ladder": "camp"})
    assert find_ladder(desk.library(), "camp") is None


def test_what_a_region_edited_outlives_a_release_with_a_newer_file(desk: Desk):
    desk.put(MISSED)
    file = desk.home / "definitions" / "ladders" / "step-municipal.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(
        "{key: step-municipal, version: '2', obligation: step, organisations: municipal,"
        " rungs: [{kind: missed, to: [head]}]}",
        encoding="utf-8",
    )
    assert desk.library().ladder("municipal").version == "1-r1"
    made = desk.put(AT_ONCE)
    assert isinstance(made, Ladder)
    assert made.version == "2-r2"


@pytest.mark.parametrize(
    ("gone", "key", "recipient", "reason"),
    [
        ("dpo", "step-municipal", "department", None),  # nobody is of its sector any more
        ("rcro", "step-municipal", "operating_centre", "для общеобразовательных организаций в регионе нет центра"),
        ("rcro", "step-state", "operating_centre", "в регионе нет центра, сопровождающего формы наставничества"),
        ("rcro", "monitoring-municipal", "mentoring_centre", "в регионе нет регионального наставнического центра"),
    ],
)
def test_a_recipient_whom_the_region_does_not_have_is_refused(
    desk: Desk, gone: str, key: str, recipient: str, reason: str | None
):
    centre = UNITS[3].model_copy(update={"id": "rcrpk", "sector": "vocational", "operates": ("student-student",)})
    units = [unit for unit in (*UNITS, centre) if unit.id != gone and unit.parent != gone]
    found = desk.put(Rung.model_validate({"kind": "escalation", "to": [recipient]}), key=key, tree=UnitTree(units))
    if reason is None:
        assert isinstance(found, Ladder)
        return
    assert isinstance(found, Faults)
    assert (found.found[0].rung, found.found[0].field) == (0, "to")
    assert found.found[0].reason.startswith(f"ступень 1 (after-0): адресатом {recipient} никто не может стать: ")
    assert reason in found.found[0].reason


def test_a_municipal_ladder_needs_a_municipality(desk: Desk):
    units = [unit for unit in UNITS if not unit.id.startswith("mo") and unit.parent not in ("mo-a", "mo-b")]
    calls = Rung(kind="escalation", to=("municipal_authority",))
    found = desk.put(calls, tree=UnitTree(units))
    assert isinstance(found, Faults)
    assert "никто не может стать" in found.found[0].reason


def test_a_clock_that_stands_still_gives_two_versions_all_the_same(desk: Desk):
    assert desk.put(MISSED) != desk.put(AT_ONCE)
    with desk.database.reading() as connection:
        rows = connection.execute(select(AUDIT).where(AUDIT.c.subject.startswith("ladder:"))).all()
    assert {row.at - NOW for row in rows} == {timedelta()}
