"""The letter's form as data, for a page that fills it in and for anybody who reads it."""

from __future__ import annotations

import shutil
from pathlib import Path

from pydantic import TypeAdapter

from api import documents as d
from api import form_documents as f
from tests.api.world import Place, World, problem, world
from tests.domain.form.forms import CAMP_FILE, MONITORING


def test_the_form_is_told_with_its_rules(shared: World):
    form = shared.get("/forms/monitoring", "curator")
    f.FormBlank.model_validate(form)
    assert [section["heading"] for section in form["sections"]] == ["Приложение 1", "Приложение 2"]
    assert {rule["rule"] for rule in form["rules"]} == {"at_most", "needs_if", "equals_last", "change_over"}
    assert list(form["labels"]) == list(MONITORING.fields)
    problem(shared.ask("curator", "GET", "/forms/homework"), 404, "form_unknown")


def test_the_regions_own_form_is_among_them(place: Place, tmp_path: Path):
    folder = tmp_path / "definitions" / "forms"
    folder.mkdir(parents=True)
    shutil.copy(CAMP_FILE, folder)
    with world(place, tmp_path) as region:
        lines = region.get("/forms", "curator")
        TypeAdapter(d.Page[f.FormLine]).validate_python(lines)
        assert [line["key"] for line in lines["items"]] == ["monitoring", "camp"]
        f.FormBlank.model_validate(region.get("/forms/camp", "coordinator"))
