"""Where the content of files lies: a folder, or a bucket of an S3-compatible server; the key is the SHA-256."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple
from urllib.parse import SplitResult, parse_qs, urlsplit

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import LocalStore, S3Store

from activities.settings import Settings

if TYPE_CHECKING:  # there are no such names when the program runs
    from obstore.store import ClientConfig, ObjectStore, RetryConfig, S3Config

CHUNK = 256 * 1024
"""Bytes of a file that are in memory at a time while it is read."""

TIMEOUT = timedelta(seconds=20)
_CLIENT: ClientConfig = {"timeout": TIMEOUT, "connect_timeout": timedelta(seconds=5)}
_RETRY: RetryConfig = {"max_retries": 2, "retry_timeout": TIMEOUT}


class StoreAway(Exception):
    """The store does not answer, or not as it should: later again."""


class FileMissing(Exception):
    """The store has no such file, although somebody counts on it."""


class Held(NamedTuple):
    """A file in the store; `at`: when it was put there."""

    sha256: str
    size: int
    at: datetime


class FileStore:
    """Puts, reads and removes files. Raises StoreAway."""

    def __init__(self, objects: ObjectStore) -> None:
        self._objects = objects
        self._folder = objects.prefix if isinstance(objects, LocalStore) else None

    def put(self, sha256: str, content: IO[bytes]) -> bool:
        """Take a file whole or not at all, never over another one; whether it is new here."""
        content.seek(0)
        with _answered():
            try:
                obstore.put(self._objects, sha256, content, mode="create", use_multipart=False)
            except AlreadyExistsError:
                return False
        if self._folder is not None:
            _settle(self._folder, sha256)
        return True

    def size(self, sha256: str) -> int | None:
        """How many bytes the file has; `None` when there is no such file."""
        with _answered():
            try:
                return obstore.head(self._objects, sha256)["size"]
            except FileNotFoundError:
                return None

    def read(self, sha256: str) -> Iterator[bytes]:
        """The content, piece by piece; the first piece is there when this returns. Raises FileMissing."""
        with _answered():
            try:
                pieces = iter(obstore.get(self._objects, sha256).stream(min_chunk_size=CHUNK))
            except FileNotFoundError:
                raise FileMissing(sha256) from None
        return _pieces(pieces)

    def content(self, sha256: str) -> bytes:
        """All of the content. Raises FileMissing."""
        return b"".join(self.read(sha256))

    def remove(self, sha256: str) -> None:
        """Let a file go; one that is not there is gone."""
        with _answered():
            try:
                obstore.delete(self._objects, sha256)
            except FileNotFoundError:
                return

    def held(self) -> Iterator[Held]:
        """Every file of the store."""
        with _answered():
            for batch in obstore.list(self._objects):
                yield from (Held(one["path"], one["size"], one["last_modified"]) for one in batch)


def open_store(settings: Settings) -> FileStore:
    """The store that the settings ask for. Raises ValueError when they name none."""
    if not settings.files:
        return FileStore(LocalStore(settings.home / "files", mkdir=True))
    place = urlsplit(settings.files)
    if place.scheme in ("", "file"):
        return FileStore(LocalStore(Path(place.path).expanduser().absolute(), mkdir=True))
    if place.scheme != "s3" or not place.netloc:
        raise ValueError(f"MENTORING_FILES: {settings.files} is neither a folder nor s3://bucket")
    return FileStore(_bucket(place, settings))


def _bucket(place: SplitResult, settings: Settings) -> S3Store:
    """`s3://bucket/prefix?endpoint=https://host&region=ru-1`; without a key, what the machine itself may use."""
    asked = {name: values[-1] for name, values in parse_qs(place.query).items()}
    config: S3Config = {"bucket": place.netloc, "region": asked.get("region", "us-east-1")}
    if settings.files_key and settings.files_secret:
        config |= {"access_key_id": settings.files_key, "secret_access_key": settings.files_secret}
    options: ClientConfig = dict(_CLIENT)  # type: ignore[assignment]
    if endpoint := asked.get("endpoint"):
        config["endpoint"] = endpoint
        options["allow_http"] = endpoint.startswith("http://")
    return S3Store(config=config, prefix=place.path.strip("/") or None, client_options=options, retry_config=_RETRY)


@contextmanager
def _answered() -> Iterator[None]:
    """What a store says when it is away, as our one word for it."""
    try:
        yield
    except (BaseError, OSError) as error:
        raise StoreAway(type(error).__name__) from error


def _pieces(pieces: Iterator[object]) -> Iterator[bytes]:
    with _answered():
        for piece in pieces:
            yield bytes(piece)  # type: ignore[call-overload]


def _settle(folder: Path, name: str) -> None:
    """A power failure does not take what was promised: the file and its name are on the disk."""
    with _answered():
        for path in (folder / name, folder):
            opened = os.open(path, os.O_RDONLY)
            try:
                os.fsync(opened)
            finally:
                os.close(opened)
