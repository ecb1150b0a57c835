"""Copies of a running installation, and the way back to the moment of one."""

from __future__ import annotations

import hashlib
import io
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from activities.copies import Copy, CopyFailed, chosen, copies, prune, put_back, superfluous, take
from activities.database import Database
from activities.files.store import FileStore, open_store
from activities.migrations import migrate
from activities.settings import Settings
from activities.verify import differences
from activities.wiring import Core, core_of
from cli import app
from domain.programme import commands as c
from tests.activities.ledger import planned
from tests.activities.mailroom import Mailroom, library
from tests.moulds import Moulds
from tests.servers.processes import free_port
from tests.servers.s3 import KEY, SECRET, S3Server

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
LETTER, SCAN = "приказ".encode(), "скан".encode() * 100_000


@pytest.fixture
def home(tmp_path: Path, moulds: Moulds) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    moulds.sqlite(folder, migrate)
    return folder


@pytest.fixture
def core(home: Path) -> Iterator[Core]:
    made = core_of(Settings(home=home))
    yield made
    made.database.close()


@pytest.fixture
def backups(tmp_path: Path) -> Path:
    return tmp_path / "disk" / "backups"


def put(store: FileStore, content: bytes) -> str:
    sha256 = hashlib.sha256(content).hexdigest()
    store.put(sha256, io.BytesIO(content))
    return sha256


def tokens(home: Path) -> list[str]:
    database = Database(Settings(home=home).database)
    with database.reading() as connection:
        found = sorted(connection.scalars(text("SELECT name FROM token")))
    database.close()
    return found


def told(*words: str | Path) -> str:
    return CliRunner().invoke(app, [str(word) for word in words]).output


def test_the_office_loses_its_disk(core: Core, home: Path, backups: Path, tmp_path: Path):
    """Two copies on another disk; the region comes back as of the first one, with files and own definitions."""
    (home / "definitions").mkdir()
    (home / "definitions" / "calendar.yaml").write_text("# своё", encoding="utf-8")
    letter = put(core.uploads.store, LETTER)
    told("token", "первый", "--unit", "x", "--home", home)
    assert "база и файлы; файлов 1, новых 1" in told("backup", backups, "--home", home)
    (first,) = copies(backups)
    first.folder.rename(first.folder.with_name("2026-11-02T12-00-00Z"))
    scan = put(core.uploads.store, SCAN)
    assert "файлов 2, новых 1" in told("backup", backups, "--home", home)
    new = tmp_path / "new"
    assert "Теперь запустите систему" in told("restore", backups, "--at", "2026-11-02T12:30+00:00", "--home", new)
    restored = open_store(Settings(home=new))
    assert (restored.size(letter), restored.size(scan)) == (len(LETTER), None)
    assert (new / "definitions" / "calendar.yaml").is_file()
    assert tokens(new) == tokens(home)
    assert "уже есть" in told("restore", backups, "--home", new), "a database that is there is never overwritten"


