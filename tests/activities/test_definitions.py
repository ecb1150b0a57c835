"""The library of definitions: what is built in, what a region adds, and what stays frozen."""

from datetime import date
from pathlib import Path

import pytest

from activities.database import Database
from activities.definition_files import BadDefinition
from activities.definition_store import DefinitionStore, MemoryDefinitions, SqlDefinitions
from activities.definitions import BUILT_IN, Library, definition_folders

OWN = """
key: camp
version: "1"
title: Лагерь
source: положение
phases:
  - number: 1
    title: Смена
    steps:
      - {number: 1, title: Открытие, kind: event, roles: [curator], date: {rule: until, closes: 05.09}}
      - {number: 2, title: Закрытие, kind: event, roles: [curator], date: {rule: relative, days: 14, step: 1}}
"""


def write(home: Path, place: str, text: str) -> Path:
    path = home / "definitions" / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def library(home: Path, store: DefinitionStore | None = None) -> Library:
    return Library(definition_folders(home), store or MemoryDefinitions())


def refused(home: Path, store: DefinitionStore | None = None) -> str:
    with pytest.raises(BadDefinition) as problem:
        library(home, store)
    return str(problem.value)


def school_with(old: str, new: str) -> str:
    text = (BUILT_IN / "roadmaps" / "school.yaml").read_text(encoding="utf-8")
    assert old in text
    return text.replace(old, new, 1)


def test_both_roadmaps_and_ladders_are_built_in(tmp_path: Path):
    found = library(tmp_path)
    assert {each.key: len(each.steps) for each in found.roadmaps()} == {"school": 34, "college": 10}
    assert found.ladder("municipal").key == "step-municipal"
    assert found.ladder("state").key == "step-state"
    assert [one.key for one in found.ladders()] == [
        "monitoring-municipal",
        "monitoring-state",
        "step-municipal",
        "step-state",
    ]


def test_an_unknown_roadmap_is_a_key_error(tmp_path: Path):
    with pytest.raises(KeyError):
        library(tmp_path).roadmap("camp")


def test_the_calendar_reaches_from_the_year_before_to_three_years_after(tmp_path: Path):
    calendar = library(tmp_path).calendar(2026)
    assert sorted(calendar.years) == [2025, 2026, 2027, 2028, 2029]
    assert [year for year, table in calendar.years.items() if table.provisional] == [2028, 2029]


def test_a_programme_gets_the_names_of_frozen_versions(tmp_path: Path):
    ref = library(tmp_path).plan_ref("school", "municipal", 2026)
    assert (ref.roadmap, ref.ladder, ref.rolling) == ("school@1", "step-municipal@1", "next_working_day")
    name, _, content = ref.calendar.partition("@")
    assert name == "ru-2026"
    assert len(content) == 8


def test_the_plan_is_built_once_in_a_process(tmp_path: Path):
    found = library(tmp_path)
    ref = found.plan_ref("college", "state", 2026)
    assert found.plan(ref) is found.plan(ref.model_copy())
    assert found.plan(ref).roadmap.key == "college"
    assert found.plan(ref).calendar.is_working(date(2027, 2, 20))


def test_another_process_finds_the_same_plan(journal_url: str, tmp_path: Path):
    here, there = Database(journal_url), Database(journal_url)
    ref = library(tmp_path, SqlDefinitions(here)).plan_ref("school", "state", 2026)
    found, mine = (library(tmp_path, SqlDefinitions(each)).plan(ref) for each in (there, here))
    assert (found.roadmap, found.ladder, found.calendar) == (mine.roadmap, mine.ladder, mine.calendar)
    here.close()
    there.close()


def test_the_database_keeps_what_a_name_got_first(journal_url: str):
    database = Database(journal_url)
    store = SqlDefinitions(database)
    assert store.get("ladder/own@1") is None
    store.put("ladder/own@1", {"title": "первая"})
    store.put("ladder/own@1", {"title": "вторая"})
    assert store.get("ladder/own@1") == {"title": "первая"}
    database.close()


def test_a_running_programme_keeps_its_roadmap_when_the_region_brings_a_newer_one(tmp_path: Path):
    store = MemoryDefinitions()
    before = library(tmp_path, store).plan_ref("school", "municipal", 2026)
    write(tmp_path, "roadmaps/school.yaml", school_with('version: "1"', 'version: "2"').replace("25.08", "20.08"))
    later = library(tmp_path, store)
    assert later.roadmap("school").version == "2"
    assert later.plan(before).roadmap.version == "1"
    assert later.plan_ref("school", "municipal", 2026).roadmap == "school@2"


