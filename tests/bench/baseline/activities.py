"""What the hand-written workflow does to the world: a letter as a file, a missed deadline as a row."""

import sqlite3
import threading
from pathlib import Path

from temporalio import activity

SCHEMA = "CREATE TABLE IF NOT EXISTS missed (programme TEXT, step INTEGER, at TEXT, PRIMARY KEY (programme, step))"


class Hands:
    def __init__(self, home: Path) -> None:
        self.mail = home / "mail"
        self.mail.mkdir(parents=True, exist_ok=True)
        self.database = sqlite3.connect(home / "baseline.db", check_same_thread=False, isolation_level=None)
        self.database.execute("PRAGMA journal_mode=WAL")
        self.database.execute("PRAGMA synchronous=FULL")
        self.database.execute(SCHEMA)
        self.lock = threading.Lock()

    @activity.defn(name="send_notice")
    def send_notice(self, programme: str, step: int, kind: str, at: str) -> None:
        name = f"{programme}-{step}-{kind}"
        text = f"Message-ID: <{name}@bench.invalid>\nSubject: {programme}, step {step}: {kind}\n\nDue moment {at}\n"
        (self.mail / f"{name}.eml").write_text(text, encoding="utf-8")

    @activity.defn(name="record_missed")
    def record_missed(self, programme: str, step: int, kind: str, at: str) -> None:
        with self.lock:
            self.database.execute("INSERT OR IGNORE INTO missed VALUES (?, ?, ?)", (programme, step, at))
