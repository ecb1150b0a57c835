"""The units that a region begins with, as files give them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from activities.definition_files import BadDefinition, read
from domain.units import Unit, UnitTree
from domain.value import Value


class UnitFile(Value):
    """The units that a region begins with."""

    units: tuple[Unit, ...]


def sound_units(files: Sequence[Path]) -> list[Unit]:
    """The units of some files, parents first. Raises BadDefinition."""
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
