"""Read-only pages of the monitoring: where the links of its letters lead, with the files that belong to them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from api import campaign_report as report
from api import submission_documents as documents
from api import submission_forms as forms
from api.context import InContext
from api.page_answers import PageRoute, Visitor, page
from api.page_campaign import campaign_page, places
from api.page_campaigns import campaigns_view
from api.page_submission import submission_page
from domain.submission.commands import DocumentKind

router = APIRouter(route_class=PageRoute, include_in_schema=False, default_response_class=HTMLResponse)
InDocument = Annotated[DocumentKind, Path()]


@router.get("/campaigns")
def campaigns(context: InContext, visitor: Visitor) -> HTMLResponse:
    """The rounds that the visitor has a part in, and the next one for whoever may open it."""
    with context.core.database.reading() as connection:
        return page("campaigns.html", **campaigns_view(context, connection, visitor))


@router.get("/campaigns/{campaign}")
def campaign(campaign: str, context: InContext, visitor: Visitor) -> HTMLResponse:
    """One round with the respondents whose forms the visitor sees."""
    with context.core.database.reading(frozen=True) as connection:
        return page("campaign.html", **campaign_page(context, connection, visitor, campaign))


@router.get("/campaigns/{campaign}/league")
def league(campaign: str, context: InContext, visitor: Visitor) -> HTMLResponse:
    """How complete the submissions are, and whether they were in time."""
    about, found = report.compiled(context, visitor, campaign)
    return page("league.html", id=campaign, title=about.title, places=places(found.league, about.status != "open"))


@router.get("/campaigns/{campaign}/report.json")
def report_json(campaign: str, context: InContext, visitor: Visitor) -> Response:
    """The consolidated report for other programs."""
    return report.report_json(campaign, context, visitor)


@router.get("/campaigns/{campaign}/report.csv")
def report_csv(campaign: str, context: InContext, visitor: Visitor) -> Response:
    """The same as a table."""
    return report.report_csv(campaign, context, visitor)


@router.get("/campaigns/{campaign}/report.{kind}")
def report_file(campaign: str, kind: report.InKind, context: InContext, visitor: Visitor) -> Response:
    """The same as a document, or a spreadsheet with live formulas."""
    return report.report_file(campaign, kind, context, visitor)


@router.get("/submissions/{submission}")
def submission(submission: str, context: InContext, visitor: Visitor) -> HTMLResponse:
    """One respondent's form; for whom it is not visible it is not there, as in the API."""
    with context.core.database.reading(frozen=True) as connection:
        return page("submission.html", **submission_page(context, connection, visitor, submission))


@router.get("/submissions/{submission}/form.html")
def form_page(
    submission: str, context: InContext, visitor: Visitor, revision: forms.InRevision = None
) -> Response:  # fmt: skip
    """The form as it will be printed."""
    return forms.form_page(submission, context, visitor, revision)


@router.get("/submissions/{submission}/form.{paper}")
def form_file(
    submission: str, paper: forms.InPaper, context: InContext, visitor: Visitor, revision: forms.InRevision = None
) -> Response:
    """The form to be printed and signed."""
    return forms.form_file(submission, paper, context, visitor, revision)


@router.get("/submissions/{submission}/documents/{document}")
def document(submission: str, document: InDocument, context: InContext, visitor: Visitor) -> Response:
    """A file of the submission, to be saved."""
    return documents.download(submission, document, context, visitor)
