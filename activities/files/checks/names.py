"""Names of files: told to people again, never used to find or to recognise anything."""

from __future__ import annotations

import unicodedata

from activities.files.checks.unfit import Unfit

ROOM = 200
_PATHS = ("/", "\\", "\0")


def checked_name(name: str) -> str:
    """The name, in one line. Raises Unfit for a path, for what cannot be seen and for what turns letters round."""
    plain = unicodedata.normalize("NFC", name).strip()
    odd = any(unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") for sign in plain)
    if not plain or plain.strip(".") == "" or odd or any(sign in plain for sign in _PATHS) or plain[1:2] == ":":
        raise Unfit("file_name_bad")
    if len(plain) <= ROOM:
        return plain
    stem, dot, ending = plain.rpartition(".")
    return f"{stem[: ROOM - 20]}…{dot}{ending[:10]}"
