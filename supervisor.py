"""`mentoring run`: the whole system on one machine, from one command."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from pydantic import ValidationError

import preflight
from activities.settings import Settings
from parts import Part, Supervisor
from preflight import HOST, Ports, Refused

if TYPE_CHECKING:
    from activities.demo import SignIn

CODE = Path(__file__).resolve().parent
KEEP_CLOSED = "2160h"  # closed runs stay readable in Temporal for 90 days; the dev server's own default is one
RESTORE = "восстановите его из резервной копии или уберите из папки, чтобы начать с пустой базы"
FORGET = "уберите его из папки, и программы продолжатся сами: всё нужное есть в журнале"


@dataclass(frozen=True)
class Prepared:
    """What the database gave before anything was started."""

    token: str
    sign_ins: Sequence["SignIn"] = ()


def run(home: Path, port: int | None, temporal_port: int | None, demo: bool) -> int:
    """Run until Ctrl-C or SIGTERM; the exit code: 0 after a clean stop, 2 when the machine cannot be started."""
    signal.signal(signal.SIGTERM, interrupt)
    try:
        ports = Ports(
            api=Ports.api if port is None else port,
            temporal=Ports.temporal if temporal_port is None else temporal_port,
        )
        settings = settings_for(home, ports)
        preflight.make_home(settings.home)
        with preflight.locked(settings.home):
            temporal = check(settings, ports)
            prepared = prepare(settings, demo)
            return launch(settings, ports, machine(settings, ports, temporal), prepared)
    except Refused as refusal:
        typer.echo(str(refusal), err=True)
        return 2
    except KeyboardInterrupt:
        return 0


def interrupt(*_: object) -> None:
    """Until there are parts to stop, SIGTERM means what Ctrl-C means."""
    raise KeyboardInterrupt


def settings_for(home: Path, ports: Ports) -> Settings:
    """The user's settings with what `run` decides: the folder, its own Temporal, and the address unless one is set."""
    address = os.environ.get("MENTORING_PUBLIC_URL") or f"http://{HOST}:{ports.api}"
    try:
        return Settings(
            home=home,
            temporal_address=f"{HOST}:{ports.temporal}",
            public_url=address,
            temporal_ui=f"http://{HOST}:{ports.temporal_ui}",
        )
    except ValidationError as error:
        names = ", ".join(f"MENTORING_{str(place['loc'][0]).upper()}" for place in error.errors())
        raise Refused(
            f"Неверное значение настройки {names}: исправьте переменную окружения и запустите снова."
        ) from error


def check(settings: Settings, ports: Ports) -> Path:
    """Everything that can be known before anything is written; returns the Temporal binary."""
    temporal = preflight.find_temporal()
    told = read_run_file(settings.run_file)
    if isinstance(pids := told.get("pids"), Mapping):
        preflight.end_stale_parts(pids, settings.run_file.stat().st_mtime)
    preflight.check_ports(ports)
    if (database := preflight.sqlite_file(settings.database)) is not None:
        preflight.check_database(database, RESTORE)
    preflight.check_database(settings.home / "temporal.db", FORGET)
    return temporal


def prepare(settings: Settings, demo: bool) -> Prepared:
    """Migrate the database; load the region's units, the demo, the operator's token. Each may be done again."""
    from sqlalchemy import make_url
    from sqlalchemy.exc import InterfaceError, OperationalError

    from activities.definition_files import BadDefinition
    from activities.demo import load_demo, load_region, operator_token
    from activities.migrations import BrokenDatabase, migrate

    try:
        migrate(settings.database)
        load_region(settings)
        sign_ins = load_demo(settings) if demo else []
        return Prepared(operator_token(settings), sign_ins)
    except (BrokenDatabase, BadDefinition) as error:
        raise Refused(str(error)) from error
    except (OperationalError, InterfaceError) as error:
        place = make_url(settings.database).render_as_string(hide_password=True)
        raise Refused(
            f"База данных {place} не отвечает: проверьте, что она запущена и доступна, и повторите."
        ) from error


def machine(settings: Settings, ports: Ports, temporal: Path) -> list[Part]:
    """The three parts in the order of their start; they stop in reverse."""
    env = environment(settings)
    server = [*gently(), str(temporal), "server", "start-dev", "--ip", HOST, "--port", str(ports.temporal)]
    server += ["--ui-port", str(ports.temporal_ui), "--db-filename", str(settings.home / "temporal.db")]
    server += ["--sqlite-pragma", "journal_mode=wal", "--sqlite-pragma", "synchronous=2"]  # 2: outlives a power loss
    server += ["--dynamic-config-value", "system.numConsecutiveWorkflowTaskProblemsToTriggerSearchAttribute=2"]
    server += ["--namespace", settings.temporal_namespace, "--ui-disable-news-fetch"]
    server += ["--log-level", "warn", "--log-format", "json"]
    python = [sys.executable, "-P", "-m"]  # -P: a stray worker.py where the user stands is not ours
    api = [*python, "api.serve", "--host", HOST, "--port", str(ports.api)]
    return [
        Part("temporal", server, env, lambda: temporal_serves(temporal, ports, settings, env), "Temporal"),
        Part("worker", [*python, "worker"], env, title="обработчик программ", grace=10),
        Part("api", api, env, lambda: api_serves(ports.api), "сайт и API"),
        Part("api_second", api, env, lambda: api_serves(ports.api), "второй процесс сайта и API"),
    ]


