"""Pages on which a cure is chosen, filled in, looked at and carried out; and how its job gets on.

Nothing changes before the last of them, and that only asks for what was shown.
"""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple
from urllib.parse import quote
from uuid import uuid4

import orjson
from anyio import to_thread
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import ValidationError
from sqlalchemy import Connection
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from activities.cures.access import where_is
from activities.cures.planned import Target
from activities.cures.planning import Plan
from activities.cures.targets import target_of
from activities.diagnosis.incidents import Reader, seen_places
from activities.letter_words import ADDRESSEES, ROLE_TITLES
from activities.people import find_person
from activities.russian import counted
from activities.tokens import Identity
from api.acting import Attempt, fingerprinted, hides_people
from api.context import Context, InContext
from api.cure_shapes import MOST, ArgumentsIn, SelectIn
from api.cures import selected
from api.curing import applicable, carried_out_once, label_of, plan_view, planned
from api.jobs import job_view, jobs_page, stopped
from api.once import answered_before
from api.page_answers import SENT_FROM_HERE, FromHere, PageRoute, Visitor, page
from api.page_cures import Box, boxes_of, lines_of, marked, plan_page, refilled, stream_of, told_of, written
from api.page_jobs import job_words
from api.problems import Faulty, Refused, invalid
from api.wording import detail_of
from domain.diagnosis.cures import CURES
from domain.refusal import Refusal
from domain.units import UnitTree

router = APIRouter(
    prefix="/operations", route_class=PageRoute, include_in_schema=False, default_response_class=HTMLResponse
)

ROOM = 50
"""Jobs on one page."""


class Selection(NamedTuple):
    """What a cure is for: `targets` by name, or `everything` that stands still under the filters."""

    action: str
    targets: tuple[str, ...]
    everything: bool
    layer: str
    cause: str
    unit: str

    @property
    def fields(self) -> list[tuple[str, str]]:
        """It as fields of a form."""
        chosen = [("all", "1"), ("layer", self.layer), ("cause", self.cause), ("unit", self.unit)]
        named = [("target", one) for one in self.targets]
        return [("action", self.action), *(one for one in (chosen if self.everything else named) if one[1])]

    async def names(self, context: Context, caller: Identity) -> list[str]:
        """Whom that is. Raises Refused when it is nobody, or too many; Faulty for filters that there are not."""
        filters = {"layer": self.layer or None, "cause": self.cause or None, "unit": self.unit or None}
        return await selected(context, caller, _select(filters if self.everything else {"incidents": self.targets}))


def _select(meant: dict[str, Any]) -> SelectIn:
    try:
        return SelectIn.model_validate(meant)
    except ValidationError as wrong:
        raise Faulty(invalid(wrong.errors())) from wrong


class Posted(NamedTuple):
    """A form that was sent from one of these pages."""

    form: FormData
    selection: Selection
    attempt: Attempt


async def _posted(request: Request, _: FromHere) -> Posted:
    body = await request.body()
    found = FormData()
    try:
        async with request.form(max_fields=MOST + 100, max_files=0) as form:
            found = form
    except HTTPException as error:
        if error.status_code != 400:
            raise
    if "action" not in found:
        raise Refused(Refusal(code="form_unreadable"))
    key = _text(found, "key")[:64]
    return Posted(found, _selection(found), fingerprinted(Attempt(key or None, "", None), request, body))


def _selection(given: Any) -> Selection:
    targets = _select({"incidents": [one for one in given.getlist("target") if isinstance(one, str)]}).incidents
    words = {name: _text(given, name) for name in ("layer", "cause", "unit")}
    return Selection(_text(given, "action"), tuple(dict.fromkeys(targets)), bool(given.get("all")), **words)


def _text(given: Any, name: str) -> str:
    found = given.get(name, "")
    return found.strip() if isinstance(found, str) and found.isprintable() else ""


Sent = Annotated[Posted, Depends(_posted)]


@router.get("/cures")
async def choose(request: Request, context: InContext, visitor: Visitor) -> HTMLResponse:
    """What can be done about something that stands still; of a chosen cure what it asks for, or at once its plan."""
    selection = _selection(request.query_params)
    if not selection.action:
        return await to_thread.run_sync(_offered, context, visitor, selection)
    names = await selection.names(context, visitor)
    return await to_thread.run_sync(_asked, context, visitor, selection, names)


@router.post("/cures/preview")
async def preview(sent: Sent, context: InContext, visitor: Visitor) -> HTMLResponse:
    """What the cure would do, to be confirmed; or its form again with what is wrong in it."""
    names = await sent.selection.names(context, visitor)
    return await to_thread.run_sync(_previewed, context, visitor, sent, names)


@router.post("/cures/form")
async def change(sent: Sent, context: InContext, visitor: Visitor) -> HTMLResponse:
    """The form of a plan that was shown, with what had been filled in."""
    return await to_thread.run_sync(_changed, context, visitor, sent)


