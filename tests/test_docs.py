"""The documents name everything there is, and point at nothing that is not there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
import typer

import cli
from activities.settings import Settings
from api.routes import V1
from domain.programme.commands import ProgrammeCommand
from domain.programme.events import ProgrammeEvent
from tests.api import routes

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
README = (ROOT / "README.md").read_text(encoding="utf-8")
OPERATORS = (ROOT / "docs" / "guide-operator.md").read_text(encoding="utf-8")
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
PATH = re.compile(r"`((?:domain|activities|workflows|api|deploy|tests|docs)/[\w./-]*\w/?)`")
MADE = {"docs/benchmark.md", "tests/chaos", "deploy/secrets", "deploy/.env"}
"""What documents name and what comes into being later: by `make bench`, with the long sets, on the server."""


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def commands() -> Iterator[str]:
    """The subcommands of `mentoring`."""
    yield from typer.main.get_command(cli.app).commands  # type: ignore[attr-defined]


def targets() -> set[str]:
    """What the Makefile can make."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    return {name for line in re.findall(r"^\.PHONY:(.*)$", text, re.MULTILINE) for name in line.split()}


def groups() -> set[str]:
    """The beginnings of all paths that the application answers."""
    return {"/".join(path.split("/")[: 4 if path.startswith(V1) else 2]) for path in routes.document()["paths"]}


@pytest.mark.parametrize("command", sorted(commands()))
def test_every_command_is_in_the_readme(command: str):
    assert f"`mentoring {command}`" in README


@pytest.mark.parametrize("target", sorted(targets()))
def test_every_make_target_is_in_the_readme(target: str):
    assert f"`make {target}`" in README or f"make {target} " in README


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_in_the_operators_guide(name: str):
    assert f"`MENTORING_{name.upper()}`" in OPERATORS


def test_no_setting_is_named_that_does_not_exist():
    known = {f"MENTORING_{name.upper()}" for name in Settings.model_fields}
    for document in DOCUMENTS:
        assert set(re.findall(r"MENTORING_[A-Z_]*[A-Z]", document.read_text(encoding="utf-8"))) <= known, document.name


def test_no_command_is_named_that_does_not_exist():
    known = set(commands())
    for document in DOCUMENTS:
        text = document.read_text(encoding="utf-8")
        assert set(re.findall(r"`mentoring ([a-z]+)", text)) <= known, document.name
        assert set(re.findall(r"`make ([a-z-]+)", text)) <= targets(), document.name


def test_every_group_of_routes_is_in_the_readme():
    found = groups()
    assert f"{V1}/programmes" in found
    for group in found:
        assert f"`{group}`" in README, group


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_every_relative_link_and_image_is_there(document: Path):
    for target in LINK.findall(document.read_text(encoding="utf-8")):
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        found = (document.parent / path).resolve() if path else document
        assert found.exists(), target
        assert not anchor or anchor in anchors(found), target


def anchors(document: Path) -> set[str]:
    """The anchors that a Git host makes of a document's headings."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_every_file_that_is_named_is_there(document: Path):
    for path in PATH.findall(document.read_text(encoding="utf-8")):
        assert path in MADE or (ROOT / path).exists(), path


@pytest.mark.parametrize("record", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_record_is_one_page_with_its_parts(record: Path):
    text = record.read_text(encoding="utf-8")
    assert text.startswith(f"# {record.name[:4]}. ")
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert [one for one in headings if one != "Measured"] == ["Context", "Decision", "Consequences"]
    assert "Status: " in text
    assert len(text.splitlines()) <= 60


def test_decision_records_are_numbered_without_a_gap():
    assert [int(record.name[:4]) for record in DECISIONS] == list(range(1, len(DECISIONS) + 1))


def test_records_name_only_commands_and_events_that_exist():
    known = {model.__name__ for model in (*_members(ProgrammeCommand), *_members(ProgrammeEvent))}
    for record in DECISIONS:
        for name in re.findall(r"`([A-Z][a-z]+(?:[A-Z][a-z]+)+)`", record.read_text(encoding="utf-8")):
            assert name in known or _defined(name), f"{record.name}: {name}"


def _members(union: object) -> tuple[type, ...]:
    members: tuple[type, ...] = get_args(get_args(union)[0])
    return members


def _defined(name: str) -> bool:
    """Whether some module of ours defines a class of that name."""
    folders = ("domain", "activities", "workflows", "api")
    files = (path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return any(f"class {name}" in path.read_text(encoding="utf-8") for path in files)


def test_pictures_are_small():
    for picture in (ROOT / "docs" / "images").iterdir():
        assert picture.stat().st_size < 200_000, picture.name
