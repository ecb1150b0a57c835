"""What every command of the terminal begins with: the settings of a home, its core, and how to say no."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from activities.definition_files import BadDefinition
from activities.migrations import BrokenDatabase, migrate
from activities.settings import Settings
from activities.wiring import Core, core_of

Home = Annotated[Path | None, typer.Option(help="Домашняя папка системы (по умолчанию ~/.mentoring).")]


def settings_of(home: Path | None) -> Settings:
    """The settings of a home directory; the Temporal that `mentoring run` started there is found by run.json."""
    settings = Settings(home=home) if home else Settings()
    if settings.run_file.is_file():
        card = json.loads(settings.run_file.read_text("utf-8"))
        if card.get("temporal"):
            settings = settings.model_copy(update={"temporal_address": card["temporal"]})
    return settings


@contextmanager
def opened(home: Path | None) -> Iterator[Core]:
    """The core of a home directory; what is broken is one sentence and exit code 2."""
    settings = settings_of(home)
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        migrate(settings.database)
        core = core_of(settings)
    except (BrokenDatabase, BadDefinition, OSError) as error:
        raise refused(str(error)) from None
    try:
        yield core
    finally:
        core.database.close()


def refused(sentence: str, code: int = 2) -> typer.Exit:
    """Say why and leave."""
    typer.echo(sentence, err=True)
    return typer.Exit(code)
