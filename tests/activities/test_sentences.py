"""What is said of a cause: durations as people count them, errors only for those who can use them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from activities.diagnosis.words import lasting, sentence_of
from domain.diagnosis.finding import Finding

NOW = datetime(2026, 11, 22, 5, tzinfo=UTC)
ZONE = "Asia/Tomsk"


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (1, "1 секунду"),
        (59.4, "59 секунд"),
        (59.6, "1 минуту"),
        (597, "10 минут"),
        (3_590, "1 час"),
        (7_196, "2 часа"),
        (86_399, "1 день"),
        (172_700, "2 дня"),
    ],
)
def test_a_duration_is_rounded(seconds: float, told: str):
    """A heartbeat is some seconds old when it is read: a clock that is two hours ahead is not told to be one."""
    assert lasting(timedelta(seconds=seconds)) == told


def test_the_raw_error_is_left_out_for_those_who_cannot_use_it():
    facts = {"failure": "ConnectionRefusedError: [Errno 111]", "letters": 2, "next": NOW, "attempt": 3}
    for key in ("mail_down", "mail_postponed"):
        finding = Finding(key, NOW, facts)
        assert " (ConnectionRefusedError: [Errno 111])" in sentence_of(finding, ZONE)
        told = sentence_of(finding, ZONE, raw=False)
        assert "Error" not in told
        assert "(" not in told
        assert "  " not in told


def test_what_a_mail_server_said_of_an_address_is_for_all():
    """Whoever corrects the address needs it."""
    finding = Finding("bounced", NOW, {"who": "Адресат", "letters": 1, "failure": " (550 нет такого адреса)"})
    assert sentence_of(finding, ZONE, raw=False).endswith("1 письмо (550 нет такого адреса).")
