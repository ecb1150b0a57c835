"""A monitoring campaign and the submissions that its respondents owe."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from workflows.stream import StreamLife


@workflow.defn(name="campaign")
class CampaignRound(StreamLife):
    """Clock and hands of the stream `campaign/{id}`."""

    @workflow.init
    def __init__(self, stream: str) -> None:
        super().__init__(stream)

    @workflow.run
    async def run(self, stream: str) -> None:
        """Live until the round is closed."""
        await self.live(stream)


@workflow.defn(name="submission")
class SubmissionWay(StreamLife):
    """Clock and hands of the stream `submission/{id}`."""

    @workflow.init
    def __init__(self, stream: str) -> None:
        super().__init__(stream)

    @workflow.run
    async def run(self, stream: str) -> None:
        """Live until the form needs nobody's clock any more."""
        await self.live(stream)
