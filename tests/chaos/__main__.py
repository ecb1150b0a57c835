"""`make chaos`: shake an installation, print what was found, and with `--write` put it into docs/reliability.md."""

from __future__ import annotations

import argparse
import random
import signal

from tests.bench.processes import ROOT
from tests.chaos.chaos import Options, run
from tests.chaos.report import markdown

DOCUMENT = ROOT / "docs" / "reliability.md"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    databases = ("postgresql", "sqlite")
    parser.add_argument("--database", nargs="+", choices=databases, default=databases, help="on these (both)")
    parser.add_argument("--seconds", type=float, default=540, help="time of troubles, all databases together (540)")
    parser.add_argument("--clients", type=int, default=200, help="people who work at once (200)")
    parser.add_argument("--pause", type=float, default=20.0, help="seconds that each rests after a command (20)")
    parser.add_argument("--seed", type=int, default=None, help="for the same troubles again; without it by chance")
    parser.add_argument("--write", action="store_true", help="write docs/reliability.md")
    return parser.parse_args()


def leave(*_: object) -> None:
    """A polite kill ends the run like Ctrl-C, so that nothing stays mounted or running."""
    raise SystemExit(143)


def main() -> None:
    signal.signal(signal.SIGTERM, leave)
    given = arguments()
    seed = random.randrange(10_000) if given.seed is None else given.seed
    outcomes = []
    for kind in given.database:
        print(f"{kind}, --seed {seed}", flush=True)
        seconds = given.seconds / len(given.database)
        outcomes.append(run(Options(kind, seconds, given.clients, given.pause, seed)))
    text = markdown(outcomes)
    print(text)
    if given.write:
        DOCUMENT.write_text(text, encoding="utf-8")
    raise SystemExit(any(outcome.evidence.wrong for outcome in outcomes))


if __name__ == "__main__":
    main()
