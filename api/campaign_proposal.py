"""The next monitoring round as the centre may open it: years, deadline and its roll, respondents."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from activities.access import may
from activities.campaigning import centre_of
from activities.proposals import proposal
from api import monitoring_documents as m
from api.answers import answer
from api.context import Caller, InContext
from api.documents import told
from api.problems import Refused
from domain.refusal import Refusal

router = APIRouter(prefix="/campaigns", tags=["Мониторинг"])


@router.get("/proposal", summary="Предложение открыть мониторинг", responses=told(m.CampaignProposal))
def proposed(context: InContext, caller: Caller) -> Response:
    """What the next round would be; the same goes to the centre by letter once a year. Nothing is opened by it."""
    with context.core.database.reading() as connection:
        tree = context.tree(connection)
        centre = centre_of(tree)
        if centre is None or not may(caller, "run_campaigns", centre.id, tree):
            raise Refused(Refusal(code="forbidden"))
        return answer(proposal(connection, context.core.library, tree, context.core.clock()))
