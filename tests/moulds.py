"""Databases that are filled once in a process and copied for every test that begins with such a one."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tests.servers import PostgresServer

T = TypeVar("T")


class Moulds:
    """A copy costs a hundredth of what its filling does.

    `fill(url)` makes the tables and what is in them, leaves no connection open, and returns what tests have to know
    of it: keys, say.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[Callable[[str], Any], tuple[Path, Any]] = {}
        self._names: dict[Callable[[str], Any], tuple[str, Any]] = {}

    @contextmanager
    def copy(self, request: pytest.FixtureRequest, home: Path, fill: Callable[[str], T]) -> Iterator[tuple[str, T]]:
        """On the engine that the fixture's parameter names; the address of the copy, and what `fill` returned."""
        if request.param == "sqlite":
            yield self.sqlite(home, fill)
            return
        with self._postgres(request.getfixturevalue("postgres_server"), fill) as found:
            yield found

    def sqlite(self, home: Path, fill: Callable[[str], T]) -> tuple[str, T]:
        """The address of a copy in the folder `home`, and what `fill` returned."""
        if fill not in self._files:
            file = self._folder / f"{len(self._files)}.db"
            self._files[fill] = file, fill(f"sqlite:///{file}")
        file, known = self._files[fill]
        shutil.copy(file, home / "mentoring.db")
        return f"sqlite:///{home / 'mentoring.db'}", known

    @contextmanager
    def _postgres(self, server: PostgresServer, fill: Callable[[str], T]) -> Iterator[tuple[str, T]]:
        if fill not in self._names:
            name = server.create_database()
            self._names[fill] = name, fill(server.url_of(name))
        template, known = self._names[fill]
        copy = server.create_database(template)
        yield server.url_of(copy), known
        server.drop_database(copy)
