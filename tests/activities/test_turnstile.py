"""The turnstile in front of SQLite lets nobody wait for somebody who is gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from activities.database import Turnstile


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
