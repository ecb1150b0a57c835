"""The year of one programme."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from workflows.stream import StreamLife


@workflow.defn(name="programme")
class ProgrammeYear(StreamLife):
    """Clock and hands of the stream `programme/{id}`."""

    @workflow.init
    def __init__(self, stream: str) -> None:
        super().__init__(stream)

    @workflow.run
    async def run(self, stream: str) -> None:
        """Live through the year."""
        await self.live(stream)
