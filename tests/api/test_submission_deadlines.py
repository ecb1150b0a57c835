"""The ledger of a form's deadline: what was asked first, every later date, and who said why."""

from __future__ import annotations

from pydantic import TypeAdapter

from api import monitoring_documents as m
from tests.api.monitoring import LYCEUM, TOMSK, opened, put_form, submitted
from tests.api.world import World, problem

LEDGER = TypeAdapter(m.SubmissionLedger)


def test_every_later_date_stands_beside_the_first(region: World):
    opened(region)
    region.clock.on("2027-03-20")
    order = {"number": "15-од", "date": "2027-03-20"}
    region.post(f"{TOMSK}/extension", {"due": "2027-03-29", "reason": "Карантин", "order": order}, "rcro")
    region.clock.on("2027-03-26")
    submitted(region, TOMSK, "coordinator")
    region.clock.on("2027-03-31")
    region.post(f"{TOMSK}/return", {"reason": "Сверьте показатели"}, "rcro")
    found = region.get(f"{TOMSK}/deadlines", "coordinator")
    LEDGER.validate_python(found, strict=False)
    assert (found["first_asked"], found["first_due"], found["due"]) == ("2027-03-21", "2027-03-22", "2027-04-07")
    assert found["done_on"] == "2027-03-26"
    assert found["timeliness"] == {"raw": "late", "excused": "on_time"}
    extended, returned = found["moves"]
    assert (extended["was"], extended["due"], extended["cause"]) == ("2027-03-22", "2027-03-29", "extension")
    assert (extended["reason"], extended["order"]) == ("Карантин", order)
    assert extended["by"].startswith("token:")
    assert (returned["was"], returned["cause"], returned["reason"]) == ("2027-03-29", "return", None)


def test_what_the_clock_has_brought_is_told_before_anybody_records_it(small: World):
    opened(small)
    put_form(small, LYCEUM, "curator of lyceum")
    assert small.get(f"{LYCEUM}/deadlines", "rcro")["timeliness"] == {"raw": "open", "excused": "open"}
    small.clock.on("2027-03-23")
    found = small.get(f"{LYCEUM}/deadlines", "rcro")
    assert found["timeliness"] == {"raw": "late", "excused": "late"}
    assert (found["done_on"], found["moves"]) == (None, [])


def test_only_who_sees_the_form_sees_its_deadlines(small: World):
    opened(small)
    for who in ("dgo", "administrator", "operator"):
        small.get(f"{TOMSK}/deadlines", who)
    for who in ("curator of lyceum", "dpo", "office", "curator"):
        problem(small.ask(who, "GET", f"{TOMSK}/deadlines"), 404, "submission_unknown")
