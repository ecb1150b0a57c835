"""The blank form that goes with the letter of a round."""

from __future__ import annotations

from activities.documents.form_document import Face, blank_docx
from activities.letters import Attachment
from activities.submission_notice import SubmissionNotice
from domain.submission.check_code import blank_code

MEDIA_TYPE = ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document")


def blank_form(notice: SubmissionNotice) -> Attachment:
    """The form for one respondent, to be filled in in Word; its code says that it is the blank."""
    years = notice.round.campaign.years
    state = notice.submission
    face = Face(
        respondent=notice.respondent,
        years=(years.earlier, years.later),
        code=blank_code(state.id),
        made_at=state.opened_at,
    )
    made = blank_docx(notice.form, face)
    return Attachment(f"Форма {notice.form.of} {years.earlier}-{years.later}.docx".replace("/", "-"), MEDIA_TYPE, made)
