"""A cure on a page: the boxes that it asks to fill in, what was written into them, and what it would do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection
from starlette.datastructures import FormData

from activities.cures.access import refused, where_is
from activities.cures.fields import Asked, asked_by
from activities.cures.planned import Bench, Target
from activities.cures.registry import CURES
from activities.cures.steps import figures_of
from activities.cures.targets import target_of
from activities.evidence_words import FIGURES
from activities.jobs import STOPPED
from activities.letter_words import NOTICES, ROLE_TITLES
from activities.people import people_of
from activities.russian import counted, full_date, sentence
from activities.tokens import Identity
from api.acting import hides_people
from api.context import Context
from api.curing import AT_ONCE, bench_of
from api.problems import Refused
from domain.evidence import TEXT_FIELDS
from domain.mentoring_forms import FORM_TITLES
from domain.plan import local_day
from domain.refusal import Refusal
from domain.units import Unit

CHOICES = {
    "shift": "сдвинуть на время перерыва",
    "keep": "оставить прежними",
    "first": "к началу",
    "last": "к последней выполненной задаче",
    "roadmap": "дорожную карту",
    "ladder": "порядок напоминаний",
    "calendar": "производственный календарь",
    **ROLE_TITLES,
}
"""What the values of choices are called."""

LONG = ("reason", "note")
HOW = {
    "letter": "письмом",
    "digest": "в ежедневной сводке",
    "later": "письмом после тихих часов",
    "declined": "не получит: отказ от таких писем",
}


@dataclass(frozen=True)
class Box:
    """One thing to fill in. `name`: its place in the arguments, with dots; `kind`: day, text, lines, number, flag,
    choice, choices or person; `value`: what stands in it.
    """

    name: str
    title: str
    kind: str
    required: bool = False
    note: str = ""
    options: tuple[tuple[str, str], ...] = ()
    value: Any = ""
    error: str = ""

    @property
    def id(self) -> str:
        """Its id on the page."""
        return self.name.replace(".", "-")

    def read(self, form: FormData) -> Any:
        """What was written into it, `None` when nothing was; a number that is none stays as it was written."""
        if self.kind == "flag":
            return True if self.name in form else None
        if self.kind == "choices":
            return [one for one in form.getlist(self.name) if isinstance(one, str)]
        written = form.get(self.name)
        text = written.strip() if isinstance(written, str) else ""
        if self.kind == "number" and text.isdecimal() and text.isascii() and len(text) < 10:
            return int(text)
        return text or None


def boxes_of(
    context: Context, connection: Connection, caller: Identity, action: str, names: list[str], step: str = ""
) -> list[Box]:
    """The boxes of a cure for the first of those to whom it may be done; `step`: whose figures are asked for.

    Raises Refused when it may be done to none.
    """
    bench = bench_of(context, connection)
    target = _first(bench, caller, action, names)
    where = where_is(connection, caller, bench.tree, target)
    assert where is not None, "whom a cure may be done to is seen"
    found: list[Box] = []
    for one in asked_by(CURES[action][target.kind].arguments):
        if one.name == "step" and target.kind != "programme":
            continue
        match one.kind:
            case "order":
                found += [Box("order.number", "Номер приказа", "text"), Box("order.date", "Дата приказа", "day")]
            case "figures":
                number = int(step) if step.isdecimal() and len(step) < 4 else None
                found += [box for name in figures_of(bench, target, number) for box in _figures(name)]
            case "person":
                lineage = bench.tree.lineage(where.unit) if where.unit in bench.tree.units else ()
                today = local_day(bench.now, bench.tree.zone(where.unit))
                people = tuple(_people(connection, lineage, today, hides_people(caller)))
                note = "Начните вводить имя или идентификатор и выберите из списка"
                found.append(replace(_box(one), options=people, note=one.description or note))
            case _:
                found.append(_box(one))
    return sorted(found, key=lambda box: (not box.required, box.kind == "lines"))


def _first(bench: Bench, caller: Identity, action: str, names: list[str]) -> Target:
    found: Refusal | None = None
    for name in names:
        target = target_of(bench.connection, bench.core.kinds, name) or Target(name)
        refusal = refused(bench.connection, caller, bench.tree, target, action)
        if refusal is None:
            return target
        found = found or refusal
    raise Refused(found or Refusal(code="nothing_to_cure"))


def _box(one: Asked) -> Box:
    kind = "lines" if one.name in LONG else one.kind
    options = tuple((choice, CHOICES.get(choice, choice)) for choice in one.choices)
    value = list(one.default) if isinstance(one.default, tuple) else one.default or ""
    return Box(one.name, one.title, kind, one.required, one.description or "", options, value)


def _figures(name: str) -> Iterator[Box]:
    if name == "by_form":
        for form, title in FORM_TITLES.items():
            yield Box(f"evidence.by_form.{form}", f"Пары и группы по форме «{title}»", "number")
        return
    kind = "text" if name in TEXT_FIELDS else "day" if name == "date" else "number"
    yield Box(f"evidence.{name}", sentence(FIGURES[name]), kind)


def _people(connection: Connection, lineage: Iterable[Unit], day: date, hidden: bool) -> Iterator[tuple[str, str]]:
    """Who holds a role here or above on that day, by id."""
    found: dict[str, str] = {}
    for unit in lineage:
        for one in people_of(connection, unit.id, day):
            role = CHOICES[one.role.role]
            found.setdefault(one.person.id, role if hidden else f"{one.person.name}, {role}")
    yield from found.items()


def written(boxes: Iterable[Box], form: FormData) -> tuple[list[Box], dict[str, Any]]:
    """The boxes as they were filled in, and the arguments that stand in them."""
    filled: list[Box] = []
    given: dict[str, Any] = {}
    for box in boxes:
        value = box.read(form)
        filled.append(replace(box, value="" if value is None else value))
        if value is not None:
            *path, last = box.name.split(".")
            place = given
            for part in path:
                place = place.setdefault(part, {})
            place[last] = value
    return filled, given


def refilled(boxes: Iterable[Box], given: Mapping[str, Any]) -> list[Box]:
    """The boxes with what was given before."""
    return [replace(box, value="" if (found := _at(given, box.name)) is None else found) for box in boxes]


def _at(given: Any, name: str) -> Any:
    for part in name.split("."):
        given = given.get(part) if isinstance(given, Mapping) else None
    return given


def told_of(boxes: Iterable[Box]) -> list[tuple[str, str]]:
    """What stands in the boxes that were filled in, to be read once more before it is confirmed."""
    return [(box.title, _words_of(box)) for box in boxes if box.value not in ("", None, [], False)]


def _words_of(box: Box) -> str:
    known = dict(box.options)
    if box.kind == "flag":
        return "да"
    if box.kind == "choices":
        return ", ".join(known.get(one, one) for one in box.value)
    if box.kind == "day":
        return full_date(box.value if isinstance(box.value, date) else date.fromisoformat(box.value))
    return known.get(str(box.value), str(box.value))


def marked(boxes: Iterable[Box], errors: Iterable[Mapping[str, Any]]) -> tuple[list[Box], list[str]]:
    """The boxes with what is wrong with them; and what is wrong with none of them."""
    found = {one["pointer"].strip("/").replace("/", "."): one["detail"] for one in errors}
    shown = [replace(box, error=found.pop(box.name, "")) for box in boxes]
    return shown, list(found.values())


class Line(NamedTuple):
    """What happens to one: `changes` and `letters` in sentences, or why nothing does; `state`: what became of it."""

    title: str
    href: str
    changes: list[str]
    letters: list[str]
    detail: str
    state: str


def lines_of(view: Mapping[str, Any], places: Mapping[str, str], hidden: bool) -> list[Line]:
    """The items of a plan or of a job; `places`: what they are called."""
    return [_line(one, places, hidden) for one in view["items"]]


def _line(one: Mapping[str, Any], places: Mapping[str, str], hidden: bool) -> Line:
    name = one.get("target") or one["item"]
    stream = one.get("stream") or stream_of(name)
    return Line(
        title=places.get(name) or places.get(stream or "") or _OTHERS.get(name.partition(":")[0], name),
        href=f"/operations/{stream}" if stream in places else "",
        changes=[] if one["detail"] else one["changes"],
        letters=[] if one["detail"] else [_letter(letter, hidden) for letter in one.get("letters", ())],
        detail=one["detail"] or "",
        state=_state(one),
    )


def _state(one: Mapping[str, Any]) -> str:
    if one["outcome"] == STOPPED:
        return "stopped"
    if one["detail"]:
        return "refused"
    return "done" if one["outcome"] else ""


_OTHERS = {
    "delivery": "Письма, которые не дошли",
    "letter": "Письмо, которое не дошло",
    "vacancy": "Роль, которую никто не исполняет",
    "machine": "Общее для всех",
}


def stream_of(name: str) -> str | None:
    """The stream in the name of an incident, or the name itself when it is one."""
    head, _, rest = name.partition(":")
    found = rest or head
    return found if "/" in found and head not in ("letter", "delivery", "machine") else None


def _letter(letter: Mapping[str, Any], hidden: bool) -> str:
    """`Срок прошёл …. Кому: Имя (письмом), Имя (в ежедневной сводке)`"""
    to = letter["to"]
    what = letter["subject"] or NOTICES.get(letter["kind"], "письмо")
    if not to:
        return f"{what}. Адресата пока нет"
    if hidden:
        return f"{what}. Кому: {counted(len(to), 'адресат', 'адресата', 'адресатов')}"
    readers = ", ".join(f"{one['name'] or one['id']} ({HOW[one['how']]})" for one in to)
    return f"{what}. Кому: {readers}"


def plan_page(view: Mapping[str, Any], lines: list[Line]) -> dict[str, Any]:
    """What `cure_plan.html` shows of a plan, or of what became of it."""
    ready = view["total"] - view["refused"]
    return {
        "label": view["label"],
        "plan": view["plan"],
        "lines": lines,
        "ready": ready,
        "count": counted(ready, "дело", "дела", "дел"),
        "refused": view["refused"],
        "as_job": ready > AT_ONCE,
    }
