"""Evidence of a step in Russian words: «роздано анкет: 60, вернулось: 50»."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from activities.russian import full_date
from activities.texts import resolved
from domain.evidence import Evidence
from domain.mentoring_forms import FORM_TITLES

FIGURES = {
    "sent": "роздано анкет",
    "returned": "вернулось анкет",
    "needed": "нужно согласий",
    "obtained": "получено согласий",
    "document": "документ",
    "count": "включено в базу",
    "date": "дата проведения",
    "present": "присутствовало",
    "held": "проведено собеседований",
    "passed": "прошли собеседование",
    "pairs": "сформировано пар и групп",
    "by_form": "пары по формам",
    "measured": "оценено участников",
    "of": "подлежит оценке",
    "audience": "кого информировали",
    "link": "ссылка",
}


def evidence_words(evidence: Evidence, texts: Mapping[str, str]) -> str:
    """The figures and documents of one completion; empty when it has none."""
    return "; ".join(_told(evidence, texts))


def _told(evidence: Evidence, texts: Mapping[str, str]) -> Iterator[str]:
    for name, value in evidence.given().items():
        if name == "of" and evidence.measured is not None:
            continue  # told beside the number measured
        yield f"{FIGURES[name]}: {_value(name, value, evidence, texts)}"


def _value(name: str, value: Any, evidence: Evidence, texts: Mapping[str, str]) -> str:
    if isinstance(value, date):
        return full_date(value)
    if isinstance(value, dict):
        return ", ".join(f"«{FORM_TITLES[form]}» — {pairs}" for form, pairs in value.items())
    if name == "measured" and evidence.of is not None:
        return f"{value} из {evidence.of}"
    return str(resolved(value, texts))
