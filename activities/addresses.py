"""What counts as an e-mail address and as a time zone; texts that repeat addresses."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

_EMAIL = re.compile(r"[^\s@<>(),;:\"\[\]\\]{1,64}@[\w-]+(\.[\w-]+)+")


_ANYWHERE = re.compile(r"<?[^\s<>]+@[^\s<>]+>?")


def without_addresses(text: str | None) -> str | None:
    """A text of a mail server, which likes to repeat the address, without it."""
    return _ANYWHERE.sub("…", text) if text else text


def is_email(text: str) -> bool:
    """Whether a letter can be addressed to the text; one bare address, no display name."""
    return len(text) <= 254 and _EMAIL.fullmatch(text) is not None


def is_zone(text: str) -> bool:
    """Whether the text is an IANA time zone such as `Asia/Tomsk`."""
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        return False
    return True
