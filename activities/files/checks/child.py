"""The process that looks into one file: bounds itself first, answers in JSON, leaves nothing.

`python -m activities.files.checks.child TASK DESCRIPTORS [WANTED]`
"""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Callable, Sequence
from typing import Any

MEMORY = 512 * 1024 * 1024
"""Bytes of address space, the interpreter included."""

CPU_SECONDS = 20
LARGEST_OUTPUT = 60_000_000
PAGES_READ = 3
"""Pages of a PDF whose text is read for the check code, which stands on every page."""


def bound() -> None:
    """Whatever the file does, it does it to this process alone."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_OUTPUT, LARGEST_OUTPUT))
    if sys.platform == "linux":  # elsewhere the system does not know this bound
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _content(descriptor: int) -> bytes:
    size = os.fstat(descriptor).st_size
    pieces, at = [], 0
    while at < size:
        piece = os.pread(descriptor, min(size - at, 1 << 20), at)
        if not piece:
            break
        pieces.append(piece)
        at += len(piece)
    return b"".join(pieces)


def _inspect(descriptors: Sequence[int], wanted: str = "") -> dict[str, Any]:
    from activities.files.checks.danger import refuse_virus
    from activities.files.checks.kinds import IMAGES, expect

    content = _content(descriptors[0])
    refuse_virus(content)
    found = expect(content, wanted.split(","))
    if found == "pdf":
        return _inspect_pdf(content)
    answer: dict[str, Any] = {"type": found, "pages": None, "codes": (), "signatures": ()}
    if found == "docx":
        from activities.files.check_codes import read_check_codes
        from activities.files.checks.docx import check_docx
        from activities.files.word_text import word_text

        check_docx(content)
        answer["codes"] = read_check_codes(word_text(content))
    elif found in IMAGES:
        from activities.files.checks.images import check_image

        check_image(content)
    return answer


def _inspect_pdf(content: bytes) -> dict[str, Any]:
    from activities.files.check_codes import read_check_codes
    from activities.files.checks.pdf import check_pdf, pdf_text

    pages = check_pdf(content)
    codes = read_check_codes(pdf_text(content, PAGES_READ))
    signatures: Sequence[Any] = ()
    if b"/ByteRange" in content:
        from activities.files.signatures import embedded_signatures

        signatures = embedded_signatures(content)
    return {"type": "pdf", "pages": pages, "codes": codes, "signatures": signatures}


def _signature(descriptors: Sequence[int]) -> dict[str, Any]:
    from activities.files.checks.kinds import expect
    from activities.files.signatures import detached_signature

    content = _content(descriptors[0])
    expect(content, ("signature",))
    return {"signatures": detached_signature(content, _content(descriptors[1]))}


def _join(descriptors: Sequence[int]) -> dict[str, Any]:
    from activities.files.checks.images import joined

    *images, out = descriptors
    with os.fdopen(out, "wb", closefd=False) as file:
        return {"pages": joined([_content(one) for one in images], file)}


TASKS: dict[str, Callable[..., dict[str, Any]]] = {"inspect": _inspect, "signature": _signature, "join": _join}


def main(task: str, descriptors: str, *words: str) -> None:
    """Do one task."""
    bound()
    import orjson

    from activities.files.checks.unfit import Unfit

    try:
        answer = TASKS[task]([int(one) for one in descriptors.split(",")], *words)
    except Unfit as problem:
        answer = {"unfit": problem.code, "facts": problem.facts}
    except (MemoryError, RecursionError):
        answer = {"unfit": "file_too_hard", "facts": {}}
    sys.stdout.buffer.write(orjson.dumps(answer))


if __name__ == "__main__":
    main(*sys.argv[1:])
