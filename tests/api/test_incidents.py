"""What stands still, as operators and others see it; and that a dead database is told to those who look after it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from api import documents as d
from api import region_documents as r
from domain.diagnosis.facts import Letters, Machine, Pending, Seen, Server, Trouble
from tests.api.monitoring import ROUND, TOMSK, opened, submitted
from tests.api.test_pages import look
from tests.api.world import AllWell, World, pointers, problem, settled, world
from tests.servers import Deadline, PostgresServer

P = "/operations/incidents"
LATE = ("school-1", "school-9", "college")


@pytest.fixture
def late(small: World) -> World:
    """Three programmes whose first steps are overdue."""
    for school in LATE:
        small.start(school)
    small.clock.on("2026-10-20")
    for school in LATE:
        small.catch_up(f"{school}-2026")
    return small


def incidents(world: World, who: str = "administrator", query: str = "") -> list[dict[str, Any]]:
    return [r.Incident.model_validate(one).model_dump() for one in world.get(P + query, who)["items"]]


def test_everybody_sees_what_stands_still_with_them(late: World):
    streams = {one["stream"] for one in incidents(late) if one["cause"] == "overdue"}
    assert streams == {f"programme/{school}-2026" for school in LATE}
    for who, school in (("curator", "school-1"), ("coordinator", "school-1"), ("dpo", "college")):
        assert {one["stream"] for one in incidents(late, who)} == {f"programme/{school}-2026"}, who
    assert incidents(late, "office") == []


def test_what_harms_most_comes_first_then_what_is_oldest(late: World):
    found = incidents(late)
    assert [(-one["harm"], one["since"], one["id"]) for one in found] == sorted(
        (-one["harm"], one["since"], one["id"]) for one in found
    )
    assert {one["cause"] for one in found} == {"overdue", "gate", "unfilled"}


def test_filters_and_counts(late: World):
    told = r.Incidents.model_validate(late.get(P))
    assert {one.cause: one.count for one in told.counts}["overdue"] == len(LATE)
    assert {one["layer"] for one in incidents(late, query="?layer=data")} == {"data"}
    assert {one["cause"] for one in incidents(late, query="?cause=overdue")} == {"overdue"}
    assert {one["stream"] for one in incidents(late, query="?unit=mo-seversk")} == {"programme/school-9-2026"}
    assert incidents(late, query="?kind=machine") == []
    assert late.get(f"{P}?layer=mail")["counts"] == late.get(P)["counts"]
    problem(late.ask("administrator", "GET", f"{P}?layer=weather"), 422, "invalid")


def test_pages(late: World):
    everything = incidents(late)
    paged: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        told = late.get(f"{P}?limit=1" + (f"&cursor={cursor}" if cursor else ""))
        paged, cursor = paged + told["items"], told["next"]
    assert [one["id"] for one in paged] == [one["id"] for one in everything]
    assert pointers(problem(late.ask("administrator", "GET", f"{P}?cursor=W10"), 422)) == {"query:cursor"}


def test_a_step_that_others_hold_up_says_what_is_missing(late: World):
    held = next(one for one in incidents(late, "curator") if one["cause"] == "gate")
    assert held["layer"] == "data"
    assert "закрыть его нельзя: не собраны согласия, мероприятия 5, 6." in held["sentence"]


def test_one_sees_the_cures_that_one_may_use(late: World):
    def actions(who: str) -> set[str]:
        found = incidents(late, who, "?cause=overdue&unit=school-1")
        return {cure["action"] for one in found for cure in one["cures"]}

    assert {"complete", "remind", "deadline", "skip"} <= actions("curator")
    assert actions("rcro") == set()


class Broken(AllWell):
    """A machine whose Temporal and mail server are away."""

    async def machine(self) -> Machine:
        well = await super().machine()
        away = Trouble(well.now, "RPCError")
        letters = Letters(3, well.now, well.now, 1, "ConnectionRefusedError", away=True)
        return Machine(well.now, processes=well.processes, server=Server(away), mail=letters)


def test_what_all_streams_share_is_for_those_who_operate(late: World):
    late.break_down(Broken)
    for who in ("operator", "administrator"):
        first, second = incidents(late, who, "?kind=machine")
        assert (first["id"], first["layer"], first["stream"]) == ("machine:temporal_down", "temporal", None)
        assert (second["cause"], second["layer"]) == ("mail_down", "mail")
        assert "ожидают отправки: 3 письма" in second["sentence"]
        assert {"start_temporal"} == {cure["action"] for cure in first["cures"]}
        assert incidents(late, who)[0] == first, "before what people owe"
    assert incidents(late, "curator", "?kind=machine") == []
    told = d.Explanation.model_validate(late.get("/programmes/school-1-2026/explanation", "curator"))
    assert (told.layer, told.responsible, told.cures) == ("temporal", "administrator", [])
    assert {one.cause for one in told.others} >= {"overdue"}
    assert told.next_action is not None


class Alone(AllWell):
    """A machine whose only worker has died."""

    async def machine(self) -> Machine:
        return replace(await super().machine(), processes=())


def test_in_an_outage_people_still_see_what_they_can_do(late: World):
    """The machine explains, and each of the other causes brings its own cures for this reader."""
    late.break_down(Alone)
    told = d.Explanation.model_validate(late.get("/programmes/school-1-2026/explanation", "curator"))
    assert (told.cause, told.cures) == ("worker_missing", [])
    (overdue,) = (one for one in told.others if one.cause == "overdue")
    assert {"complete", "remind"} <= {cure.action for cure in overdue.cures}
    page = look(late, "/operations/programme/school-1-2026", "curator").text
    assert "Ничего делать не нужно" not in page
    assert "action=complete&amp;target=overdue%3Aprogramme%2Fschool-1-2026" in page
    nobody = d.Explanation.model_validate(late.get("/programmes/school-1-2026/explanation", "dgo"))
    assert all(not one.cures for one in nobody.others)


class Refusing(AllWell):
    """A machine whose worker cannot carry out what is queued."""

    async def stream(self, stream: str, ask: bool) -> Seen:
        refused = "ConnectionRefusedError: [Errno 111] Connection refused"
        failing = Pending("send_notice", 3, refused, "ConnectionRefusedError", self._core.clock())
        return replace(await super().stream(stream, ask), pending=(failing,))


def test_the_raw_error_is_for_those_who_operate(late: World):
    """Others read the sentence without it; the evidence has all of it."""
    late.break_down(Refusing)
    told = {who: late.get("/programmes/school-1-2026/explanation", who) for who in ("operator", "curator")}
    assert {one["cause"] for one in told.values()} == {"act_fails"}
    assert "(ConnectionRefusedError: [Errno 111] Connection refused)" in told["operator"]["sentence"]
    assert "из-за ошибки в коде: попытка 3" in told["curator"]["sentence"]
    assert "Errno" in str(told["curator"]["evidence"])


def test_a_form_waits_for_its_respondent_then_for_the_centre(small: World):
    opened(small)
    told = d.Explanation.model_validate(small.get(f"{TOMSK}/explanation", "rcro"))
    assert (told.cause, told.layer) == ("form_in_time", "none")
    assert told.next_action is not None
    assert told.next_action.kind == "reminder"
    small.clock.on("2027-03-25")
    stream = TOMSK.removeprefix("/submissions/")
    small.catch_up(stream, "submission")
    told = d.Explanation.model_validate(small.get(f"{TOMSK}/explanation", "rcro"))
    assert (told.cause, told.layer) == ("form_overdue", "person")
    assert f"form_overdue:submission/{stream}" in {one["id"] for one in incidents(small, "rcro")}
    whole = d.Explanation.model_validate(small.get(f"{ROUND}/explanation", "rcro"))
    assert (whole.cause, whole.layer) == ("forms_overdue", "person")
    submitted(small, TOMSK, "administrator")
    small.catch_up(stream, "submission")
    told = d.Explanation.model_validate(small.get(f"{TOMSK}/explanation", "rcro"))
    assert (told.cause, [one.action for one in told.cures]) == ("in_review", ["review"])
    problem(small.ask("curator", "GET", f"{TOMSK}/explanation"), 404, "submission_unknown")
    problem(small.ask("curator", "GET", f"{ROUND}/explanation"), 404, "campaign_unknown")


@pytest.mark.postgres
def test_a_database_that_is_down_is_told_to_those_who_look_after_it(tmp_path: Path):
    """Everybody else hears that it does not answer; when it is back, so is everything."""
    with PostgresServer() as server:
        url = server.url_of(server.create_database())
        with world((url, settled(url)), tmp_path, well=False) as here:
            context = here.app.state.context
            Deadline(20).until(
                lambda: context.watch.identity(here.keys["operator"]) is not None, "the watch has seen who operates"
            )
            here.start()
            server.stop()
            for who in ("operator", "administrator"):
                first = incidents(here, who)[0]
                assert (first["id"], first["layer"], first["stream"]) == ("machine:database_down", "database", None)
                assert [cure["action"] for cure in first["cures"]] == ["start_database"]
            problem(here.ask("curator", "GET", P), 503, "database-unavailable")
            problem(here.ask("operator", "GET", "/programmes"), 503, "database-unavailable")
            problem(here.ask("operator", "GET", "/programmes/school-1-2026/explanation"), 503, "database-unavailable")
            server.start()
            Deadline(20, every=0.2).until(
                lambda: "database_down" not in {one["cause"] for one in incidents(here, "operator")}, "it is back"
            )
