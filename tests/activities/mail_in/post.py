"""A region with an open monitoring round, a mailbox to write to, and a mail server that takes the answers."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from activities.mail import SmtpMailer
from activities.mail_in.answers import Answers
from activities.mail_in.reader import MailReader
from activities.people import Person, give_role, put_person
from activities.settings import Settings
from tests.api.monitoring import TOMSK, opened, put_form
from tests.api.world import AUTUMN, World
from tests.servers import ImapServer, SmtpServer
from tests.servers.imap import PASSWORD, USER

COORDINATOR = "titova@tomsk.example.org"
OTHER = "belov@seversk.example.org"
SUBMISSION = TOMSK.removeprefix("/submissions/")


@dataclass
class Post:
    """What the tests of mails do again and again."""

    world: World
    imap: ImapServer
    smtp: SmtpServer

    def __post_init__(self) -> None:
        self.settings = Settings(
            home=self.world.core.settings.home, imap_host=self.imap.host, imap_port=self.imap.port,
            imap_security="none", imap_user=USER, imap_password=PASSWORD, inbox_folder="INBOX",
            smtp_host=self.smtp.host, smtp_port=self.smtp.port, mail_from="forms@centre.example.org",
        )  # fmt: skip
        core = self.world.core
        self.reader = MailReader(core.database, core.uploads, self.settings, core.clock)
        self.answers = Answers(core.database, SmtpMailer(self.settings), self.settings, core.clock)
        people = (("titova", COORDINATOR, "mo-tomsk"), ("belov", OTHER, "mo-seversk"))
        with core.database.writing() as connection:
            for person, email, unit in people:
                put_person(connection, Person(id=person, name=person, email=email), "test", AUTUMN)
                give_role(connection, person, "municipal_coordinator", unit, AUTUMN.date(), "test", AUTUMN)
        opened(self.world)
        self.code: str = put_form(self.world, TOMSK, "coordinator")["check_code"]

    def write(self, *files: tuple[str, bytes], sender: str = COORDINATOR, **given: Any) -> EmailMessage:
        """A mail with attachments lies in the mailbox."""
        mail = EmailMessage(policy=SMTP)
        mail["From"], mail["To"] = f"Титова <{sender}>", self.settings.mail_from
        mail["Subject"] = given.pop("subject", "Форма мониторинга")
        mail["Message-ID"] = given.pop("identity", f"<{len(self.mails())}-{sender}>")
        mail.set_content(given.pop("text", "Высылаем форму."))
        for name, content in files:
            mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
        for name, value in given.items():
            mail[name.replace("_", "-")] = value
        self.imap.deliver(mail.as_bytes())
        return mail

    def look(self) -> dict[str, int]:
        """Read the mailbox and answer; what came of the mails."""
        found = dict(self.reader.look())
        self.answers.send()
        return found

    def tray(self, who: str = "coordinator") -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.world.get(f"{TOMSK}/tray", who)["items"]
        return items

    def mails(self, who: str = "administrator") -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.world.get("/operations/mail?all=true", who)["items"]
        return items

    def told(self, number: int = -1) -> str:
        """The text of an answer."""
        return self.smtp.letters[number].text

    def stored(self) -> int:
        return len(list(self.world.core.uploads.store.held()))
