"""What a mail server says of a letter that it took and could not deliver: a delivery status notification, RFC 3464."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_string
from email.message import Message
from typing import NamedTuple

_ID = re.compile(r"<[^<>\s]+@[^<>\s]+>")
REASON_ROOM = 1000


class Bounce(NamedTuple):
    """`letter`: the Message-ID that came back; `failed`: for good, else it is only late or has arrived after all."""

    letter: str
    failed: bool
    reason: str


def bounce_of(message: Message) -> Bounce | None:
    """The report in a mail; `None` for every other mail, and for a report that does not say on which letter."""
    if message.get_content_type() != "multipart/report" or message.get_param("report-type") != "delivery-status":
        return None
    letter = next(_letters(message), None)
    recipients = [block for block in _status_blocks(message) if "Action" in block]
    if letter is None or not recipients:
        return None
    failed = [block for block in recipients if str(block["Action"]).strip().lower() == "failed"]
    return Bounce(letter, bool(failed), "; ".join(_reason(block) for block in failed or recipients)[:REASON_ROOM])


def _status_blocks(message: Message) -> Iterator[Message]:
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            blocks = part.get_payload()
            yield from (block for block in blocks if isinstance(block, Message)) if isinstance(blocks, list) else ()


def _letters(message: Message) -> Iterator[str]:
    """The Message-ID of the letter that came with the report, whole or as its headers; else what it answers to."""
    for part in message.walk():
        original = _original(part)
        if original is not None and (found := _ID.search(str(original["Message-ID"]))):
            yield found[0]
    for header in ("In-Reply-To", "References"):
        yield from _ID.findall(str(message[header]))


def _original(part: Message) -> Message | None:
    payload = part.get_payload()
    if part.get_content_type() == "message/rfc822" and isinstance(payload, list):
        return payload[0] if isinstance(payload[0], Message) else None
    if part.get_content_type() == "text/rfc822-headers":
        body = part.get_payload(decode=True)
        return message_from_string(body.decode("utf-8", "replace")) if isinstance(body, bytes) else None
    return None


def _reason(block: Message) -> str:
    """`5.1.1 550 5.1.1 No such user`: the status and what the server said."""
    said = str(block.get("Diagnostic-Code", "")).partition(";")[2]
    words = " ".join(f"{block.get('Status', '')} {said}".split())
    return "".join(sign for sign in words if sign.isprintable())  # a NUL would be refused by the database
