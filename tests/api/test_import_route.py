"""A table is uploaded: what it would change, what is wrong with it and where, and then it is applied once."""

from __future__ import annotations

import io
from typing import Any

import httpx
import pytest
import xlsxwriter  # type: ignore[import-untyped]

from tests.api.world import World, pointers, problem

HEAD = "Наименование;Вид;Муниципалитет;Руководитель;E-mail руководителя"
GOOD = f"{HEAD}\nШкола № 5;школа;город Томск;Петров Пётр;petrov@example.org\nШкола № 6;школа;город Томск;;\n"
BAD = f"{HEAD}\n;школа;город Томск;;\nШкола № 7;баня;город Томск;;нет\nШкола № 8;школа;Атлантида;;\n"
FOREIGN = f"{HEAD}\nШкола № 5;школа;ЗАТО Северск;;\n"
TORN = (b"", b"\xff\xfe\x00", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0", b"a;b\n1;2\n", b"\0" * 1000)
NONE = {"created": 0, "changed": 0, "unchanged": 0}


def upload(world: World, table: str | bytes, who: str = "administrator", **given: Any) -> httpx.Response:
    content = table if isinstance(table, bytes) else table.encode()
    headers = given.pop("headers", {})
    return world.ask(who, "POST", "/units/import", files={"file": ("t.csv", content)}, data=given, headers=headers)


def test_a_dry_run_is_the_default_and_writes_nothing(shared: World):
    before = shared.written()
    answer = upload(shared, GOOD)
    assert answer.status_code == 200
    assert answer.json() == {
        "dry_run": True,
        "units": {**NONE, "created": 2},
        "persons": {**NONE, "created": 1},
        "roles": {**NONE, "created": 1},
        "ignored": [],
        "errors": [],
        "error_count": 0,
    }
    assert shared.written() == before


def test_errors_have_row_and_column(shared: World):
    before = shared.written()
    told = upload(shared, BAD).json()
    places = {(one["row"], one["column"]) for one in told["errors"]}
    assert places == {
        (2, "Наименование"),
        (3, "Вид"),
        (3, "Руководитель"),
        (3, "E-mail руководителя"),
        (4, "Муниципалитет"),
    }
    assert told["units"] == NONE
    refused = problem(upload(shared, BAD, dry_run="false"), 422, "import-invalid")
    assert [{**one, "pointer": "/file"} for one in told["errors"]] == refused["errors"]
    assert shared.written() == before


def test_applied_once_for_its_key(region: World):
    headers = {"Idempotency-Key": "1"}
    first = upload(region, GOOD, "coordinator", dry_run="false", headers=headers)
    assert first.json()["units"] == {**NONE, "created": 2}
    before = region.written()
    again = upload(region, GOOD, "coordinator", dry_run="false", headers=headers)
    assert (again.json(), again.headers["idempotent-replayed"]) == (first.json(), "true")
    problem(upload(region, BAD, "coordinator", dry_run="false", headers=headers), 422, "key_reused")
    assert region.written() == before
    assert upload(region, GOOD, dry_run="false").json()["units"] == {**NONE, "unchanged": 2}
    assert len(region.get("/units?parent=mo-tomsk&q=школа № 5")["items"]) == 1


def test_a_workbook(shared: World):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet()
        for number, line in enumerate(GOOD.splitlines()):
            sheet.write_row(number, 0, line.split(";"))
    assert upload(shared, buffer.getvalue()).json()["units"]["created"] == 2


def test_a_coordinator_brings_in_their_own_only(shared: World):
    answer = upload(shared, FOREIGN, "coordinator").json()
    assert [one["row"] for one in answer["errors"]] == [2]
    problem(upload(shared, FOREIGN, "coordinator", dry_run="false"), 422, "import-invalid")


@pytest.mark.parametrize("who", ["curator", "head", "rcro", "dgo", "office", "operator"])
def test_others_do_not(shared: World, who: str):
    problem(upload(shared, GOOD, who), 403, "forbidden")


@pytest.mark.parametrize(
    "table", [b"", b"\xff\xfe\x00", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0", b"a;b\n1;2\n", b"\0" * 1000]
)
def test_files_that_are_no_table(shared: World, table: bytes):
    told = upload(shared, table).json()
    assert told["error_count"] == 1
    problem(upload(shared, table, dry_run="false"), 422, "import-invalid")


def test_requests_that_carry_no_file(shared: World):
    assert pointers(problem(shared.ask("administrator", "POST", "/units/import"), 422)) == {"/file"}
    assert pointers(problem(shared.ask("administrator", "POST", "/units/import", data={"file": "x"}), 422)) == {"/file"}
    assert pointers(problem(shared.ask("administrator", "POST", "/units/import", json={"file": "x"}), 422)) == {"/file"}
    assert pointers(problem(upload(shared, GOOD, dry_run="может быть"), 422)) == {"/dry_run"}
    broken = {"Content-Type": "multipart/form-data"}
    problem(shared.ask("administrator", "POST", "/units/import", content=b"x", headers=broken), 400)


@pytest.mark.parametrize("size", [5_000_001, 6_000_000])
def test_five_megabytes_and_no_more(shared: World, size: int):
    problem(upload(shared, b"a" * size), 413, "http-413")


def test_a_stream_is_stopped_on_its_way(shared: World):
    sent = 0

    def endless():
        nonlocal sent
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
        while sent < 50_000_000:
            sent += 65_536
            yield b"a" * 65_536

    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    problem(shared.ask("administrator", "POST", "/units/import", content=endless(), headers=headers), 413)
