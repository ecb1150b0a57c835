"""The blank form that goes with the letter of a round."""

from __future__ import annotations

from activities.documents.form_document import blank_docx
from activities.letters import Attachment
from activities.submission_notice import SubmissionNotice

MEDIA_TYPE = ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document")


def blank_form(notice: SubmissionNotice) -> Attachment:
    """The form for one respondent, to be filled in in Word."""
    years = notice.round.campaign.years
    made = blank_docx(notice.form, (years.earlier, years.later), notice.respondent)
    return Attachment(f"Форма мониторинга {years.earlier}-{years.later}.docx", MEDIA_TYPE, made)
