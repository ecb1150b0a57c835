"""The way of a file from a sender into the store: received, looked into, put away; kept by whoever has use for it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from activities.database import Database
from activities.files.checks.kinds import IMAGES, MEDIA, FileType
from activities.files.checks.names import checked_name
from activities.files.checks.unfit import Unfit
from activities.files.incoming import Incoming, TooLarge
from activities.files.inspection import Found, inspect, join
from activities.files.kept import StoredFile, keep, release
from activities.files.store import FileStore

ENDINGS: dict[FileType, str] = {"pdf": ".pdf", "docx": ".docx", "png": ".png", "jpeg": ".jpg", "signature": ".p7s"}


@dataclass(frozen=True)
class Upload:
    """A file that may be kept."""

    incoming: Incoming
    name: str
    found: Found

    @property
    def sha256(self) -> str:
        """The digest of its content."""
        return self.incoming.sha256

    @property
    def size(self) -> int:
        """Its bytes."""
        return self.incoming.size


class Uploads:
    """Takes files in. `most`: bytes that one may have."""

    def __init__(self, database: Database, store: FileStore, most: int) -> None:
        self._database, self.store, self.most = database, store, most

    def incoming(self) -> Incoming:
        """Room for a file that begins to come in; its `write` raises TooLarge."""
        return Incoming(self.most)

    @contextmanager
    def put(self, upload: Upload) -> Iterator[None]:
        """Have the content in the store meanwhile; what nobody has kept by the end leaves it again."""
        self.store.put(upload.sha256, upload.incoming.file)
        try:
            yield
        finally:
            release(self._database, self.store, upload.sha256)

    def keep(self, connection: Connection, upload: Upload, by: str, at: datetime) -> StoredFile:
        """Let the file stay, in the transaction that refers to it; inside of `put`."""
        kept = StoredFile(
            upload.sha256, upload.size, MEDIA[upload.found.type], upload.name, upload.found.as_json(), at, by
        )
        keep(connection, self.store, kept, upload.incoming.file)
        return kept

    def examined(self, incoming: Incoming, name: str, wanted: Collection[FileType]) -> Upload:
        """A file that has come in whole; a picture becomes a PDF where one is wanted. Raises Unfit."""
        name = checked_name(name)
        pictures = IMAGES if "pdf" in wanted else ()
        found = inspect(incoming.file, {*wanted, *pictures})
        if found.type in wanted:
            return Upload(incoming, name, found)
        return self.joined([incoming], name)

    @contextmanager
    def fetched(self, file: StoredFile) -> Iterator[Upload]:
        """A file that is kept already, as if it had just come in. Raises StoreAway, FileMissing."""
        with Incoming(file.size) as incoming:
            for piece in self.store.read(file.sha256):
                incoming.write(piece)
            yield Upload(incoming, file.name, Found.from_json(file.found))

    def signature(self, incoming: Incoming, name: str) -> Upload:
        """A signature that has been looked into beside its document. Raises Unfit for its name."""
        return Upload(incoming, checked_name(name), Found("signature"))

    def joined(self, pictures: Sequence[Incoming], name: str) -> Upload:
        """One PDF of several pictures. Raises Unfit."""
        name = checked_name(name)
        with ExitStack() as undo:
            made = undo.enter_context(Incoming(self.most))
            found = join([one.file for one in pictures], made.file)
            made.recount()
            undo.pop_all()
        return Upload(made, f"{name.rpartition('.')[0] or name}{ENDINGS['pdf']}", found)


def too_large(problem: TooLarge) -> Unfit:
    """The same in the words of the checks."""
    return Unfit("file_too_large", most=problem.most // 1_000_000)
