"""What requests about trays and incoming mails carry."""

from __future__ import annotations

from api.shapes import Body, Reason, example
from domain.submission.commands import DocumentKind
from domain.value import Identifier


class ConfirmationIn(Body):
    """No `kind`: what the file was taken for when it came."""

    model_config = example(kind="form-pdf")
    kind: DocumentKind | None = None


class TrayRefusalIn(Body):
    model_config = example(reason="Это прошлогодняя программа")
    reason: Reason


class AssignmentIn(Body):
    model_config = example(submission="monitoring-2027-mo-tomsk")
    submission: Identifier
