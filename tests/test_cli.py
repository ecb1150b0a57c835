"""The command line beside a Temporal that is down, and in an empty home."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner

from activities.demo import load_region
from activities.directory import load_tree
from activities.migrations import migrate
from activities.sample import put_sample, sample_place
from activities.settings import Settings
from activities.starting import plan_for, start_command
from activities.wiring import core_of
from cli import app
from domain.plan import PlanRef


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


@pytest.fixture
def school(home: Path) -> Path:
    """A home in which a year has begun."""
    core = core_of(Settings(home=home))
    now = datetime(2026, 9, 1, 3, tzinfo=UTC)
    with core.database.writing() as connection:
        tree = load_tree(connection)
        put_sample(connection, tree, sample_place(tree, "school"), now)
    with core.database.reading() as connection:
        tree = load_tree(connection)
    plan = plan_for(core.library, tree, "sample-school", 2026, None)
    assert isinstance(plan, PlanRef)
    started = core_of(Settings(home=home), lambda: now)
    started.recorder.record("programme/sample-school-2026", start_command(tree, "sample-school", 2026, plan), by="test")
    for one in (core, started):
        one.database.close()
    return home


def test_why_a_programme_stands_is_told_while_temporal_is_down(school: Path) -> None:
    for name in ("sample-school-2026", "programme/sample-school-2026"):
        told = CliRunner().invoke(app, ["explain", name, "--home", str(school)])
        assert told.exit_code == 0, told.output
        assert told.stdout.startswith("Temporal не отвечает с ")
        assert "Слой: Temporal (Temporal не отвечает)" in told.stdout
        assert "    version: " in told.stdout
    told = CliRunner().invoke(app, ["explain", "sample-school-2026", "--json", "--home", str(school)])
    assert orjson.loads(told.stdout)["layer"] == "temporal"


def test_what_nobody_knows_cannot_be_explained(home: Path) -> None:
    told = CliRunner().invoke(app, ["explain", "nobody-2026", "--home", str(home)])
    assert (told.exit_code, told.stdout) == (1, "")
    assert "в журнале нет" in told.stderr


def test_a_database_that_is_down_is_said(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MENTORING_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    told = CliRunner().invoke(app, ["explain", "nobody-2026", "--home", str(home)])
    assert told.exit_code == 1
    assert told.stderr.startswith("База данных не отвечает с ")
