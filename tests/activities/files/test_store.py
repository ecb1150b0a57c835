"""Content that is put somewhere stays as it is, in a folder as in a bucket, and what nobody keeps goes."""

import hashlib
import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from activities.database import Database
from activities.files.incoming import Incoming, TooLarge
from activities.files.kept import GRACE, StoredFile, find_file, keep, release, release_unkept
from activities.files.store import CHUNK, FileMissing, FileStore, StoreAway, open_store
from activities.settings import Settings
from tests.servers.processes import free_port
from tests.servers.s3 import KEY, SECRET, S3Server

NOW = datetime(2026, 3, 16, 10, tzinfo=UTC)
SCAN = "скан программы".encode() * 50_000
SHA = hashlib.sha256(SCAN).hexdigest()


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> FileStore:
    if request.param == "folder":
        return open_store(Settings(home=tmp_path))
    server: S3Server = request.getfixturevalue("s3_server")
    return open_store(Settings(files=server.url, files_key=KEY, files_secret=SECRET))


@pytest.fixture
def folder(tmp_path: Path) -> FileStore:
    return open_store(Settings(home=tmp_path))


@pytest.fixture
def database(journal_url: str) -> Iterator[Database]:
    database = Database(journal_url)
    yield database
    database.close()


def described(content: bytes = SCAN) -> StoredFile:
    sha256 = hashlib.sha256(content).hexdigest()
    return StoredFile(sha256, len(content), "application/pdf", "скан.pdf", "{}", NOW, "token:school")


def names(store: FileStore) -> list[str]:
    return [one.sha256 for one in store.held()]


def test_what_is_put_can_be_read_piece_by_piece(store: FileStore):
    assert store.size(SHA) is None
    assert store.put(SHA, io.BytesIO(SCAN))
    pieces = list(store.read(SHA))
    assert b"".join(pieces) == SCAN
    assert len(pieces) > 1
    assert max(map(len, pieces)) < 3 * CHUNK
    assert [(one.sha256, one.size) for one in store.held()] == [(SHA, len(SCAN))]


def test_nothing_is_ever_put_over_something_else(store: FileStore):
    store.put(SHA, io.BytesIO(SCAN))
    assert not store.put(SHA, io.BytesIO(b"another"))
    assert store.content(SHA) == SCAN


def test_what_is_removed_is_gone_and_may_be_removed_again(store: FileStore):
    store.put(SHA, io.BytesIO(SCAN))
    store.remove(SHA)
    store.remove(SHA)
    assert store.size(SHA) is None
    with pytest.raises(FileMissing):
        store.read(SHA)


def test_files_of_a_folder_lie_under_their_digests(tmp_path: Path):
    open_store(Settings(home=tmp_path)).put(SHA, io.BytesIO(SCAN))
    assert [path.name for path in (tmp_path / "files").iterdir()] == [SHA]
    elsewhere = tmp_path / "elsewhere"
    open_store(Settings(home=tmp_path, files=str(elsewhere))).put(SHA, io.BytesIO(SCAN))
    assert (elsewhere / SHA).read_bytes() == SCAN


def test_a_bucket_that_does_not_answer_is_away():
    address = f"s3://bucket?endpoint=http://127.0.0.1:{free_port()}"
    store = open_store(Settings(files=address, files_key=KEY, files_secret=SECRET))
    with pytest.raises(StoreAway):
        store.size(SHA)
    with pytest.raises(StoreAway):
        store.put(SHA, io.BytesIO(SCAN))


def test_a_place_that_is_none_is_refused_at_once(tmp_path: Path):
    with pytest.raises(ValueError, match="neither a folder nor"):
        open_store(Settings(home=tmp_path, files="ftp://host/files"))


def test_a_file_is_counted_and_hashed_while_it_comes_in():
    with Incoming(most=len(SCAN)) as incoming:
        for start in range(0, len(SCAN), 1000):
            incoming.write(SCAN[start : start + 1000])
        assert (incoming.size, incoming.sha256, incoming.content()) == (len(SCAN), SHA, SCAN)
        with pytest.raises(TooLarge):
            incoming.write(b"x")


def test_a_file_that_is_kept_is_known_with_its_content(database: Database, store: FileStore):
    store.put(SHA, io.BytesIO(SCAN))
    with database.writing() as connection:
        keep(connection, store, described(), io.BytesIO(SCAN))
        keep(connection, store, described(), io.BytesIO(SCAN))
    with database.reading() as connection:
        assert find_file(connection, SHA) == described()
    release(database, store, SHA)
    assert store.content(SHA) == SCAN, "somebody keeps it"


def test_an_upload_that_comes_to_nothing_leaves_nothing(database: Database, store: FileStore):
    store.put(SHA, io.BytesIO(SCAN))
    with database.writing() as connection:
        keep(connection, store, described(), io.BytesIO(SCAN))
        connection.rollback()
    release(database, store, SHA)
    assert names(store) == []


def test_whoever_keeps_what_another_has_just_released_puts_it_back(database: Database, folder: FileStore):
    folder.put(SHA, io.BytesIO(SCAN))
    release(database, folder, SHA)
    with database.writing() as connection:
        keep(connection, folder, described(), io.BytesIO(SCAN))
    assert folder.content(SHA) == SCAN


def test_a_damaged_file_is_not_taken_for_the_right_one(database: Database, tmp_path: Path, folder: FileStore):
    (tmp_path / "files" / SHA).write_bytes(SCAN[:-1])
    with pytest.raises(StoreAway), database.writing() as connection:
        keep(connection, folder, described(), io.BytesIO(SCAN))


def test_what_dead_processes_left_is_swept_out_after_an_hour(database: Database, store: FileStore):
    kept, stray = b"kept", b"stray"
    for content in (kept, stray):
        store.put(hashlib.sha256(content).hexdigest(), io.BytesIO(content))
    with database.writing() as connection:
        keep(connection, store, described(kept), io.BytesIO(kept))
    put = datetime.now(UTC)
    assert release_unkept(database, store, put) == 0, "its row may still be on the way"
    assert release_unkept(database, store, put + GRACE + timedelta(minutes=1)) == 1
    assert names(store) == [described(kept).sha256]
