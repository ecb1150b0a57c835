"""What is wrong with one field of a request is said in words that a person understands."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from api.field_wording import field_detail
from api.monitoring_shapes import CampaignIn, ExtensionIn, FormReopeningIn, ReturnIn
from api.shapes import Body

EXTENSION = {"due": "2027-03-29", "reason": "Карантин"}


def told(shape: type[Body], given: dict[str, Any]) -> list[str]:
    with pytest.raises(ValidationError) as found:
        shape.model_validate(given)
    return [field_detail(one) for one in found.value.errors()]


@pytest.mark.parametrize("due", ["9999-12-31", "2201-01-01", "1899-12-31"])
def test_the_ends_of_the_calendar_are_dates(due: str):
    within = "нужна дата с 01.01.1900 по 31.12.2200"
    assert told(ExtensionIn, EXTENSION | {"due": due}) == [within]


@pytest.mark.parametrize("blank", ["", "   ", "\n"])
def test_a_text_that_is_blank_is_to_be_filled_in(blank: str):
    assert told(ExtensionIn, EXTENSION | {"reason": blank}) == ["заполните это поле"]
    assert told(FormReopeningIn, {"reason": blank}) == ["заполните это поле"]


def test_a_text_is_measured_in_characters_and_a_list_in_elements():
    assert told(ExtensionIn, EXTENSION | {"reason": "я" * 4001}) == ["слишком длинно, можно не больше знаков: 4000"]
    comments = [{"pointer": "", "comment": "Сверьте"}] * 1000
    assert told(ReturnIn, {"comments": comments})[0].startswith("можно не больше элементов: ")
    opening = {"title": "Мониторинг", "deadline": "2027-03-21", "years": [2025, 2026]}
    letter = {"number": "183", "date": "2027-02-25", "text": "Уважаемые коллеги!"}
    assert told(CampaignIn, opening | {"letter": letter, "respondents": []}) == ["нужно не меньше элементов: 1"]
