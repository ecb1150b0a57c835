"""The measurements, each a function from the bench to a chapter."""

from collections.abc import Callable

from tests.bench.bench import Bench
from tests.bench.figures import Chapter
from tests.bench.measures.campaign import campaign
from tests.bench.measures.cost import cost
from tests.bench.measures.deadlines import deadlines
from tests.bench.measures.explanation import explanation
from tests.bench.measures.history import histories
from tests.bench.measures.rates import rates
from tests.bench.measures.recovery import recovery

MEASURES: dict[str, Callable[[Bench], list[Chapter]]] = {
    "rates": rates,
    "history": histories,
    "cost": cost,
    "deadlines": deadlines,
    "recovery": recovery,
    "campaign": campaign,
    "explanation": explanation,
}
