"""A revision comes and goes on a filled database while people work: nothing is lost, whoever has to wait is told so."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import inspect

from activities import migrations
from activities.migrations import migrate, migrate_back
from activities.verify import differences
from tests.activities.ledger import stored
from tests.api.world import ORGANISATIONS, World
from tests.servers import Deadline

ROUNDS = 3
PERSONS = ("p-head", "p-other")

LATER = '''
"""What a later version may want: a column more, a wider one, an index on what everybody writes to."""

import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "0002_later", "0001_first", None, None


def upgrade():
    with op.batch_alter_table("programme") as table:
        table.add_column(sa.Column("remark", sa.Text()))
        table.alter_column("status", type_=sa.String(32), existing_type=sa.String(16))
    op.create_index("ix_event_recorded_at", "event", ["recorded_at"])


def downgrade():
    op.drop_index("ix_event_recorded_at", "event")
    with op.batch_alter_table("programme") as table:
        table.alter_column("status", type_=sa.String(16), existing_type=sa.String(32))
        table.drop_column("remark")
'''


@pytest.fixture
def later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The migrations of a later version."""
    folder = tmp_path / "migrations"
    shutil.copytree(migrations.FOLDER, folder)
    (folder / "versions" / "0002_later.py").write_text(LATER, "utf-8")
    monkeypatch.setattr(migrations, "FOLDER", folder)


class Office:
    """Hands a step to and fro, and repeats with the same key what was answered by "later"."""

    def __init__(self, world: World, programme: str) -> None:
        self.world, self.programme = world, programme
        self.done: list[str] = []
        self.put_off = 0

    def work(self, over: Event) -> None:
        while not over.is_set():
            person = PERSONS[len(self.done) % 2]
            headers = {"Idempotency-Key": f"{self.programme}/{len(self.done)}"}
            path = f"/programmes/{self.programme}/steps/9/responsible"
            answer = self.world.ask("administrator", "POST", path, json={"person": person}, headers=headers)
            if answer.status_code == 503:
                self.put_off += 1
                continue
            assert answer.status_code == 200, answer.text
            self.done.append(person)


@pytest.fixture
def offices(region: World) -> list[Office]:
    """Programmes of two years in every organisation; somebody works in those of the first."""
    for one in ORGANISATIONS:
        region.start(one.id, 2027)
    return [Office(region, region.start(one.id)) for one in ORGANISATIONS]


def columns(world: World) -> set[str]:
    with world.core.database.reading() as connection:
        return {one["name"] for one in inspect(connection).get_columns("programme")}


def test_up_and_down_while_people_work(region: World, offices: list[Office], later: None):
    url = region.core.database.url.render_as_string(hide_password=False)
    over = Event()
    with ThreadPoolExecutor(len(offices)) as pool:
        working = [pool.submit(one.work, over) for one in offices]
        try:
            for _ in range(ROUNDS):
                for office in offices:
                    wait_for_more(office)
                migrate(url)
                assert "remark" in columns(region)
                for office in offices:
                    wait_for_more(office)
                migrate_back(url, "0001_first")
                assert "remark" not in columns(region)
        finally:
            over.set()
        for one in working:
            one.result()
    assert list(differences(region.core.database, region.core.kinds)) == []
    events = stored(region.core.database, "event")["event"]
    for office in offices:
        mine = [one for one in events if one["stream"] == f"programme/{office.programme}"]
        persons = [one["data"].split('"')[-2] for one in mine if one["type"] == "StepAssigned"]
        assert persons == office.done


def wait_for_more(office: Office) -> None:
    """Until it has been acknowledged something more: the schema changes in the middle of its work."""
    before = len(office.done)
    Deadline(30).until(lambda: len(office.done) > before, f"{office.programme} goes on")
