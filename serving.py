"""The parts of an installation as commands of their own, for containers and services: `mentoring run` needs none."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated

import typer

from activities.definition_files import BadDefinition
from activities.demo import load_region
from activities.heartbeat import Pulse, workers_of
from activities.migrations import BrokenDatabase, migrate_back
from activities.migrations import migrate as migrate_database
from activities.settings import Settings
from activities.wiring import Core
from terminal import Home, opened, refused, settings_of
from workflows.client import TemporalError, Workflows, connect, current_build
from workflows.releases import NobodyThere, earlier_build, release_build

app = typer.Typer()


@app.command()
def worker() -> None:
    """Работать обработчиком: часы и руки программ. Настройки берутся из окружения."""
    import uvloop

    import worker as process

    uvloop.run(process.main())


@app.command()
def api(
    host: Annotated[str, typer.Option(help="Адрес, на котором отвечать.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Порт сайта и API.")] = 8000,
    processes: Annotated[int, typer.Option(help="Сколько процессов делят порт.", min=1, max=16)] = 1,
) -> None:
    """Отвечать на запросы: сайт и API. Настройки берутся из окружения."""
    from api.serve import serve

    serve(host, port, processes)


@app.command()
def migrate(
    back: Annotated[
        str | None, typer.Option("--back", help="Вернуть базу к прежней схеме перед возвратом к прежней версии.")
    ] = None,
    home: Home = None,
) -> None:
    """Привести базу данных к этой версии программы и внести узлы региона. Можно повторять, и во время работы."""
    settings = settings_of(home)
    try:
        if back:
            migrate_back(settings.database, back)
        else:
            migrate_database(settings.database)
            load_region(settings)
    except (BrokenDatabase, BadDefinition) as error:
        raise refused(str(error)) from None
    typer.echo("База данных готова.")


@app.command()
def release(
    build: Annotated[str | None, typer.Argument(help="Сборка; без неё та, из которой запущена команда.")] = None,
    rollback: Annotated[bool, typer.Option("--rollback", help="Вернуть сборку, которая действовала раньше.")] = False,
    wait: Annotated[float, typer.Option(help="Сколько секунд ждать её обработчиков.", min=0)] = 120,
    home: Home = None,
) -> None:
    """Передать идущие программы обработчикам новой сборки, как только они на месте; или вернуть прежней."""
    from activities.build import build_id

    async def released(workflows: Workflows) -> tuple[str | None, str | None]:
        chosen = await earlier_build(workflows) if rollback else build or build_id()
        before = await current_build(workflows.client, insist=True)
        if chosen is not None:
            await release_build(workflows, chosen, lambda: builds_at_work(core, pulse), wait)
        return chosen, before

    pulse = Pulse()
    with opened(home) as core:
        try:
            chosen, before = asyncio.run(_with_workflows(core.settings, released))
        except NobodyThere as nobody:
            others = ", ".join(sorted(builds_at_work(core, pulse))) or "ни одного"
            raise refused(f"Обработчиков сборки {nobody} нет. Работают: {others}. Ничего не изменено.", 1) from None
    if chosen is None:
        raise refused("Прежней сборки Temporal не знает: возвращать нечего.", 1)
    typer.echo(f"Действует сборка {chosen}." if before in (None, chosen) else f"Действует {chosen}, раньше {before}.")


def builds_at_work(core: Core, pulse: Pulse) -> set[str]:
    """The builds whose workers are alive, as far as has been seen."""
    with core.database.reading() as connection:
        return {one.build for one in workers_of(pulse.feel(connection, core.clock()))}


async def _with_workflows(
    settings: Settings, act: Callable[[Workflows], Awaitable[tuple[str | None, str | None]]]
) -> tuple[str | None, str | None]:
    try:
        return await act(Workflows(await connect(settings.temporal_address, settings.temporal_namespace)))
    except TemporalError:
        raise refused(f"Temporal ({settings.temporal_address}) не отвечает. Запустите его и повторите.") from None
