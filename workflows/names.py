"""Names that servers keep: changing one leaves behind what runs under it."""

from __future__ import annotations

TASK_QUEUE = "mentoring"
DEPLOYMENT = "mentoring"

MAIL = "mail_in"
"""The id of the schedule and of the workflow that reads the mailbox for forms."""
