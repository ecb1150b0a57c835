"""PostgreSQL's journal is restored to a moment by the scripts of `deploy/postgres`, on a real server."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from activities.database import Database
from activities.migrations import migrate
from activities.rebuild import rebuild
from activities.restored import restored_at
from activities.settings import Settings
from activities.verify import differences
from cli import app
from domain.programme import commands as c
from tests.activities.ledger import planned
from tests.activities.mailroom import Mailroom, library
from tests.deployment.test_files import ROOT
from tests.servers.postgres import PostgresServer
from tests.servers.processes import Deadline, as_user

REASON = "txt-" + "1" * 32
SCRIPTS = ROOT / "deploy" / "postgres"

pytestmark = pytest.mark.postgres


class Archived(PostgresServer):
    """A server that archives, with the tools beside it that its administrator has."""

    def __init__(self) -> None:
        super().__init__()
        self.scripts, self.archive = self.folder / "scripts", self.folder / "archive"
        shutil.copytree(SCRIPTS, self.scripts)  # its own user may not read the folder of the tests
        self.archive.mkdir()
        if self._user is not None:
            shutil.chown(self.archive, self._user)
        self.set("archive_mode = on", f"archive_command = '{self.env()} {self.scripts}/archive-wal.sh %p %f'")

    def env(self) -> str:
        return f"ARCHIVE={self.archive} PATH={self._bin}:$PATH"

    def set(self, *lines: str) -> None:
        with (self.folder / "data" / "postgresql.conf").open("a") as file:
            file.writelines(f"{line}\n" for line in lines)

    def run(self, script: str, *words: str | Path, **env: str) -> str:
        """One of the scripts; what it says."""
        given = {"ARCHIVE": str(self.archive), "PATH": f"{self._bin}:{os.environ['PATH']}"}
        given |= {"PGHOST": "127.0.0.1", "PGPORT": str(self.port), "PGUSER": "postgres"} | env
        command: list[str | Path] = ["sh", self.scripts / script, *words]
        done: subprocess.CompletedProcess[str] = subprocess.run(
            command, env=os.environ | given, capture_output=True, text=True, cwd=self.folder, **as_user(self._user)
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    def lose_the_disk(self) -> None:
        """Nothing is left but the archive."""
        self.kill()
        shutil.rmtree(self.folder / "data")

    def value(self, query: str) -> Any:
        with self._connect() as connection:
            row = connection.execute(query.encode()).fetchone()
        return row[0] if row else None

    def settled(self) -> None:
        """What has happened until now is in the archive."""
        self.value("SELECT pg_create_restore_point('settled')")  # a segment without anything in it is not archived
        segment = self.value("SELECT pg_walfile_name(pg_switch_wal())")
        Deadline(60).until((self.archive / "wal" / segment).exists, "the last WAL is archived")


@pytest.fixture
def server() -> Iterator[Archived]:
    with Archived() as made:
        yield made


@pytest.fixture(scope="module")
def lasting() -> Iterator[Archived]:
    """One that loses no disk."""
    with Archived() as made:
        yield made


def test_a_region_comes_back_as_of_a_moment(server: Archived, tmp_path: Path):
    """After a wrong act the journal is as of the moment before it, nothing in it disagrees, and work goes on."""
    url = server.url_of(server.create_database())
    migrate(url)
    desk = Mailroom(Database(url), library(), Settings(home=tmp_path, database_url=url))
    desk.start()
    base = server.run("base-backup.sh")
    assert (Path(base) / "backup_label").is_file()
    told("backup", tmp_path / "copies", url)
    desk.record(planned(1))
    desk.record(c.CompleteStep(step=1))
    version, moment = desk.state().version, server.value("SELECT clock_timestamp()")
    desk.record(c.ReopenStep(step=1, reason=REASON), texts={REASON: "Ошибка"})
    assert desk.state().version > version
    server.settled()
    desk.database.close()
    server.lose_the_disk()

    assert server.run("restore.sh", server.folder / "data", moment.isoformat()) == Path(base).name
    server.start()
    back = Mailroom(Database(url), library(), desk.settings)
    promoted(server)
    kinds = back.recorder.kinds
    assert (back.state().version, list(differences(back.database, kinds))) == (version, [])
    assert "Теперь запустите систему" in told("restore", tmp_path / "copies", url)
    with back.database.reading() as connection:
        assert restored_at(connection) is not None
    rebuild(back.database, kinds)
    assert list(differences(back.database, kinds)) == []
    back.record(c.ReopenStep(step=1, reason=REASON), texts={REASON: "Ошибка"})
    back.database.close()


def told(command: str, copies: Path, url: str) -> str:
    """What `mentoring backup` or `restore` says beside a PostgreSQL."""
    env = {"MENTORING_DATABASE_URL": url, "MENTORING_HOME": str(copies.with_name("home"))}
    copies.with_name("home").mkdir(exist_ok=True)
    return CliRunner().invoke(app, [command, str(copies)], env=env).output


def promoted(server: Archived) -> None:
    Deadline(60).until(lambda: server.value("SELECT pg_is_in_recovery()") is False, "the server takes commands again")


def test_without_a_moment_nothing_that_was_archived_is_lost(server: Archived):
    """And a folder that holds something is never overwritten."""
    database = server.create_database()
    server.run("base-backup.sh")
    write(server.url_of(database))
    server.settled()
    with pytest.raises(AssertionError) as done:
        server.run("restore.sh", server.folder / "data")
    assert "nothing is overwritten" in str(done.value)
    server.lose_the_disk()
    server.run("restore.sh", server.folder / "data")
    server.start()
    promoted(server)
    restored = Database(server.url_of(database))
    with restored.reading() as connection:
        assert connection.scalar(text("SELECT count(*) FROM told")) == 1
    restored.close()


def write(url: str) -> None:
    database = Database(url)
    with database.writing() as connection:
        connection.execute(text("CREATE TABLE told (word text)"))
        connection.execute(text("INSERT INTO told VALUES ('да')"))
    database.close()


def test_old_base_copies_go_with_the_wal_that_only_they_need(lasting: Archived):
    lasting.run("base-backup.sh")
    lasting.settled()
    first = {path.name for path in (lasting.archive / "wal").iterdir() if len(path.name) == 24}
    kept = lasting.run("base-backup.sh", KEEP="1").splitlines()[-1]
    assert [path.name for path in (lasting.archive / "base").iterdir()] == [Path(kept).name]
    left = {path.name for path in (lasting.archive / "wal").iterdir()}
    assert first - left, "WAL of before the kept copy is gone"


def test_two_copies_in_one_second_are_two(lasting: Archived):
    made = [lasting.run("base-backup.sh") for _ in range(3)]
    assert len(set(made)) == 3
    assert all((Path(one) / "backup_label").is_file() and not (Path(one) / ".new").exists() for one in made)


def test_a_segment_is_archived_once(lasting: Archived, tmp_path: Path):
    """The same again is fine after a crash; another one under the same name is an error."""
    folder = lasting.folder / "segments"
    folder.mkdir()
    (folder / "a").write_bytes(b"one")
    (folder / "b").write_bytes(b"two")
    lasting.run("archive-wal.sh", folder / "a", "0001")
    lasting.run("archive-wal.sh", folder / "a", "0001")
    with pytest.raises(AssertionError):
        lasting.run("archive-wal.sh", folder / "b", "0001")
    assert (lasting.archive / "wal" / "0001").read_bytes() == b"one"


def test_a_moment_before_every_base_copy_is_refused(lasting: Archived):
    lasting.run("base-backup.sh")
    early = datetime(2020, 1, 1).isoformat()  # noqa: DTZ001, as an administrator would type it
    with pytest.raises(AssertionError) as done:
        lasting.run("restore.sh", lasting.folder / "elsewhere", early)
    assert "was made before" in str(done.value)
