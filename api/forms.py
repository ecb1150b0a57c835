"""The forms that are owed, as data: what they ask, in which words, by which rules."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from api import form_documents as f
from api.answers import answer, page
from api.context import Caller, InContext
from api.documents import Page, told
from api.problems import Refused
from domain.form.definition import FormDefinition
from domain.refusal import Refusal

router = APIRouter(prefix="/forms", tags=["Формы"])


@router.get("", summary="Формы", responses=told(Page[f.FormLine]))
def forms(context: InContext, _caller: Caller) -> Response:
    """The newest version of every form: the built-in ones and the region's own."""
    return page([_line(form) for form in context.core.library.forms.all()])


@router.get("/{blank}", summary="Одна форма", responses=told(f.FormBlank))
def form(blank: str, context: InContext, _caller: Caller) -> Response:
    """Sections of fields with their wording, and the rules: the same that the server checks by."""
    try:
        found = context.core.library.forms.current(blank)
    except KeyError:
        raise Refused(Refusal(code="form_unknown", facts={"form": blank})) from None
    return answer({**found.model_dump(mode="json"), "labels": found.names})


def _line(form: FormDefinition) -> dict[str, Any]:
    return {"key": form.key, "version": form.version, "title": form.title, "fields": len(form.fields)}
