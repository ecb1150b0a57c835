"""Questionnaires: issued for a step, filled in behind a one-time public link."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.responses import Response

from activities.programmes import PREFIX
from activities.questionnaires import Forms, Questionnaire
from api import documents as d
from api import shapes
from api.acting import InAttempt, nudge, steerable
from api.answers import answer, etag
from api.context import Caller, Context, InContext
from api.documents import told
from api.problems import Refused
from api.wording import detail_of, status_of
from domain.refusal import Refusal

router = APIRouter(tags=["Анкеты"])
public = APIRouter(prefix="/q", include_in_schema=False)

_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined
)
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


@router.post(
    "/programmes/{programme}/steps/{step}/questionnaires",
    status_code=201,
    summary="Выдать ссылки на анкеты",
    responses=told(d.Questionnaires, 201),
)
def issue(
    programme: str,
    step: shapes.StepNumber,
    body: shapes.QuestionnairesIn,
    context: InContext,
    caller: Caller,
    attempt: InAttempt,
) -> Response:
    """One-time links, shown this once; a repeated request answers without them."""
    steerable(context, caller, programme)
    issued = _forms(context).issue(
        f"{PREFIX}{programme}",
        step,
        body.occurrence,
        body.count,
        by=caller.actor,
        key=attempt.key,
        fingerprint=attempt.fingerprint,
        expected=attempt.expected,
    )
    if isinstance(issued, Refusal):
        raise Refused(issued)
    nudge(context, issued.recorded)
    base = context.core.settings.public_url.rstrip("/")
    links = [f"{base}/q/{link}" for link in issued.links]
    replayed = {"Idempotent-Replayed": "true"} if issued.recorded.replayed else {}
    shown = {"step": step, "count": body.count, "links": links}
    return answer(shown, 201, {**etag(issued.recorded.version), **replayed})


@public.get("/{link}")
def show(link: str, context: InContext) -> HTMLResponse:
    """The blank behind a link."""
    found = _forms(context).find(link)
    if found is None:
        return _page("questionnaire_end.html", 404, message=detail_of(Refusal(code="link_unknown")))
    if found.answered:
        return _page("questionnaire_end.html", 409, message=detail_of(Refusal(code="link_used")))
    return _blank(found, {}, None)


@public.post("/{link}")
async def fill_in(link: str, request: Request, context: InContext) -> HTMLResponse:
    """Take the answers, once."""
    try:
        async with request.form(max_fields=50, max_files=0) as form:
            answers = {name: value for name, value in form.items() if isinstance(value, str)}
    except HTTPException as error:
        if error.status_code != 400:
            raise
        answers = {}  # a form that cannot be read says nothing
    return await to_thread.run_sync(_take, context, link, answers)


def _take(context: Context, link: str, answers: Mapping[str, str]) -> HTMLResponse:
    forms = _forms(context)
    result = forms.answer(link, answers)
    if not isinstance(result, Refusal):
        nudge(context, result)
        return _page("questionnaire_end.html", 200, message="Спасибо! Ваши ответы приняты.")
    found = forms.find(link)
    if result.code in ("link_unknown", "link_used") or found is None:
        return _page("questionnaire_end.html", status_of(result), message=detail_of(result))
    return _blank(found, answers, detail_of(result), 422)


def _blank(found: Questionnaire, answers: Mapping[str, str], problem: str | None, status: int = 200) -> HTMLResponse:
    return _page("questionnaire.html", status, questionnaire=found, answers=answers, problem=problem)


def _page(template: str, status: int, **words: Any) -> HTMLResponse:
    return HTMLResponse(_PAGES.get_template(template).render(words), status, _HEADERS)


def _forms(context: Context) -> Forms:
    return Forms(context.core.database, context.core.recorder, context.core.clock)
