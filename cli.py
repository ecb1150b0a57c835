"""The `mentoring` command."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, get_args

import orjson
import typer
from sqlalchemy import Connection

import asking
import copying
import serving
from activities.beat import Facts
from activities.definition_files import BadDefinition, read
from activities.directory import load_tree
from activities.import_file import read_organisations
from activities.importing import apply
from activities.ladders import Faults, LadderFile, put_ladder_file
from activities.lagging import Expected
from activities.logs import configure_logs
from activities.rebuild import rebuild as rebuild_read_model
from activities.settings import Settings
from activities.tokens import create_token
from activities.verify import differences
from activities.wiring import Core
from api.wording import detail_of
from domain.refusal import Refusal
from domain.units import Role
from preflight import Refused, find_temporal
from terminal import Home, opened, refused
from workflows.agreement import workflow_differences
from workflows.client import TemporalError, Workflows, connect
from workflows.reconciler import Reconciler

app = typer.Typer(help="Программы наставничества: запуск, импорт, ключи, проверка.", no_args_is_help=True)
app.add_typer(asking.app)
app.add_typer(serving.app)
app.add_typer(copying.app)


@app.callback()
def quietly() -> None:
    """What goes wrong is logged to standard error; the answer of a command has standard output for itself."""
    configure_logs(logging.WARNING)


@app.command()
def run(
    home: Home = None,
    port: Annotated[int | None, typer.Option(help="Порт сайта и API.")] = None,
    temporal_port: Annotated[int | None, typer.Option(help="Порт Temporal.")] = None,
    demo: Annotated[bool, typer.Option("--demo/--no-demo", help="С выдуманным регионом для знакомства.")] = True,
) -> None:
    """Запустить всё на одной машине."""
    import supervisor

    raise typer.Exit(supervisor.run(home or Settings().home, port, temporal_port, demo))


@app.command(name="import")
def import_file(
    file: Annotated[Path, typer.Argument(help="Таблица организаций: XLSX или CSV.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Только проверить и показать, что изменится.")] = False,
    home: Home = None,
) -> None:
    """Внести организации из таблицы, целиком или никак; все ошибки называет по строкам и столбцам."""
    sheet = read_organisations(file)
    with opened(home) as core, core.database.writing() as connection:
        result = apply(connection, sheet, "cli", core.clock(), dry_run=dry_run)
    for error in result.errors:
        place = f"Строка {error.row}: " if error.row else ""
        typer.echo(f"{place}{f'«{error.column}»: ' if error.column else ''}{error.detail}", err=True)
    if result.errors:
        raise refused(f"Ошибок: {len(result.errors)}. Ничего не внесено.", 1)
    typer.echo("Будет внесено (без --dry-run):" if dry_run else "Внесено:")
    for title, counts in (("организации", result.units), ("люди", result.persons), ("роли", result.roles)):
        typer.echo(f"  {title}: новых {counts.created}, изменённых {counts.changed}, без изменений {counts.unchanged}")


@app.command()
def ladder(
    file: Annotated[Path, typer.Argument(help="Лестница напоминаний: YAML, как в domain/data/ladders.")],
    home: Home = None,
) -> None:
    """Изменить лестницу напоминаний: новая редакция для программ, которые начнутся позже."""
    with opened(home) as core:
        try:
            sheet = read(file, LadderFile)
        except BadDefinition as error:
            raise refused(str(error), 1) from None
        with core.database.writing() as connection:
            tree = load_tree(connection)
            made = put_ladder_file(connection, core.library, tree, sheet, "cli", core.clock())
    if isinstance(made, Refusal):
        raise refused(detail_of(made), 1)
    if isinstance(made, Faults):
        raise refused("\n".join(fault.reason for fault in made.found), 1)
    typer.echo(f"Действует редакция {made.version} лестницы {made.key}: по ней пойдут программы, начатые с этого дня.")


def region_of(connection: Connection) -> str:
    """The region's id; one that nobody has loaded yet is named by the refusal that follows."""
    return next((unit.id for unit in load_tree(connection).of_kind("region")), "")


@app.command()
def token(
    name: Annotated[str, typer.Argument(help="Для кого или для чего ключ.")] = "mentoring token",
    unit: Annotated[str | None, typer.Option(help="Узел, например mo-tomsk; без него регион.")] = None,
    role: Annotated[str, typer.Option(help="Роль: operator, municipal_coordinator, curator и др.")] = "administrator",
    days: Annotated[int | None, typer.Option(help="Срок действия в днях; без него бессрочно.", min=1)] = None,
    home: Home = None,
) -> None:
    """Выдать ключ доступа к API. Ключ показывается один раз."""
    known: tuple[Role, ...] = get_args(Role)
    chosen = next((one for one in known if one == role), None)
    if chosen is None:
        raise refused(f"Роли «{role}» нет. Есть: {', '.join(known)}.")
    with opened(home) as core, core.database.writing() as connection:
        now = core.clock()
        expires_at = now + timedelta(days=days) if days else None
        made = create_token(connection, name, unit or region_of(connection), chosen, expires_at, "cli", now)
    if isinstance(made, Refusal):
        raise refused(detail_of(made))
    typer.echo(made[1])


@app.command()
def rebuild(home: Home = None) -> None:
    """Построить читаемые таблицы заново из журнала."""
    with opened(home) as core:
        count = rebuild_read_model(core.database, core.kinds)
    typer.echo(f"Построено заново из журнала, потоков: {count}.")


