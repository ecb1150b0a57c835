"""What belongs together in a walk: a pause and its end, a completion and its taking back, a letter and its answer."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st

from domain.plan import Plan
from domain.programme import commands as c
from tests.domain.programme.words import WHY, complete, start

Stride = tuple[timedelta, c.ProgrammeCommand]
HOW = st.none() | st.sampled_from(["keep", "shift"])
MINUTES = st.integers(0, 60 * 24) | st.integers(0, 45 * 60 * 24)


@st.composite
def scenes(draw: st.DrawFn, plan: Plan, single: st.SearchStrategy[c.ProgrammeCommand]) -> list[Stride]:
    """A few commands in order, with time and sometimes another command between them."""
    first, last = draw(st.one_of(_pairs(plan)))
    between = draw(st.lists(single, max_size=1))
    gaps = [timedelta(minutes=draw(MINUTES)) for _ in range(len(between) + 2)]
    return list(zip(gaps, [first, *between, last], strict=True))


def _pairs(plan: Plan) -> list[st.SearchStrategy[tuple[c.ProgrammeCommand, c.ProgrammeCommand]]]:
    steps = st.sampled_from(list(plan.roadmap.steps))
    numbers = st.none() | st.integers(1, 3)
    forms = st.sampled_from([step.number for step in plan.roadmap.all_steps() if "form" in step.kinds(None)])
    why = st.just(WHY)
    reopen = st.builds(c.ReopenStep, step=steps, occurrence=numbers, reason=why)
    pause = st.builds(c.PauseProgramme, reason=why, on_resume=st.sampled_from(["keep", "shift"]))
    return [
        st.tuples(pause, st.builds(c.ResumeProgramme, deadlines=HOW)),
        st.tuples(pause, st.builds(c.ResumeProgramme, deadlines=HOW)),
        st.builds(lambda n, o: (complete(n), c.ReopenStep(step=n, occurrence=o, reason=WHY)), steps, numbers),
        st.builds(
            lambda n, o: (c.SkipStep(step=n, reason=WHY), c.ReopenStep(step=n, occurrence=o, reason=WHY)),
            steps,
            numbers,
        ),
        st.tuples(st.just(c.CloseProgramme(reason=WHY)), reopen),
        st.tuples(st.just(c.CancelProgramme(reason=WHY)), st.just(start(plan))),
        st.builds(lambda n: (c.NoteReturn(step=n), c.RecordForms(item=0, sent=9, returned=5)), forms),
        st.builds(lambda n: (c.IssueForms(step=n, count=30), c.NoteReturn(step=n)), forms),
    ]