@router.post("/cures")
async def confirm(sent: Sent, context: InContext, visitor: Visitor) -> Response:
    """Do what was shown; if it would do something else by now, show that instead."""
    return await to_thread.run_sync(_confirmed, context, visitor, sent)


@router.get("/jobs")
def jobs(context: InContext, visitor: Visitor, cursor: Annotated[str, Query(max_length=2000)] = "") -> HTMLResponse:
    """Jobs that one sees, the newest first."""
    with context.core.database.reading() as connection:
        found, following = jobs_page(connection, visitor, cursor or None, ROOM)
        lines = [job_words(context, connection, visitor, one) for one in found]
    after = f"/operations/jobs?cursor={quote(following)}" if following else ""
    return page("jobs.html", lines=lines, following=after)


@router.get("/jobs/{job}")
def one_job(job: str, context: InContext, visitor: Visitor) -> HTMLResponse:
    """How one gets on, and what became of each of its items."""
    return _job(context, visitor, job)


@router.post("/jobs/{job}/stop")
def stop(job: str, context: InContext, visitor: Visitor, _: FromHere) -> Response:
    """Begin nothing more of it."""
    stopped(context, visitor, Attempt(None, "", None), job)
    return RedirectResponse(f"/operations/jobs/{quote(job)}", 303)


def _offered(context: Context, visitor: Identity, selection: Selection) -> HTMLResponse:
    if len(selection.targets) != 1:
        raise Refused(Refusal(code="nothing_to_cure"))
    (name,) = selection.targets
    found = applicable(context, visitor, name)
    with context.core.database.reading() as connection:
        places = _places(context, connection, visitor, [name])
    links = [(one["label"], f"/operations/cures?action={one['action']}&target={quote(name, '')}") for one in found]
    heading, back = _about(places, name)
    return page("cures.html", heading=heading, back=back, links=links)


def _asked(context: Context, visitor: Identity, selection: Selection, names: list[str]) -> HTMLResponse:
    boxes = _boxes(context, visitor, selection.action, names)
    if not boxes:
        plan = planned(context, visitor, selection.action, names, {})
        return _plan(context, visitor, plan, names, ArgumentsIn(), boxes)
    return _form(context, visitor, selection, names, boxes)


def _previewed(context: Context, visitor: Identity, sent: Posted, names: list[str]) -> HTMLResponse:
    boxes = _boxes(context, visitor, sent.selection.action, names, _text(sent.form, "step"))
    filled, raw = written(boxes, sent.form)
    if any(box.name.startswith("evidence.") and box.name not in sent.form for box in boxes):
        return _form(context, visitor, sent.selection, names, filled)  # another step asks for other figures
    try:
        given = _arguments(orjson.dumps(raw))
        plan = planned(context, visitor, sent.selection.action, names, given.given)
    except Faulty as wrong:
        return _form(context, visitor, sent.selection, names, *marked(filled, wrong.problem.errors), 422)
    if problem := _about_a_field(plan):
        return _form(context, visitor, sent.selection, names, *marked(filled, [problem]), 422)
    return _plan(context, visitor, plan, names, given, filled)


def _about_a_field(plan: Plan) -> dict[str, Any] | None:
    """The only refusal of a plan, where it is about what was filled in."""
    if len(plan.items) != 1 or not isinstance(refusal := plan.items[0].found, Refusal) or not refusal.pointer:
        return None
    return {"pointer": refusal.pointer, "detail": detail_of(refusal)}


def _changed(context: Context, visitor: Identity, sent: Posted) -> HTMLResponse:
    names, given = list(sent.selection.targets), _arguments(_text(sent.form, "arguments").encode())
    return _form(context, visitor, sent.selection, names, _again(context, visitor, sent.selection.action, names, given))


def _again(context: Context, visitor: Identity, action: str, names: list[str], given: ArgumentsIn) -> list[Box]:
    boxes = _boxes(context, visitor, action, names, str(given.step or ""))
    return refilled(boxes, given.model_dump(mode="json", exclude_unset=True))


def _confirmed(context: Context, visitor: Identity, sent: Posted) -> Response:
    action, names = sent.selection.action, list(sent.selection.targets)
    given = _arguments(_text(sent.form, "arguments").encode())
    done = answered_before(context, visitor, sent.attempt)
    if done is None:
        plan = planned(context, visitor, action, names, given.given)
        if plan.hash == _text(sent.form, "plan"):
            done = carried_out_once(context, visitor, plan, given.given, sent.attempt)
        elif (done := answered_before(context, visitor, sent.attempt)) is None:  # a second click may overtake the first
            boxes = _again(context, visitor, action, names, given)
            return _plan(context, visitor, plan, names, given, boxes, stale=True)
    view = orjson.loads(done.body)
    if view["job"]:
        return RedirectResponse(f"/operations/jobs/{quote(view['job'])}", 303)
    return _shown(context, visitor, view, title=f"{view['label']}: что сделано")