@app.command()
def reconcile(
    every: Annotated[bool, typer.Option("--all", help="Поторопить все: журнал восстановлен из копии.")] = False,
    home: Home = None,
) -> None:
    """Сверить журнал с Temporal: запустить недостающее, поторопить отставшее."""
    with opened(home) as core:
        try:
            count = asyncio.run(_reconcile(core, every))
        except TemporalError:
            raise refused(
                f"Temporal ({core.settings.temporal_address}) не отвечает. Запустите его и повторите."
            ) from None
    typer.echo(f"Сверено, толчков отправлено: {count}.")


async def _reconcile(core: Core, every: bool) -> int:
    workflows = Workflows(await connect(core.settings.temporal_address, core.settings.temporal_namespace))
    noted: dict[str, Facts | None] = {}
    expected = Expected(core.database, core.kinds)
    await Reconciler(workflows, noted.__setitem__, expected, core.clock).once()
    if every:
        noted |= {stream: expected.facts(stream) for kind in expected.kinds for stream in expected.open_streams(kind)}
    for stream, facts in noted.items():
        await workflows.nudge(stream, facts)
    return len(noted)


@app.command()
def verify(home: Home = None) -> None:
    """Проверить, что журнал, читаемые таблицы и процессы согласны. Код 1, если нет."""
    with opened(home) as core:
        found = list(differences(core.database, core.kinds))
        try:
            found += asyncio.run(_workflows(core))
        except TemporalError:
            typer.echo(f"Temporal ({core.settings.temporal_address}) не отвечает: процессы не проверены.", err=True)
    for one in found:
        typer.echo(one)
    if found:
        raise refused(f"Расхождений: {len(found)}.", 1)
    typer.echo("Расхождений нет.")


async def _workflows(core: Core) -> list[str]:
    workflows = Workflows(await connect(core.settings.temporal_address, core.settings.temporal_namespace))
    return await workflow_differences(workflows, Expected(core.database, core.kinds), core.clock)


@app.command()
def rehearse(
    roadmap: Annotated[str, typer.Argument(help="Дорожная карта: school или college.")],
    year: Annotated[int, typer.Option(help="Год, в котором начинается учебный год.")],
    since: Annotated[str | None, typer.Option("--from", help="День начала, ГГГГ-ММ-ДД; без него первое окно.")] = None,
    scenario: Annotated[str, typer.Option(help="nobody: никто ничего не делает; on-time: всё в срок.")] = "nobody",
    act: Annotated[list[str] | None, typer.Option(help="Действие: «2026-10-01 пропустить 5»; можно несколько.")] = None,
    acts: Annotated[Path | None, typer.Option(help="Файл с такими действиями, по одному в строке.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Массив JSON вместо таблицы.")] = False,
) -> None:
    """Прожить учебный год за секунды и показать каждое напоминание и сообщение, которое было бы отправлено.

    Действия начинаются с даты (полдень) или даты и времени: выполнить 5, пропустить 5, вернуть 5, перенести 5
    2026-12-25, приостановить сдвинуть (или оставить), возобновить, завершить, отменить. Повторение: 24.2.
    """
    from activities.notice_table import table
    from workflows.rehearsal import SCENARIOS, RehearsalRefused, rehearse

    chosen = next((one for one in SCENARIOS if one == scenario), None)
    if roadmap not in ("school", "college") or chosen is None:
        raise refused("Дорожная карта: school или college; сценарий: nobody или on-time.")
    try:
        day = date.fromisoformat(since) if since else None
    except ValueError:
        raise refused(f"«{since}» не дата: нужна запись вида 2026-09-01.") from None
    lines = [*_lines(acts), *(act or ())]
    try:
        server = find_temporal(name="temporal-test-server")
        notices = asyncio.run(rehearse(server, roadmap, year, day, chosen, lines))
    except Refused as refusal:
        raise refused(str(refusal)) from None
    except RehearsalRefused as error:
        raise refused(_placed(error.refusal, lines)) from None
    typer.echo(orjson.dumps(notices, option=orjson.OPT_INDENT_2).decode() if as_json else table(notices))


def _lines(file: Path | None) -> list[str]:
    """The lines of a file that say something; what follows a # is a remark."""
    if file is None:
        return []
    try:
        text = file.read_text("utf-8-sig")
    except OSError:
        raise refused(f"Файла {file} нет, или его нельзя прочитать.") from None
    except UnicodeDecodeError:
        raise refused(f"Файл {file} не в кодировке UTF-8. Сохраните его как текст UTF-8.") from None
    return [line for row in text.splitlines() if (line := row.partition("#")[0].strip())]


def _placed(refusal: Refusal, lines: list[str]) -> str:
    """The sentence of a refusal, with the act that it speaks of."""
    place = (refusal.pointer or "").removeprefix("/acts/")
    if refusal.code == "act_unclear" or not place.isdigit():
        return detail_of(refusal)
    return f"Действие «{lines[int(place)]}» невозможно. {detail_of(refusal)}"


def main() -> None:
    """Run a command, and end the program here: threads of Temporal's SDK may abort an interpreter that ends."""
    code: object = 0
    try:
        app()
    except SystemExit as left:
        code = left.code
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code if isinstance(code, int) else 1 if code else 0)


if __name__ == "__main__":
    main()
