"""A file on its way in: counted and hashed while it streams, in a file without a name until it is taken."""

from __future__ import annotations

import hashlib
import tempfile
from types import TracebackType
from typing import Self


class TooLarge(Exception):
    """More bytes came than are taken; `most` of them."""

    def __init__(self, most: int) -> None:
        super().__init__(f"more than {most} bytes")
        self.most = most


class Incoming:
    """Belongs to nobody: the system itself removes the file when this process lets it go, however it ends."""

    def __init__(self, most: int) -> None:
        self._most, self._digest = most, hashlib.sha256()
        self.file = tempfile.TemporaryFile()  # noqa: SIM115, closed by `close`
        self.size = 0

    def write(self, piece: bytes) -> None:
        """Take one more piece. Raises TooLarge with the first byte that is too many."""
        self.size += len(piece)
        if self.size > self._most:
            raise TooLarge(self._most)
        self._digest.update(piece)
        self.file.write(piece)

    def recount(self) -> None:
        """Somebody else has written into the file. Raises TooLarge."""
        self.size, self._digest = 0, hashlib.sha256()
        self.file.seek(0)
        while piece := self.file.read(1 << 20):
            self.size += len(piece)
            self._digest.update(piece)
        if self.size > self._most:
            raise TooLarge(self._most)

    @property
    def sha256(self) -> str:
        """The digest of what has come so far."""
        return self._digest.hexdigest()

    @property
    def head(self) -> bytes:
        """The first bytes."""
        self.file.seek(0)
        return self.file.read(4096)

    def content(self) -> bytes:
        """All of it."""
        self.file.seek(0)
        return self.file.read()

    def close(self) -> None:
        """Let it go."""
        self.file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def received(content: bytes, most: int) -> Incoming:
    """What is in memory already, as if it had just come in. Raises TooLarge."""
    incoming = Incoming(most)
    try:
        incoming.write(content)
    except TooLarge:
        incoming.close()
        raise
    return incoming
