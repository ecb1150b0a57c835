"""A Word document: its ZIP is looked through before any part of it is unpacked."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

from activities.files.checks.danger import Meter
from activities.files.checks.docx_parts import refuse_bad_part, refuse_bad_parts
from activities.files.checks.kinds import ZIP
from activities.files.checks.unfit import Unfit

MOST_ENTRIES = 1_000
MOST_UNPACKED = 120_000_000
MOST_OF_PART = 40_000_000
MOST_RATIO = 150
HARMLESS = 5_000_000  # so much may be unpacked at any ratio: XML repeats itself

_END = struct.Struct("<4s4H2LH")
_LOCAL = struct.Struct("<26xHH")
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    RuntimeError,
    NotImplementedError,
    EOFError,
    OSError,
    ValueError,
    struct.error,
)
PIECE = 64 * 1024


def check_docx(content: bytes) -> None:
    """Raises Unfit unless the content is a harmless document of Word."""
    _refuse_hidden(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            _refuse_swollen(entries, len(content))
            _refuse_overlap(entries, content)
            refuse_bad_parts([(entry.filename, entry.orig_filename) for entry in entries])
            meter = Meter(MOST_UNPACKED)
            for entry in entries:
                meter.through(_pieces(archive, entry), MOST_OF_PART, "архив внутри документа")
                refuse_bad_part(entry.filename, _pieces(archive, entry))
    except _BROKEN as problem:
        raise Unfit("file_damaged") from problem


def _refuse_hidden(content: bytes) -> None:
    """The archive is all there is: it ends with the last byte, and no other document begins in it."""
    if len(content) < _END.size or b"PK\x05\x06" not in content[-66_000:]:
        raise Unfit("file_damaged")
    mark, *_, comment = _END.unpack(content[-_END.size :])
    if mark != b"PK\x05\x06" or comment or b"%PDF-" in content[:1024]:
        raise Unfit("file_polyglot")


def _refuse_swollen(entries: list[zipfile.ZipInfo], packed: int) -> None:
    """By what the archive says of itself; the pieces are counted again when they are unpacked."""
    total = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES:
        raise Unfit("file_bomb", what=f"частей больше {MOST_ENTRIES}")
    if total > MOST_UNPACKED or (total > HARMLESS and total > MOST_RATIO * packed):
        raise Unfit("file_bomb", what="архив внутри документа")
    if any(entry.flag_bits & 1 for entry in entries):
        raise Unfit("file_encrypted")


def _refuse_overlap(entries: list[zipfile.ZipInfo], content: bytes) -> None:
    """Parts that share their bytes are a bomb; bytes before the first one are another file."""
    end = 0
    for entry in sorted(entries, key=lambda one: one.header_offset):
        begin = entry.header_offset
        if (end == 0 and begin) or content[begin : begin + 4] != ZIP:
            raise Unfit("file_polyglot")
        if begin < end:
            raise Unfit("file_bomb", what="части занимают одно место")
        name, extra = _LOCAL.unpack_from(content, begin)
        end = begin + 30 + name + extra + entry.compress_size


def _pieces(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(entry) as part:
        while piece := part.read(PIECE):
            yield piece
