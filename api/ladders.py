"""Ladders of reminders and escalations: as they are now, and changed by the region."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from activities.access import may
from activities.ladders import Faults, find_ladder, put_ladder, refused_as_another, revision
from api import region_documents as r
from api import shapes
from api.acting import InAttempt
from api.answers import answer, etag, page
from api.context import Caller, InContext
from api.documents import Page, told
from api.once import once
from api.problems import Faulty, Problem, Refused
from domain.ladder import Ladder, Rung
from domain.refusal import Refusal

router = APIRouter(prefix="/ladders", tags=["Лестницы напоминаний"])


@router.get("", summary="Лестницы напоминаний", responses=told(Page[r.Ladder]))
def ladders(context: InContext, _caller: Caller) -> Response:
    """The newest version of every ladder, by kind of obligation and of organisation."""
    return page([_view(one) for one in context.core.library.ladders()])


@router.get("/{ladder}", summary="Одна лестница", responses=told(r.Ladder))
def ladder(ladder: str, context: InContext, _caller: Caller) -> Response:
    """Its rungs in order of time: who hears when."""
    found = find_ladder(context.core.library, ladder)
    if found is None:
        raise Refused(Refusal(code="ladder_unknown", facts={"ladder": ladder}))
    return answer(_view(found), headers=etag(revision(found)))


@router.put("/{ladder}", summary="Изменить лестницу", responses=told(r.Ladder))
def change_ladder(
    ladder: str, body: shapes.LadderIn, context: InContext, caller: Caller, attempt: InAttempt
) -> Response:
    """A new version with these rungs: programmes that start from now on run by it, running ones keep theirs."""
    rungs = [Rung(**one.model_dump()) for one in body.rungs]

    def change(connection: Connection) -> tuple[int, dict[str, Any], str | None]:
        tree = context.tree(connection)
        if not may(caller, "manage_ladders", caller.unit, tree):
            raise Refused(Refusal(code="forbidden"))
        _same_ladder(find_ladder(context.core.library, ladder), body)
        now = context.core.clock()
        made = put_ladder(connection, context.core.library, tree, ladder, rungs, caller.actor, now, attempt.expected)
        if isinstance(made, Refusal):
            raise Refused(made)
        if isinstance(made, Faults):
            raise Faulty(_faulty(made))
        return 200, _view(made), str(revision(made))

    return once(context, caller, attempt, change)


def _same_ladder(known: Ladder | None, body: shapes.LadderIn) -> None:
    given = {"key": body.key, "obligation": body.obligation, "organisations": body.organisations}
    if known is not None and (refusal := refused_as_another(known, given)):
        raise Refused(refusal)


def _faulty(faults: Faults) -> Problem:
    errors = tuple({"pointer": f"/rungs/{one.rung}/{one.field}", "detail": one.reason} for one in faults.found)
    detail = "; ".join(dict.fromkeys(one.reason for one in faults.found))
    return Problem(422, "ladder_unsound", "Лестница составлена с ошибками", f"{detail}.", errors)


def _view(ladder: Ladder) -> dict[str, Any]:
    return ladder.model_dump(mode="json")
