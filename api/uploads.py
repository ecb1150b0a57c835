"""Bodies that are files: streamed into a file without a name, counted on the way, named by the sender."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import unquote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from activities.files.checks.images import MOST_IMAGES
from activities.files.checks.unfit import Unfit
from activities.files.incoming import Incoming, TooLarge
from activities.files.uploads import Uploads, too_large
from api.problems import Faulty, Problem, http_problem

_EXTENDED = re.compile(r"filename\*\s*=\s*utf-8''([^;]+)", re.IGNORECASE)
_QUOTED = re.compile(r'filename\s*=\s*"((?:[^"\\]|\\.)*)"|filename\s*=\s*([^;\s]+)', re.IGNORECASE)
_PIECE = 1 << 20


@dataclass(frozen=True)
class Sent:
    """What came: one file, or several of a form."""

    files: tuple[Incoming, ...]
    name: str

    @property
    def digest(self) -> bytes:
        """What tells one request from another."""
        return "\n".join((self.name, *(file.sha256 for file in self.files))).encode()

    def close(self) -> None:
        """Let everything go."""
        for file in self.files:
            file.close()


@asynccontextmanager
async def received(request: Request, uploads: Uploads, name: str | None) -> AsyncIterator[Sent]:
    """The body as long as it is needed; a form may bring several files. Raises Faulty."""
    sent = await _received(request, uploads, name)
    try:
        yield sent
    finally:
        sent.close()


async def _received(request: Request, uploads: Uploads, name: str | None) -> Sent:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if kind == "multipart/form-data":
            return await _form(request, uploads, name)
        incoming = uploads.incoming()
        try:
            async for piece in request.stream():
                incoming.write(piece)
        except BaseException:
            incoming.close()
            raise
        return Sent((incoming,), name or _file_name(request.headers.get("content-disposition", "")) or "документ")
    except TooLarge as problem:
        raise Faulty(unfit_problem(too_large(problem))) from None


async def _form(request: Request, uploads: Uploads, name: str | None) -> Sent:
    """The files of a form in their order; together they may be as large as one."""
    parser = MultiPartParser(request.headers, _counted(request, uploads.most), max_files=MOST_IMAGES, max_fields=10)
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError, UnicodeDecodeError) as problem:
        raise Faulty(http_problem(400)) from problem
    found = [part for _, part in form.multi_items() if isinstance(part, UploadFile)]
    try:
        if not found:
            raise Faulty(unfit_problem(Unfit("file_empty")))
        files = tuple([await run_in_threadpool(_copied, part, uploads) for part in found])
        return Sent(files, name or found[0].filename or "документ")
    finally:
        await form.close()


async def _counted(request: Request, most: int) -> AsyncGenerator[bytes, None]:
    room = most + _PIECE  # the parts of a form around the files
    async for piece in request.stream():
        room -= len(piece)
        if room < 0:
            raise TooLarge(most)
        yield piece


def _copied(part: UploadFile, uploads: Uploads) -> Incoming:
    incoming = uploads.incoming()
    try:
        while piece := part.file.read(_PIECE):
            incoming.write(piece)
    except BaseException:
        incoming.close()
        raise
    return incoming


def _file_name(disposition: str) -> str | None:
    if found := _EXTENDED.search(disposition):
        return unquote(found[1].strip())
    if found := _QUOTED.search(disposition):
        return re.sub(r"\\(.)", r"\1", found[1]) if found[1] is not None else found[2]
    return None


def unfit_problem(problem: Unfit) -> Problem:
    """Why a file is not taken: 413 where it is only too large."""
    status = 413 if problem.code == "file_too_large" else 422
    errors = ({"pointer": "query:name", "detail": problem.sentence},) if problem.code == "file_name_bad" else ()
    return Problem(status, problem.code, "Файл не принят", problem.sentence, errors, problem.facts)
