"""One programme year: steps arrive as updates, one re-armed timer serves every rung, each notice is an activity."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from tests.bench.baseline import plan

PATIENCE = timedelta(seconds=30)
RETRY = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=1))


@dataclass
class Year:
    """What a run starts with; all but the first three only after a continue-as-new."""

    programme: str
    year: int
    shift: float = 0.0  # seconds added to the server's clock
    started: str | None = None
    told: str | None = None
    done: dict[str, str] = field(default_factory=dict)  # step -> idempotency key


@dataclass
class Completion:
    step: int
    key: str


@workflow.defn(name="lean_programme")
class LeanProgramme:
    @workflow.init
    def __init__(self, year: Year) -> None:
        self.year = year
        self.shift = timedelta(seconds=year.shift)
        self.started = datetime.fromisoformat(year.started) if year.started else self.now()
        self.told = datetime.fromisoformat(year.told) if year.told else self.started
        self.done = {int(step): key for step, key in year.done.items()}
        self.dues = plan.due_dates(year.year, self.started.astimezone(plan.ZONE).date())
        self.agenda = plan.agenda(self.dues, self.told)

    @workflow.run
    async def run(self, year: Year) -> None:
        while len(self.done) < len(plan.STEPS):
            await self.sleep()
            await self.serve_what_is_due()
            if workflow.info().is_continue_as_new_suggested():
                await workflow.wait_condition(workflow.all_handlers_finished)
                workflow.continue_as_new(self.as_of_now())
        await workflow.wait_condition(workflow.all_handlers_finished)

    async def sleep(self) -> None:
        """Until the next rung, or until a completion changes which one is next."""
        armed = self.next_rung()
        if armed is None:
            await workflow.wait_condition(self.is_complete_or_long)
            return
        wait = max(timedelta(0), armed - self.now())
        try:
            await workflow.wait_condition(lambda: self.next_rung() != armed or self.is_complete_or_long(), timeout=wait)
        except TimeoutError:
            return

    async def serve_what_is_due(self) -> None:
        now = self.now()
        due = [rung for rung in self.agenda if rung[0] <= now and rung[1] not in self.done]
        self.agenda = [rung for rung in self.agenda if rung[0] > now]
        self.told = now
        await asyncio.gather(*(self.serve(rung) for rung in due))

    async def serve(self, rung: plan.Rung) -> None:
        moment, step, kind = rung
        name = "record_missed" if kind == "passed" else "send_notice"
        args = [self.year.programme, step, kind, moment.isoformat()]
        await workflow.execute_activity(name, args=args, start_to_close_timeout=PATIENCE, retry_policy=RETRY)

    def next_rung(self) -> datetime | None:
        while self.agenda and self.agenda[0][1] in self.done:
            self.agenda.pop(0)
        return self.agenda[0][0] if self.agenda else None

    def is_complete_or_long(self) -> bool:
        return len(self.done) == len(plan.STEPS) or workflow.info().is_continue_as_new_suggested()

    def now(self) -> datetime:
        return workflow.now() + self.shift

    def as_of_now(self) -> Year:
        done = {str(step): key for step, key in self.done.items()}
        return Year(
            self.year.programme, self.year.year, self.year.shift, self.started.isoformat(), self.told.isoformat(), done
        )

    @workflow.update(name="complete_step")
    def complete_step(self, completion: Completion) -> dict[str, Any]:
        self.done[completion.step] = completion.key
        return {"programme": self.year.programme, "step": completion.step, "done": len(self.done)}

    @complete_step.validator
    def refuse(self, completion: Completion) -> None:
        if completion.step not in plan.STEPS:
            raise ApplicationError(f"no step {completion.step}", type="unknown-step")
        if self.done.get(completion.step, completion.key) != completion.key:
            raise ApplicationError(f"step {completion.step} is done", type="already-done")

    @workflow.query(name="state")
    def state(self) -> dict[str, Any]:
        today = self.now().astimezone(plan.ZONE).date()
        steps = [
            {
                "number": step,
                "state": "done" if step in self.done else "open",
                "due": due.isoformat(),
                "overdue": step not in self.done and due < today,
            }
            for step, due in zip(plan.STEPS, self.dues, strict=True)
        ]
        return {"id": self.year.programme, "year": self.year.year, "done": len(self.done), "steps": steps}
