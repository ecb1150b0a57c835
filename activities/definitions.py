"""The library of definitions: what the data files say now, and the frozen versions that programmes run by."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import domain
from activities.calendars import CalendarChanges, calendar_year, content_hash
from activities.definition_files import BadDefinition, definition_files, read
from activities.definition_store import DefinitionStore
from activities.form_definitions import FormShelf
from activities.unit_files import sound_units
from domain.calendar import Calendar, Rolling
from domain.ladder import Ladder, Obligation, OrganisationClass
from domain.ladder_places import missing_places
from domain.plan import Plan, PlanRef, Timetable, TimetableRef
from domain.roadmap import Roadmap
from domain.units import Unit, UnitTree

Kept = TypeVar("Kept", Roadmap, Ladder, Calendar, CalendarChanges)
M = TypeVar("M", Roadmap, Ladder, Calendar)
Versioned = TypeVar("Versioned", Roadmap, Ladder)

EDIT = re.compile("-r([0-9]+)$")
"""How the version of an edit ends; no release or file of the region gets in its way."""

BUILT_IN = Path(domain.__file__).parent / "data"


def definition_folders(home: Path) -> tuple[Path, ...]:
    """Where definitions come from: the ones that are built in, and the region's own over them."""
    return (BUILT_IN, home / "definitions")