def gently() -> list[str]:
    """What a person waits for goes first. The worker takes turns with the API at writing and has to keep its pace."""
    nice = shutil.which("nice")
    return [nice, "-n", "5"] if nice else []


def environment(settings: Settings) -> dict[str, str]:
    """The user's environment for the parts; TEMPORAL_* of a client elsewhere would lead them to another server."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("TEMPORAL_")}
    paths = [str(CODE), *filter(None, [env.get("PYTHONPATH")])]
    return env | {
        "MENTORING_HOME": str(settings.home),
        "PROMETHEUS_MULTIPROC_DIR": str(settings.metrics_folder),
        "MENTORING_TEMPORAL_ADDRESS": settings.temporal_address,
        "MENTORING_PUBLIC_URL": settings.public_url,
        "MENTORING_TEMPORAL_UI": settings.temporal_ui or "",
        "PYTHONPATH": os.pathsep.join(paths),
        "PYTHONUNBUFFERED": "1",
    }


def temporal_serves(binary: Path, ports: Ports, settings: Settings, env: Mapping[str, str]) -> bool:
    """Temporal takes calls, its namespace is there, and closed runs are kept for longer than its default."""
    with socket.socket() as caller:
        caller.settimeout(0.5)
        if caller.connect_ex((HOST, ports.temporal)) != 0:
            return False
    command = [str(binary), "operator", "namespace", "update", "--address", settings.temporal_address]
    command += ["--namespace", settings.temporal_namespace, "--retention", KEEP_CLOSED]
    command += ["--command-timeout", "5s", "--disable-config-file"]
    return subprocess.run(command, env=dict(env), stdin=subprocess.DEVNULL, capture_output=True).returncode == 0


def api_serves(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def launch(settings: Settings, ports: Ports, parts: Sequence[Part], prepared: Prepared) -> int:
    """Start the parts, tell the world, keep them running until asked to stop."""
    card = run_card(settings, ports, prepared.token)

    def tell(pids: Mapping[str, int | None]) -> None:
        write_run_file(settings.run_file, card | {"pids": dict(pids)})

    shutil.rmtree(settings.metrics_folder, ignore_errors=True)
    settings.metrics_folder.mkdir()
    supervisor = Supervisor(parts, settings.home / "logs", say, tell)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup means it
            signal.signal(number, lambda *_: supervisor.ask_to_stop())
    settings.run_file.unlink(missing_ok=True)  # whoever waits for it finds everything at work
    try:
        if supervisor.start():
            say(welcome(card, settings.home, prepared.sign_ins))
            supervisor.watch()
        say("Останавливаю…")
    finally:
        supervisor.stop()
    say("Остановлено. Чтобы продолжить с того же места, запустите mentoring run снова.")
    return 0


def run_card(settings: Settings, ports: Ports, token: str) -> dict[str, object]:
    address = f"http://{HOST}:{ports.api}"
    server = f"smtp://{settings.smtp_host}:{settings.smtp_port}" if settings.smtp_host else str(settings.mail_folder)
    return {
        "api": address,
        "console": f"{address}/",
        "token": token,
        "temporal": settings.temporal_address,
        "temporal_ui": f"http://{HOST}:{ports.temporal_ui}",
        "mail": server,
    }


def read_run_file(file: Path) -> dict[str, object]:
    """What the last run told, or nothing when there is no readable word of it."""
    with suppress(OSError, ValueError):
        told = json.loads(file.read_text(encoding="utf-8"))
        if isinstance(told, dict):
            return told
    return {}


def write_run_file(file: Path, content: Mapping[str, object]) -> None:
    """Whole or not at all, and for its owner alone: it holds a token."""
    draft = file.with_name(f"{file.name}.tmp")
    draft.unlink(missing_ok=True)
    with open(draft, "w", encoding="utf-8", opener=lambda path, flags: os.open(path, flags, 0o600)) as output:
        output.write(f"{json.dumps(content, ensure_ascii=False, indent=2)}\n")
        output.flush()
        os.fsync(output.fileno())
    draft.replace(file)


def welcome(card: Mapping[str, object], home: Path, sign_ins: Sequence["SignIn"]) -> str:
    lines = [
        "Система наставничества работает.",
        f"  Адрес:      {card['console']}",
        f"  Ключ API:   {card['token']}",
        f"  Письма:     {card['mail']}",
        f"  Temporal:   {card['temporal_ui']}",
        f"  Данные:     {home}",
    ]
    if sign_ins:
        lines.append("Входы для знакомства с демонстрационным регионом (имя, роль, организация, ключ):")
    lines += [f"  {person.name}, {person.role}, {person.unit}: {person.token}" for person in sign_ins]
    return "\n".join([*lines, "Остановить: Ctrl-C."])


def say(text: str) -> None:
    """Print for the person at the terminal; a closed pipe is no reason to stop the machine."""
    with suppress(OSError, ValueError):
        typer.echo(text)
