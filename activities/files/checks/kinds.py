"""What a file is, by its first bytes."""

from __future__ import annotations

import re
from collections.abc import Container
from typing import Literal

import filetype  # type: ignore[import-untyped]

from activities.files.checks.unfit import Unfit

FileType = Literal["pdf", "docx", "png", "jpeg", "signature"]

MEDIA: dict[FileType, str] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "signature": "application/pkcs7-signature",
}
IMAGES: tuple[FileType, ...] = ("png", "jpeg")
NAMES: dict[FileType, str] = {
    "pdf": "PDF",
    "docx": "документ Word (DOCX)",
    "png": "картинка PNG",
    "jpeg": "картинка JPEG",
    "signature": "электронная подпись (P7S, SIG)",
}

HEAD = 4096
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
_BEGINNINGS: dict[bytes, FileType] = {
    b"%PDF-": "pdf",
    ZIP: "docx",
    b"\x89PNG\r\n\x1a\n": "png",
    b"\xff\xd8\xff": "jpeg",
}
_SIGNED_DATA = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"  # the OID of CMS SignedData
_ARMOUR = re.compile(rb"\s*(-----BEGIN (PKCS7|CMS|PKCS #7 SIGNED DATA)-----|MI[A-Za-z0-9+/\r\n=]+\s*$)")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def type_of(head: bytes) -> FileType | None:
    """The type that the first bytes (some thousands of them) announce; any ZIP passes for `docx` here."""
    for beginning, found in _BEGINNINGS.items():
        if head.startswith(beginning):
            return found
    if (head[:1] == b"\x30" and _SIGNED_DATA in head[:40]) or _ARMOUR.match(head):
        return "signature"
    return None


def expect(content: bytes, wanted: Container[str]) -> FileType:
    """The type of a file that has to be one of several. Raises Unfit."""
    head = content[:HEAD]
    if not content:
        raise Unfit("file_empty")
    if head.startswith(COMPOUND):
        raise Unfit("file_encrypted" if _ENCRYPTED in content else "file_old_format")
    found = type_of(head)
    if found is None or found not in wanted:
        raise Unfit("file_type_unknown", seen=_seen(head, found), wanted=wanted_words(wanted))
    return found


def wanted_words(wanted: Container[str]) -> str:
    """What a file may be: «PDF, PNG или JPEG»."""
    *others, last = (name.removeprefix("картинка ") for one, name in NAMES.items() if one in wanted)
    return f"{', '.join(others)} или {last}" if others else last


def _seen(head: bytes, found: FileType | None) -> str:
    if found is not None:
        return NAMES[found]
    known = filetype.guess(head)
    return f"файл {known.extension.upper()}" if known else "файл неизвестного вида"
