"""Every refusal that the sources can make has words, and every word is of use."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

from api.wording import WORDING, detail_of, status_of
from domain.programme.state import Status, StepState
from domain.refusal import Refusal
from domain.submission.state import SubmissionStatus

ROOT = Path(__file__).parents[2]
STEP_STATUSES = get_args(StepState.model_fields["status"].annotation)
ENDINGS = {"programme_": set(get_args(Status)), "step_": set(STEP_STATUSES), "form_": set(get_args(SubmissionStatus))}
NEVER = {"step_pending", "form_draft", "form_returned"}
"""What an f-string could say and the rules never do: what is open is not refused for being open."""

CHOSEN = {"part_unknown", "part_not_done"}
"""Codes that stand in a variable, see `domain.programme.steps._reopening_refused`."""


@cache
def refusals() -> tuple[tuple[str, ast.Call], ...]:
    return tuple(_refusals())


def _refusals() -> Iterator[tuple[str, ast.Call]]:
    for folder in ("domain", "activities", "api", "workflows"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", None) == "Refusal":
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def codes_of(place: str, call: ast.Call) -> set[str]:
    code = next(one.value for one in call.keywords if one.arg == "code")
    match code:
        case ast.Constant(value=str(text)):
            return {text}
        case ast.JoinedStr(values=[ast.Constant(value=str(begin)), ast.FormattedValue()]):
            return {begin + end for end in ENDINGS[begin]} - NEVER
        case ast.Name(id="code"):
            return CHOSEN
        case _:
            raise AssertionError(f"{place}: a code that this test cannot read")


ALL = {code for place, call in refusals() for code in codes_of(place, call)}


def test_every_code_has_words():
    assert ALL - set(WORDING) == set()


def test_no_words_are_left_over():
    assert set(WORDING) - ALL == set()


def test_every_sentence_can_be_filled():
    """Where the facts stand in the source as a literal, they fill the sentence."""
    seen = 0
    for place, call in refusals():
        facts = next((one.value for one in call.keywords if one.arg == "facts"), None)
        if facts is not None and not isinstance(facts, ast.Dict):
            continue  # put together from several; the tests of the rules and of the story send these
        keys = facts.keys if isinstance(facts, ast.Dict) else []
        if any(key is None for key in keys):
            continue
        names = {str(ast.literal_eval(key)) for key in keys if key is not None}
        for code in codes_of(place, call):
            wanted = {name for _, name, _, _ in string.Formatter().parse(WORDING[code][2]) if name}
            assert wanted <= names, (place, code, wanted - names)
            seen += 1
    assert seen > 40


def test_no_fact_hides_behind_the_code():
    with pytest.raises(ValueError, match="step_unknown"):
        detail_of(Refusal(code="step_unknown", facts={"code": "AB12-CD34"}))


def test_a_missing_fact_is_no_crash():
    assert "step" not in detail_of(Refusal(code="step_unknown"))


def test_dates_and_lists_are_readable():
    due = Refusal(code="deadline_outside_year", facts={"due": date(2030, 1, 1), "first": date(2026, 8, 1), "last": "x"})
    assert "1 января 2030" in detail_of(due)
    assert detail_of(Refusal(code="gate_steps", facts={"step": 20, "missing": [9, 12]})).endswith("9, 12.")


def test_one_step_and_several_are_named_in_their_forms():
    def told(code: str, **facts: object) -> str:
        return detail_of(Refusal(code=code, facts={"step": 20, **facts}))

    assert told("gate_steps", missing=[19]).endswith("ждёт выполнения мероприятия 19.")
    assert told("gate_steps", missing=[9, 12]).endswith("ждёт выполнения мероприятий 9, 12.")
    assert told("gate_consent_open", missing=[6]).endswith("часть «сбор согласий» мероприятия 6.")
    assert told("gate_consent_open", missing=[5, 6]).endswith("часть «сбор согласий» мероприятий 5, 6.")
    assert "(мероприятие 5)" in told("gate_consent_skipped", **{"from": (5,)})
    assert "(мероприятия 5, 6)" in told("gate_baseline_skipped", **{"from": (5, 6)})


def test_dates_of_a_stored_refusal_read_the_same():
    due = Refusal(code="deadline_in_past", facts={"due": date(2026, 9, 1), "today": date(2026, 9, 2)})
    assert detail_of(Refusal.model_validate_json(due.model_dump_json())) == detail_of(due)


def test_a_refusal_that_points_at_a_field_is_422():
    assert status_of(Refusal(code="step_unknown")) == 404
    assert status_of(Refusal(code="step_unknown", pointer="/deadlines/99")) == 422
    assert status_of(Refusal(code="never heard of")) == 409


def test_sentences_are_sentences():
    for code, (status, title, detail) in WORDING.items():
        assert 400 <= status < 500, code
        assert title[0].isupper(), code
        assert not title.endswith("."), code
        assert detail.endswith((".", "!")), code


@pytest.mark.parametrize(
    ("missing", "extra", "named"),
    [
        (["lyceum"], ["mo-tomsk"], " Не названы: lyceum. Названы лишними: mo-tomsk."),
        (["lyceum"], [], " Не названы: lyceum."),
        ([], ["mo-tomsk"], " Названы лишними: mo-tomsk."),
    ],
)
def test_nothing_is_said_of_an_empty_list(missing: list[str], extra: list[str], named: str):
    told = detail_of(Refusal(code="gaps_differ", facts={"missing": missing, "extra": extra}))
    begin, end = "Список тех, чей отчёт не принят, уже другой.", " Посмотрите мониторинг ещё раз."
    assert told == begin + named + end
