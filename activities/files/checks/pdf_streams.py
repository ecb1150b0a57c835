"""What a stream of a PDF unpacks to, piece by piece: a bomb shows while it goes off."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from pypdf.generic import ArrayObject, StreamObject

from activities.files.checks.unfit import Unfit

PIECE = 256 * 1024
MOST_FILTERS = 4
_FLATE = ("/FlateDecode", "/Fl")
_LZW = ("/LZWDecode", "/LZW")
_KNOWN = {
    *_FLATE, *_LZW, "/ASCII85Decode", "/A85", "/ASCIIHexDecode", "/AHx", "/RunLengthDecode", "/RL",
    "/DCTDecode", "/DCT", "/CCITTFaxDecode", "/CCF", "/JPXDecode", "/JBIG2Decode",
}  # fmt: skip
_LZW_MOST = 100_000
"""Packed bytes: LZW swells up to some thousand times, and nobody writes long streams with it any more."""


def unpacked(stream: StreamObject, most: int) -> Iterator[bytes]:
    """The pieces behind every Flate filter; what is packed otherwise cannot swell much and passes as it is."""
    packed = bytes(stream._data)
    filters = _filters(stream)
    if not filters or filters[0] not in _FLATE:
        if any(name in _FLATE or name in _LZW for name in filters):
            yield stream.get_data()  # text around it: pypdf's own bounds hold
        else:
            yield packed
        return
    pieces: Iterable[bytes] = _cut(packed)
    for name in filters:
        if name not in _FLATE:
            break
        pieces = _counted(_inflated(pieces), most)
    yield from pieces


def _filters(stream: StreamObject) -> list[str]:
    found = stream.get("/Filter")
    names = [str(one) for one in found] if isinstance(found, ArrayObject) else [str(found)] if found else []
    if len(names) > MOST_FILTERS or sum(name in (*_FLATE, *_LZW) for name in names) > 2:
        raise Unfit("file_bomb", what="поток упакован много раз")
    if not set(names) <= _KNOWN:
        raise Unfit("file_damaged")
    if set(names) & set(_LZW) and len(stream._data) > _LZW_MOST:
        raise Unfit("file_bomb", what="поток данных в PDF")
    return names


def _cut(packed: bytes) -> Iterator[bytes]:
    for start in range(0, len(packed), PIECE):
        yield packed[start : start + PIECE]


def _inflated(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """A stream that ends early or is followed by something is shown as far as it goes, as viewers do."""
    inflate = zlib.decompressobj()
    try:
        for piece in pieces:
            while piece and not inflate.eof:
                yield inflate.decompress(piece, PIECE)
                piece = inflate.unconsumed_tail
        yield inflate.flush(PIECE)
    except zlib.error:
        return


def _counted(pieces: Iterable[bytes], most: int) -> Iterator[bytes]:
    seen = 0
    for piece in pieces:
        seen += len(piece)
        if seen > most:
            raise Unfit("file_bomb", what="поток данных в PDF")
        yield piece
