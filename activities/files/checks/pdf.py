"""A PDF: only pages, nothing that acts, nothing hidden, in every revision that the file carries."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from pypdf import PdfReader, overwrite_configuration
from pypdf.generic import IndirectObject, StreamObject

from activities.files.checks.danger import Meter, refuse_virus
from activities.files.checks.pdf_objects import Walk
from activities.files.checks.pdf_streams import unpacked
from activities.files.checks.unfit import Unfit

MOST_OBJECTS = 200_000
MOST_PAGES = 2_000
MOST_UNPACKED = 600_000_000
MOST_OF_STREAM = 150_000_000
MOST_REVISIONS = 20
TAIL = 1024
"""How far from the end viewers look for the end mark."""

_END = re.compile(rb"%%EOF[ \t\r\n\0]*")
_LOUD = re.compile(rb"/(JavaScript|EmbeddedFiles?|RichMedia|SubmitForm|Launch|ImportData)\b")


def check_pdf(content: bytes) -> int:
    """Raises Unfit unless the content is a harmless PDF; how many pages it has."""
    overwrite_configuration(jbig2dec_binary=None, maximum_declared_stream_length=len(content) + 1)
    refuse_virus(content)
    ends = [one.end() for one in _END.finditer(content)]
    if not ends or len(content) - ends[-1] > TAIL:
        raise Unfit("file_polyglot" if ends else "file_damaged")
    if content[ends[-1] :].strip(b"\0 \r\n\t") or zipfile.is_zipfile(io.BytesIO(content)):
        raise Unfit("file_polyglot")
    if len(ends) > MOST_REVISIONS:
        raise Unfit("file_bomb", what="слишком много исправлений")
    if found := _LOUD.search(content):
        raise Unfit("file_active", what=found[1].decode())
    meter = Meter(MOST_UNPACKED)
    for end in ends[:-1]:
        _refuse_in_former(content[:end], meter)
    return _pages(_refuse_in(content, meter))


def _refuse_in_former(content: bytes, meter: Meter) -> None:
    """What a later revision has covered can be seen again; half of a linearised file is none."""
    try:
        _refuse_in(content, meter)
    except Unfit as problem:
        if problem.code != "file_damaged":
            raise


def _refuse_in(content: bytes, meter: Meter) -> PdfReader:
    try:
        reader = PdfReader(io.BytesIO(content), strict=True)
        if reader.is_encrypted:
            raise Unfit("file_encrypted")
        walk = Walk()
        for found in _objects(reader):
            walk.look(found)
            if isinstance(found, StreamObject):
                meter.through(unpacked(found, MOST_OF_STREAM), MOST_OF_STREAM, "поток данных в PDF")
    except (Unfit, MemoryError, RecursionError):
        raise
    except Exception as problem:  # whatever breaks the reader would break others too
        raise Unfit("file_damaged") from problem
    return reader


def _objects(reader: PdfReader) -> Iterator[Any]:
    """Every object that the tables of the file name, reachable or not; first the trailer."""
    numbers = {(number, generation) for generation, table in reader.xref.items() for number in table}
    numbers |= {(number, 0) for number in reader.xref_objStm}
    if len(numbers) > MOST_OBJECTS:
        raise Unfit("file_bomb", what="слишком много объектов")
    yield reader.trailer
    for number, generation in sorted(numbers):
        if (number, generation) != (0, 65535):
            yield reader.get_object(IndirectObject(number, generation, reader))


def _pages(reader: PdfReader) -> int:
    try:
        pages = len(reader.pages)
    except Exception as problem:
        raise Unfit("file_damaged") from problem
    if not pages:
        raise Unfit("file_no_pages")
    if pages > MOST_PAGES:
        raise Unfit("file_bomb", what=f"страниц больше {MOST_PAGES}")
    return pages


def pdf_text(content: bytes, pages: int) -> str:
    """The text of the first pages as far as it can be read."""
    texts = []
    with suppress(Exception):  # a page that is a picture, or fonts that nobody understands: no text
        for page in PdfReader(io.BytesIO(content)).pages[:pages]:
            texts.append(page.extract_text())
    return "\n".join(texts)
