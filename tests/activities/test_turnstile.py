"""The turnstile in front of SQLite lets nobody wait for somebody who is gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from activities.database import Database, Turnstile


def test_a_closed_turnstile_stops_nobody_for_ever(tmp_path: Path):
    """Whoever comes after the database was closed gets an error, and so does the next one."""
    turnstile = Turnstile(tmp_path / "turn")
    with turnstile:
        pass
    turnstile.close()
    for _ in range(2):
        with pytest.raises(ValueError, match="closed"), turnstile:
            pass


def test_a_folder_that_is_not_there_is_for_sqlite_to_name(tmp_path: Path):
    with Turnstile(tmp_path / "nowhere" / "turn"):
        pass


def test_a_transaction_within_a_transaction_is_an_error_and_no_wait_without_end(journal_url: str):
    """Of one thread: it would wait for itself. The next one is fine."""
    database = Database(journal_url)
    with database.writing(), pytest.raises(RuntimeError, match="writing already"), database.writing():
        pass
    with database.writing():
        pass
    database.close()
