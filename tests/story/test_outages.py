"""Parts of the installation are away for a while, and everything comes right."""

from __future__ import annotations

from datetime import date

import pytest

from tests.servers import Deadline
from tests.story.town import Town

pytestmark = pytest.mark.temporal


def begun(here: Town, **more: object) -> str:
    """A school whose year runs."""
    here.settle("school-1", "mo-tomsk", "general")
    state = here.ask("POST", "/programmes", json={"organisation": "school-1", "year": 2026, **more})
    here.quiet(state["id"])
    programme: str = state["id"]
    return programme


def step(here: Town, programme: str, number: int) -> dict[str, object]:
    steps = here.ask("GET", f"/programmes/{programme}")["steps"]
    found: dict[str, object] = next(one for one in steps if one["number"] == number)
    return found


def test_a_step_closed_late_while_nobody_worked(here: Town):
    """The journal says that it was missed, then closed; and no letter complains of it afterwards."""
    programme = begun(here)
    here.stop("worker")
    here.on("2026-09-14")
    here.complete(programme, step(here, programme, 1), "general", date(2026, 9, 14))
    events = [(kind, data) for kind, data in here.happened(programme) if data.get("step") == 1]
    assert [kind for kind, _ in events if kind in ("StepMissed", "StepCompleted")] == ["StepMissed", "StepCompleted"]
    here.start_worker()
    here.quiet(programme)
    assert not here.letters("Срок прошёл 10 сентября")
    assert not here.letters("Напоминание: срок 10 сентября")


def test_commands_are_taken_while_temporal_is_down(here: Town):
    """People work on; the workflow is said to be out of reach; what is queued goes out when Temporal is back."""
    programme = begun(here)
    here.temporal.kill()
    here.complete(programme, step(here, programme, 1), "general", date(2026, 8, 25))
    body = {"person": "p-head"}
    here.ask("POST", f"/programmes/{programme}/steps/2/responsible", json=body)
    assert step(here, programme, 2)["responsible"] == "p-head"
    assert here.http.get(f"/programmes/{programme}/workflow").status_code == 503
    assert here.http.get(f"http://127.0.0.1:{here.port}/readyz").status_code == 503
    here.temporal.start()
    Deadline(90, every=0.2).until(lambda: bool(here.letters("Вам поручено", "p-head")), "the letter arrives")
    here.quiet(programme)
    assert len(here.letters("Вам поручено", "p-head")) == 1


def test_a_dead_worker_is_told_apart_from_a_temporal_that_is_down(here: Town):
    """What the server knows is still told; what only the worker could say is null, with a sentence."""
    programme = begun(here)
    assert here.ask("GET", f"/programmes/{programme}/workflow")["sentence"] == "Процесс идёт."
    here.stop("worker")
    told = here.ask("GET", f"/programmes/{programme}/workflow")
    assert (told["status"], told["standing"], told["timer"]) == ("running", None, None)
    assert told["sentence"].startswith("Обработчик не отвечает.")
    assert told["history_events"] > 0


def test_a_worker_away_from_18_to_24_march(here: Town):
    """On return no stale reminder goes out, and superiors hear of what they missed once, in one digest each."""
    here.on("2027-03-01")
    programme = begun(here, forms=["pupil-pupil"], deadlines={"25": "2027-03-19"})
    due = step(here, programme, 1)["due"]
    assert due == "2027-03-16", "ten working days after a late start"
    here.on("2027-03-18", 8)
    here.nudge(programme)
    here.quiet(programme)
    before = len(here.mail.letters)
    here.stop("worker")
    here.on("2027-03-24", 12)
    here.start_worker()
    here.nudge(programme)
    here.quiet(programme)
    came = here.mail.letters[before:]
    reminders = [letter for letter in came if letter.subject.startswith("Напоминание: срок ")]
    assert not [letter for letter in reminders if "срок 19 марта" in letter.subject], "it was missed meanwhile"
    missed = [one for one in came if one.subject.startswith("Срок прошёл 19 марта 2027 г.: мероприятие 25")]
    assert sorted(one.recipients[0] for one in missed) == ["p-curator@example.org", "p-head@example.org"]
    digest = "Сводка на 24 марта 2027 г.: не выполнено в срок"
    Deadline(90, every=0.2).until(lambda: len(here.letters(digest)) > 2, "the digests arrive")
    told = {letter.recipients[0].partition("@")[0]: letter.text for letter in here.letters(digest)}
    assert {who for who, text in told.items() if "мероприятие 1 «" in text} == {"p-centre", "p-municipality"}
    assert {who for who, text in told.items() if "мероприятие 23 «" in text} == {*told, "p-department"}
    assert len(here.letters("Сводка на ")) == len(told), "none of the days that nobody worked is made up"
    assert not here.letters("Не выполнено в срок"), "superiors get no letter for each organisation"
    queued = [data for kind, data in here.happened(programme) if kind == "NoticeQueued"]
    escalated = [data["to"] for data in queued if data["kind"] == "escalation" and data["steps"] == [[1, 1]]]
    assert escalated == [["municipal_authority"], ["operating_centre"]]
    assert step(here, programme, 25)["overdue"] is True
    ids = [letter.message_id for letter in here.mail.letters]
    assert len(ids) == len(set(ids))
