"""Why a stream stands, as routes answer it: whoever sees a programme, a submission or a campaign may ask."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from anyio import to_thread
from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from activities import campaigns, programmes, submissions
from activities.access import may, place_of
from activities.diagnosis.reading import Known, read_known
from activities.tokens import Identity
from api import documents as d
from api.acting import hides_people
from api.answers import answer
from api.campaign_acting import seen_campaign
from api.context import Caller, Context, InContext
from api.documents import told
from api.submission_acting import seen_submission
from api.visibility import visible_row
from domain.access import Action
from domain.units import UnitTree
from workflows.explaining import Explained, explain, explanation

router = APIRouter()

Seen = Callable[[Context, Connection, Identity, str], Any]
"""Raises Refused unless the caller sees what has this id."""


@router.get(
    "/programmes/{programme}/explanation",
    summary="Почему программа стоит",
    tags=["Ход программы"],
    responses=told(d.Explanation),
)
async def of_programme(programme: str, context: InContext, caller: Caller) -> Response:
    """One sentence: what it waits for, whose turn it is, since when, what comes by itself, and what helps."""
    return await _explained(context, caller, visible_row, programmes.PREFIX, programme)


@router.get(
    "/submissions/{submission}/explanation",
    summary="Чего ждёт отчёт",
    tags=["Отчёты респондентов"],
    responses=told(d.Explanation),
)
async def of_submission(submission: str, context: InContext, caller: Caller) -> Response:
    """The same of a respondent's form."""
    return await _explained(context, caller, seen_submission, submissions.PREFIX, submission)


@router.get(
    "/campaigns/{campaign}/explanation",
    summary="Чего ждёт мониторинг",
    tags=["Мониторинг"],
    responses=told(d.Explanation),
)
async def of_campaign(campaign: str, context: InContext, caller: Caller) -> Response:
    """The same of a monitoring round."""
    return await _explained(context, caller, seen_campaign, campaigns.PREFIX, campaign)


async def _explained(context: Context, caller: Identity, seen: Seen, prefix: str, name: str) -> Response:
    found, permitted = await found_out(context, caller, seen, prefix, name)
    return answer(explanation(found, permitted))


async def found_out(
    context: Context, caller: Identity, seen: Seen, prefix: str, name: str
) -> tuple[Explained, Callable[[Action], bool]]:
    """Why a stream stands, and what the caller may do at its unit. Raises Refused for what the caller does not see."""

    def read() -> tuple[Known, UnitTree]:
        with context.core.database.reading() as connection:
            seen(context, connection, caller, name)
            tree = context.tree(connection)
            known = read_known(connection, context.core, prefix + name, hides_people(caller), tree)
            assert known is not None, "a row of the read model has a snapshot"
            return known, tree

    known, tree = await to_thread.run_sync(read)

    human = known.human

    def permitted(action: Action) -> bool:
        return may(caller, action, place_of(action, human.unit, human.centre), tree, human.forms)

    return await explain(context.watch, known), permitted
