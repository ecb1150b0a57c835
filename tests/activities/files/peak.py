"""`python -m tests.activities.files.peak`: bytes of memory that the greediest look into a file took."""

from __future__ import annotations

import resource
import sys
import tempfile
from contextlib import suppress

from activities.files.checks.unfit import Unfit
from activities.files.incoming import received
from activities.files.inspection import inspect, join
from tests.activities.files.papers import picture
from tests.activities.files.test_hostile_uploads import CASES

GREEDY = ("bomb", "giant", "endless", "swelling", "without end", "archive in the archive")
MOST = 20_000_000


def main() -> None:
    """Look into what is made to swell, and join six photographed pages of 35 million points each."""
    for name, make, wanted, _ in CASES:
        if any(word in name for word in GREEDY):
            with received(make(), MOST) as incoming, suppress(Unfit):
                inspect(incoming.file, wanted)
    page = picture("JPEG", (4960, 7016))
    with tempfile.TemporaryFile() as out:
        join([received(page, MOST).file for _ in range(6)], out)
    sys.stdout.write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024))


if __name__ == "__main__":
    main()
