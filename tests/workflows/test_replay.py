"""Histories of earlier versions are replayed by the workflows of today."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from tests.workflows.record_histories import FOLDER, LIVES
from worker import WORKFLOWS, sandbox

ADVICE = """
{name} no longer replays: workflows that run now would stop at their next moment.

Keep what they do as it was and let only new runs do the new thing:

    if workflow.patched("what-is-new"):
        ...  # the new way
    else:
        ...  # the old way, until no run of before is left

Then record how the new way looks beside the old ones: python -m tests.workflows.record_histories
Never delete or record anew a file that a released version has written.
"""

HISTORIES = sorted(FOLDER.glob("*.json.gz"))


@pytest.mark.parametrize("file", HISTORIES, ids=lambda file: file.name.partition(".")[0])
async def test_replay(file: Path):
    """Every history that a release has written leads to the same commands."""
    name = file.name.rpartition("-")[0]
    history = WorkflowHistory.from_json(f"golden/{name}", content(file))
    replayer = Replayer(workflows=WORKFLOWS, workflow_runner=sandbox(), build_id="replay")
    result = await replayer.replay_workflow(history, raise_on_replay_failure=False)
    if result.replay_failure is not None:
        pytest.fail(f"{result.replay_failure}\n{ADVICE.format(name=file.name)}", pytrace=False)


def content(file: Path) -> str:
    return gzip.decompress(file.read_bytes()).decode()


def test_every_life_has_a_history():
    """A way of living that nobody has recorded would not be guarded."""
    recorded = {file.name.rpartition("-")[0] for file in HISTORIES}
    assert recorded == set(LIVES)


def test_every_workflow_has_a_life():
    """What the worker runs is guarded, whatever its name is."""
    types = {getattr(one, "__temporal_workflow_definition").name for one in WORKFLOWS}
    assert types == {name.partition("-")[0] for name in LIVES}