def _boxes(context: Context, visitor: Identity, action: str, names: list[str], step: str = "") -> list[Box]:
    with context.core.database.reading() as connection:
        return boxes_of(context, connection, visitor, action, names, step)


def _arguments(given: bytes) -> ArgumentsIn:
    try:
        return ArgumentsIn.model_validate_json(given)
    except ValidationError as wrong:
        errors = [{**one, "loc": ("body", *one["loc"])} for one in wrong.errors(include_context=True)]
        raise Faulty(invalid(errors)) from wrong


def _form(
    context: Context,
    visitor: Identity,
    selection: Selection,
    names: list[str],
    boxes: list[Box],
    problems: list[str] | None = None,
    code: int = 200,
) -> HTMLResponse:
    with context.core.database.reading() as connection:
        places = _places(context, connection, visitor, names)
    heading, back = _about(places, names[0]) if len(names) == 1 else ("", "")
    return page(
        "cure_form.html",
        code,
        SENT_FROM_HERE,
        heading=heading,
        back=back,
        label=CURES[selection.action].label,
        many=counted(len(names), "дело", "дела", "дел") if len(names) > 1 else "",
        found=selection.everything,
        fields=selection.fields,
        boxes=boxes,
        problems=problems or [],
    )


def _plan(
    context: Context,
    visitor: Identity,
    plan: Plan,
    names: list[str],
    given: ArgumentsIn,
    boxes: list[Box],
    stale: bool = False,
) -> HTMLResponse:
    fields = [
        ("action", plan.action),
        *(("target", name) for name in names),
        ("arguments", given.model_dump_json(exclude_unset=True)),
        ("plan", plan.hash),
        ("key", uuid4().hex),
    ]
    title = f"{label_of(plan.action)}: что произойдёт"
    more = {"fields": fields, "stale": stale, "told": told_of(boxes), "asked": bool(boxes)}
    return _shown(context, visitor, plan_view(plan, visitor, dry_run=True), title, more)


_DONE: dict[str, Any] = {"fields": [], "stale": False, "told": [], "asked": False}


def _shown(
    context: Context, visitor: Identity, view: dict[str, Any], title: str, more: dict[str, Any] | None = None
) -> HTMLResponse:
    with context.core.database.reading() as connection:
        places = _places(context, connection, visitor, [one["stream"] or one["target"] for one in view["items"]])
    words = {**plan_page(view, lines_of(view, places, hides_people(visitor))), "title": title, **(more or _DONE)}
    return page("cure_plan.html", 409 if words["stale"] else 200, SENT_FROM_HERE, **words)


def _job(context: Context, visitor: Identity, job: str) -> HTMLResponse:
    with context.core.database.reading() as connection:
        view = job_view(context, connection, visitor, job)
        names = [one["item"] for one in view["items"]]
        units = {one: context.tree(connection).units.get(one) for one in names}  # of programmes that are to be begun
        places = _places(context, connection, visitor, names)
        places |= {one: unit.name for one, unit in units.items() if unit}
        words = job_words(context, connection, visitor, view)
    lines = lines_of(view, places, hides_people(visitor))
    return page("job.html", 200, SENT_FROM_HERE, job=words, lines=lines)


def _about(places: dict[str, str], name: str) -> tuple[str, str]:
    """What that is called, and its page."""
    stream = stream_of(name)
    return places.get(stream or name, ""), f"/operations/{stream}" if stream in places else ""


def _places(context: Context, connection: Connection, visitor: Identity, names: list[str]) -> dict[str, str]:
    """What streams, units, roles and lost letters are called, as far as the visitor sees them."""
    tree, hidden = context.tree(connection), hides_people(visitor)
    streams = {stream for name in names if (stream := stream_of(name))}
    seen = seen_places(connection, Reader(visitor, tree, hidden), streams)
    found = {stream: f"{tree.units[unit].name}: {_KINDS[stream.partition('/')[0]]}" for stream, unit in seen.items()}
    for name in names:
        target = target_of(connection, context.core.kinds, name) if name.startswith(("delivery:", "vacancy:")) else None
        if target and where_is(connection, visitor, tree, target):
            found[name] = _named(connection, tree, target, hidden)
    return {name: words for name, words in found.items() if words}


def _named(connection: Connection, tree: UnitTree, target: Target, hidden: bool) -> str:
    if target.unit:
        role = target.addressee or ""
        return f"{tree.units[target.unit].name}: {ROLE_TITLES.get(role, ADDRESSEES.get(role, 'роль'))}"
    kind, _, key = (target.recipient or "").partition(":")
    if kind == "unit" and key in tree.units:
        return f"Письма для {tree.units[key].name}"
    person = find_person(connection, key) if kind == "person" and not hidden else None
    return f"Письма для {person.name}" if person else ""


_KINDS = {"programme": "программа", "submission": "форма", "campaign": "сбор форм"}
