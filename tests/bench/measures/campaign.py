"""A monitoring round of 1,000 respondents: opened with its letters queued, and reported; no yardstick has one."""

from tests.bench.bench import Bench
from tests.bench.campaign import BAR_REPORT, REPORT, measured
from tests.bench.figures import Chapter

RESPONDENTS = 1000


def campaign(bench: Bench) -> list[Chapter]:
    respondents = bench.options.scaled(RESPONDENTS)
    chapter = Chapter("campaign", f"A monitoring round with {respondents:,} respondents")
    home = bench.home / "campaign"
    home.mkdir()
    for what, seconds in measured(home, respondents):
        figure = chapter.figure(what, "s")
        figure.own_bar = BAR_REPORT if what.startswith(REPORT) else None
        figure.set("engine", seconds)
    return [chapter]
