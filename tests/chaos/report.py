"""The report in Markdown."""

from __future__ import annotations

import os
from statistics import median

from tests.bench.report import machine
from tests.chaos.chaos import Outcome
from tests.chaos.recovery import MILESTONES

INTRODUCTION = """# Reliability

`make chaos` starts `mentoring run` on a disk of its own, lets people work, and lets one trouble after the other befall
it in a random order. Everybody repeats a command with the same key until it is acknowledged. Afterwards the journal is
compared with what was acknowledged, the mail server with what the journal says was sent, and `mentoring verify` has to
find nothing. The command writes this file.

Seconds count from the death, or from the end of an outage. *Command recorded*: a new command of somebody who asked all
the time; *workflow knows*: its workflow stands where the journal stands; *letter out*: the mail server has the letter
that the command led to; *nothing late*: nothing has been due for longer than the 10 s that `mentoring verify` grants.
What dies has to start again first: on a busy machine that is most of the time.
"""

HEADS = f"| seconds, median (longest) | times | {' | '.join(MILESTONES)} |\n|---|---:|{'---:|' * len(MILESTONES)}\n"


def markdown(outcomes: list[Outcome]) -> str:
    """The whole file."""
    facts = machine() | {"load": f"{os.getloadavg()[2]:.0f} on average in the last 15 minutes, other work included"}
    lines = [f"- {name}: {facts[name]}" for name in ("date", "machine", "load", "system", "Temporal")]
    return "\n".join([INTRODUCTION, *lines, "", *map(section, outcomes)]).rstrip() + "\n"


def section(outcome: Outcome) -> str:
    """One run."""
    asked, found = outcome.options, outcome.evidence
    title = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}[asked.kind]
    refused = ", ".join(f"{count} × {reason}" for reason, count in outcome.refused.most_common()) or "none"
    rows = "".join(_row(name, times) for name, times in sorted(outcome.recoveries.seconds.items()))
    disk = "" if outcome.with_disk else "\nThe disk could not be filled: only root mounts one.\n"
    lost = "**see below**" if found.wrong else "none"
    wrong = "".join(f"- **{one}**\n" for one in found.wrong)
    return f"""## {title}

{asked.clients} clients who rest {asked.pause:.0f} s after a command, {outcome.seconds:.0f} s, seed {asked.seed}.

- commands acknowledged: {found.commands:,}; lost or doubled: {lost}
- attempts without an acknowledgement, all repeated: {refused}
- streams: {found.streams:,}, events: {found.events:,}, versions without a gap
- letters: {found.letters:,}; lost: {lost}; twice, each after a death between DATA and its note: {found.twice};
  after such a death called off, so that nobody knows whether they arrived: {found.unsure}
- `mentoring verify`: {outcome.verified}
{wrong}{disk}
{HEADS}{rows}"""


def _row(name: str, times: list[dict[str, float]]) -> str:
    cells = [_cell([one[milestone] for one in times]) for milestone in MILESTONES]
    return f"| {name} | {len(times)} | {' | '.join(cells)} |\n"


def _cell(seconds: list[float]) -> str:
    return f"{median(seconds):.1f} ({max(seconds):.1f})"
