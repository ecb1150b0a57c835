"""Photographs and scans of pages: checked, then joined to one PDF that holds nothing but their points."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO

from PIL import Image, ImageOps
from pypdf import PdfWriter

from activities.files.checks.danger import refuse_virus
from activities.files.checks.kinds import HEAD, IMAGES, type_of
from activities.files.checks.unfit import Unfit

MOST_PIXELS = 40_000_000
"""An A4 page at 600 points per inch has 35 million."""

MOST_IMAGES = 40
LONGEST_SIDE = 3508
"""Points of the long side of an A4 page at 300 per inch: what has more is made smaller."""

QUALITY = 85
A4_INCHES = 11.69
_DAWN = time.gmtime(0)  # the same pictures give the same file
_BROKEN = (OSError, ValueError, SyntaxError, EOFError, OverflowError, ArithmeticError)


def check_image(content: bytes) -> None:
    """Raises Unfit unless the content is one PNG or JPEG picture that can be shown."""
    refuse_virus(content)
    if zipfile.is_zipfile(io.BytesIO(content)) or b"%PDF-" in content[:1024]:
        raise Unfit("file_polyglot")
    if content.startswith(b"\x89PNG") and not content.endswith(b"\0\0\0\0IEND\xaeB`\x82"):
        raise Unfit("file_polyglot" if b"IEND\xaeB`\x82" in content else "file_damaged")
    with _opened(content) as picture:
        picture.verify()
    with _opened(content) as picture:
        picture.load()


def joined(contents: Sequence[bytes], out: IO[bytes]) -> int:
    """Write the pictures as one PDF, one a page; how many pages. Raises Unfit."""
    if len(contents) > MOST_IMAGES:
        raise Unfit("file_too_many", most=MOST_IMAGES)
    writer = PdfWriter()
    for content in contents:
        if content and type_of(content[:HEAD]) not in IMAGES:
            raise Unfit("file_not_pictures")
        check_image(content)
        writer.append(io.BytesIO(_page(content)))  # one picture at a time is in memory as points
    writer.write(out)
    return len(contents)


def _page(content: bytes) -> bytes:
    """One page as high as A4, or as wide."""
    out = io.BytesIO()
    with _opened(content) as picture:
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        page = _on_white(ImageOps.exif_transpose(picture))
        resolution = max(page.size) / A4_INCHES
        page.save(out, "PDF", resolution=resolution, quality=QUALITY, creationDate=_DAWN, modDate=_DAWN)
    return out.getvalue()


def _on_white(page: Image.Image) -> Image.Image:
    if page.mode in ("L", "RGB"):
        return page
    if not page.has_transparency_data:
        return page.convert("L" if page.mode == "1" else "RGB")
    clear = page.convert("RGBA")
    white = Image.new("RGB", clear.size, "white")
    white.paste(clear, mask=clear.getchannel("A"))
    return white


@contextmanager
def _opened(content: bytes) -> Iterator[Image.Image]:
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Unfit("file_bomb", what="картинка из слишком многих точек")
            yield picture
    except Image.DecompressionBombError as problem:
        raise Unfit("file_bomb", what="картинка из слишком многих точек") from problem
    except _BROKEN as problem:
        raise Unfit("file_damaged") from problem
