"""The invented people of the demonstration region; every address ends in `.example` and reaches nobody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from activities.demo.organisations import PLACES, Place
from activities.directory import put_unit
from activities.people import Person, give_role, put_person
from domain.refusal import Refusal
from domain.units import Role, UnitTree

BY = "demo"

_SURNAMES = [
    "Соснина",
    "Кедрова",
    "Рябинина",
    "Луговая",
    "Озерова",
    "Ельникова",
    "Полянская",
    "Ручьёва",
    "Вербицкая",
    "Калинина",
    "Дубравина",
    "Берестова",
    "Зорина",
    "Снегирёва",
    "Лебедева",
    "Журавлёва",
    "Соколова",
    "Чайкина",
    "Синицына",
    "Зяблицева",
    "Стрижова",
    "Гусева",
    "Уткина",
    "Воронцова",
    "Каменская",
    "Речная",
    "Морозова",
    "Метелицына",
    "Туманова",
    "Росина",
    "Ветрова",
    "Громова",
    "Лучинина",
    "Яснова",
    "Звёздкина",
    "Рассветова",
]
_NAMES = [
    "Анна",
    "Вера",
    "Дарья",
    "Елена",
    "Жанна",
    "Зоя",
    "Инна",
    "Ксения",
    "Лидия",
    "Мария",
    "Нина",
    "Ольга",
    "Полина",
    "Раиса",
    "Софья",
    "Тамара",
    "Ульяна",
]
_PATRONYMICS = [
    "Андреевна",
    "Борисовна",
    "Викторовна",
    "Григорьевна",
    "Дмитриевна",
    "Егоровна",
    "Захаровна",
    "Игоревна",
    "Кирилловна",
    "Львовна",
    "Михайловна",
]

_POSTS: dict[Role, str] = {
    "head": "директор",
    "curator": "заместитель директора, куратор программы наставничества",
    "navigator": "педагог-навигатор",
    "municipal_coordinator": "муниципальный координатор",
    "methodologist": "методист",
    "department_officer": "консультант департамента",
    "project_office": "специалист проектного офиса",
}


@dataclass(frozen=True)
class Post:
    """Who holds which role where; the person's id says it."""

    unit: str
    role: Role

    @property
    def person(self) -> str:
        """The id of the person."""
        return f"demo-{self.role.replace('_', '-')}-{self.unit}"[:64].rstrip("-")


def leader(place: Place) -> Post:
    """The curator of a school, the navigator of a college."""
    return Post(place.id, "navigator" if place.sector == "vocational" else "curator")


def teacher(place: Place) -> str:
    """The id of a colleague to whom steps are handed."""
    return f"demo-teacher-{place.id}"


def posts(tree: UnitTree) -> Iterator[Post]:
    """Everybody who holds a role, organisations first."""
    for place in PLACES:
        yield leader(place)
        yield Post(place.id, "head")
    for parent in sorted({place.parent for place in PLACES}):
        if tree.units[parent].kind == "municipality":
            yield Post(parent, "municipal_coordinator")
            yield Post(parent, "head")
    for unit in tree.of_kind("department"):
        yield Post(unit.id, "department_officer")
    for unit in tree.of_kind("centre"):
        yield Post(unit.id, "methodologist")
    for unit in tree.of_kind("office"):
        yield Post(unit.id, "project_office")


def put_everybody(connection: Connection, tree: UnitTree, since: date, at: datetime) -> None:
    """Organisations, people and their roles."""
    for place in PLACES:
        _sound(put_unit(connection, place.unit, BY, at, tree=tree))
    everybody = list(posts(tree))
    for number, post in enumerate(everybody):
        title = "руководитель органа управления образованием" if _is_authority(tree, post) else _POSTS[post.role]
        _sound(put_person(connection, _person(number, post.person, title, post.unit), BY, at))
        _sound(give_role(connection, post.person, post.role, post.unit, since, BY, at))
    for number, place in enumerate(PLACES, start=len(everybody)):
        _sound(put_person(connection, _person(number, teacher(place), "учитель", place.id), BY, at))


def _is_authority(tree: UnitTree, post: Post) -> bool:
    known = tree.units.get(post.unit)
    return post.role == "head" and known is not None and known.kind == "municipality"


def _person(number: int, key: str, title: str, unit: str) -> Person:
    surname = _SURNAMES[number % len(_SURNAMES)]
    name = _NAMES[(number * 5 + number // len(_SURNAMES)) % len(_NAMES)]
    patronymic = _PATRONYMICS[(number * 3 + number // len(_NAMES)) % len(_PATRONYMICS)]
    mailbox = key.removeprefix("demo-").removesuffix(f"-{unit}")
    return Person(id=key, name=f"{surname} {name} {patronymic}", post=title, email=f"{mailbox}@{unit}.example")


def _sound(answer: object) -> None:
    if isinstance(answer, Refusal):
        raise ValueError(f"the demo does not fit the region: {answer.code} {answer.facts}")
