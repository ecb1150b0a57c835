"""A mail as the engine reads it: who wrote, what is attached, whether a machine sent it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.utils import parseaddr
from hashlib import sha256
from typing import NamedTuple

from imap_tools import MailMessage

TEXT_ROOM = 20_000
MOST_ATTACHMENTS = 40
SUBJECT_ROOM = 500

_REPORTERS = re.compile(r"^(mailer-daemon|postmaster|bounce.*)@", re.IGNORECASE)
_MACHINES = re.compile(r"^(mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounce.*)@", re.IGNORECASE)
_ECHOES = ("Precedence", "List-Id", "List-Unsubscribe", "X-Auto-Response-Suppress", "X-Autoreply", "X-Autorespond")
_OF_THE_MAIL = ("application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature")


class Attachment(NamedTuple):
    """A file that came along, under the name that its sender gave it."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Mail:
    """`automatic`: nobody is to be answered, though a person may have written it: mail servers and firms mark people's
    mails like those of lists. `report`: a mail server tells of a letter of ours, or we ourselves wrote it: nothing in
    it is a form. `beside`: pictures of the text itself, not taken.
    """

    message_id: str
    sender: str
    subject: str
    text: str
    automatic: bool
    report: bool
    attachments: tuple[Attachment, ...]
    beside: int = 0


def read_mail(message: MailMessage, own: str) -> Mail:
    """`own`: our address, from which nobody else writes. Whatever is in the mail may break the reader."""
    files = list(_files(message))
    return Mail(
        message_id=identity_of(message),
        sender=sender_of(message.obj),
        subject=_line(message.subject)[:SUBJECT_ROOM],
        text=(message.text or re.sub(r"<[^>]*>", " ", message.html))[:TEXT_ROOM],
        automatic=is_automatic(message.obj, own),
        report=is_report(message.obj, own),
        attachments=tuple(one for one in files if one is not None)[: MOST_ATTACHMENTS + 1],
        beside=sum(one is None for one in files),
    )


def identity_of(message: MailMessage) -> str:
    """A digest of its Message-ID, or of all of it where it has none."""
    named = str(message.obj.get("Message-ID", "")).strip()
    return sha256(named.encode("utf-8", "replace") if named else message.obj.as_bytes()).hexdigest()


def sender_of(message: Message) -> str:
    """The address that the mail says it is from; empty when it says none."""
    address = parseaddr(str(message.get("From", "")))[1].strip().lower()
    return address if "@" in address and len(address) <= 320 and address.isprintable() else ""


def is_automatic(message: Message, own: str) -> bool:
    """Whether a machine sent it: a report, an absence note, a list, or we ourselves (RFC 3834)."""
    sender = sender_of(message)
    submitted = str(message.get("Auto-Submitted", "no")).split(";")[0].strip().lower()
    return (
        submitted != "no"
        or is_report(message, own)
        or any(message.get(name) is not None for name in _ECHOES)
        or not sender
        or _MACHINES.match(sender) is not None
    )


def is_report(message: Message, own: str) -> bool:
    """Whether a mail server tells of a letter of ours, or the letter itself has come back to us."""
    sender = sender_of(message)
    return (
        message.get_content_type() == "multipart/report"
        or str(message.get("Return-Path", "")).strip() == "<>"
        or sender == own.lower()
        or _REPORTERS.match(sender) is not None
    )


def _files(message: MailMessage) -> Iterator[Attachment | None]:
    """Files in their order; `None` for a picture that belongs to the text, and nothing for the mail's own signature."""
    for one in message.attachments:
        if one.content_type in _OF_THE_MAIL and one.filename.lower() in ("smime.p7s", "signature.asc", ""):
            continue
        if one.content_disposition != "attachment" and one.content_id and one.content_type.startswith("image/"):
            yield None
        else:
            yield Attachment(_line(one.filename) or "без имени", one.payload)


def _line(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