def test_a_running_programme_keeps_its_calendar_when_a_decree_comes_out(tmp_path: Path):
    store = MemoryDefinitions()
    before = library(tmp_path, store).plan_ref("school", "municipal", 2027)
    write(tmp_path, "calendars/2028.yaml", "{year: 2028, transfers: [{from: 2028-01-08, to: 2028-05-08}]}")
    later = library(tmp_path, store)
    after = later.plan_ref("school", "municipal", 2027)
    assert before.calendar != after.calendar
    assert later.plan(before).calendar.is_working(date(2028, 5, 8))
    assert not later.plan(after).calendar.is_working(date(2028, 5, 8))


def test_what_only_was_looked_at_is_not_frozen(tmp_path: Path):
    store = MemoryDefinitions()
    path = write(tmp_path, "roadmaps/camp.yaml", OWN)
    library(tmp_path, store).roadmap("camp")
    path.write_text(OWN.replace("Открытие", "Заезд"), encoding="utf-8")
    assert library(tmp_path, store).roadmap("camp").steps[1].title == "Заезд"


def test_a_version_in_use_must_not_change(tmp_path: Path):
    store = MemoryDefinitions()
    path = write(tmp_path, "roadmaps/camp.yaml", OWN)
    library(tmp_path, store).plan_ref("camp", "municipal", 2026)
    path.write_text(OWN.replace("Открытие", "Заезд"), encoding="utf-8")
    text = refused(tmp_path, store)
    assert str(path) in text
    assert "содержание изменилось, а версия 1 осталась прежней" in text


def test_a_region_cannot_change_a_built_in_version_under_its_name(tmp_path: Path):
    path = write(tmp_path, "roadmaps/mine.yaml", school_with("25.08", "20.08"))
    text = refused(tmp_path)
    assert str(path) in text
    assert "версия 1 определения school уже занята файлом" in text
    assert "с другим содержанием" in text


def test_a_region_may_repeat_a_built_in_file_as_it_is(tmp_path: Path):
    write(tmp_path, "roadmaps/school.yaml", school_with("key", "key"))
    assert library(tmp_path).roadmap("school").version == "1"


def test_a_lost_version_is_an_error_and_never_replaced_by_a_newer_one(tmp_path: Path):
    ref = library(tmp_path).plan_ref("school", "municipal", 2026)
    with pytest.raises(BadDefinition, match="Версия school@1, по которой идёт программа, не найдена"):
        library(tmp_path).plan(ref)


def test_a_region_adds_a_roadmap_of_its_own(tmp_path: Path):
    write(tmp_path, "roadmaps/camp.yaml", OWN)
    assert [each.key for each in library(tmp_path).roadmaps()] == ["college", "school", "camp"]


def test_dates_without_quotes_are_still_days_of_the_year(tmp_path: Path):
    write(tmp_path, "roadmaps/camp.yaml", OWN.replace("05.09", "25.10"))
    assert library(tmp_path).roadmap("camp").steps[1].date.model_dump()["closes"] == (10, 25)


def test_a_region_may_bring_its_own_units(tmp_path: Path):
    write(
        tmp_path,
        "units/own.yaml",
        "units: [{id: m, kind: municipality, parent: r, name: М}, {id: r, kind: region, name: Р}]",
    )
    assert [unit.id for unit in library(tmp_path).units()] == ["r", "m"]


