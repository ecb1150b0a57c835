"""People, the roles they hold, and tokens."""

import json
import time
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from activities.database import Database
from activities.people import Person, end_role, find_person, give_role, people_of, put_person
from activities.tokens import Identity, create_token, find, find_token, revoke_token
from domain.refusal import Refusal
from tests.activities.region import AUDIT, NOW, region

ANNA = Person(id="anna", name="Берёзина Анна Павловна", post="учитель", email="anna@school-1.example")
SEPTEMBER, MAY = date(2026, 9, 1), date(2027, 5, 31)


@pytest.fixture
def database(journal_url: str) -> Iterator[Database]:
    with region(journal_url) as database:
        with database.writing() as connection:
            put_person(connection, ANNA, "test", NOW)
        yield database


def test_a_person_is_created_changed_and_left_alone(database: Database):
    with database.writing() as connection:
        assert put_person(connection, ANNA, "test", NOW)[1] is False  # type: ignore[index]
        changed = put_person(connection, ANNA.model_copy(update={"post": "завуч"}), "test", NOW, expected_version=1)
        assert isinstance(changed, tuple)
        assert (changed[0].version, changed[1]) == (2, False)
        stale = put_person(connection, ANNA, "test", NOW, expected_version=1)
        assert stale == Refusal(code="version_stale", facts={"expected": 1, "version": 2})
        bad = put_person(connection, ANNA.model_copy(update={"email": "anna"}), "test", NOW)
        assert bad == Refusal(code="email_invalid", facts={"email": "anna"}, pointer="/email")
        row = find_person(connection, "anna")
    assert row is not None
    assert row.post == "завуч"


def test_a_role_is_held_from_a_day_to_a_day(database: Database):
    with database.writing() as connection:
        given = give_role(connection, "anna", "curator", "school-1", SEPTEMBER, "test", NOW, until=MAY)
        again = give_role(connection, "anna", "curator", "school-1", SEPTEMBER, "test", NOW, until=MAY)
        assert isinstance(given, tuple)
        assert isinstance(again, tuple)
        assert (given[1], again[1]) == (True, False)
        assert [one.person.name for one in people_of(connection, "school-1", MAY)] == [ANNA.name]
        assert people_of(connection, "school-1", MAY + timedelta(days=1)) == []
        assert people_of(connection, "school-1", SEPTEMBER - timedelta(days=1)) == []
        assert len(people_of(connection, "school-1")) == 1


def test_a_role_that_cannot_be_held_is_refused(database: Database):
    with database.writing() as connection:
        give_role(connection, "anna", "curator", "school-1", SEPTEMBER, "test", NOW)

        def code(person: str, role: str, unit: str, since: date, until: date | None = None) -> str:
            answer = give_role(connection, person, role, unit, since, "test", NOW, until=until)  # type: ignore[arg-type]
            assert isinstance(answer, Refusal)
            return f"{answer.code} {answer.pointer}"

        assert code("nobody", "head", "school-1", SEPTEMBER) == "person_unknown /person"
        assert code("anna", "head", "nowhere", SEPTEMBER) == "unit_unknown /unit"
        assert code("anna", "curator", "mo-a", SEPTEMBER) == "role_misplaced /role"
        assert code("anna", "administrator", "mo-a", SEPTEMBER) == "role_misplaced /role"
        assert code("anna", "head", "school-1", SEPTEMBER, date(2026, 8, 1)) == "role_ends_early /until"
        assert code("anna", "curator", "school-1", MAY) == "role_held /since"


def test_a_role_ends_and_may_begin_again(database: Database):
    with database.writing() as connection:
        give_role(connection, "anna", "curator", "school-1", SEPTEMBER, "test", NOW)
        ended = end_role(connection, "anna", "curator", "school-1", MAY, "test", NOW)
        assert not isinstance(ended, Refusal)
        assert ended.until == MAY
        assert isinstance(end_role(connection, "anna", "curator", "school-1", MAY, "test", NOW), Refusal)
        later = give_role(connection, "anna", "curator", "school-1", MAY + timedelta(days=1), "test", NOW)
        assert isinstance(later, tuple)
        end_role(connection, "anna", "curator", "school-1", MAY, "test", NOW)  # it had not begun yet
        assert [one.role.since for one in people_of(connection, "school-1")] == [SEPTEMBER]
        trail = connection.execute(select(AUDIT).where(AUDIT.c.subject.startswith("role:")).order_by(AUDIT.c.id)).all()
    assert [one.action for one in trail] == ["created", "changed", "created", "removed"]


def test_a_token_is_found_by_its_clear_text_alone(database: Database):
    with database.writing() as connection:
        created = create_token(connection, "Район А", "mo-a", "municipal_coordinator", None, "test", NOW)
        assert not isinstance(created, Refusal)
        row, clear = created
        assert clear.startswith("mt_")
        assert clear not in str(row.model_dump())
        found = find_token(connection, clear, NOW)
        assert found == Identity(row.id, "Район А", "mo-a", "municipal_coordinator")
        assert found.actor == f"token:{row.id}"
        assert find_token(connection, clear + "x", NOW) is None
        assert find_token(connection, row.hash, NOW) is None
        trail = connection.execute(select(AUDIT).where(AUDIT.c.subject == f"token:{row.id}")).one()
    assert "hash" not in json.loads(trail.after)


def test_a_token_ends_when_it_expires_or_is_revoked(database: Database):
    later = NOW + timedelta(days=1)
    with database.writing() as connection:
        created = create_token(connection, "Школа", "school-1", "curator", later, "test", NOW)
        assert not isinstance(created, Refusal)
        row, clear = created
        assert find_token(connection, clear, later - timedelta(seconds=1)) is not None
        assert find_token(connection, clear, later) is None
        revoke_token(connection, row.id, "test", NOW)
        assert find_token(connection, clear, NOW) is None
        revoke_token(connection, row.id, "test", later)
        kept = find(connection, row.id)
        assert kept is not None
        assert kept.revoked_at == NOW
        assert revoke_token(connection, "nothing", "test", NOW) == Refusal(
            code="token_unknown", facts={"token": "nothing"}
        )


@pytest.mark.parametrize(
    ("unit", "role", "code", "pointer"),
    [
        ("nowhere", "curator", "unit_unknown", "/unit"),
        ("mo-a", "curator", "role_misplaced", "/role"),
        ("school-1", "administrator", "role_misplaced", "/role"),
    ],
)
def test_a_token_needs_a_place_where_its_role_can_be_held(database: Database, unit: str, role, code: str, pointer: str):
    with database.writing() as connection:
        answer = create_token(connection, "Ключ", unit, role, None, "test", NOW)
        assert isinstance(answer, Refusal)
        assert (answer.code, answer.pointer) == (code, pointer)
        expired = create_token(connection, "Ключ", "region", "administrator", NOW, "test", NOW)
        assert isinstance(expired, Refusal)
        assert expired.pointer == "/expires_at"


def test_looking_a_token_up_takes_no_time(database: Database):
    """Every request does it: 100 µs on a quiet machine; the bound leaves room for a busy one and a database server."""
    with database.writing() as connection:
        created = create_token(connection, "Ключ", "region", "administrator", None, "test", NOW)
        assert not isinstance(created, Refusal)
    with database.reading() as connection:
        find_token(connection, created[1], NOW)
        took = []
        for _ in range(200):
            begun = time.perf_counter()
            find_token(connection, created[1], NOW)
            took.append(time.perf_counter() - begun)
    assert sorted(took)[100] < 0.002, f"{sorted(took)[100] * 1e6:.0f} µs"
