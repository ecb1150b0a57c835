"""The library of definitions: what the data files say now, and the frozen versions that programmes run by."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

import domain
from activities.calendars import CalendarChanges, calendar_year, content_hash
from activities.definition_files import BadDefinition, read
from activities.definition_store import DefinitionStore
from domain.calendar import Calendar, Rolling
from domain.ladder import Ladder, OrganisationClass
from domain.plan import Plan, PlanRef
from domain.roadmap import Roadmap
from domain.units import Unit, UnitTree
from domain.value import Value

M = TypeVar("M", Roadmap, Ladder, Calendar)
Versioned = TypeVar("Versioned", Roadmap, Ladder)

BUILT_IN = Path(domain.__file__).parent / "data"


class UnitFile(Value):
    """The units that a region begins with."""

    units: tuple[Unit, ...]


def definition_folders(home: Path) -> tuple[Path, ...]:
    """Where definitions come from: the ones that are built in, and the region's own over them."""
    return (BUILT_IN, home / "definitions")


class Library:
    """Loads `roadmaps/`, `ladders/`, `calendars/` and `units/` of each folder; a later folder goes before an earlier.

    Raises BadDefinition when a file is not sound or changes a version that is already in use.
    """

    def __init__(self, folders: Sequence[Path], store: DefinitionStore) -> None:
        self._store = store
        self._folders = tuple(folders)
        self._roadmaps: dict[str, Roadmap] = {}
        self._ladders: dict[str, Ladder] = {}
        self._changes: dict[int, CalendarChanges] = {}
        self._frozen: dict[str, Any] = {}
        self._plans: dict[PlanRef, Plan] = {}
        self._refs: dict[tuple[str, OrganisationClass, int, Rolling], PlanRef] = {}
        self._versions: dict[str, tuple[Path, Roadmap | Ladder]] = {}
        for folder in self._folders:
            self._load(folder)
        for name, (path, definition) in self._versions.items():
            self._refuse_changed(name, path, definition)

    def roadmaps(self) -> list[Roadmap]:
        """The current version of every roadmap."""
        return list(self._roadmaps.values())

    def roadmap(self, key: str) -> Roadmap:
        """The current version of a roadmap. Raises KeyError."""
        return self._roadmaps[key]

    def ladder(self, organisations: OrganisationClass) -> Ladder:
        """The current ladder of steps for a kind of organisation. Raises KeyError."""
        return self._ladders[organisations]

    def calendar(self, year: int) -> Calendar:
        """The working calendar of the school year that starts in `year`, with one year before and three after."""
        years = {each: calendar_year(each, self._changes.get(each)) for each in range(year - 1, year + 4)}
        return Calendar(key=f"ru-{year}", version=content_hash(years), years=years)

    def units(self) -> list[Unit]:
        """The units that the region begins with, parents first."""
        for folder in reversed(self._folders):
            files = _files(folder / "units")
            if files:
                return _sound_units(files)
        return []

    def plan_ref(
        self,
        roadmap: str,
        organisations: OrganisationClass,
        year: int,
        rolling: Rolling = "next_working_day",
    ) -> PlanRef:
        """Freeze the current versions for a programme that starts now. Writes to the store on first use of one."""
        asked = (roadmap, organisations, year, rolling)
        known = self._refs.get(asked)
        if known is None:
            known = self._refs[asked] = PlanRef(
                roadmap=self._freeze("roadmap", self.roadmap(roadmap)),
                ladder=self._freeze("ladder", self.ladder(organisations)),
                calendar=self._freeze("calendar", self.calendar(year)),
                rolling=rolling,
            )
        return known

    def plan(self, ref: PlanRef) -> Plan:
        """The plan that a stream runs by, as it was frozen; the same object every time. Raises BadDefinition."""
        found = self._plans.get(ref)
        if found is None:
            found = self._plans[ref] = Plan(
                ref,
                self._thaw("roadmap", ref.roadmap, Roadmap),
                self._thaw("ladder", ref.ladder, Ladder),
                self._thaw("calendar", ref.calendar, Calendar),
            )
        return found

    def _load(self, folder: Path) -> None:
        here: dict[str, Path] = {}
        for path in _files(folder / "roadmaps"):
            roadmap = read(path, Roadmap)
            _refuse_second(here, f"дорожная карта {roadmap.key}", path)
            self._roadmaps[roadmap.key] = self._registered("roadmap", path, roadmap)
        for path in _files(folder / "ladders"):
            ladder = read(path, Ladder)
            _refuse_second(here, f"лестница для организаций вида {ladder.organisations}", path)
            self._ladders[ladder.organisations] = self._registered("ladder", path, ladder)
        for path in _files(folder / "calendars"):
            changes = read(path, CalendarChanges)
            _refuse_second(here, f"календарь {changes.year} года", path)
            self._changes[changes.year] = changes

    def _registered(self, kind: str, path: Path, definition: Versioned) -> Versioned:
        name = f"{kind}/{definition.key}@{definition.version}"
        earlier = self._versions.get(name)
        if earlier and earlier[1] != definition:
            raise BadDefinition(
                f"Файл {path}: версия {definition.version} определения {definition.key} уже занята файлом {earlier[0]}"
                " с другим содержанием, укажите новую версию (version)."
            )
        self._versions[name] = (path, definition)
        return definition

    def _refuse_changed(self, name: str, path: Path, definition: Roadmap | Ladder) -> None:
        body = self._store.get(name)
        if body is not None and type(definition).model_validate(body) != definition:
            raise BadDefinition(
                f"Файл {path}: содержание изменилось, а версия {definition.version} осталась прежней, хотя по ней уже"
                " идут программы; верните прежнее содержание или укажите новую версию (version)."
            )

    def _freeze(self, kind: str, definition: M) -> str:
        name = f"{definition.key}@{definition.version}"
        if f"{kind}/{name}" not in self._frozen:
            if self._store.get(f"{kind}/{name}") is None:
                self._store.put(f"{kind}/{name}", definition.model_dump(mode="json"))
            if self._thaw(kind, name, type(definition)) != definition:
                raise BadDefinition(f"Версия {name} сохранена с другим содержанием: перезапустите этот процесс.")
        return name

    def _thaw(self, kind: str, name: str, model: type[M]) -> M:
        found: M | None = self._frozen.get(f"{kind}/{name}")
        if found is None:
            body = self._store.get(f"{kind}/{name}")
            if body is None:
                raise BadDefinition(f"Версия {name}, по которой идёт программа, не найдена среди сохранённых.")
            found = self._frozen[f"{kind}/{name}"] = model.model_validate(body)
        return found


def _files(folder: Path) -> list[Path]:
    return sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")]) if folder.is_dir() else []


def _refuse_second(seen: dict[str, Path], what: str, path: Path) -> None:
    if what in seen:
        raise BadDefinition(f"Файл {path}: {what} уже описана в файле {seen[what].name}.")
    seen[what] = path


def _sound_units(files: Sequence[Path]) -> list[Unit]:
    waiting = [(path, unit) for path in files for unit in read(path, UnitFile).units]
    placed: dict[str, Unit] = {}
    while waiting:
        ready = [(path, unit) for path, unit in waiting if unit.parent is None or unit.parent in placed]
        for path, unit in ready or waiting[:1]:
            problem = UnitTree(placed.values()).problem_with(unit)
            if unit.id in placed:
                problem = "указан дважды"
            if problem:
                raise BadDefinition(f"Файл {path}: узел {unit.id}: {problem}.")
            placed[unit.id] = unit
        waiting = [item for item in waiting if item not in ready]
    return list(placed.values())
