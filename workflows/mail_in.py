"""One look into the mailbox that people send their forms to, woken by a schedule every few minutes."""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

LOOK = timedelta(minutes=10)
ALIVE = timedelta(minutes=3)
PATIENCE = timedelta(hours=1)
"""After it the next look goes on: what was not read or answered is found again."""


@workflow.defn(name="mail_in")
class MailIn:
    """Holds nothing: which mails are new and who still waits for an answer stands in the database."""

    @workflow.run
    async def run(self) -> dict[str, int]:
        """Read, then answer; a mailbox or mail server that is away is waited for."""
        read: dict[str, int] = await workflow.execute_activity(
            "read_mailbox",
            result_type=dict[str, int],
            start_to_close_timeout=LOOK,
            schedule_to_close_timeout=PATIENCE,
            heartbeat_timeout=ALIVE,
            retry_policy=RetryPolicy(initial_interval=timedelta(seconds=10), maximum_interval=timedelta(minutes=5)),
            summary="Чтение ящика для форм",
        )
        answered: int = await workflow.execute_activity(
            "answer_mails",
            result_type=int,
            start_to_close_timeout=LOOK,
            schedule_to_close_timeout=PATIENCE,
            heartbeat_timeout=ALIVE,
            retry_policy=RetryPolicy(initial_interval=timedelta(seconds=10), maximum_interval=timedelta(minutes=5)),
            summary="Ответы отправителям",
        )
        return {**read, "answered": answered}
