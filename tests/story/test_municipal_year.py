"""A municipality approves its roadmap, runs it, and reports on it."""

from __future__ import annotations

import pytest

from activities.verify import differences
from tests.story.town import Town

CARD = """\
№;Мероприятие;Сроки;Ответственные
1;Совещание с руководителями школ;до 10.09;Муниципальный координатор
2;Мониторинг программ;15.12, 15.05;Муниципальный координатор
3;Отчёт об исполнении дорожной карты;через 10 рабочих дней после мероприятия 1;Начальник управления
"""
ORDER = {"number": "21-од", "date": "2026-08-24"}


@pytest.mark.temporal
def test_a_municipality_runs_its_own_roadmap(here: Town):
    """Its coordinator is reminded, closes what is done, is late once, and the year ends with a report of all that."""
    here.settle("school-1", "mo-tomsk", "general")
    here.hire("p-chief", "Котов Лев Ильич", "head", "mo-tomsk")
    approved = here.ask("POST", "/units/mo-tomsk/roadmaps", data=ORDER, files={"file": ("карта.csv", CARD.encode())})
    assert approved["roadmap"]["approval"] == {"unit": "mo-tomsk", **ORDER}
    programme = here.ask("POST", "/programmes", json={"organisation": "mo-tomsk", "year": 2026})["id"]
    here.quiet(programme)
    assert here.letters("Программа наставничества 2026/27 учебного года начата", "p-municipality")

    here.on("2026-09-07")
    here.nudge(programme)
    here.quiet(programme)
    assert here.letters("Напоминание: срок 10 сентября 2026 г., мероприятие 1", "p-municipality")

    here.on("2026-09-14")
    here.nudge(programme)
    here.quiet(programme)
    assert here.letters("Срок прошёл 10 сентября 2026 г.: мероприятие 1", "p-chief")
    path = f"/programmes/{programme}/steps"
    here.ask("POST", f"{path}/1/completion", json={"note": "Проведено с опозданием из-за отпусков"})
    for day, step in (("2026-09-25", 3), ("2026-12-15", 2), ("2027-05-14", 2)):
        here.on(day)
        here.nudge(programme)
        here.quiet(programme)
        state = here.ask("POST", f"{path}/{step}/completion", json={})
    assert state["status"] == "closed"
    here.quiet(programme)
    assert here.ask("GET", f"/programmes/{programme}/workflow")["status"] == "completed"

    report = here.ask("GET", f"/programmes/{programme}/execution.json")
    assert (report["counts"]["done"], report["counts"]["late"], report["counts"]["overdue"]) == (3, 1, 0)
    (first, second, _) = report["steps"]
    assert (first["done_on"], first["late"]) == ("2026-09-14", True)
    assert [one["done_on"] for one in second["deadlines"]] == ["2026-12-15", "2027-05-14"]
    whole = here.ask("GET", "/units/mo-tomsk/execution.json", params={"year": 2026})
    assert whole["counts"] == report["counts"], "the school has not begun"
    assert list(differences(here.core.database, here.core.kinds)) == []
