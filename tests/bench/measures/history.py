"""History events and bytes of one school's whole year, lived through on a time-skipping server."""

import asyncio
from dataclasses import asdict

from tests.bench.baseline_year import baseline_year_history
from tests.bench.bench import Bench
from tests.bench.engine_year import engine_year_history
from tests.bench.figures import Chapter
from tests.bench.temporal import History
from tests.bench.years import SCENARIOS, Scenario


def histories(bench: Bench) -> list[Chapter]:
    return [year(bench, scenario) for scenario in SCENARIOS]


def year(bench: Bench, scenario: Scenario) -> Chapter:
    chapter = Chapter(f"history-{scenario}", f"History of one programme year: {SCENARIOS[scenario]}")
    lives = {"baseline": baseline_year_history, "engine": engine_year_history}
    for name in bench.options.sides:
        home = bench.home / f"year-{scenario}-{name}"
        found: History | None = asyncio.run(lives[name](home, scenario))
        bar = (None, "") if scenario == "prompt" else (0.5, "<=")
        chapter.figure("history events", "", *bar).set(name, found.events if found else None)
        chapter.figure("history size", "KiB").set(name, found.bytes / 1024 if found else None)
        chapter.figure("runs (continue-as-new)", "").set(name, found.runs if found else None)
        chapter.figure("notices sent", "").set(name, found.notices if found else None)
        chapter.details[name] = asdict(found) if found else None
    return chapter
