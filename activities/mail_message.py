"""A letter as an e-mail message: stable Message-ID, headers in UTF-8, Cyrillic domains in IDNA."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256

from activities.letters import Letter
from activities.mail import MailRefused
from domain.queued import Queued

SENDER_NAME = "Программы наставничества"

_LOCAL = re.compile(r"[^\s<>()\[\],;:@\"\\]+")
_DOMAIN = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


def message_id(stream: str, number: int | str, recipient: str, domain: str) -> str:
    """The same for the same letter, however often it is handed over."""
    digest = sha256(f"{stream}\n{number}\n{recipient}".encode()).hexdigest()[:32]
    return f"<{digest}@{domain}>"


def notice_id(stream: str, item: Queued, recipient: str, domain: str) -> str:
    """That of a notice's letter to a recipient.

    The moment is part of it: in a journal that was restored and has gone another way the same number is another
    letter, and mailboxes drop a second one with a known Message-ID.
    """
    return message_id(stream, f"{item.number} {item.queued_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}", recipient, domain)


def mail_address(address: str, name: str = "") -> Address:
    """An address as it may stand in a header: a Cyrillic domain in IDNA. Raises MailRefused when it is none."""
    local, at, domain = address.strip().rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode()
        if not at or not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(ascii_domain):
            raise ValueError("an address is local@domain")
        return Address(" ".join(name.split()), local, ascii_domain)
    except (ValueError, IndexError) as problem:
        raise MailRefused(553, "адрес электронной почты записан неверно") from problem


def message_of(letter: Letter, to: Address, sender: str, identity: str, at: datetime) -> EmailMessage:
    """The letter with its headers, text, HTML and attachments."""
    message = EmailMessage(policy=SMTP)
    message["From"] = mail_address(sender, SENDER_NAME)
    message["To"] = to
    message["Subject"] = " ".join(letter.subject.split())
    message["Date"] = at
    message["Message-ID"] = identity
    given = dict(letter.headers)
    message["Auto-Submitted"] = given.pop("Auto-Submitted", "auto-generated")
    for name, value in given.items():
        message[name] = value
    message["Content-Language"] = "ru"
    message.set_content(letter.text, cte="base64")
    message.add_alternative(letter.html, subtype="html", cte="base64")
    for one in letter.attachments:
        main, sub = one.media_type
        message.add_attachment(one.content, maintype=main, subtype=sub, filename=one.name)
    return message
