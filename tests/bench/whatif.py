"""`python -m tests.bench.whatif [programmes]`: seconds of a what-if over a region, milliseconds of a preview.

Asked through the API as people ask it, on SQLite in a new home; no server is needed.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

from activities.bulk import plan_bulk
from activities.directory import load_tree, put_unit
from activities.job_hands import BulkHands
from activities.jobs import create_bulk
from activities.wiring import Core
from domain.units import Unit
from tests.api.world import AUTUMN, World, settled, world

BAR_WHAT_IF = 5.0
"""Seconds over 1,000 programmes."""

BAR_PREVIEW = 0.05
MUNICIPALITIES = 20
ROUNDS = 20
SOME_WAY = datetime(2026, 9, 10, 5, tzinfo=UTC)


def begun(core: Core, programmes: int) -> list[str]:
    """So many schools in twenty municipalities, their year begun; their ids."""
    with core.database.writing() as connection:
        for number in range(min(programmes, MUNICIPALITIES)):
            place = Unit(id=f"mo-{number}", kind="municipality", parent="tomsk-oblast", name=f"Район {number}")
            put_unit(connection, place, "bench", AUTUMN)
        tree = load_tree(connection)
        for number in range(programmes):
            home = f"mo-{number % MUNICIPALITIES}"
            school = Unit(id=f"s-{number}", kind="organisation", parent=home, sector="general", name=f"Школа {number}")
            put_unit(connection, school, "bench", AUTUMN, tree=tree)
    with core.database.reading() as connection:
        plan = plan_bulk(connection, core.library, load_tree(connection), "tomsk-oblast", 2026, ())
    assert not hasattr(plan, "code"), plan
    with core.database.writing() as connection:
        bulk = create_bulk(connection, plan.order, "bench", core.clock())
    hands = BulkHands(core.recorder, lambda *_: None)
    while share := hands.bulk_share(bulk).organisations:
        for organisation in share:
            hands.bulk_start(bulk, organisation)
    return [command.organisation for command in plan.commands]


def filled(made: World, programmes: int) -> None:
    """The same, ten days old."""
    organisations = begun(made.core, programmes)
    made.clock.now = SOME_WAY
    for organisation in organisations:
        made.core.recorder.pass_time(f"programme/{organisation}-2026", by="bench")


def timed(act: Callable[[], Any]) -> tuple[float, float, Any]:
    """Seconds by the clock, seconds of CPU (less than those on a busy machine), and what came of it."""
    start, cpu = perf_counter(), process_time()
    found = act()
    return perf_counter() - start, process_time() - cpu, found


def questions(made: World) -> dict[str, tuple[str, dict[str, Any]]]:
    """What is asked of the whole region: a moved deadline, an edited ladder, a decree."""
    rungs = [{"kind": "reminder", "days": 4, "to": ["responsible"]}, {"kind": "missed", "to": ["curator", "head"]}]
    made.ask("administrator", "PUT", "/ladders/step-municipal", json={"rungs": rungs})
    cohort = {"year": 2026, "unit": "tomsk-oblast", "reason": "x"}
    return {
        "a moved deadline": ("/programmes/deadlines", {**cohort, "roadmap": "school", "step": 26, "due": "2027-05-20"}),
        "an edited ladder": ("/programmes/versions", {**cohort, "adopt": ["ladder"]}),
    }


def main() -> int:
    programmes = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    failed = False
    with tempfile.TemporaryDirectory(prefix="mentoring-whatif-") as home:
        url = f"sqlite:///{home}/mentoring.db"
        with world((url, settled(url)), Path(home)) as made:
            took, _, _ = timed(lambda: filled(made, programmes))
            print(f"{programmes} programmes begun and ten days old: {took:.1f} s", flush=True)
            for name, (path, body) in questions(made).items():
                took, cpu, plan = timed(lambda path=path, body=body: made.post(path, body))  # type: ignore[misc]
                failed |= took > BAR_WHAT_IF
                print(
                    f"what-if of {name}: {took:.2f} s, CPU {cpu:.2f} s (bar {BAR_WHAT_IF} s), {plan['totals']}",
                    flush=True,
                )
            body = {"organisation": "school-1", "year": 2027}
            times = [timed(lambda: made.post("/programmes/preview", body))[:2] for _ in range(ROUNDS)]
            took, cpu = (median(side) for side in zip(*times, strict=True))
            failed |= took > BAR_PREVIEW
            print(f"preview: median {1000 * took:.1f} ms, CPU {1000 * cpu:.1f} ms (bar {1000 * BAR_PREVIEW:.0f} ms)")
    return int(failed)


if __name__ == "__main__":
    raise SystemExit(main())
