"""What the server wakes by itself: every morning the digests, every winter a proposal, often the mailbox."""

from __future__ import annotations

from datetime import timedelta

from temporalio.client import (
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleCalendarSpec,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleRange,
    ScheduleSpec,
)

from domain.campaign.proposal import PROPOSED
from domain.plan import MORNING
from workflows.names import MAIL, TASK_QUEUE

DIGEST_CATCH_UP = timedelta(hours=11)
"""How much later than at 09:00 a server that was down may still wake the digests; in the evening it is too late."""

PROPOSAL_CATCH_UP = timedelta(days=30)
"""How much later than on its day a server that was down may still wake the proposal of a monitoring round."""


def every_morning(zone: str) -> Schedule:
    """Every day: a decree may make a Saturday a working day, and the activity knows the calendar."""
    at = ScheduleCalendarSpec(hour=[ScheduleRange(MORNING.hour)], minute=[ScheduleRange(MORNING.minute)])
    summary = f"Сводки руководителям, {zone}"
    return Schedule(
        action=ScheduleActionStartWorkflow(
            "digests", zone, id=f"digests/{zone}", task_queue=TASK_QUEUE, static_summary=summary
        ),
        spec=ScheduleSpec(calendars=[at], time_zone_name=zone),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=DIGEST_CATCH_UP),
    )


def every_winter(zone: str) -> Schedule:
    """Once a year; the activity knows whether the round has been opened already."""
    month, day = PROPOSED
    at = ScheduleCalendarSpec(
        month=[ScheduleRange(month)],
        day_of_month=[ScheduleRange(day)],
        hour=[ScheduleRange(MORNING.hour)],
        minute=[ScheduleRange(MORNING.minute)],
    )
    return Schedule(
        action=ScheduleActionStartWorkflow(
            "proposal", id="proposal", task_queue=TASK_QUEUE, static_summary="Предложение открыть мониторинг"
        ),
        spec=ScheduleSpec(calendars=[at], time_zone_name=zone),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=PROPOSAL_CATCH_UP),
    )


def every_so_often(every: timedelta) -> Schedule:
    """One look at a time: what is missed is read by the next one."""
    return Schedule(
        action=ScheduleActionStartWorkflow(
            "mail_in", id=MAIL, task_queue=TASK_QUEUE, static_summary="Чтение почты с формами"
        ),
        spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=every)]),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=every),
    )
