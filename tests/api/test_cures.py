"""Cures: shown before they are done, done as they were shown, and then what stood still does so no longer."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from activities.cures.doing import CureItems
from activities.cures.registry import CURES
from activities.job_hands import BulkHands
from activities.tables import AuditRow
from activities.tokens import revoke_token
from api import cure_documents as d
from domain.diagnosis.cures import CURES as NAMES
from tests.api.monitoring import OPENING
from tests.api.test_letters import ADDRESS, bounce, mailed, missed, send  # noqa: F401
from tests.api.world import World, pointers, problem

OVERDUE = "overdue:programme/school-1-2026"
GATE = "gate:programme/school-1-2026"
LOST = "delivery:person:p-curator"
FORM = "form_overdue:submission/monitoring-2027-mo-tomsk"


@pytest.fixture
def late(small: World) -> World:
    """In October the first steps of a school are late."""
    small.start()
    small.clock.on("2026-09-12")
    return passed(small)


def passed(world: World, stream: str = "programme/school-1-2026") -> World:
    world.core.recorder.record(stream, world.core.kinds.of(stream).time, by="worker")
    world.heal()
    return world


def incidents(world: World, who: str = "administrator") -> set[str]:
    return {one["id"] for one in world.get("/operations/incidents", who)["items"]}


def cure(world: World, incident: str, action: str, body: Any = None, who: str = "administrator") -> d.Cured:
    return d.Cured.model_validate(world.post(f"/operations/incidents/{incident}/{action}", body, who))


def preview(world: World, incident: str, action: str, **given: Any) -> d.Cured:
    before = world.written()
    plan = cure(world, incident, action, {**given, "dry_run": True})
    assert world.written() == before, "a dry run writes nothing"
    assert plan.dry_run
    return plan


def audited(world: World, subject: str) -> list[Any]:
    with world.core.database.reading() as connection:
        audit = AuditRow.__table__  # type: ignore[attr-defined]
        return list(connection.execute(select(audit).where(audit.c.subject == subject)))


def test_a_reminder_names_whoever_gets_it_and_is_queued(late: World):
    (item,) = preview(late, OVERDUE, "remind").items
    (letter,) = item.letters
    assert item.changes[0].startswith("Напоминание сейчас: мероприятие 1 «Информирование")
    assert letter.kind == "missed"
    assert [(one.id, one.name, one.how) for one in letter.to] == [("person:p-curator", "Имя p-curator", "letter")]
    (done,) = cure(late, OVERDUE, "remind").items
    assert done.outcome == "done"
    event = late.get("/programmes/school-1-2026/events?limit=500")["items"][-2]
    assert (event["type"], event["data"]["step"]) == ("ReminderAsked", 1)
    assert event["by"].startswith("token:")
    again = late.ask("administrator", "POST", f"/operations/incidents/{OVERDUE}/remind")
    assert problem(again, 409, "reminded_lately")["errors"][0]["pointer"] == "/insisting"
    cure(late, OVERDUE, "remind", {"insisting": True})


def test_operators_see_whom_it_concerns_without_names(late: World):
    answer = cure(late, OVERDUE, "remind", {"dry_run": True}, "operator")
    assert [(one.id, one.name) for one in answer.items[0].letters[0].to] == [("person:p-curator", None)]


@pytest.mark.parametrize(
    ("action", "body"),
    [
        ("deadline", {"due": "2026-10-12", "reason": "Карантин", "order": "12-о"}),
        ("skip", {"reason": "Не требуется", "order": {"number": "12-о", "date": "2026-09-11"}}),
        ("complete", {"evidence": {"audience": 25}}),
        ("pause", {"reason": "Карантин"}),
    ],
)
def test_what_is_late_is_cured(late: World, action: str, body: dict[str, Any]):
    assert OVERDUE in incidents(late)
    plan = preview(late, OVERDUE, action, **body)
    assert plan.items[0].changes
    done = cure(late, OVERDUE, action, {**body, "plan": plan.plan})
    assert (done.items[0].outcome, done.items[0].changes) == ("done", plan.items[0].changes)
    assert OVERDUE not in incidents(late)
    event = late.get("/programmes/school-1-2026/events?limit=500")["items"][-1]
    assert event["by"].startswith(("token:",)), "the journal says who did it"


def test_the_preview_of_a_deadline_says_both_days(late: World):
    plan = preview(late, OVERDUE, "deadline", due="2026-10-12", reason="Карантин")
    assert plan.items[0].changes[0].endswith("срок 10 сентября 2026 г. → 12 октября 2026 г.")
    assert plan.items[0].letters[0].kind == "moved"


def test_a_skipped_step_is_taken_back_and_a_pause_ends(late: World):
    cure(late, OVERDUE, "skip", {"reason": "Не требуется"})
    stream = "/operations/streams/programme/school-1-2026"
    late.post(f"{stream}/reopening", {"step": 1, "reason": "Ошибка"})
    assert late.get("/programmes/school-1-2026")["steps"][0]["state"] != "skipped"
    late.post(f"{stream}/pause", {"reason": "Карантин"})
    late.clock.on("2026-09-20")
    assert late.post(f"{stream}/resumption")["items"][0]["changes"][0] == "Программа возобновляется"
    assert late.get("/programmes/school-1-2026")["status"] == "running"


def test_another_person_or_a_deputy_gets_the_step(late: World):
    cure(late, OVERDUE, "responsible", {"person": "p-head"})
    assert late.get("/programmes/school-1-2026")["steps"][0]["responsible"] == "p-head"
    plan = preview(late, OVERDUE, "deputy", person="p-curator", deputy="p-other", until="2026-10-01")
    assert plan.items[0].changes == [
        "Отсутствие «p-curator» с 12 сентября 2026 г. по 1 октября 2026 г., замещает «p-other»"
    ]
    cure(late, OVERDUE, "deputy", {"person": "p-curator", "deputy": "p-other", "until": "2026-10-01"})
    (absence,) = late.get("/people/p-curator/absences")["items"]
    assert (absence["deputy"], absence["until"]) == ("p-other", "2026-10-01")
    (item,) = preview(late, OVERDUE, "deputy", person="p-head", deputy="p-head", until="2026-10-01").items
    assert (item.outcome, item.detail) == ("deputy_is_absent", "Человек не замещает сам себя. Укажите другого.")


def test_a_gate_is_cured_at_the_step_that_it_holds(small: World):
    small.start()
    small.clock.on("2026-10-20")
    passed(small)
    assert GATE in incidents(small)
    (item,) = preview(small, GATE, "deadline", due="2027-01-20", reason="Ждём согласий").items
    gate = next(one for one in small.get("/operations/incidents")["items"] if one["id"] == GATE)
    number = gate["sentence"].split()[1]
    assert item.changes[0].startswith(f"мероприятие {number} ")


def test_what_helps_at_a_gate_is_the_step_that_is_missing(small: World):
    """To complete the held step would be refused, so that completing and reminding begin where the gate waits."""
    small.start()
    small.clock.on("2026-10-20")
    passed(small)
    gate = next(one for one in small.get("/operations/incidents")["items"] if one["id"] == GATE)
    assert "не собраны согласия, мероприятия 5, 6." in gate["sentence"]
    assert [one["action"] for one in gate["cures"]] == ["complete", "remind", "deadline", "skip"]
    figures = {"needed": 10, "obtained": 10, "sent": 10, "returned": 10}
    (item,) = preview(small, GATE, "complete", evidence=figures).items
    assert item.detail is None
    assert "мероприятие 5" in item.changes[0]
    (item,) = preview(small, GATE, "remind").items
    assert "мероприятие 5 " in (item.letters[0].subject or "")


def test_a_plan_that_would_do_something_else_by_now_is_not_carried_out(late: World):
    body = {"due": "2026-10-12", "reason": "Карантин"}
    plan = preview(late, OVERDUE, "deadline", **body)
    late.post("/programmes/school-1-2026/steps/1/deadline", {"due": "2026-09-30", "reason": "x"})
    late.clock.on("2026-10-02")
    passed(late)
    before = late.written()
    path = f"/operations/incidents/{OVERDUE}/deadline"
    problem(late.ask("administrator", "POST", path, json=body | {"plan": plan.plan}), 409, "plan_changed")
    assert late.written() == before


def test_the_same_key_cures_once(late: World):
    path, headers = f"/operations/incidents/{OVERDUE}/remind", {"Idempotency-Key": "once"}
    first = late.ask("administrator", "POST", path, headers=headers)
    again = late.ask("administrator", "POST", path, headers=headers)
    assert (first.status_code, again.status_code, again.headers["Idempotent-Replayed"]) == (200, 200, "true")
    assert first.json() == again.json()
    kinds = [one["type"] for one in late.get("/programmes/school-1-2026/events?limit=500")["items"]]
    assert kinds.count("ReminderAsked") == 1


def test_who_may_not_and_what_is_not_there(late: World):
    path = f"/operations/incidents/{OVERDUE}/remind"
    problem(late.ask("curator of 9", "POST", path), 404, "incident_unknown")
    problem(late.ask("rcro", "POST", f"/operations/incidents/{OVERDUE}/restart"), 404)
    problem(late.ask("curator", "POST", f"/operations/incidents/{OVERDUE}/restart"), 403, "forbidden")
    problem(late.ask("administrator", "POST", f"/operations/incidents/{OVERDUE}/dance"), 404, "cure_unknown")
    problem(late.ask("administrator", "POST", f"/operations/incidents/{OVERDUE}/closure"), 409, "cure_foreign")
    problem(late.ask("administrator", "POST", "/operations/incidents/overdue:programme/nowhere/remind"), 404)
    wrong = late.ask("administrator", "POST", f"/operations/incidents/{OVERDUE}/deadline", json={})
    assert pointers(problem(wrong, 422, "invalid")) == {"/due", "/reason"}


def test_a_lost_letter_goes_out_anew_after_its_address_is_right(mailed: World):  # noqa: F811
    bounce(mailed)
    assert LOST in incidents(mailed)
    cure(mailed, LOST, "address", {"email": "right@school.example.org"}, "coordinator")
    assert LOST not in incidents(mailed)
    plan = preview(mailed, LOST, "resend")
    assert plan.items[0].changes[0].startswith("Письмо отправится заново: Программа наставничества 2026/27")
    assert [one.id for one in plan.items[0].letters[0].to] == ["person:p-curator"]
    cure(mailed, LOST, "resend")
    send(mailed, "school-1-2026")
    found = [one for one in mailed.get("/letters?person=p-curator")["items"] if one["kind"] == "started"]
    assert [one["status"] for one in found] == ["sent", "bounced"]
    problem(mailed.ask("administrator", "POST", f"/operations/incidents/{LOST}/resend"), 422, "nothing_to_cure")


def test_a_letter_that_is_not_true_any_more_is_settled_without_being_sent(mailed: World):  # noqa: F811
    bounce(mailed)
    mailed.post("/programmes/school-1-2026/cancellation", {"reason": "Реорганизация"})
    (item,) = cure(mailed, LOST, "resend").items
    assert item.changes == ["Письмо уже неактуально и не отправится. Вопрос о нём закроется"]
    assert LOST not in incidents(mailed)
    assert audited(mailed, LOST), "who settled it stands in the audit"


def test_a_role_that_nobody_holds_is_filled(mailed: World):  # noqa: F811
    missed(mailed, "school-9-2026")
    vacancy = "vacancy:school-9:curator"
    assert vacancy in incidents(mailed)
    plan = preview(mailed, vacancy, "appointment", person="p-other")
    assert plan.items[0].changes == [
        "«p-other» получает роль «куратор» в узле «Канарейка школа № 9» с 25 сентября 2026 г."
    ]
    done = cure(mailed, vacancy, "appointment", {"person": "p-other"})
    assert (done.cause, done.recipient) == ("vacant", "role:curator")
    assert vacancy not in incidents(mailed)
    assert audited(mailed, "role:p-other:curator:school-9")


def test_a_late_form_gets_more_time_or_its_respondent_a_reminder(small: World):
    small.clock.on("2027-02-25")
    small.post("/campaigns", OPENING | {"respondents": ["mo-tomsk"]}, "rcro")
    small.clock.on("2027-03-24")
    passed(small, FORM.partition(":")[2])
    assert FORM in incidents(small)
    assert preview(small, FORM, "remind").items[0].letters[0].kind == "missed"
    cure(small, FORM, "remind", None, "rcro")
    body = {"due": "2027-04-05", "reason": "Болезнь координатора", "order": "7"}
    assert preview(small, FORM, "extension", **body).items[0].changes == ["срок 22 марта 2027 г. → 5 апреля 2027 г."]
    cure(small, FORM, "extension", body, "rcro")
    assert FORM not in incidents(small)


def test_everybody_who_owes_a_form_of_a_round_is_reminded(small: World):
    small.clock.on("2027-02-25")
    small.post("/campaigns", OPENING | {"respondents": ["mo-tomsk", "mo-seversk", "lyceum"]}, "rcro")
    small.clock.on("2027-03-24")
    for one in ("mo-tomsk", "mo-seversk"):
        passed(small, f"submission/monitoring-2027-{one}")
    done = small.post("/operations/streams/campaign/monitoring-2027/remind", None, "rcro")["items"]
    assert [(one["stream"], one["outcome"]) for one in done] == [
        ("submission/monitoring-2027-mo-seversk", "done"),
        ("submission/monitoring-2027-mo-tomsk", "done"),
    ]


def test_each_cure_is_called_by_a_name_and_asks_in_russian(late: World):
    assert set(CURES) <= set(NAMES)
    found = [d.Applicable.model_validate(one) for one in late.get(f"/operations/cures?target={OVERDUE}")["items"]]
    assert {"remind", "deadline", "restart"} <= {one.action for one in found}
    for one in found:
        assert all(any("а" <= letter <= "я" for letter in field.title.lower()) for field in one.fields), one
    for_curator = late.get(f"/operations/cures?target={OVERDUE}", "curator")["items"]
    assert "restart" not in {one["action"] for one in for_curator}


def test_many_are_cured_as_a_job(small: World):
    for school in ("school-1", "club-1", "school-9"):
        small.start(school)
    small.clock.on("2026-09-12")
    for school in ("school-1", "club-1", "school-9"):
        passed(small, f"programme/{school}-2026")
    body = {"action": "remind", "select": {"cause": "overdue", "unit": "mo-tomsk"}}
    before = small.written()
    plan = d.Cures.model_validate(small.post("/operations/cures", body, "coordinator"))
    assert small.written() == before
    assert {one.stream for one in plan.items} == {"programme/school-1-2026", "programme/club-1-2026"}
    problem(small.ask("coordinator", "POST", "/operations/cures", json=body | {"dry_run": False}), 409, "plan_unseen")
    stale = body | {"dry_run": False, "plan": "0" * 64}
    problem(small.ask("coordinator", "POST", "/operations/cures", json=stale), 409, "plan_changed")

    answer = small.ask("coordinator", "POST", "/operations/cures", json=body | {"dry_run": False, "plan": plan.plan})
    assert answer.status_code == 202
    job = answer.json()["job"]
    shown = d.Job.model_validate(small.get(f"/operations/jobs/{job}", "coordinator"))
    assert (shown.percent, shown.total, shown.items[0].changes) == (0, 2, plan.items[0].changes)
    problem(small.ask("curator of 9", "GET", f"/operations/jobs/{job}"), 404, "bulk_unknown")
    hands = carry(small, job)
    shown = d.Job.model_validate(small.get(f"/operations/jobs/{job}", "operator"))
    assert {one.outcome for one in shown.items} == {"done"}
    assert (shown.percent, shown.finished_at is None) == (100, False)
    hands.bulk_share(job)
    assert [one["id"] for one in small.get("/operations/jobs")["items"]] == [job]
    assert small.get("/operations/jobs", "curator of 9")["items"] == []
    problem(small.ask("coordinator", "POST", f"/operations/jobs/{job}/stop"), 409, "bulk_finished")


def carry(world: World, job: str, most: int = 1000) -> BulkHands:
    """What the workflow of a job does, as far as `most` items."""
    hands = BulkHands(world.core.recorder, lambda *_: None, CureItems(world.core, Idle()))  # type: ignore[arg-type]
    while share := hands.bulk_share(job).organisations:
        for item in share:
            if most == 0:
                return hands
            hands.bulk_start(job, item)
            most -= 1
    return hands


class Idle:
    """Nobody listens where Temporal should be."""

    def nudge(self, *_: Any) -> None: ...


def test_a_job_is_stopped_and_what_changed_meanwhile_is_left_alone(small: World):
    schools = ("school-1", "club-1", "school-9")
    for school in schools:
        small.start(school)
    small.clock.on("2026-09-12")
    for school in schools:
        passed(small, f"programme/{school}-2026")
    body = {"action": "skip", "select": {"cause": "overdue"}, "arguments": {"reason": "Не требуется", "order": "5"}}
    plan = small.post("/operations/cures", body)
    wanted = body | {"dry_run": False, "plan": plan["plan"]}
    job = small.ask("administrator", "POST", "/operations/cures", json=wanted).json()["job"]
    first = small.get(f"/operations/jobs/{job}")["items"][0]["item"].partition("/")[2]
    small.post(f"/programmes/{first}/steps/1/completion", {"evidence": {"audience": 5}})
    hands = carry(small, job, most=2)
    small.post(f"/operations/jobs/{job}/stop")
    last = small.get(f"/operations/jobs/{job}")["items"][2]["item"]
    hands.bulk_start(job, last)
    assert hands.bulk_share(job).organisations == []
    shown = d.Job.model_validate(small.get(f"/operations/jobs/{job}"))
    assert [one.outcome for one in shown.items] == ["step_unnamed", "done", "stopped"]
    assert shown.stopped_by is not None
    assert audited(small, f"bulk:{job}")
    with small.core.database.reading() as connection:
        row = connection.exec_driver_sql("select arguments from bulk").one()
    assert row.arguments is None, "words that people wrote are not kept longer than needed"


def test_whoever_began_a_job_and_lost_the_key_changes_nothing_more(small: World):
    for school in ("school-1", "club-1"):
        small.start(school)
    small.clock.on("2026-09-12")
    for school in ("school-1", "club-1"):
        passed(small, f"programme/{school}-2026")
    body = {"action": "skip", "select": {"cause": "overdue"}, "arguments": {"reason": "Не требуется"}}
    plan = small.post("/operations/cures", body, "coordinator")
    wanted = body | {"dry_run": False, "plan": plan["plan"]}
    job = small.ask("coordinator", "POST", "/operations/cures", json=wanted).json()["job"]
    carry(small, job, most=1)
    begun = small.get(f"/operations/jobs/{job}")["by"]
    with small.core.database.writing() as connection:
        revoke_token(connection, begun.removeprefix("token:"), "test", small.clock())
    carry(small, job)
    shown = d.Job.model_validate(small.get(f"/operations/jobs/{job}"))
    assert [one.outcome for one in shown.items] == ["done", "forbidden"]
