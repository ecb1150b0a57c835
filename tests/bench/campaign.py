"""`python -m tests.bench.campaign [respondents]`: seconds to open a campaign with its letters queued, and to report.

Asked through the API as people ask it, on SQLite in a new home; no server is needed. Narratives have their full length.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from activities.directory import put_unit
from activities.tables import QueueRow
from domain.units import Unit
from tests.api.monitoring import LETTER, filled
from tests.api.world import AUTUMN, World, settled, world
from tests.bench.whatif import timed

BAR_REPORT = 10.0
"""Seconds over 1,000 respondents, whatever the kind of file."""

REPORT = "report."
KINDS = ("json", "csv", "xlsx", "docx", "pdf")
NARRATIVE = ("Старшеклассники ведут кружки, готовят проекты вместе с младшими и показывают их на фестивале. " * 16)[
    :1500
]
OPENING = {"title": "Мониторинг за 2026 год", "deadline": "2027-03-22", "years": [2025, 2026], "letter": LETTER}


def peopled(made: World, respondents: int) -> list[str]:
    """So many municipalities; their ids."""
    ids = [f"mo-bench-{number}" for number in range(respondents)]
    with made.core.database.writing() as connection:
        for number, one in enumerate(ids):
            place = Unit(id=one, kind="municipality", parent="tomsk-oblast", name=f"Район {number}")
            put_unit(connection, place, "bench", AUTUMN)
    return ids


def answered(made: World, campaign: str, respondents: list[str]) -> None:
    """Every respondent has filled in its form, and the centre has accepted it."""
    for number, one in enumerate(respondents):
        submission, form = f"/submissions/{campaign}-{one}", filled(general=12 + number)
        for question in form["appendix1"]["questions"].values():
            question["narrative"] = NARRATIVE
        assert made.ask("administrator", "PUT", f"{submission}/form", json=form).status_code == 200
        made.post(f"{submission}/submission", None)
        made.post(f"{submission}/acceptance", {}, "rcro")


def queued(made: World) -> int:
    """Letters that wait to be sent."""
    table: Any = QueueRow.__table__  # type: ignore[attr-defined]
    with made.core.database.reading() as connection:
        query = select(func.count()).select_from(table).where(table.c.stream.startswith("submission/"))
        return connection.scalar(query) or 0


def measured(home: Path, respondents: int) -> Iterator[tuple[str, float]]:
    """What was done, and the seconds it took."""
    url = f"sqlite:///{home}/mentoring.db"
    with world((url, settled(url)), home) as made:
        ids = peopled(made, respondents)
        made.clock.on("2027-02-25")
        body = OPENING | {"respondents": ids}
        took, _, campaign = timed(lambda: made.post("/campaigns", body, "rcro")["id"])
        assert queued(made) == respondents
        yield "opened, all letters queued", took
        took, _, _ = timed(lambda: answered(made, campaign, ids))
        yield "filled in, submitted and accepted one by one", took
        for kind in KINDS:
            path = f"/campaigns/{campaign}/report.{kind}"
            took, _, found = timed(lambda path=path: made.ask("rcro", "GET", path))  # type: ignore[misc]
            assert found.status_code == 200, found.text
            yield REPORT + kind, took


def main() -> int:
    respondents = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    failed = False
    with tempfile.TemporaryDirectory(prefix="mentoring-campaign-") as home:
        for what, took in measured(Path(home), respondents):
            report = what.startswith(REPORT)
            failed |= report and took > BAR_REPORT
            bar = f" (bar {BAR_REPORT:.0f} s)" if report else ""
            print(f"{respondents} respondents, {what}: {took:.2f} s{bar}", flush=True)
    return int(failed)


if __name__ == "__main__":
    raise SystemExit(main())
