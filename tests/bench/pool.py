"""The programmes of a side, and the step commands that it can still take."""

from collections import deque

from tests.bench.generator import Generator
from tests.bench.jobs import Call
from tests.bench.settle import settle
from tests.bench.sides import Side, organisations, programme_of

# Steps that neither side holds back: no gate, no evidence asked. `usable` drops what the engine refuses after all.
STEPS = (1, 2, 3, 4, 16, 21, 22, 25, 26, 28, 29)


class Pool:
    def __init__(self, side: Side, generator: Generator) -> None:
        self.side = side
        self.generator = generator
        self.programmes: list[str] = []
        self.commands: deque[Call] = deque()
        self.steps: tuple[int, ...] = STEPS

    def reserve(self, count: int) -> list[Call]:
        """The start requests of the next `count` organisations, which exist from now on."""
        names = organisations(len(self.programmes), count)
        self.side.prepare(names, self.generator)
        return [self.side.start(name) for name in names]

    def started(self, calls: list[Call]) -> None:
        """Programmes that were acknowledged; neighbours differ in programme and step, so that all slices are alike."""
        fresh = [programme_of(str((call.body or {})["organisation"])) for call in calls]
        self.programmes += fresh
        for turn in range(len(self.steps)):
            for number, programme in enumerate(fresh, start=turn):
                self.commands.append(self.side.complete(programme, self.steps[number % len(self.steps)]))

    def grow(self, population: int) -> None:
        """Start programmes until so many are open, and let them catch up; not measured."""
        missing = population - len(self.programmes)
        if missing > 0:
            calls = self.reserve(missing)
            self.generator.through(self.side.port, self.side.token, calls)
            self.started(calls)
            settle(self.side, len(self.programmes))

    def usable(self) -> None:
        """Find out on one programme which steps are taken as they are."""
        self.grow(1)
        programme = self.programmes[0]
        taken = []
        for step in STEPS:
            try:
                self.generator.through(self.side.port, self.side.token, [self.side.complete(programme, step)])
                taken.append(step)
            except RuntimeError as refusal:
                print(f"  {self.side.name} does not take step {step} as it is: {refusal}", flush=True)
        self.steps = tuple(taken)
        self.commands.clear()

    def take(self, count: int) -> list[Call]:
        """Unspent commands; more programmes are started when they run short."""
        if len(self.commands) < count:
            short = count - len(self.commands)
            self.grow(len(self.programmes) + short // len(self.steps) + 1)
        return [self.commands.popleft() for _ in range(count)]

    def give_back(self, calls: list[Call]) -> None:
        self.commands.extendleft(reversed(calls))

    def take_ready(self, count: int) -> None:
        """Make sure that so many commands can be taken without starting programmes in a measured slice."""
        self.give_back(self.take(count))
