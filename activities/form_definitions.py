"""The forms that are owed: built-in ones, the region's own, and the frozen versions that submissions are filled by."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from activities.definition_files import BadDefinition, definition_files, read
from activities.definition_store import DefinitionStore
from domain.form.definition import FormDefinition


class FormShelf:
    """Loads `forms/` of each folder; a later folder goes before an earlier.

    Raises BadDefinition when a file is not sound or changes a version that is already in use.
    """

    def __init__(self, folders: Sequence[Path], store: DefinitionStore) -> None:
        self._store = store
        self._current: dict[str, FormDefinition] = {}
        self._frozen: dict[str, FormDefinition] = {}
        versions: dict[str, tuple[Path, FormDefinition]] = {}
        for folder in folders:
            here: dict[str, Path] = {}
            for path in definition_files(folder / "forms"):
                form = read(path, FormDefinition)
                _refuse_second(here, path, form)
                _refuse_same_version(versions, path, form)
                self._current[form.key] = form
        for path, form in versions.values():
            self._refuse_changed(path, form)

    def all(self) -> list[FormDefinition]:
        """The current version of every form."""
        return list(self._current.values())

    def current(self, key: str) -> FormDefinition:
        """The current version of a form. Raises KeyError."""
        return self._current[key]

    def freeze(self, key: str) -> str:
        """The reference of the current version (`monitoring@1`), kept from now on. Writes to the store on first use:
        never inside of a transaction. Raises KeyError.
        """
        form = self.current(key)
        ref = ref_of(form)
        if ref not in self._frozen:
            if self._store.get(f"form/{ref}") is None:
                self._store.put(f"form/{ref}", form.model_dump(mode="json"))
            if self.frozen(ref) != form:
                raise BadDefinition(f"Версия {ref} сохранена с другим содержанием: перезапустите этот процесс.")
        return ref

    def frozen(self, ref: str) -> FormDefinition:
        """The form as it was frozen; the same object every time. Raises BadDefinition."""
        found = self._frozen.get(ref)
        if found is None:
            body = self._store.get(f"form/{ref}")
            if body is None:
                raise BadDefinition(f"Версия {ref}, по которой заполняется форма, не найдена среди сохранённых.")
            found = self._frozen[ref] = FormDefinition.model_validate(body)
        return found

    def _refuse_changed(self, path: Path, form: FormDefinition) -> None:
        body = self._store.get(f"form/{ref_of(form)}")
        if body is not None and FormDefinition.model_validate(body) != form:
            raise BadDefinition(
                f"Файл {path}: содержание изменилось, а версия {form.version} осталась прежней, хотя по ней уже"
                " заполняют форму; верните прежнее содержание или укажите новую версию (version)."
            )


def ref_of(form: FormDefinition) -> str:
    """How a version is referred to: `monitoring@1`."""
    return f"{form.key}@{form.version}"


def form_key(ref: str) -> str:
    """The form of which a reference names a version."""
    return ref.partition("@")[0]


def _refuse_second(seen: dict[str, Path], path: Path, form: FormDefinition) -> None:
    if form.key in seen:
        raise BadDefinition(f"Файл {path}: форма {form.key} уже описана в файле {seen[form.key].name}.")
    seen[form.key] = path


def _refuse_same_version(seen: dict[str, tuple[Path, FormDefinition]], path: Path, form: FormDefinition) -> None:
    earlier = seen.setdefault(ref_of(form), (path, form))
    if earlier[1] != form:
        raise BadDefinition(
            f"Файл {path}: версия {form.version} формы {form.key} уже занята файлом {earlier[0]} с другим содержанием,"
            " укажите новую версию (version)."
        )
