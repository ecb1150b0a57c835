"""A curator goes on holiday and then leaves: the letters find somebody all the same."""

from __future__ import annotations

import pytest

from tests.servers import Letter
from tests.story.town import Town

HOLIDAY = {"from": "2026-09-07", "until": "2026-09-18", "deputy": "p-deputy", "reason": "отпуск"}


def text_of(letter: Letter) -> str:
    """What the recipient reads."""
    body = letter.message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


@pytest.mark.temporal
def test_a_curator_is_away_and_then_gone(here: Town):
    """The deputy is reminded for her; when nobody holds the role any more, the head hears and reads why."""
    here.settle("school-1", "mo-tomsk", "general")
    here.ask("PUT", "/people/p-deputy", json={"name": "Савин Пётр Андреевич", "email": "p-deputy@example.org"})
    programme = here.ask("POST", "/programmes", json={"organisation": "school-1", "year": 2026})["id"]
    here.ask("POST", "/people/p-curator/absences", json=HOLIDAY)
    here.quiet(programme)

    here.on("2026-09-07")
    here.nudge(programme)
    here.quiet(programme)
    (letter,) = here.letters("Напоминание: срок 10 сентября 2026 г.", "p-deputy")
    assert "за отсутствующего сотрудника: Орлова Вера Павловна (по 18 сентября 2026 г. включительно)" in text_of(letter)
    sent = [data for kind, data in here.happened(programme) if kind == "NoticeSent" and "instead_of" in data]
    assert sent[-1]["to"] == ["person:p-deputy"]
    assert sent[-1]["instead_of"] == {"person:p-deputy": ["person:p-curator"]}

    here.on("2026-09-21")
    here.http.request("DELETE", "/people/p-curator/roles/curator/school-1").raise_for_status()
    here.on("2026-09-22")
    here.nudge(programme)
    here.quiet(programme)
    reminded = here.letters("Напоминание: срок 25 сентября 2026 г.")
    assert [one.recipients for one in reminded if "p-head@example.org" in one.recipients]
    assert "получить его сейчас некому: ответственный за мероприятие, куратор программы." in text_of(reminded[-1])
    redirected = [data for kind, data in here.happened(programme) if kind == "NoticeRedirected"]
    assert {(tuple(one["vacant"]), one["rung"], tuple(one["to"])) for one in redirected} == {
        (("responsible", "curator"), "missed", ("head",))
    }
