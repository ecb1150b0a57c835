"""One programme year of the engine under time skipping."""

from pathlib import Path

from tests.bench.temporal import History
from tests.bench.years import Scenario


async def engine_year_history(home: Path, scenario: Scenario) -> History | None:
    """None until the engine can live through a scripted year here.

    To fill in: start the time-skipping server as `baseline_year_history` does, build the engine's own worker on it with
    a recorder whose clock is the server's, start one programme at `years.START`, close every step (part, occurrence) at
    `years.closing_moment(scenario, due)` through the recorder and its nudge, skip on to `years.END`, and return
    `temporal.history(client, "programme/{id}", first_run, notices)`, where notices counts the letters in `home/mail`.
    """
    return None
