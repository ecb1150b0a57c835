"""Lines that say what people do in a rehearsed year."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from activities.acts import VERBS, Act, read_acts
from domain.plan import midnight
from domain.refusal import Refusal
from tests.domain.programme.plans import day

ZONE = "Asia/Tomsk"
BEGIN = midnight(day("25.08"), ZONE)


def read(*lines: str) -> list[Act]:
    acts = read_acts(lines, ZONE, BEGIN)
    assert isinstance(acts, list), acts
    return acts


def told(act: Act) -> dict[str, Any]:
    names = ("verb", "step", "occurrence", "due", "how")
    return {name: value for name in names if (value := getattr(act, name))}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("2025-10-01 пропустить 5", {"verb": "skip", "step": 5}),
        ("2025-10-01  Пропустить  №5 ", {"verb": "skip", "step": 5}),
        ("2025-10-01 skip 5", {"verb": "skip", "step": 5}),
        ("2025-10-01 выполнить 24.2", {"verb": "complete", "step": 24, "occurrence": 2}),
        ("2025-10-01 вернуть 5", {"verb": "reopen", "step": 5}),
        ("2025-10-01 перенести 5 2025-12-25", {"verb": "move", "step": 5, "due": day("25.12")}),
        ("2025-10-01 приостановить", {"verb": "pause"}),
        ("2025-10-01 приостановить оставить", {"verb": "pause", "how": "keep"}),
        ("2025-10-01 возобновить сдвинуть", {"verb": "resume", "how": "shift"}),
        ("2025-10-01 завершить", {"verb": "close"}),
        ("2025-10-01 отменить", {"verb": "cancel"}),
    ],
)
def test_a_line_says_what_is_done(line: str, said: dict[str, Any]):
    (act,) = read(line)
    assert told(act) == said
    assert act.at == datetime(2025, 10, 1, 5, tzinfo=UTC), "noon in Tomsk"


def test_every_word_is_known_in_both_languages():
    assert sorted(VERBS.values()) == sorted([*set(VERBS.values())] * 2)


def test_lines_are_taken_in_order_of_time_and_remember_their_place():
    acts = read("2025-10-02 пропустить 3", "2025-10-01 9:05 пропустить 2", "2025-10-01 09:05 пропустить 1")
    assert [(act.step, act.place) for act in acts] == [(2, "/acts/1"), (1, "/acts/2"), (3, "/acts/0")]
    assert acts[0].at == datetime(2025, 10, 1, 2, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("", "начните с даты"),
        ("пропустить 5", "начните с даты"),
        ("01.10.2025 пропустить 5", "начните с даты"),
        ("20251001 пропустить 5", "начните с даты"),
        ("2025-W40-3 пропустить 5", "начните с даты"),
        ("1925-10-01 пропустить 5", "начните с даты"),
        ("2025-02-30 пропустить 5", "даты 2025-02-30 нет в календаре"),
        ("2025-10-01", "нужно одно из слов: выполнить, пропустить"),
        ("2025-10-01 25:00 пропустить 5", "нужно одно из слов"),
        ("2025-10-01 забыть 5", "нужно одно из слов"),
        ("2025-10-01 пропустить", "назовите номер мероприятия"),
        ("2025-10-01 пропустить пять", "назовите номер мероприятия"),
        ("2025-10-01 пропустить -5", "назовите номер мероприятия"),
        ("2025-10-01 перенести 5", "укажите новый срок"),
        ("2025-10-01 перенести 5 завтра", "укажите новый срок"),
        ("2025-10-01 пропустить 5 6", "лишнее: «6»"),
        ("2025-10-01 приостановить надолго", "о сроках можно сказать «сдвинуть» или «оставить»"),
        ("2025-10-01 приостановить оставить всё", "лишнее: «всё»"),
        ("2025-08-24 пропустить 5", "раньше начала, 25.08.2025 00:00"),
    ],
)
def test_a_line_that_cannot_be_read_is_explained(line: str, reason: str):
    refused = read_acts(["2025-10-01 пропустить 5", line], ZONE, BEGIN)
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.pointer) == ("act_unclear", "/acts/1")
    assert reason in str(refused.facts["reason"])
