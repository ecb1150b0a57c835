"""The list of what stands still, for people: what harms most first, each with its turn and what helps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from activities.diagnosis.incidents import Incident
from activities.diagnosis.summary import TURNS
from activities.diagnosis.turn import turn_of
from activities.diagnosis.words import lasting
from activities.tokens import Identity
from api.incidents import Chosen, Filters, incident_view
from api.page_journal import moment
from domain.access import sees_unit
from domain.diagnosis.cures import CURES
from domain.diagnosis.finding import Finding
from domain.units import UnitKind, UnitTree

ROOM = 50
"""Incidents on one page."""

MINUTE = timedelta(minutes=1)

SEVERAL = ("remind", "extension", "deadline", "skip", "resend", "closure", "retry", "restart")
"""Cures that make sense for several at once."""

STREAMS = ("programme", "submission", "campaign")
"""What has a page under `/operations`."""

LAYERS = {
    "database": "база данных",
    "temporal": "Temporal",
    "worker": "обработчик",
    "code": "код",
    "mail": "почта",
    "data": "данные",
    "person": "люди",
    "paused": "приостановлено",
    "none": "всё в порядке",
}
HARMS = {
    3: "Стоит всё",
    2: "Стоят отдельные процессы",
    1: "Чего-то не хватает",
    0: "Люди опаздывают",
}
CAUSES = {
    "database_down": "база данных не отвечает",
    "disk_full": "диск полон",
    "temporal_down": "Temporal не отвечает",
    "worker_missing": "нет обработчика",
    "worker_version": "не та версия обработчика",
    "database_refuses": "обработчику недоступна база",
    "nondeterminism": "код разошёлся с историей",
    "workflow_fails": "ошибка в коде процесса",
    "act_fails": "ошибка в коде поручения",
    "exhausted": "попытки исчерпаны",
    "workflow_missing": "процесс не запущен",
    "workflow_lagging": "процесс отстаёт",
    "clock_skew": "часы расходятся",
    "mail_down": "почтовый сервер не принимает",
    "mail_postponed": "письмо откладывается",
    "failed": "письмо не принято",
    "bounced": "письмо вернулось",
    "gate": "не хватает сведений",
    "vacant": "письма роли некому получать",
    "unfilled": "роль свободна",
    "disk_low": "мало места на диске",
    "overdue": "просрочено мероприятие",
    "form_overdue": "просрочена форма",
    "forms_overdue": "просрочены формы",
}
"""What a cause is called where there is room for a few words."""

_PLACES: tuple[UnitKind, ...] = ("municipality", "department")


@dataclass(frozen=True)
class Line:
    """One incident, in words; `href` leads to its stream, `cures` to where each of them is shown."""

    id: str
    sentence: str
    since: str
    layer: str
    turn: str
    place: str
    href: str | None
    instructions: list[str]
    cures: list[tuple[str, str]]


def list_page(chosen: Chosen, caller: Identity, filters: Filters, cursor: str, now: datetime) -> dict[str, Any]:
    """Everything that `operations.html` shows."""
    asked = {name: value for name, value in filters._asdict().items() if value}
    tree = chosen.tree
    told = [(one, incident_view(one, caller, tree)) for one in chosen.shown]
    return {
        "groups": [
            (HARMS[harm], [_line(one, view, tree, now) for one, view in group])
            for harm, group in groupby(told, lambda pair: pair[0].finding.cause.harm or 0)
        ],
        "actions": _actions(cure["action"] for _, view in told for cure in view["cures"]),
        "counts": list(_counts(chosen, filters)),
        "next": _address(asked | {"cursor": chosen.next}) if chosen.next else None,
        "first": _address(asked) if cursor else None,
        "filters": filters,
        "filtered": bool(asked),
        "layers": [(key, LAYERS[key]) for key in LAYERS if key not in ("paused", "none")],
        "causes": list(CAUSES.items()),
        "places": [(unit.id, unit.name) for kind in _PLACES for unit in _seen(tree, caller, kind)],
        "blind": not tree.units,
        "now": moment(now, _zone(tree, None)),
    }


def _actions(keys: Iterable[str]) -> list[tuple[str, str]]:
    """What can be done to several at once, with what it is called, in the order of the cures."""
    found = set(keys)
    return [(key, cure.label) for key, cure in CURES.items() if key in found and key in SEVERAL]


class Count(NamedTuple):
    """How many there are of a cause; `chosen`: whether the list shows just them."""

    words: str
    number: int
    href: str
    chosen: bool


def _counts(chosen: Chosen, filters: Filters) -> Iterator[Count]:
    place = {"unit": filters.unit} if filters.unit else {}
    for one in chosen.counts:
        href = _address(place | {"cause": one["cause"]})
        yield Count(CAUSES[one["cause"]], one["count"], href, one["cause"] == filters.cause)


def _address(query: dict[str, Any]) -> str:
    return f"/operations?{urlencode(query)}" if query else "/operations"


def _seen(tree: UnitTree, caller: Identity, kind: UnitKind) -> list[Any]:
    mine = (unit for unit in tree.of_kind(kind) if sees_unit(tree, caller.unit, caller.role, unit.id))
    return sorted(mine, key=lambda unit: unit.name)


def _line(one: Incident, view: Mapping[str, Any], tree: UnitTree, now: datetime) -> Line:
    unit = tree.units.get(one.unit or "")
    return Line(
        id=one.id,
        sentence=view["sentence"],
        since=since_words(one.since, now, _zone(tree, one.unit)),
        layer=LAYERS[view["layer"]],
        turn=turn_words(one.finding),
        place=unit.name if unit else "",
        href=f"/operations/{quote(one.stream)}" if one.stream and one.kind in STREAMS else None,
        instructions=[cure["label"] for cure in view["cures"] if cure["kind"] == "instruction"],
        cures=links_of(view["cures"], one.id, one.stream),
    )


def links_of(cures: Iterable[Mapping[str, str]], name: str, stream: str | None) -> list[tuple[str, str]]:
    """Where each cure of an incident is shown before it is done; a form is reviewed on its own page."""
    found = []
    for one in cures:
        if one["action"] == "review" and stream:
            found.append((one["label"], f"/submissions/{quote(stream.partition('/')[2])}"))
        elif one["kind"] == "command":
            found.append((one["label"], f"/operations/cures?{urlencode({'action': one['action'], 'target': name})}"))
    return found


def _zone(tree: UnitTree, unit: str | None) -> str:
    region = next((place.id for place in tree.of_kind("region")), "")
    return tree.zone(unit or region)


def since_words(since: datetime, now: datetime, zone: str) -> str:
    """`3 дня, с 20 ноября 2026 г., 09:00`"""
    past = now - since
    return f"{lasting(past) if past >= MINUTE else 'меньше минуты'}, с {moment(since, zone)}"


def turn_words(finding: Finding) -> str:
    """Whose turn it is, as a role: operators read no names."""
    role = turn_of(finding) or ""
    return TURNS.get(role, role)
