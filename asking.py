"""`mentoring explain`: why something stands, from the terminal, whatever of the rest is down."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from activities.database import UNREACHABLE
from activities.diagnosis.journal import stream_named
from activities.diagnosis.reading import Known, read_known
from activities.diagnosis.summary import TURNS
from activities.diagnosis.words import moment_of, sentence_of
from activities.heartbeat import Heart
from activities.recorder import wall_clock
from activities.wiring import Core, core_of, process_name
from domain.diagnosis.finding import Finding
from terminal import Home, refused, settings_of
from workflows.client import Workflows, connect
from workflows.explaining import explain, explanation
from workflows.look import A_MOMENT, Look
from workflows.watch import Watch

REGION = "Asia/Tomsk"
"""The zone of what is said when nobody can look which one it is."""

app = typer.Typer()


@app.command(name="explain")
def explain_stream(
    name: Annotated[str, typer.Argument(help="Программа, отчёт или мониторинг, например shkola-12-2026.")],
    as_json: Annotated[bool, typer.Option("--json", help="Ответ API целиком.")] = False,
    home: Home = None,
) -> None:
    """Почему программа, отчёт или мониторинг стоит: одним предложением, и факты под ним."""
    try:
        with _read(home) as core:
            known = _known(core, name)
            if known is None:
                raise refused(f"Программы, отчёта или мониторинга «{name}» в журнале нет.", 1)
            told = asyncio.run(_explained(core, known))
    except UNREACHABLE as error:
        away = sentence_of(Finding("database_down", wall_clock()), REGION)
        raise refused(f"{away}\n{type(error).__name__}: {getattr(error, 'orig', error)}", 1) from None
    if as_json:
        typer.echo(orjson.dumps(told, option=orjson.OPT_INDENT_2).decode())
        return
    for line in lines_of(told, known.human.zone):
        typer.echo(line)


@contextmanager
def _read(home: Path | None) -> Iterator[Core]:
    """Nothing is migrated for a question: on a full disk that would be the end of it."""
    core = core_of(settings_of(home))
    try:
        yield core
    finally:
        core.database.close()


def _known(core: Core, name: str) -> Known | None:
    with core.database.reading() as connection:
        stream = stream_named(connection, core.kinds, name)
        return read_known(connection, core, stream, hidden=False) if stream else None


async def _explained(core: Core, known: Known) -> dict[str, Any]:
    workflows = Workflows(await connect(core.settings.temporal_address, core.settings.temporal_namespace))
    watch = Watch(
        core.database, core.clock, Heart("api", process_name(), ""), Look(workflows, silence=0, patience=A_MOMENT)
    )
    await watch.look_first()
    return explanation(await explain(watch, known), lambda _: True)


def lines_of(told: dict[str, Any], zone: str) -> Iterator[str]:
    """The sentence, whose turn it is, what comes by itself, what helps, and the facts folded below."""
    from api.page_incidents import CAUSES, LAYERS  # only this command needs the words of the pages
    from api.page_standing import ACTS

    cause = CAUSES.get(told["cause"])
    yield told["sentence"]
    yield f"  Слой: {LAYERS[told['layer']]}{f' ({cause})' if cause else ''}"
    if turn := told["responsible"]:
        yield f"  Чья очередь: {TURNS.get(turn, turn)}"
    if coming := told["next_action"]:
        to = ", ".join(coming["to"]) or "без адресата"
        step = f", мероприятие {coming['step']}" if coming.get("step") else ""
        what = ACTS.get(coming["kind"], "письмо")
        yield f"  Само произойдёт: {moment_of(coming['at'], zone)}, {what}{step} ({to})"
    for other in told["others"]:
        yield f"  Кроме того: {other['sentence']}"
        yield from (f"    Поможет: {cure['label']}" for cure in other["cures"])
    for cure in told["cures"]:
        yield f"  Поможет: {cure['label']}"
    for name, fact in told["evidence"].items():
        if fact not in (None, [], {}):
            yield f"    {name}: {orjson.dumps(fact).decode()}"
