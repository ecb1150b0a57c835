"""Copies of an installation, and the way back from one."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

import preflight
from activities.copies import CopyFailed, chosen, prune, put_back, sqlite_file, take
from activities.files.store import open_store
from activities.restored import files_spoken_of, mark_restored
from activities.settings import Settings
from activities.wiring import clock_of
from preflight import Refused
from terminal import Home, opened, refused, settings_of

app = typer.Typer()
Folder = Annotated[Path, typer.Argument(help="Папка с копиями, лучше на другом диске.")]


@app.command()
def backup(
    folder: Folder,
    keep: Annotated[int, typer.Option(help="Сколько дней хранить копии; старше двух суток одну в день.", min=1)] = 30,
    home: Home = None,
) -> None:
    """Сделать копию базы SQLite и присланных файлов на ходу. PostgreSQL архивируют его средства, тут только файлы."""
    settings = settings_of(home)
    now = clock_of(settings)()
    try:
        copy, new = take(settings, open_store(settings), folder, now)
    except CopyFailed as failure:
        raise refused(str(failure), 1) from None
    prune(folder, now, timedelta(days=keep))
    settings.last_backup.touch()  # monitoring reads its age
    what = "база и файлы" if copy.database.exists() else "файлы (без базы: она в PostgreSQL)"
    typer.echo(f"Копия {copy.folder}: {what}; файлов {len(copy.files)}, новых {new}.")


@app.command()
def restore(
    folder: Folder,
    at: Annotated[str | None, typer.Option(help="На какое время, ГГГГ-ММ-ДДTЧЧ:ММ; без него последняя копия.")] = None,
    home: Home = None,
) -> None:
    """Восстановить остановленную систему из копии; после восстановления PostgreSQL: файлы и отметку о нём."""
    settings = settings_of(home)
    try:
        moment = datetime.fromisoformat(at).astimezone() if at else None
        preflight.make_home(settings.home)
        with preflight.locked(settings.home):
            _restore(settings, folder, moment)
    except ValueError:
        raise refused(f"«{at}» не время: нужна запись вида 2026-09-01T12:00.") from None
    except (CopyFailed, Refused) as failure:
        raise refused(str(failure), 1) from None


def _restore(settings: Settings, folder: Path, moment: datetime | None) -> None:
    on_postgresql = sqlite_file(settings) is None  # its moment was chosen by its own tools; no file is too young
    copy = chosen(folder, None if on_postgresql else moment)
    store = open_store(settings)
    count = put_back(copy, settings, store)
    with opened(settings.home) as core:
        last = mark_restored(core.database, core.clock(), None if on_postgresql else copy.at)
        with core.database.reading() as connection:
            missing = sorted(name for name in files_spoken_of(connection) if store.size(name) is None)
    typer.echo(f"Восстановлено из {copy.folder}; файлов {count}.")
    if last is not None:
        typer.echo(f"Последняя запись журнала: {last.astimezone():%d.%m.%Y %H:%M:%S}. Всё, что было позже, потеряно.")
    typer.echo("Письма, которые ждут отправки, могли уйти до потери: они уйдут с прежним Message-ID и двойным счётом.")
    for name in missing:
        typer.echo(f"Нет файла {name}.", err=True)
    if missing:
        raise refused(f"Не хватает файлов: {len(missing)}. Возьмите более позднюю копию папки files.", 1)
    typer.echo("Теперь запустите систему, выполните mentoring reconcile --all, потом mentoring verify.")
