"""The shelf of forms: what is built in, what a region adds, and what stays frozen."""

from __future__ import annotations

from pathlib import Path

import pytest

from activities.definition_files import BadDefinition
from activities.definition_store import MemoryDefinitions
from activities.definitions import definition_folders
from activities.form_definitions import FormShelf
from tests.domain.form.forms import CAMP, CAMP_FILE, MONITORING

CAMP_TEXT = CAMP_FILE.read_text(encoding="utf-8")


def shelf(home: Path, store: MemoryDefinitions | None = None) -> FormShelf:
    return FormShelf(definition_folders(home), store or MemoryDefinitions())


def write(home: Path, text: str, name: str = "camp.yaml") -> Path:
    path = home / "definitions" / "forms" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_the_letters_form_is_built_in(tmp_path: Path):
    assert shelf(tmp_path).all() == [MONITORING]


def test_a_region_adds_a_form_of_its_own_as_a_file(tmp_path: Path):
    write(tmp_path, CAMP_TEXT)
    assert shelf(tmp_path).current("camp") == CAMP
    with pytest.raises(KeyError):
        shelf(tmp_path).current("mcap")


def test_the_example_of_the_guide_is_a_form(tmp_path: Path):
    guide = (Path(__file__).parents[2] / "docs" / "guide-operator.md").read_text(encoding="utf-8")
    write(tmp_path, guide.partition("```yaml\n")[2].partition("```")[0])
    assert shelf(tmp_path).current("camp").title == "Паспорт летней школы наставников"


def test_a_frozen_form_stays_when_the_file_is_newer(tmp_path: Path):
    store = MemoryDefinitions()
    write(tmp_path, CAMP_TEXT)
    assert shelf(tmp_path, store).freeze("camp") == "camp@1"
    write(tmp_path, CAMP_TEXT.replace('version: "1"', 'version: "2"').replace("Мест всего", "Коек всего"))
    later = shelf(tmp_path, store)
    assert later.frozen("camp@1") == CAMP
    assert later.current("camp").fields["/about/beds"].title == "Коек всего"


def test_a_version_that_is_filled_in_already_may_not_change(tmp_path: Path):
    store = MemoryDefinitions()
    write(tmp_path, CAMP_TEXT)
    shelf(tmp_path, store).freeze("camp")
    write(tmp_path, CAMP_TEXT.replace("Мест всего", "Коек всего"))
    with pytest.raises(BadDefinition, match="содержание изменилось, а версия 1 осталась прежней"):
        shelf(tmp_path, store)


def test_a_lost_version_is_an_error(tmp_path: Path):
    with pytest.raises(BadDefinition, match="Версия camp@7, по которой заполняется форма, не найдена"):
        shelf(tmp_path).frozen("camp@7")


def test_two_files_for_one_form_are_refused(tmp_path: Path):
    write(tmp_path, CAMP_TEXT)
    write(tmp_path, CAMP_TEXT, "camp-2.yaml")
    with pytest.raises(BadDefinition, match=r"форма camp уже описана в файле camp-2\.yaml"):
        shelf(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("kind: yes_no", "kind: magic", "раздел about, пункт winter: вид «magic» неизвестен, можно text"),
        ("kind: yes_no, ", "", "раздел about, пункт winter: не указан вид (kind)"),
        ("most: 80", "most: много", "раздел about, пункт place, поле most: вместо «много» нужно целое число"),
        ("field: /about/guests", "field: /about/guest", "правило at_most ссылается на /about/guest, а такого поля нет"),
        ("percent: 30", "percent: 0", "правило № 5, поле percent: значение «0» не подходит"),
    ],
)
def test_a_bad_form_is_refused_with_its_name_and_the_place(tmp_path: Path, old: str, new: str, sentence: str):
    path = write(tmp_path, CAMP_TEXT.replace(old, new, 1))
    with pytest.raises(BadDefinition) as problem:
        shelf(tmp_path)
    assert str(problem.value).startswith(f"Файл {path}")
    assert sentence in str(problem.value)
