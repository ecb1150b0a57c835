"""The command line beside a Temporal that is down, and in an empty home."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from activities.demo import load_region
from activities.migrations import migrate
from activities.settings import Settings
from cli import app


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MENTORING_TEMPORAL_ADDRESS", "127.0.0.1:1")
    settings = Settings(home=tmp_path)
    migrate(settings.database)
    load_region(settings)
    return tmp_path


def test_verify_checks_the_rest_while_temporal_is_down_and_says_so(home: Path) -> None:
    told = CliRunner().invoke(app, ["verify", "--home", str(home)])
    assert (told.exit_code, told.stdout) == (0, "Расхождений нет.\n")
    assert "процессы не проверены" in told.stderr


def test_reconcile_needs_temporal_and_says_so(home: Path) -> None:
    told = CliRunner().invoke(app, ["reconcile", "--home", str(home)])
    assert told.exit_code == 2
    assert "не отвечает" in told.stderr


def test_a_token_of_the_region_needs_no_words(home: Path) -> None:
    told = CliRunner().invoke(app, ["token", "--home", str(home)])
    assert told.exit_code == 0
    assert told.stdout.startswith("mt_")


def test_an_import_takes_effect_unless_it_is_a_dry_run(home: Path, tmp_path: Path) -> None:
    table = tmp_path / "organisations.csv"
    rows = "Наименование;Вид;Муниципалитет\nШкола «Родник»;общеобразовательная;город Томск\n"
    table.write_text(rows, encoding="utf-8-sig")
    for options, counted in (["--dry-run"], "новых 1"), ([], "новых 1"), ([], "без изменений 1"):
        told = CliRunner().invoke(app, ["import", str(table), "--home", str(home), *options])
        assert told.exit_code == 0, told.output
        assert counted in told.stdout
