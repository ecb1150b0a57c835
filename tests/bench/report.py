"""The results as a Markdown table for people and as JSON for machines."""

import json
import os
import platform
import re
import subprocess
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psutil

from tests.bench.figures import Chapter, Figure
from tests.bench.processes import ROOT, binary

HEADER = "| | baseline | engine | engine / baseline | bar | met |\n|---|---:|---:|---:|---|---|\n"
INTRODUCTION = """# Benchmark

The engine beside the leanest hand-written Temporal workflow that takes each step as an update and sends the same
reminders (`tests/bench/baseline/`), each behind its HTTP API with a token, on a Temporal dev server tuned the same way,
measured in turn slices of one run. A command counts when it is acknowledged, and it is acknowledged when it is on disk
(fsync). `make bench` writes this file; `.bench/` keeps every figure as JSON.
"""


def machine() -> dict[str, str]:
    return {
        "date": datetime.now(UTC).strftime("%d.%m.%Y"),
        "machine": f"{os.cpu_count()} cores, {psutil.virtual_memory().total / 2**30:.0f} GiB, {processor()}",
        "system": f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
        "Temporal": subprocess.run([binary("temporal"), "--version"], capture_output=True, text=True).stdout.strip(),
        "libraries": ", ".join(f"{name} {version(name)}" for name in ("temporalio", "fastapi", "uvicorn")),
    }


def processor() -> str:
    try:
        found = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    except OSError:
        found = None
    return found.group(1) if found else platform.processor()


def write(chapters: list[Chapter], facts: dict[str, str], document: Path, archive: Path) -> None:
    document.parent.mkdir(parents=True, exist_ok=True)
    document.write_text(markdown(chapters, facts), encoding="utf-8")
    archive.mkdir(parents=True, exist_ok=True)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    raw = {"machine": facts, "chapters": [asdict(chapter) for chapter in chapters]}
    (archive / f"{stamp}.json").write_text(json.dumps(raw, indent=1, ensure_ascii=False), encoding="utf-8")


def markdown(chapters: list[Chapter], facts: dict[str, str]) -> str:
    lines = "\n".join(f"- {name}: {value}" for name, value in facts.items())
    return "\n".join([INTRODUCTION, lines, "", *(section(chapter) for chapter in chapters)])


def section(chapter: Chapter) -> str:
    notes = "".join(f"\n{note}\n" for note in chapter.notes)
    return f"## {chapter.title}\n\n{HEADER}{''.join(map(row, chapter.figures))}{notes}"


def row(figure: Figure) -> str:
    unit = f", {figure.unit}" if figure.unit else ""
    ratio = "–" if figure.ratio is None else f"{figure.ratio:.2f}"
    cells = [f"{figure.name}{unit}", number(figure.baseline), number(figure.engine), ratio, bar(figure), met(figure)]
    return f"| {' | '.join(cells)} |\n"


def number(value: float | None) -> str:
    if value is None:
        return "–"
    if value == float("inf"):
        return "none in time"
    if value < 0.005:
        return "0"
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"


def bar(figure: Figure) -> str:
    if figure.own_bar is not None:
        return f"engine ≤ {figure.own_bar:g}"
    if figure.bar is None:
        return ""
    return f"{'≥' if figure.sense == 'at least' else '≤'} {figure.bar:g} ×"


def met(figure: Figure) -> str:
    if figure.own_bar is None and figure.bar is None:
        return ""
    return {True: "yes", False: "**no**", None: "not measured"}[figure.met]


def bars(chapters: list[Chapter]) -> str:
    """One line for each bar: what was asked, what was found."""
    lines = []
    for chapter in chapters:
        for figure in chapter.figures:
            if met(figure):
                found = number(figure.engine) if figure.own_bar is not None else number(figure.ratio)
                lines.append(f"{met(figure):>12}  {chapter.title}: {figure.name}: {found} ({bar(figure)})")
    return "\n".join(lines)


def default_document() -> Path:
    return ROOT / "docs" / "benchmark.md"
