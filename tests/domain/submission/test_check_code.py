"""The check code names one revision of one submission, and survives being typed by hand."""

from __future__ import annotations

from domain.submission.check_code import ALPHABET, check_code, same_code
from tests.domain.submission.given import content


def test_a_code_is_eight_characters_that_nobody_misreads() -> None:
    code = check_code("monitoring-2026-tomsk", 3, content("filled"))
    assert code == "HXVY-TEMR"
    assert set(code) - {"-"} <= set(ALPHABET)
    assert not set("ILOU") & set(ALPHABET)


def test_another_revision_content_or_respondent_has_another_code() -> None:
    codes = {
        check_code("monitoring-2026-tomsk", 3, content("filled")),
        check_code("monitoring-2026-tomsk", 4, content("filled")),
        check_code("monitoring-2026-tomsk", 3, content("other")),
        check_code("monitoring-2026-seversk", 3, content("filled")),
    }
    assert len(codes) == 4


def test_a_code_typed_by_hand_is_understood() -> None:
    assert same_code(" 10ab-c0de", "10AB-C0DE")
    assert same_code("loab c0de", "10AB-C0DE")
    assert not same_code("10AB-C0DF", "10AB-C0DE")
