"""The bar of the monitoring: twenty municipalities and ten state organisations, from the letter to the report."""

from __future__ import annotations

from typing import Any

from tests.activities.reports.sheets import Book
from tests.api.monitoring import OPENING, put_form
from tests.api.monitoring_round import Form, expected_report, form_of, ten_state_organisations
from tests.api.world import World

ROUND = "/campaigns/monitoring-2027"
RETURNED, EXTENDED, CORRECTED = "mo-asinovsky", "mo-parabelsky", "mo-tomsk"
LATE, SILENT, UNKNOWING = "mo-kargasoksky", "boarding-3", "boarding-7"


def submission(respondent: str, year: int = 2027) -> str:
    return f"/submissions/monitoring-{year}-{respondent}"


def hand_in(world: World, respondent: str, form: Form, year: int = 2027) -> None:
    put_form(world, submission(respondent, year), "administrator", form)
    world.post(f"{submission(respondent, year)}/submission", None)


def accept(world: World, respondent: str, year: int = 2027) -> None:
    world.post(f"{submission(respondent, year)}/acceptance", {}, "rcro")


def time_passes(world: World, respondents: list[str]) -> None:
    """What the workflows of the submissions do."""
    for respondent in respondents:
        world.core.recorder.pass_time(f"submission/monitoring-2027-{respondent}", by="worker")


def last_years_report(world: World) -> Form:
    """Tomsk reported on 2024 and 2025; what it gives as 2025 now is corrected in one place."""
    world.clock.on("2026-02-24")
    letter = {"number": "171", "date": "2026-02-24", "text": "Уважаемые коллеги!"}
    body = {"deadline": "2026-03-20", "years": [2024, 2025], "respondents": [CORRECTED], "letter": letter}
    world.post("/campaigns", OPENING | body, "rcro")
    before = form_of("Томск год назад")
    hand_in(world, CORRECTED, before, 2026)
    accept(world, CORRECTED, 2026)
    now = form_of(CORRECTED)
    for number, pair in now["appendix2"].items():
        pair["earlier"] = before["appendix2"][number]["later"]
    now["appendix2"]["6"] |= {"earlier": 1234, "correction": "В прошлом отчёте не учтены филиалы."}
    return now


def test_from_the_letter_to_the_report(small: World) -> None:
    state = ten_state_organisations(small)
    forms: dict[str, Form] = {CORRECTED: last_years_report(small)}

    # The letter goes out: the deadline is a Sunday, and everybody who owes a form is asked.
    small.clock.on("2027-02-25")
    plan = small.post("/campaigns", OPENING | {"dry_run": True}, "rcro")
    assert (plan["deadline_asked"], plan["deadline"]) == ("2027-03-21", "2027-03-22")
    made = small.post("/campaigns", OPENING | {"confirm_deadline": plan["deadline"]}, "rcro")
    everybody = [one["respondent"] for one in made["submissions"]]
    assert (len(everybody), set(state) <= set(everybody)) == (30, True)
    assert small.get(f"{ROUND}/report.json", "rcro")["coverage"] == {"received": 0, "accepted": 0, "expected": 30}

    # Most answer in time; one form comes back for a correction, one respondent gets more time.
    small.clock.on("2027-03-10")
    for respondent in everybody:
        forms.setdefault(respondent, form_of(respondent))
    forms[UNKNOWING]["appendix2"]["5"]["earlier"] = {"missing": "учёт не вёлся"}
    forms[UNKNOWING]["appendix2"]["2"]["later"] = {"numerator": 0, "denominator": 0}
    for respondent in everybody:
        if respondent not in (EXTENDED, LATE, SILENT):
            hand_in(small, respondent, forms[respondent])
    comment = {"pointer": "/appendix2/3/later", "comment": "Проверьте число предприятий."}
    small.post(f"{submission(RETURNED)}/return", {"comments": [comment]}, "rcro")
    extension = {"due": "2027-04-05", "reason": "Паводок"}
    small.post(f"{submission(EXTENDED)}/extension", extension, "rcro")
    forms[RETURNED]["appendix2"]["3"]["later"] += 1
    small.clock.on("2027-03-15")
    hand_in(small, RETURNED, forms[RETURNED])

    # The deadline passes; then the late one and the excused one answer, and the last one never does.
    small.clock.on("2027-03-24")
    time_passes(small, everybody)
    assert small.get(f"{ROUND}/report.json", "rcro")["late"] == [LATE, SILENT]
    hand_in(small, LATE, forms[LATE])
    small.clock.on("2027-04-02")
    hand_in(small, EXTENDED, forms[EXTENDED])
    for respondent in everybody:
        if respondent != SILENT:
            accept(small, respondent)
    closed = small.post(f"{ROUND}/closure", {"gaps": [SILENT]}, "rcro")
    assert (closed["status"], closed["gaps"]) == ("closed", [SILENT])

    told_of_the_region(small, {key: form for key, form in forms.items() if key != SILENT})


def told_of_the_region(small: World, forms: dict[str, Form]) -> None:
    """The report says what the accepted forms come to, in JSON and in the spreadsheet."""
    found: dict[str, Any] = small.get(f"{ROUND}/report.json", "rcro")
    expected = expected_report(forms, 30)
    assert {key: found[key] for key in expected} == expected
    assert (found["late"], found["late_raw"]) == ([LATE, SILENT], [LATE, EXTENDED, SILENT])
    assert [(one["respondent"], one["text"]) for one in found["corrections"]] == [
        (CORRECTED, "В прошлом отчёте не учтены филиалы.")
    ]
    assert found["figures"]["/indicators/5/change"] == {"kind": "change", "received": 28, "expected": 30}
    assert found["figures"]["/indicators/5/later"] == {"kind": "sum", "received": 29, "expected": 30}
    (row,) = (one for one in found["rows"] if one["respondent"] == RETURNED)
    assert (row["number"], row["revision"]) == (2, 2)
    rates = small.get(ROUND, "rcro")["rates"]
    assert rates == {"expected": 30, "received": 29, "accepted": 29, "on_time": 27, "on_time_excused": 28}
    book = Book(small.ask("rcro", "GET", f"{ROUND}/report.xlsx").content)
    computed = {cell: book.computed(cell) for cell in book.formulas}
    assert computed == {cell: book.values[cell] for cell in book.formulas}
    assert expected["indicators"]["1"]["later"]["percent"] in computed.values()
