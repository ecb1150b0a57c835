"""The load generator, a process of its own: `python -m tests.bench.load` reads jobs from stdin, answers on stdout."""

import asyncio
import itertools
import json
import sys
import time
from collections.abc import Iterator

from tests.bench.jobs import Call, Job, Lane, LaneResult, Result, read_job, write_result
from tests.bench.wire import Connection

PAUSE = 0.02  # between two attempts of a persistent client


class Run:
    def __init__(self, job: Job) -> None:
        self.job = job
        self.begin = time.monotonic()
        self.end = self.begin + job.seconds if job.seconds is not None else float("inf")
        self.results = {lane.name: LaneResult(lane.name) for lane in job.lanes}

    async def finish(self) -> Result:
        cpu = time.process_time()
        bounded = [lane for lane in self.job.lanes if not lane.cycle]
        tasks = [asyncio.create_task(self.serve(lane)) for lane in self.job.lanes if lane.cycle]
        if bounded:
            await asyncio.gather(*(self.serve(lane) for lane in bounded))
            self.end = min(self.end, time.monotonic())
        await asyncio.gather(*tasks)
        return Result(time.monotonic() - self.begin, time.process_time() - cpu, self.results)

    async def serve(self, lane: Lane) -> None:
        calls = itertools.cycle(lane.calls) if lane.cycle else iter(lane.calls)
        await asyncio.gather(*(self.client(lane, calls) for _ in range(lane.clients)))

    async def client(self, lane: Lane, calls: Iterator[Call]) -> None:
        result = self.results[lane.name]
        connection = Connection(self.job.port, self.job.token)
        while time.monotonic() < self.end:
            call = next(calls, None)
            if call is None:
                break
            result.taken += 1
            await self.ask(connection, call, result)
            if lane.pause:
                await asyncio.sleep(lane.pause)
        connection.close()

    async def ask(self, connection: Connection, call: Call, result: LaneResult) -> None:
        sent = time.monotonic()
        while not await self.attempt(connection, call, result, sent):
            if not self.job.persist or time.monotonic() > self.end:
                return
            await asyncio.sleep(PAUSE)

    async def attempt(self, connection: Connection, call: Call, result: LaneResult, sent: float) -> bool:
        """One request; a refused connection, a time-out and any answer but 2xx count as an error."""
        try:
            async with asyncio.timeout(self.job.timeout):
                status, body = await connection.send(call)
        except (OSError, EOFError) as error:
            self.note(result, type(error).__name__, repr(error))
            return False
        if status >= 300:
            self.note(result, str(status), body[:300].decode(errors="replace"))
            return False
        result.answered += 1
        result.spans.append((sent, time.monotonic()))
        return True

    @staticmethod
    def note(result: LaneResult, kind: str, text: str) -> None:
        result.errors[kind] = result.errors.get(kind, 0) + 1
        result.first_error = result.first_error or text


def main() -> None:
    with asyncio.Runner(loop_factory=fast_loop()) as runner:
        for line in sys.stdin:
            try:
                answer = write_result(runner.run(Run(read_job(line)).finish()))
            except Exception as error:  # the harness shows it
                answer = json.dumps({"failure": repr(error)})
            print(answer, flush=True)


def fast_loop() -> type[asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.Loop


if __name__ == "__main__":
    main()
