"""What the harness asks of the load generator, and what it gets back; both cross a pipe as one line of JSON each."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Call:
    method: str
    path: str
    body: dict[str, Any] | None = None
    key: str | None = None


@dataclass
class Lane:
    """`clients` connections that work through the same calls; a cycling lane begins again when they are used up."""

    name: str
    clients: int
    calls: list[Call]
    cycle: bool = False
    pause: float = 0.0  # seconds that a client rests after each call


@dataclass
class Job:
    port: int
    token: str
    lanes: list[Lane]
    seconds: float | None = None  # None: until every lane that does not cycle is through
    persist: bool = False  # ask again with the same key until the call is answered
    timeout: float = 60.0


@dataclass
class LaneResult:
    name: str
    taken: int = 0  # calls taken from the list
    answered: int = 0  # calls answered 2xx
    errors: dict[str, int] = field(default_factory=dict)
    spans: list[tuple[float, float]] = field(default_factory=list)  # sent and answered, on the system's monotonic clock
    first_error: str = ""

    @property
    def milliseconds(self) -> list[float]:
        return [(end - begin) * 1000 for begin, end in self.spans]


@dataclass
class Result:
    seconds: float
    cpu: float  # seconds of CPU that the load generator itself used
    lanes: dict[str, LaneResult]


def write_job(job: Job) -> str:
    return json.dumps(asdict(job))


def read_job(line: str) -> Job:
    raw = json.loads(line)
    lanes = [Lane(**{**lane, "calls": [Call(**call) for call in lane["calls"]]}) for lane in raw.pop("lanes")]
    return Job(lanes=lanes, **raw)


def write_result(result: Result) -> str:
    return json.dumps(asdict(result))


def read_result(line: str) -> Result:
    raw = json.loads(line)
    lanes = {name: LaneResult(**lane) for name, lane in raw.pop("lanes").items()}
    return Result(lanes=lanes, **raw)


def percentile(values: list[float], share: float) -> float:
    """The nearest-rank percentile; 0 when nothing was measured."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]
