"""Migrations on both databases: what they build, twice, back and forth, at once, and on what is broken."""

import shutil
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, make_url, text

from activities import tables
from activities.database import Database
from activities.migrations import FOLDER, BrokenDatabase, alembic_config, migrate, migrate_back
from tests.servers import PostgresServer

ROOT = Path(__file__).parents[2]


def differences(url: str) -> list[object]:
    database = Database(url)
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found = compare_metadata(context, tables.EventRow.metadata)
    database.close()
    return list(found)


def tables_of(url: str) -> set[str]:
    database = Database(url)
    with database.reading() as connection:
        names = set(inspect(connection).get_table_names())
    database.close()
    return names


def run(url: str, step: str, revision: str) -> None:
    database = Database(url)
    with database.writing() as connection:
        getattr(command, step)(alembic_config(connection), revision)
    database.close()


def test_an_empty_database_gets_exactly_the_tables_of_the_code(database_url: str):
    migrate(database_url)
    assert differences(database_url) == []


def test_migrating_again_changes_nothing_and_keeps_the_rows(database_url: str):
    migrate(database_url)
    database = Database(database_url)
    with database.writing() as connection:
        connection.execute(text("INSERT INTO person (id, name, version) VALUES ('anna', 'Анна', 1)"))
    database.close()
    migrate(database_url)
    database = Database(database_url)
    with database.reading() as connection:
        assert connection.scalar(text("SELECT name FROM person")) == "Анна"
    database.close()
    assert differences(database_url) == []


def test_every_revision_goes_down_and_up_again(database_url: str):
    migrate(database_url)
    run(database_url, "downgrade", "base")
    assert tables_of(database_url) <= {"alembic_version"}
    migrate(database_url)
    assert differences(database_url) == []


def test_two_processes_at_once_both_find_a_finished_database(database_url: str):
    program = f"from activities.migrations import migrate; migrate({database_url!r})"
    running = [
        subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stderr=subprocess.PIPE, text=True) for _ in range(3)
    ]
    errors = [process.communicate(timeout=60)[1] for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], errors
    assert differences(database_url) == []


def test_threads_of_one_process_may_migrate_at_once(database_url: str):
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(migrate, [database_url] * 4))
    assert differences(database_url) == []


def test_a_database_of_a_newer_version_is_left_alone(database_url: str):
    migrate(database_url)
    database = Database(database_url)
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999_later'"))
    database.close()
    with pytest.raises(BrokenDatabase, match=r"более новой версией программы \(схема 9999_later\): обновите программу"):
        migrate(database_url)


def test_there_is_no_way_back_to_a_schema_that_never_was(database_url: str):
    migrate(database_url)
    with pytest.raises(BrokenDatabase, match="Такой схемы нет"):
        migrate_back(database_url, "0000_never")
    assert differences(database_url) == []


def test_the_tables_of_another_program_are_left_alone(database_url: str):
    database = Database(database_url)
    with database.writing() as connection:
        connection.execute(text("CREATE TABLE event (id INTEGER)"))
    database.close()
    with pytest.raises(BrokenDatabase, match="таблицы другой программы"):
        migrate(database_url)
    assert tables_of(database_url) == {"event"}


def test_a_migration_that_fails_leaves_nothing_behind(database_url: str):
    database = Database(database_url)
    with database.writing() as connection:
        connection.execute(text("CREATE TABLE unit (id INTEGER)"))
    database.close()
    with pytest.raises(Exception, match="unit"):
        migrate(database_url)
    assert tables_of(database_url) == {"unit"}


def test_garbage_in_place_of_the_file_is_named_with_its_cure(tmp_path: Path):
    file = tmp_path / "mentoring.db"
    file.write_bytes(b"no database at all " * 300)
    with pytest.raises(BrokenDatabase) as raised:
        migrate(f"sqlite:///{file}")
    assert str(file) in str(raised.value)
    assert "резервной копии" in str(raised.value)


def test_a_folder_in_place_of_the_file_is_named(tmp_path: Path):
    with pytest.raises(BrokenDatabase, match="не открывается для записи"):
        migrate(f"sqlite:///{tmp_path}")


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("no address", "записан с ошибкой"),
        ("sqlite://", "не поддерживается"),
        ("mysql://root:secret@127.0.0.1/x", "не поддерживается"),
        ("postgresql://user:secret@127.0.0.1:1/x", "не отвечает"),
    ],
)
def test_an_address_that_leads_nowhere_is_named_without_its_password(url: str, told: str):
    with pytest.raises(BrokenDatabase, match=told) as raised:
        migrate(url)
    assert "secret" not in str(raised.value)


def test_an_unknown_user_and_a_missing_database_are_told_apart(postgres_server: PostgresServer):
    url = make_url(postgres_server.url_of("nowhere"))
    with pytest.raises(BrokenDatabase, match=r"нет базы данных .*nowhere.*: создайте её"):
        migrate(url.render_as_string(hide_password=False))
    with pytest.raises(BrokenDatabase, match="не пускает пользователя stranger: проверьте имя и пароль"):
        migrate(url.set(username="stranger", password="secret").render_as_string(hide_password=False))


def test_a_user_who_may_not_create_tables_is_named(postgres_server: PostgresServer):
    name = postgres_server.create_database()
    database = Database(postgres_server.url_of(name))
    with database.writing() as connection:
        connection.execute(text("CREATE ROLE reader LOGIN"))
    database.close()
    url = make_url(postgres_server.url_of(name)).set(username="reader")
    with pytest.raises(BrokenDatabase, match="Пользователь reader не может создавать таблицы"):
        migrate(url.render_as_string(hide_password=False))
    postgres_server.drop_database(name)


def test_an_installed_copy_finds_its_revisions(tmp_path: Path):
    """The wheel puts the folders side by side, far from the repository."""
    site = tmp_path / "100% site"
    for folder in ("domain", "activities", "deploy/migrations"):
        shutil.copytree(ROOT / folder, site / folder)
    file = tmp_path / "installed.db"
    program = (
        "import sys; from activities.migrations import FOLDER, migrate; "
        f"assert str(FOLDER).startswith({str(site)!r}), FOLDER; migrate('sqlite:///{file}')"
    )
    done = subprocess.run([sys.executable, "-P", "-c", program], env={"PYTHONPATH": str(site)}, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    with sqlite3.connect(file) as connection:
        assert connection.execute("SELECT count(*) FROM event").fetchone() == (0,)


def test_there_is_one_line_of_revisions():
    script = ScriptDirectory(str(FOLDER))
    assert script.get_bases() == ["0001_first"]
    assert len(script.get_heads()) == 1
