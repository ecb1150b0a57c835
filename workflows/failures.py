"""What Temporal keeps of an error: its type and where it was raised, never what it says."""

from __future__ import annotations

from temporalio.api.failure.v1 import Failure
from temporalio.converter import DefaultFailureConverter, PayloadConverter
from temporalio.exceptions import FailureError

OWN = "temporalio."
"""Errors of the SDK speak of workflows; all others may quote a name or an address that they stumbled over."""


class WithoutWords(DefaultFailureConverter):
    """Failures that are raised on purpose keep their message."""

    def to_failure(self, exception: BaseException, payload_converter: PayloadConverter, failure: Failure) -> None:
        """See DefaultFailureConverter, which calls this for each cause too."""
        super().to_failure(exception, payload_converter, failure)
        if not isinstance(exception, FailureError) and not type(exception).__module__.startswith(OWN):
            failure.message = type(exception).__name__
