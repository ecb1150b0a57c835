"""`make bench`: measure, print, and write docs/benchmark.md and .bench/*.json."""

import argparse
import signal
import tempfile
from pathlib import Path

from tests.bench import report
from tests.bench.bench import KINDS, Bench, Options
from tests.bench.figures import Chapter
from tests.bench.generator import Generator
from tests.bench.measures import MEASURES
from tests.bench.processes import ROOT


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "--only", nargs="+", choices=sorted(MEASURES), default=list(MEASURES), help="these measurements"
    )
    parser.add_argument("--side", nargs="+", choices=list(KINDS), default=list(KINDS), help="these sides")
    parser.add_argument("--seconds", type=float, default=60.0, help="measured time per side and level (60)")
    parser.add_argument("--slices", type=int, default=4, help="turns that this time is divided into (4)")
    parser.add_argument("--quick", action="store_true", help="a tenth of everything, to see that it works")
    parser.add_argument("--out", type=Path, default=None, help="the Markdown file (docs/benchmark.md of a whole run)")
    return parser.parse_args()


def leave(*_: object) -> None:
    """A polite kill ends the run like Ctrl-C, so that no process of a side stays behind."""
    raise SystemExit(143)


def main() -> None:
    signal.signal(signal.SIGTERM, leave)
    given = arguments()
    seconds, slices = (min(given.seconds, 6.0), 2) if given.quick else (given.seconds, given.slices)
    options = Options(seconds, slices, given.quick, tuple(given.side))
    chapters: list[Chapter] = []
    with tempfile.TemporaryDirectory(prefix="mentoring-bench-") as home, Generator() as generator:
        bench = Bench(options, generator, Path(home))
        for name in given.only:
            print(f"{name} …", flush=True)
            chapters += announced(MEASURES[name](bench))
    archive = ROOT / ".bench"
    whole = not given.quick and len(given.side) == len(KINDS) and len(given.only) == len(MEASURES)
    document = given.out or (report.default_document() if whole else archive / "latest.md")
    report.write(chapters, report.machine(), document, archive)
    print(f"\n{report.bars(chapters)}\n\n{document}")


def announced(chapters: list[Chapter]) -> list[Chapter]:
    for chapter in chapters:
        print(report.section(chapter), flush=True)
    return chapters


if __name__ == "__main__":
    main()
