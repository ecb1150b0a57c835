"""A person's open deadlines as an iCalendar (RFC 5545): one all-day event for each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from icalendar import Calendar, Event, Timezone, TimezoneStandard

from activities.duties import Duty
from activities.letter_words import PARTS, SUBJECT_TITLE, shortened
from activities.russian import full_date, last_moment, rolled, school_year
from domain.plan import local_day

NAME = "Сроки программ наставничества"
REFRESH = timedelta(hours=4)
"""How often calendars are asked to look again."""


def calendar_of(duties: Iterable[Duty], now: datetime, domain: str, public_url: str) -> bytes:
    """The calendar. `domain`: right half of the UIDs, which have to stay; the same duties give the same bytes.

    Only what is owed is in it: what is done or skipped leaves the feed, for a subscribed calendar is replaced as a
    whole, and programs keep events with STATUS:CANCELLED in sight.
    """
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//mentoring//deadlines//RU")
    calendar.add("name", NAME)
    calendar.add("x-wr-calname", NAME)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT4H")
    for duty in duties:
        calendar.add_component(_event(duty, now, domain, public_url))
    if not calendar.subcomponents:
        calendar.add_component(_utc())
    written: bytes = calendar.to_ical()
    return written


def _event(duty: Duty, now: datetime, domain: str, public_url: str) -> Event:
    occurrence, step = duty.occurrence, duty.step
    page = f"{public_url.rstrip('/')}/programmes/{duty.id}"
    set_at = occurrence.set_at or duty.programme.since
    event = Event()
    event.add("uid", f"{duty.id}-{step.number}-{occurrence.number}@{domain}")
    event.add("sequence", occurrence.set_by)
    event.add("dtstamp", set_at)
    event.add("last-modified", set_at)
    event.add("dtstart", occurrence.due)
    event.add("dtend", occurrence.due + timedelta(days=1))  # the day after the last one (RFC 5545, 3.6.1)
    event.add("summary", f"Срок: мероприятие {step.number} «{_short(step.title)}» ({duty.organisation})")
    event.add("description", "\n".join([*_lines(duty, now), f"Программа: {page}"]))
    event.add("url", page)
    event.add("transp", "TRANSPARENT")
    event.add("status", "TENTATIVE" if duty.programme.status == "paused" else "CONFIRMED")
    return event


def _short(title: str) -> str:
    return shortened(title, SUBJECT_TITLE)


def _lines(duty: Duty, now: datetime) -> Iterator[str]:
    programme, occurrence, step = duty.programme, duty.occurrence, duty.step
    state = programme.steps[step.number]
    yield f"Мероприятие {step.number} «{step.title}»."
    yield f"{duty.organisation}, программа наставничества {school_year(programme.year)} учебного года."
    if len(state.occurrences) > 1:
        yield f"Повторение: {occurrence.number}-е из {len(state.occurrences)}."
    if state.parts:
        yield f"Осталось: {', '.join(PARTS[part] for part in step.parts if part not in state.parts)}."
    yield f"Срок: до {full_date(occurrence.due)}, {last_moment(occurrence.due, programme.zone)}."
    why = "" if occurrence.catch_up else rolled(occurrence.asked, occurrence.due, duty.plan.ref.rolling)
    if why:
        yield f"{why[0].upper()}{why[1:]}."
    if occurrence.due != occurrence.first_due:
        yield f"Первый срок: {full_date(occurrence.first_due)}"
    if programme.status == "paused":
        yield "Программа приостановлена: срок может сдвинуться, когда её возобновят."
    elif occurrence.due < local_day(now, programme.zone):
        yield "Срок прошёл, мероприятие не выполнено."


def _utc() -> Timezone:
    """What an empty calendar holds: it has to have some component (RFC 5545, 3.6)."""
    standard = TimezoneStandard()
    standard.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001  local time, as the standard wants it
    standard.add("tzoffsetfrom", timedelta(0))
    standard.add("tzoffsetto", timedelta(0))
    zone = Timezone()
    zone.add("tzid", "Etc/UTC")
    zone.add_component(standard)
    return zone
