"""Bodies as people and typed clients write them are taken where their meaning is plain."""

from __future__ import annotations

from tests.api.world import World


def test_figures_say_which_part_they_complete(region: World):
    programme = region.start()
    path = f"/programmes/{programme}/steps/5/completion"
    step = region.post(path, {"evidence": {"sent": 30, "returned": 28}}, "curator")["steps"][4]
    assert [(one["part"], one["done"]) for one in step["parts"]] == [("form", True), ("consent", False)]


def test_an_order_may_be_its_number_alone(region: World):
    programme = region.start()
    body = {"reason": "Карантин", "order": "15-од"}
    region.post(f"/programmes/{programme}/steps/2/skip", body, "curator")
    events = region.ask("curator", "GET", f"/programmes/{programme}/events").json()["items"]
    assert next(one for one in events if one["type"] == "StepSkipped")["data"]["order"] == {"number": "15-од"}


def test_null_is_what_is_left_out(region: World):
    programme = region.start()
    body = {"part": None, "occurrence": None, "evidence": None, "note": None, "documents": None}
    step = region.post(f"/programmes/{programme}/steps/1/completion", body, "curator")["steps"][0]
    assert step["state"] == "done"


def test_a_pause_ends_with_a_reason_too(region: World):
    programme = region.start()
    region.post(f"/programmes/{programme}/pause", {"reason": "Карантин"}, "curator")
    region.post(f"/programmes/{programme}/resumption", {"reason": "Карантин снят"}, "curator")
    events = region.ask("curator", "GET", f"/programmes/{programme}/events").json()["items"]
    assert next(one for one in events if one["type"] == "ProgrammeResumed")["data"]["reason"] == "Карантин снят"


def test_a_unit_that_was_read_can_be_written_back(region: World):
    unit = region.ask("administrator", "GET", "/units/mo-tomsk").json()
    answer = region.ask("administrator", "PUT", "/units/mo-tomsk", json=unit)
    assert (answer.status_code, answer.json()) == (200, unit)
