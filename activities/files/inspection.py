"""Looking into a file in a process of its own, which may use so much memory and time and no more."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

import orjson

from activities.files.checks.kinds import FileType
from activities.files.checks.unfit import Unfit
from activities.files.signatures_found import Signature

SECONDS = 30
AT_ONCE = 2
"""Files that are looked into side by side; the others wait."""

_MODULE = "activities.files.checks.child"
_TURN = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True)
class Found:
    """What a file is; `codes`: the check codes that can be read in it."""

    type: FileType
    pages: int | None = None
    codes: tuple[str, ...] = ()
    signatures: tuple[Signature, ...] = ()

    def as_json(self) -> str:
        """To be kept beside the file."""
        return orjson.dumps(self).decode()

    @classmethod
    def from_json(cls, text: str) -> Found:
        """What was kept."""
        told = orjson.loads(text)
        return cls(told["type"], told["pages"], tuple(told["codes"]), signatures_from(told["signatures"]))


def inspect(file: IO[bytes], wanted: Iterable[FileType]) -> Found:
    """What the file is. Raises Unfit when it is not one of the wanted types, or nothing to be taken in."""
    answer = _ask("inspect", (file,), ",".join(sorted(wanted)))
    return Found(answer["type"], answer["pages"], tuple(answer["codes"]), signatures_from(answer["signatures"]))


def inspect_signature(signature: IO[bytes], document: IO[bytes]) -> tuple[Signature, ...]:
    """The signatures beside a document. Raises Unfit."""
    return signatures_from(_ask("signature", (signature, document))["signatures"])


def join(images: Sequence[IO[bytes]], out: IO[bytes]) -> Found:
    """Write pictures as one PDF. Raises Unfit."""
    answer = _ask("join", (*images, out))
    return Found("pdf", answer["pages"])


def signatures_from(told: Iterable[dict[str, Any]]) -> tuple[Signature, ...]:
    """Signatures as they stand in JSON."""
    return tuple(Signature(**{**one, "at": datetime.fromisoformat(one["at"]) if one["at"] else None}) for one in told)


def _ask(task: str, files: Sequence[IO[bytes]], *words: str) -> dict[str, Any]:
    for file in files:
        file.flush()
    numbers = [file.fileno() for file in files]
    command = [sys.executable, "-I", "-m", _MODULE, task, ",".join(map(str, numbers)), *words]
    with _TURN, tempfile.TemporaryFile() as said:
        try:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.DEVNULL, pass_fds=numbers,
                timeout=SECONDS, env={}, cwd="/", check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise Unfit("file_too_hard") from None
        said.seek(0)
        answer = said.read()
    if done.returncode != 0:
        raise Unfit("file_too_hard")
    found: dict[str, Any] = orjson.loads(answer)
    if "unfit" in found:
        raise Unfit(found["unfit"], **found["facts"])
    return found
