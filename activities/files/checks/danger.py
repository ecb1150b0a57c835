"""What may be nowhere in a file, and counting what it unpacks to."""

from __future__ import annotations

from collections.abc import Iterable

from activities.files.checks.unfit import Unfit

_EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def refuse_virus(content: bytes) -> None:
    """Raises Unfit for the signature by which virus scanners are tested."""
    if _EICAR in content:
        raise Unfit("file_virus")


class Meter:
    """Counts unpacked bytes of one file and looks through them. Raises Unfit."""

    def __init__(self, most: int) -> None:
        self._left, self._tail = most, b""

    def through(self, pieces: Iterable[bytes], most: int, what: str) -> None:
        """Let the pieces of one part pass; `most` of this part."""
        seen, self._tail = 0, b""
        for piece in pieces:
            seen += len(piece)
            self._left -= len(piece)
            if seen > most or self._left < 0:
                raise Unfit("file_bomb", what=what)
            refuse_virus(self._tail + piece)
            self._tail = piece[-len(_EICAR) :]