def test_the_age_of_the_last_copy_stands_where_monitoring_looks(
    core: Core, backups: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    stamp = tmp_path / "elsewhere.stamp"
    monkeypatch.setenv("MENTORING_BACKUP_STAMP", str(stamp))
    told("backup", backups, "--home", core.settings.home)
    assert stamp.exists()


def test_a_copy_is_of_one_moment_while_people_write(home: Path, backups: Path):
    """Half of a transaction is in no copy, and nobody waits for it."""
    database = Database(f"sqlite:///{home / 'mentoring.db'}")
    with database.writing() as connection:
        connection.execute(text("CREATE TABLE pair (a INTEGER, b INTEGER)"))
        connection.execute(text("INSERT INTO pair VALUES (0, 0)"))
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            with database.writing() as connection:
                connection.execute(text("UPDATE pair SET a = a + 1"))
                connection.execute(text("UPDATE pair SET b = b + 1"))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        taken = [take(Settings(home=home), store_of(home), backups, NOON + timedelta(seconds=n))[0] for n in range(5)]
    finally:
        stop.set()
        writer.join()
        database.close()
    for copy in taken:
        copied = Database(f"sqlite:///{copy.database}")
        with copied.reading() as connection:
            assert connection.scalar(text("SELECT a - b FROM pair")) == 0
        copied.close()


def store_of(home: Path) -> FileStore:
    return open_store(Settings(home=home))


def test_what_has_happened_agrees_after_the_way_back(home: Path, tmp_path: Path, backups: Path):
    """Journal, read model and queue of the restored database are those of that moment."""
    settings = Settings(home=home)
    desk = Mailroom(Database(settings.database), library(), settings)
    desk.start()
    desk.record(planned(1))
    version = desk.state().version
    copy, _ = take(settings, store_of(home), backups, NOON)
    desk.record(c.CompleteStep(step=1))
    desk.database.close()
    other = Settings(home=tmp_path / "other")
    put_back(copy, other, open_store(other))
    back = Mailroom(Database(other.database), library(), other)
    assert (back.state().version, list(differences(back.database, back.recorder.kinds))) == (version, [])
    back.database.close()


def test_files_come_from_a_bucket_and_go_back(s3_server: S3Server, home: Path, backups: Path):
    settings = Settings(home=home, files=s3_server.url, files_key=KEY, files_secret=SECRET)
    sha256 = put(open_store(settings), SCAN)
    copy, new = take(settings, open_store(settings), backups, NOON)
    assert (copy.files, new) == ([sha256], 1)
    s3_server.reset()
    (home / "mentoring.db").unlink()
    assert put_back(copy, settings, open_store(settings)) == 1
    assert open_store(settings).content(sha256) == SCAN


def test_on_postgresql_a_copy_holds_the_files(home: Path, backups: Path):
    settings = Settings(home=home, database_url="postgresql://mentoring@127.0.0.1:1/mentoring")
    put(open_store(settings), SCAN)
    copy, _ = take(settings, open_store(settings), backups, NOON)
    assert (copy.database.exists(), len(copy.files)) == (False, 1)
    with pytest.raises(CopyFailed, match="на PostgreSQL"):
        put_back(copy, Settings(home=home.with_name("elsewhere")), open_store(settings))


def test_a_store_that_is_away_gives_no_half_copy(home: Path, backups: Path):
    away = Settings(home=home, files=f"s3://b?endpoint=http://127.0.0.1:{free_port()}", files_key="k", files_secret="s")
    with pytest.raises(CopyFailed, match="не отвечает"):
        take(away, open_store(away), backups, NOON)
    assert copies(backups) == []
    with pytest.raises(CopyFailed, match="нет копий"):
        chosen(backups, None)


def test_a_damaged_file_is_named_and_not_put_back(core: Core, home: Path, backups: Path, tmp_path: Path):
    sha256 = put(core.uploads.store, SCAN)
    take(core.settings, core.uploads.store, backups, NOON)
    (backups / "files" / sha256).write_bytes(b"rot")
    assert f"Файл {sha256} в копии повреждён" in told("restore", backups, "--home", tmp_path / "new")
    assert not (tmp_path / "new" / "mentoring.db").exists()


def test_the_moment_must_not_be_before_the_first_copy(core: Core, backups: Path):
    take(core.settings, core.uploads.store, backups, NOON)
    assert chosen(backups, NOON).at == NOON
    with pytest.raises(CopyFailed, match="к этому времени"):
        chosen(backups, NOON - timedelta(seconds=1))


def test_old_copies_go_and_so_do_files_that_none_of_them_lists(core: Core, home: Path, backups: Path):
    """A file that was erased for good does not live on for ever in the copies."""
    store = core.uploads.store
    erased, kept = put(store, LETTER), put(store, SCAN)
    take(core.settings, store, backups, NOON)
    store.remove(erased)
    later = NOON + timedelta(days=31)
    take(core.settings, store, backups, later)
    assert prune(backups, later, timedelta(days=30)) == 1
    assert [path.name for path in (backups / "files").iterdir()] == [kept]
    assert [one.at for one in copies(backups)] == [later]


def test_every_copy_of_two_days_and_then_one_a_day():
    hourly = [NOON + timedelta(hours=n) for n in range(24 * 5)]
    now = hourly[-1]
    gone = superfluous(hourly, now, timedelta(days=3))
    left = [at for at in hourly if at not in gone]
    assert [at for at in left if at >= now - timedelta(days=2)] == hourly[-49:]
    assert [at.hour for at in left if at < now - timedelta(days=2)] == [23], "the last one of the day within three days"
    assert superfluous([NOON], NOON + timedelta(days=900), timedelta(days=1)) == [], "the last copy stays"


def test_a_copy_knows_its_moment(backups: Path, core: Core):
    copy, _ = take(core.settings, core.uploads.store, backups, NOON)
    assert copies(backups) == [Copy(copy.folder, NOON)]