def test_the_built_in_units_come_parents_first(tmp_path: Path):
    units = library(tmp_path).units()
    seen: set[str] = set()
    for unit in units:
        assert unit.parent is None or unit.parent in seen
        seen.add(unit.id)
    assert len(seen) == 27


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("units: [{id: m, kind: municipality, parent: r, name: М}]", "узел m: вышестоящего узла «r» нет."),
        ("units: [{id: r, kind: region, name: Р}, {id: r, kind: region, name: Р}]", "узел r: указан дважды."),
        (
            "units: [{id: a, kind: municipality, parent: b, name: А}, {id: b, kind: municipality, parent: a, name: Б}]",
            "узел a: вышестоящего узла «b» нет.",
        ),
        ("units: [{id: r, kind: realm, name: Р}]", "узел r, поле kind: значение «realm» не подходит"),
    ],
)
def test_units_that_do_not_stand_together_are_refused(tmp_path: Path, text: str, sentence: str):
    write(tmp_path, "units/own.yaml", text)
    with pytest.raises(BadDefinition) as problem:
        library(tmp_path).units()
    assert sentence in str(problem.value)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            "kind: event",
            "kind: party",
            "этап 1, мероприятие 1, поле kind: значение «party» не подходит, можно form, consent",
        ),
        ("closes: 05.09", "closes: 31.02", "этап 1, мероприятие 1, поле date.closes: «31.02» — не дата вида ДД.ММ"),
        (
            "rule: until",
            "rule: later",
            "этап 1, мероприятие 1, поле date: правило «later» неизвестно, можно window, until",
        ),
        ("rule: until, ", "", "этап 1, мероприятие 1, поле date: не указано правило (rule)"),
        ("days: 14", "days: две недели", "мероприятие 2, поле date.days: вместо «две недели» нужно целое число"),
        ("step: 1", "step: 7", "дорожная карта camp: мероприятие 2 ссылается на 7, а такого нет"),
        ("number: 2, title", "number: 1, title", "дорожная карта camp: номер мероприятия 1 указан дважды"),
        ("title: Смена", "titel: Смена", "этап 1, поле title: нет обязательного поля (и ещё замечаний: 1)"),
        ("title: Лагерь", "title: Лагерь\ntitle: Смена", "строка 5, столбец 1: поле «title» указано дважды"),
        ("phases:", "phases: [", "это не YAML"),
        ("roles: [curator]", "roles: [директор]", "мероприятие 1, поле roles: значение «директор» не подходит"),
    ],
)
def test_a_bad_file_is_refused_with_its_name_and_the_place(tmp_path: Path, old: str, new: str, sentence: str):
    path = write(tmp_path, "roadmaps/camp.yaml", OWN.replace(old, new, 1))
    text = refused(tmp_path)
    assert text.startswith(f"Файл {path}")
    assert sentence in text
    assert "\n" not in text


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff\xfe\x00", b"just words"])
def test_a_file_that_is_something_else_is_refused(tmp_path: Path, content: bytes):
    path = write(tmp_path, "ladders/own.yaml", "")
    path.write_bytes(content)
    assert str(path) in refused(tmp_path)


def test_two_files_for_the_same_thing_are_refused(tmp_path: Path):
    write(tmp_path, "roadmaps/camp.yaml", OWN)
    write(tmp_path, "roadmaps/camp-2.yaml", OWN.replace('version: "1"', 'version: "2"'))
    assert "дорожная карта camp уже описана в файле camp-2.yaml" in refused(tmp_path)


LADDER = """
key: own
version: "1"
obligation: step
organisations: state
rungs:
  - {kind: missed, to: [responsible, curator, head]}
  - {kind: escalation, days: 3, to: [operating_centre]}
"""


def test_a_region_brings_a_ladder_of_its_own(tmp_path: Path):
    write(tmp_path, "ladders/own.yaml", LADDER)
    assert library(tmp_path).plan_ref("college", "state", 2026).ladder == "own@1"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("operating_centre", "директор", "ступень № 2, поле to: значение «директор» не подходит, можно responsible"),
        ("days: 3", "days: три", "ступень № 2, поле days: вместо «три» нужно целое число"),
        ("kind: missed", "kind: escalation, days: 9", "лестница own, ступень 2 (after-3): стоит после ступени after-9"),
        ("operating_centre", "municipal_authority", "ступень 2 (after-3): указан муниципалитет, но у областной"),
        ("obligation: step", "obligation: homework", "поле obligation: значение «homework» не подходит, можно step"),
        ("[operating_centre]", "[]", "ступень № 2, поле to: список пуст"),
    ],
)
def test_a_bad_ladder_is_refused_with_its_name_and_the_place(tmp_path: Path, old: str, new: str, sentence: str):
    path = write(tmp_path, "ladders/own.yaml", LADDER.replace(old, new, 1))
    text = refused(tmp_path)
    assert text.startswith(f"Файл {path}")
    assert sentence in text


def test_a_ladder_that_calls_what_the_regions_own_units_lack_is_refused(tmp_path: Path):
    write(tmp_path, "ladders/own.yaml", LADDER)
    write(tmp_path, "units/own.yaml", "units: [{id: r, kind: region, name: Р}]")
    text = refused(tmp_path)
    assert "лестница own, ступень 2 (after-3): адресатом operating_centre никто не может стать" in text
