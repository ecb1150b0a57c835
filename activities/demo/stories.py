"""How the year goes in each organisation of the demonstration region; days are (month, day) of the school year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from domain.mentoring_forms import MentoringForm

Day = tuple[int, int]
Ending = Literal["paused", "cancelled", "closed"]


@dataclass(frozen=True)
class Story:
    """One programme. `lead`: working days that its people are usually ahead of a deadline."""

    organisation: str
    starts: Day
    forms: tuple[MentoringForm, ...]
    lead: int = 2
    plans_forms: bool = True
    """Whether the forms are named at the start, or only when they are fixed."""
    late: Mapping[int, int] = field(default_factory=dict)
    """Steps that are closed so many working days after their deadline."""
    never: frozenset[int] = frozenset()
    only_form: int | None = None
    """A step whose questionnaires are in, but not its consents."""
    stops: Day | None = None
    """From this day on nobody does anything any more."""
    ending: Ending | None = None
    ends: Day | None = None
    hands: tuple[int, Day] | None = None
    moves: tuple[int, Day, Day] | None = None
    """A step, the day on which its deadline is moved, and the new deadline."""
    skips: tuple[int, Day] | None = None
    early_bird: bool = False
    """Started before anybody else, so that the demonstration is not empty in August."""


STORIES = (
    Story("shkola-kedr", (8, 25), ("pupil-pupil", "teacher-pupil"), lead=6, early_bird=True),
    Story("shkola-severny-veter", (8, 26), ("pupil-pupil",), lead=3, hands=(3, (9, 7)), early_bird=True),
    Story("gimnaziya-meridian", (8, 27), ("teacher-teacher", "pupil-pupil"), late={4: 2, 12: 4, 20: 3}),
    Story(
        "litsey-orbita", (9, 1), ("student-pupil", "employer-pupil"), plans_forms=False, moves=(15, (10, 19), (11, 9))
    ),
    Story("dvorets-raduga", (9, 2), ("pupil-pupil",), lead=1, never=frozenset({3})),
    Story("shkola-rodnik", (8, 31), ("teacher-pupil",), ending="paused"),
    Story("tsentr-gorizont", (9, 3), ("student-pupil",), ending="cancelled", ends=(10, 1)),
    Story("shkola-zarechnaya", (9, 1), ("teacher-pupil", "teacher-teacher"), only_form=6),
    Story("shkola-berezovaya-roshcha", (9, 4), ("pupil-pupil",), lead=1, stops=(10, 12)),
    Story("shkola-obskaya", (8, 28), ("employer-pupil",), lead=4, skips=(3, (9, 21))),
    Story("shkola-tayozhnaya", (10, 12), ("teacher-pupil",), lead=1),
    Story("shkola-polyana", (9, 8), ("teacher-teacher",), late={7: 1, 11: 6}, hands=(9, (10, 2))),
    Story("internat-vostok", (9, 1), ("pupil-pupil", "student-pupil"), lead=2, late={2: 3}),
    Story("kolledzh-sibir", (8, 31), ("employer-student", "student-student"), lead=5, early_bird=True),
    Story("tekhnikum-energiya", (9, 3), ("lecturer-student",), plans_forms=False, late={5: 5}),
    Story("kolledzh-agro", (9, 10), ("employer-student",), ending="closed", ends=(11, 16)),
)
"""The other organisations have not started: a year can be started there."""

REASONS = {
    "paused": "Карантин в организации, занятия временно дистанционные.",
    "cancelled": "Организация переезжает, программа переносится на следующий учебный год.",
    "closed": "Колледж присоединяется к другой организации, программа завершается досрочно.",
    "moved": "Обучающий семинар перенесён: приглашённый эксперт приедет в ноябре.",
    "skipped": "Встреча проведена весной вместе с общешкольным собранием.",
}
