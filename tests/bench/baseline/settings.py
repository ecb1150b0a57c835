"""What the two processes of the yardstick read from their environment."""

import os
from dataclasses import dataclass
from pathlib import Path

TASK_QUEUE = "lean"


@dataclass(frozen=True)
class Settings:
    home: Path
    temporal: str
    token: str
    shift: float


def from_environment() -> Settings:
    return Settings(
        home=Path(os.environ["BENCH_HOME"]),
        temporal=os.environ["BENCH_TEMPORAL"],
        token=os.environ["BENCH_TOKEN"],
        shift=float(os.environ.get("MENTORING_CLOCK_OFFSET", "0")),
    )
