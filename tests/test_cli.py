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


LADDER = """
key: step-state
obligation: step
organisations: state
rungs:
  - {kind: missed, to: [responsible, curator]}
  - {kind: escalation, days: 2, to: [department]}
"""


def test_a_ladder_from_a_file_is_a_new_version(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(LADDER, encoding="utf-8")
    told = CliRunner().invoke(app, ["ladder", str(file), "--home", str(home)])
    assert told.exit_code == 0, told.output
    assert told.stdout.startswith("Действует редакция 1-r1 лестницы step-state")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("[department]", "[директор]", "ступень № 2, поле to: значение «директор» не подходит"),
        ("days: 2", "days: 2, kind: missed", "поле «kind» указано дважды"),
        ("step-state", "camp", "Лестницы «camp» нет"),
        ("organisations: state", "organisations: municipal", "Поле organisations лестницы «step-state» не меняют"),
    ],
)
def test_a_ladder_that_cannot_be_is_named(home: Path, tmp_path: Path, old: str, new: str, words: str) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(LADDER.replace(old, new, 1), encoding="utf-8")
    told = CliRunner().invoke(app, ["ladder", str(file), "--home", str(home)])
    assert told.exit_code == 1
    assert words in told.stderr
