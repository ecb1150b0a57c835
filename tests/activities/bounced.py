"""What a mail server writes when a letter cannot be delivered."""

from __future__ import annotations

from datetime import datetime
from email.message import Message
from email.utils import format_datetime

from tests.activities.mailroom import TOMSK

NO_SUCH_USER = "550 5.1.1 <orlova@school.example.org>: user unknown"


def report(
    original: Message,
    action: str = "failed",
    status: str = "5.1.1",
    said: str = NO_SUCH_USER,
    headers_only: bool = False,
) -> bytes:
    """The mail by which a server says what became of a letter, as RFC 3462 and RFC 3464 have it."""
    blocks = f"Reporting-MTA: dns; mx.example.org\n\nFinal-Recipient: rfc822; x@example.org\nAction: {action}\n"
    blocks += f"Status: {status}\nDiagnostic-Code: smtp; {said}\n"
    inner = original.as_string().partition("\n\n")[0] if headers_only else original.as_string()
    kind = "text/rfc822-headers" if headers_only else "message/rfc822"
    parts = [("text/plain; charset=utf-8", "Undelivered."), ("message/delivery-status", blocks), (kind, inner)]
    body = "".join(f"--b\nContent-Type: {kind}\n\n{text}\n" for kind, text in parts)
    head = {
        "From": "MAILER-DAEMON@mx.example.org",
        "To": "mentoring@localhost",
        "Subject": "Undelivered Mail Returned to Sender",
        "Date": format_datetime(datetime(2026, 8, 20, 9, 5, tzinfo=TOMSK)),
        "MIME-Version": "1.0",
        "Content-Type": 'multipart/report; report-type=delivery-status; boundary="b"',
    }
    lines = "".join(f"{name}: {value}\n" for name, value in head.items())
    return f"{lines}\n{body}--b--\n".replace("\n", "\r\n").encode()
