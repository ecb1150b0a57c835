"""Handing letters over: to a mail server, or to a folder while none is set."""

from __future__ import annotations

import os
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from pathlib import Path
from typing import Protocol

from activities.settings import Settings

TIMEOUT_SECONDS = 10
IMPLICIT_TLS_PORT = 465


class MailRefused(Exception):
    """This letter will never be taken: the server's code and text, or 553 for an address that is none."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(f"{code} {text}")
        self.code, self.text = code, text


class MailDeferred(Exception):
    """Not now. `code` is 0 when the server gave no answer; `maybe_taken`: it may have the letter all the same."""

    def __init__(self, code: int, text: str, maybe_taken: bool = False) -> None:
        super().__init__(f"{code} {text}")
        self.code, self.text, self.maybe_taken = code, text, maybe_taken

    @property
    def server_away(self) -> bool:
        """Whether the next letter would fare no better."""
        return self.code in (0, 421)


class Mailer(Protocol):
    """Takes one letter to one recipient."""

    def hand_over(self, message: EmailMessage) -> str | None:
        """Return when the letter is taken: the name of its file, if it is one. Raises MailRefused, MailDeferred."""


def mailer_of(settings: Settings) -> Mailer:
    """The mailer that the settings ask for."""
    return SmtpMailer(settings) if settings.smtp_host else FolderMailer(settings.mail_folder)


@dataclass(frozen=True)
class _Envelope:
    sender: str
    to: str
    international: bool

    @classmethod
    def of(cls, message: EmailMessage) -> _Envelope:
        sender, to = (message[name].addresses[0].addr_spec for name in ("From", "To"))
        return cls(sender, to, not f"{sender}{to}".isascii())


class SmtpMailer:
    """Over SMTP, one session for each letter."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def hand_over(self, message: EmailMessage) -> None:
        """See Mailer."""
        envelope = _Envelope.of(message)
        with self._session() as smtp:
            with _answered():
                _address(smtp, envelope)
            body = message.as_bytes(policy=SMTPUTF8 if envelope.international else SMTP)
            with _answered(maybe_taken=True):
                _judge(*smtp.data(body))

    @contextmanager
    def _session(self) -> Iterator[smtplib.SMTP]:
        try:
            smtp = self._connect()
        except (smtplib.SMTPException, OSError) as error:
            # Also a refused login or a missing STARTTLS: a setting is wrong, the letter is not.
            raise MailDeferred(0, _words(error)) from error
        try:
            yield smtp
            with suppress(smtplib.SMTPException, OSError):  # the letter is taken, however the farewell goes
                smtp.quit()
        finally:
            smtp.close()

    def _connect(self) -> smtplib.SMTP:
        settings, host = self._settings, self._settings.smtp_host or ""
        smtp: smtplib.SMTP
        if settings.smtp_port == IMPLICIT_TLS_PORT:
            tls = ssl.create_default_context()
            smtp = smtplib.SMTP_SSL(host, settings.smtp_port, timeout=TIMEOUT_SECONDS, context=tls)
        else:
            smtp = smtplib.SMTP(host, settings.smtp_port, timeout=TIMEOUT_SECONDS)
        try:
            if settings.smtp_starttls:
                smtp.starttls(context=ssl.create_default_context())
            smtp.ehlo_or_helo_if_needed()
            if settings.smtp_user:
                smtp.login(settings.smtp_user, settings.smtp_password or "")
        except BaseException:
            smtp.close()
            raise
        return smtp


def _address(smtp: smtplib.SMTP, envelope: _Envelope) -> None:
    options: list[str] = []
    if envelope.international:
        if not smtp.has_extn("smtputf8"):
            raise MailRefused(553, "почтовый сервер не принимает адреса с буквами вне латиницы")
        options = ["SMTPUTF8", "BODY=8BITMIME"]
    code, text = smtp.mail(envelope.sender, options)
    if code >= 500 and code != 552:  # our own address is refused: that is a setting, and no fault of the letter
        raise MailDeferred(code, _decoded(text))
    _judge(code, text)
    _judge(*smtp.rcpt(envelope.to))


def _judge(code: int, text: bytes) -> None:
    if code >= 500:
        raise MailRefused(code, _decoded(text))
    if not 200 <= code < 300:
        raise MailDeferred(code, _decoded(text))


@contextmanager
def _answered(maybe_taken: bool = False) -> Iterator[None]:
    """What smtplib raises, as our two words for it."""
    try:
        yield
    except smtplib.SMTPDataError as error:  # the answer to DATA itself, before a line of the letter went out
        text = error.smtp_error
        _judge(error.smtp_code, text if isinstance(text, bytes) else text.encode())
    except (smtplib.SMTPException, OSError) as error:
        raise MailDeferred(0, _words(error), maybe_taken) from error


def _decoded(text: bytes) -> str:
    return text.decode("utf-8", "replace")


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


class FolderMailer:
    """Writes each letter as an .eml file; the same Message-ID never becomes two files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._known = {path.name[len("2026-01-01-") :]: path.name for path in folder.glob("*.eml")}

    def hand_over(self, message: EmailMessage) -> str:
        """See Mailer."""
        tail = f"{str(message['Message-ID']).strip('<>')}.eml"
        known = self._known.get(tail)
        if known and (self._folder / known).exists():
            return known
        name = f"{message['Date'].datetime.astimezone(UTC):%Y-%m-%d}-{tail}"
        try:
            _write(self._folder / name, message.as_bytes(policy=SMTPUTF8))
        except OSError as error:
            raise MailDeferred(0, _words(error)) from error
        self._known[tail] = name
        return name


def _write(path: Path, content: bytes) -> None:
    """All of the file or nothing, also when the power fails."""
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
