"""Forms to fill in: the letter's, and one that a region invented."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

import domain
from domain.form.definition import FormDefinition

GOLDEN = Path(__file__).parents[2] / "golden"
MONITORING = FormDefinition.model_validate(
    yaml.load(
        (Path(domain.__file__).parent / "data" / "forms" / "monitoring.yaml").read_text(encoding="utf-8"),
        yaml.BaseLoader,
    )
)
CAMP_FILE = GOLDEN / "form-camp.yaml"
CAMP = FormDefinition.model_validate(yaml.load(CAMP_FILE.read_text(encoding="utf-8"), yaml.BaseLoader))
"""A form of another subject, with every kind of field; no line of code knows it."""


def filled() -> dict[str, Any]:
    """The letter's form, filled in without a fault."""
    question = {"runs": True, "narrative": "Старшеклассники ведут кружок.", "general": 7, "additional": 2}
    none = {"runs": False, "narrative": "", "general": 0, "additional": 0}
    return {
        "appendix1": {
            "responsible": {
                "name": "Иванова Анна Петровна",
                "post": "ведущий специалист",
                "phone": "+7 (38241) 2-15-60",
                "email": "ivanova@example.org",
            },
            "totals": {"general": 12, "additional": 3},
            "questions": {
                "pupil-pupil": question,
                "teacher-pupil": question | {"general": 12, "additional": 0},
                "student-pupil": none,
                "employer-pupil": question | {"narrative": "Завод принимает школьников."},
            },
        },
        "appendix2": {
            "1": {
                "earlier": {"numerator": 300, "denominator": 1200},
                "later": {"numerator": 450, "denominator": 1210},
            },
            "2": {"earlier": {"numerator": 0, "denominator": 0}, "later": {"numerator": 10, "denominator": 400}},
            "3": {"earlier": 10, "later": 12},
            "4": {"earlier": 100, "later": 151, "comment": "Открыт технопарк."},
            "5": {"earlier": 220, "later": {"missing": "учёт по проектам в 2021 году не вёлся"}},
            "6": {"earlier": 1000, "later": 900},
            "7": {"earlier": 0, "later": 0},
            "8": {"earlier": 6, "later": 8},
        },
    }
