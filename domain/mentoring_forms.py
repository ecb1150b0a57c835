"""The eight forms of mentoring (order 420-р, 3.2) and who operates them."""

from __future__ import annotations

import re
from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator

MentoringForm = Literal[
    "pupil-pupil",
    "student-pupil",
    "employer-pupil",
    "teacher-pupil",
    "teacher-teacher",
    "employer-student",
    "student-student",
    "lecturer-student",
]

FORM_TITLES: dict[MentoringForm, str] = {
    "pupil-pupil": "ученик – ученик",
    "student-pupil": "студент – ученик",
    "employer-pupil": "работодатель – ученик",
    "teacher-pupil": "учитель – ученик",
    "teacher-teacher": "учитель – учитель",
    "employer-student": "работодатель – студент",
    "student-student": "студент – студент",
    "lecturer-student": "преподаватель – студент",
}

_DASH = re.compile(r"\s*[-‐‑‒–—−]\s*")  # any dash a person may type
_BY_TITLE: dict[str, MentoringForm] = {_DASH.sub("-", title): key for key, title in FORM_TITLES.items()}
_BY_TITLE["педагог-ученик"] = "teacher-pupil"  # the order's own wording, 3.2.1
_KEYS = frozenset(get_args(MentoringForm))


def form_key(text: str) -> MentoringForm:
    """The key of a form given by key or Russian title with any dash. Raises ValueError."""
    plain = _DASH.sub("-", text.strip().strip('«»"').lower())
    if plain in _KEYS:
        return plain  # type: ignore[return-value]
    try:
        return _BY_TITLE[plain]
    except KeyError:
        known = ", ".join(f"«{title}»" for title in FORM_TITLES.values())
        raise ValueError(f"форма наставничества «{text}» неизвестна; есть {known}") from None


def _key(value: object) -> object:
    return form_key(value) if isinstance(value, str) else value


Form = Annotated[MentoringForm, BeforeValidator(_key)]
"""A form of mentoring by key or by its Russian title with any dash."""
