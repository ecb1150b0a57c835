"""The clock both sides are given: a shift in seconds that is added to the wall clock.

Temporal's timers run on its server's wall clock, and both sides arm a timer for (moment - shifted now), so a shifted
clock brings a moment near without touching the server. MENTORING_CLOCK_OFFSET carries the shift.
"""

import time
from datetime import datetime, timedelta

from tests.bench.baseline.plan import ZONE
from tests.bench.sides import SCHOOL_YEAR

# Noon of the first school day: nothing falls due for half a day, whatever the day this runs on.
QUIET = datetime(SCHOOL_YEAR, 9, 1, 12, tzinfo=ZONE)
# The instant at which step 1's deadline has passed; every other rung of the year lies at least nine hours away.
DEADLINE = datetime(SCHOOL_YEAR, 9, 11, tzinfo=ZONE)


def shift_to(moment: datetime) -> float:
    """Seconds to add to the wall clock for it to show `moment` now."""
    return moment.timestamp() - time.time()


def shift_before(moment: datetime, lead: float) -> float:
    return shift_to(moment - timedelta(seconds=lead))


def seconds_until(moment: datetime, shift: float) -> float:
    """Negative when the moment has passed on the shifted clock."""
    return moment.timestamp() - (time.time() + shift)
