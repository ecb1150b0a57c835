"""Why a programme stands, asked of an installation with 5,000 open ones; no yardstick can tell."""

from tests.bench.bench import Bench
from tests.bench.explanation import BAR, MEDIAN, PROGRAMMES, measured
from tests.bench.figures import Chapter


def explanation(bench: Bench) -> list[Chapter]:
    programmes = bench.options.scaled(PROGRAMMES)
    chapter = Chapter("explanation", f"Explanations with {programmes:,} open programmes")
    for what, seconds in measured(bench.home / "explanation", programmes):
        figure = chapter.figure(what, "s")
        figure.own_bar = BAR if what == MEDIAN else None
        figure.set("engine", seconds)
    return [chapter]