class Library:
    """Loads `roadmaps/`, `ladders/`, `calendars/`, `units/` and `forms/` of each folder; a later folder goes before an
    earlier.

    Raises BadDefinition when a file is not sound or changes a version that is already in use.
    """

    def __init__(self, folders: Sequence[Path], store: DefinitionStore) -> None:
        self._store = store
        self._folders = tuple(folders)
        self.forms = FormShelf(folders, store)
        self._roadmaps: dict[str, Roadmap] = {}
        self._ladders: dict[tuple[Obligation, OrganisationClass], Ladder] = {}
        self._changes: dict[int, CalendarChanges] = {}
        self._frozen: dict[str, Any] = {}
        self._plans: dict[PlanRef, Plan] = {}
        self._timetables: dict[TimetableRef, Timetable] = {}
        self._calendars: dict[tuple[int, tuple[str, ...]], Calendar] = {}
        self._refs: dict[tuple[str, str, str, int, Rolling], PlanRef] = {}
        self._versions: dict[str, tuple[Path, Roadmap | Ladder]] = {}
        for folder in self._folders:
            self._load(folder)
        self._refuse_ladders_for_nobody()
        for name, (path, definition) in self._versions.items():
            self._refuse_changed(name, path, definition)

    def roadmaps(self) -> list[Roadmap]:
        """The current version of every roadmap."""
        return list(self._roadmaps.values())

    def roadmap(self, key: str) -> Roadmap:
        """The current version of a roadmap; of a municipality's own the one approved last. Raises KeyError."""
        if key in self._roadmaps:
            return self._roadmaps[key]
        found = self.approved(key)
        if not found:
            raise KeyError(key)
        return found[-1]

    def approved(self, unit: str) -> list[Roadmap]:
        """The roadmaps that a municipality has approved itself, the last one at the end; none if a file has the key."""
        if unit in self._roadmaps:
            return []
        names = [name.removeprefix("roadmap/") for name in self._store.names(f"roadmap/{unit}@")]
        found = [self._thaw("roadmap", name, Roadmap) for name in names]
        return sorted((one for one in found if one.approval), key=lambda one: int(one.version))

    def ladders(self) -> list[Ladder]:
        """The current version of every ladder."""
        return [self.ladder(organisations, obligation) for obligation, organisations in self._ladders]

    def ladder(self, organisations: OrganisationClass, obligation: Obligation = "step") -> Ladder:
        """The current ladder for a kind of organisation and of obligation: what the region edited last goes before
        the files. Raises KeyError.
        """
        file = self._ladders[obligation, organisations]
        edited = newest(self._store.names(f"ladder/{file.key}@"))
        return self._thaw("ladder", edited.removeprefix("ladder/"), Ladder) if edited else file

    def file_version(self, ladder: str) -> str | None:
        """The version that the files give a ladder; `None` when it is in none of them."""
        return next((file.version for file in self._ladders.values() if file.key == ladder), None)

    def calendar(self, year: int) -> Calendar:
        """The working calendar of the school year that starts in `year`, with one year before and three after."""
        edits = tuple(sorted(self._store.names("changes/")))
        found = self._calendars.get((year, edits))
        if found is None:
            years = {each: calendar_year(each, self._edited(each, edits)) for each in range(year - 1, year + 4)}
            found = Calendar(key=f"ru-{year}", version=content_hash(years), years=years)
            self._calendars[year, edits] = found
        return found

    def changes(self, year: int) -> CalendarChanges | None:
        """What the region says about one year now: what was put last goes before the files."""
        return self._edited(year, self.changes_of(year))

    def changes_of(self, year: int) -> list[str]:
        """The names of everything that the region has said about one year."""
        return self._store.names(f"changes/{year}-r")

    def _edited(self, year: int, edits: Sequence[str]) -> CalendarChanges | None:
        edited = newest([name for name in edits if name.startswith(f"changes/{year}-r")])
        if edited is None:
            return self._changes.get(year)
        return self._thaw("changes", edited.removeprefix("changes/"), CalendarChanges)

    def units(self) -> list[Unit]:
        """The units that the region begins with, parents first."""
        for folder in reversed(self._folders):
            files = definition_files(folder / "units")
            if files:
                return sound_units(files)
        return []

    def plan_ref(
        self,
        roadmap: str,
        organisations: OrganisationClass,
        year: int,
        rolling: Rolling = "next_working_day",
    ) -> PlanRef:
        """Freeze the current versions for a programme that starts now. Writes to the store on first use of one."""
        ladder, calendar, plan = self.ladder(organisations), self.calendar(year), self.roadmap(roadmap)
        asked = (f"{roadmap}@{plan.version}", f"{ladder.key}@{ladder.version}", calendar.version, year, rolling)
        known = self._refs.get(asked)
        if known is None:
            known = self._refs[asked] = PlanRef(
                roadmap=self._freeze("roadmap", plan),
                ladder=self._freeze("ladder", ladder),
                calendar=self._freeze("calendar", calendar),
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

    def timetable_ref(
        self, organisations: OrganisationClass, day: date, rolling: Rolling = "next_working_day"
    ) -> TimetableRef:
        """Freeze the current monitoring ladder and calendar for a deadline at about `day`."""
        ladder, calendar = self.ladder(organisations, "monitoring"), self.calendar(day.year - 1)
        return TimetableRef(
            ladder=self._freeze("ladder", ladder), calendar=self._freeze("calendar", calendar), rolling=rolling
        )

    def timetable(self, ref: TimetableRef) -> Timetable:
        """What a deadline brings by frozen versions; the same object every time. Raises BadDefinition."""
        found = self._timetables.get(ref)
        if found is None:
            ladder, calendar = self._thaw("ladder", ref.ladder, Ladder), self._thaw("calendar", ref.calendar, Calendar)
            found = self._timetables[ref] = Timetable(ladder, calendar, ref.rolling)
        return found

    def _load(self, folder: Path) -> None:
        here: dict[str, Path] = {}
        for path in definition_files(folder / "roadmaps"):
            roadmap = read(path, Roadmap)
            _refuse_second(here, f"дорожная карта {roadmap.key}", path)
            self._roadmaps[roadmap.key] = self._registered("roadmap", path, roadmap)
        for path in definition_files(folder / "ladders"):
            ladder = read(path, Ladder)
            what = f"лестница вида {ladder.obligation} для организаций вида {ladder.organisations}"
            _refuse_second(here, what, path)
            self._ladders[ladder.obligation, ladder.organisations] = self._registered("ladder", path, ladder)
        for path in definition_files(folder / "calendars"):
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

    def _refuse_ladders_for_nobody(self) -> None:
        """A region's own ladders have to fit the units that it begins with."""
        own = [(path, one) for path, one in self._versions.values() if not path.is_relative_to(BUILT_IN)]
        ladders = [(path, one) for path, one in own if isinstance(one, Ladder)]
        tree = UnitTree(self.units() if ladders else ())
        for path, ladder in ladders:
            for fault in missing_places(tree, ladder.obligation, ladder.organisations, ladder.rungs):
                raise BadDefinition(f"Файл {path}: лестница {ladder.key}, {fault.reason}.")

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

    def _thaw(self, kind: str, name: str, model: type[Kept]) -> Kept:
        found: Kept | None = self._frozen.get(f"{kind}/{name}")
        if found is None:
            body = self._store.get(f"{kind}/{name}")
            if body is None:
                raise BadDefinition(f"Версия {name}, по которой идёт программа, не найдена среди сохранённых.")
            found = self._frozen[f"{kind}/{name}"] = model.model_validate(body)
        return found


def newest(names: Sequence[str]) -> str | None:
    """The name of the latest edit among stored versions: `ladder/step-state@1-r2`; `None` when there is none."""
    edits = [(int(found[1]), name) for name in names if (found := EDIT.search(name))]
    return max(edits)[1] if edits else None


def _refuse_second(seen: dict[str, Path], what: str, path: Path) -> None:
    if what in seen:
        raise BadDefinition(f"Файл {path}: {what} уже описана в файле {seen[what].name}.")
    seen[what] = path
