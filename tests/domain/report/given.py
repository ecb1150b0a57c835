"""A small form with its report, and filled ones."""

from __future__ import annotations

from typing import Any

from domain.report.entry import Entry
from domain.report.layout import Layout, Line, Measure, Section, Told
from domain.submission.commands import DOCUMENT_KINDS

ENTERPRISES = "сумма по муниципалитетам: одно предприятие может быть названо в нескольких"


def _counts(key: str, at: str) -> tuple[Measure, ...]:
    return tuple(
        Measure(key=f"{key}/{sector}", column=sector, kind="sum", cells=(f"{at}/{sector}",))
        for sector in ("general", "additional")
    )


def _share(number: str) -> tuple[Measure, ...]:
    return tuple(
        Measure(
            key=f"/indicators/{number}/{year}",
            column=year,
            kind="share",
            cells=(f"/appendix2/{number}/{year}/numerator", f"/appendix2/{number}/{year}/denominator"),
        )
        for year in ("earlier", "later")
    )


def _growth(number: str) -> tuple[Measure, ...]:
    key, at = f"/indicators/{number}", f"/appendix2/{number}"
    years = tuple(
        Measure(key=f"{key}/{year}", column=year, kind="sum", cells=(f"{at}/{year}",)) for year in ("earlier", "later")
    )
    change = Measure(key=f"{key}/change", column="change", kind="change", cells=(f"{at}/earlier", f"{at}/later"))
    return (*years, change)


QUESTION = "/appendix1/questions/pupil-pupil"

LAYOUT = Layout(
    form="small",
    sections=(
        Section(
            title="Организации",
            lines=(Line(title="Всего", label="Всего", measures=_counts("/totals", "/appendix1/totals")),),
        ),
        Section(
            title="Вопросы",
            lines=(
                Line(
                    title="ученик – ученик",
                    label="ученик – ученик",
                    measures=_counts("/questions/pupil-pupil", QUESTION),
                ),
            ),
        ),
        Section(
            title="Показатели",
            lines=(
                Line(title="Доля обучающихся", label="Доля обучающихся", unit="%", measures=_share("1")),
                Line(title="Предприятия", label="Предприятия", unit="ед.", note=ENTERPRISES, measures=_growth("3")),
                Line(title="Проекты", label="Проекты", unit="чел.", measures=_growth("5")),
            ),
        ),
    ),
    narratives=(Told(key="pupil-pupil", title="ученик – ученик", cell=f"{QUESTION}/narrative"),),
    comments=(Told(key="5", title="Проекты", cell="/appendix2/5/comment"),),
    corrections=(Told(key="5", title="Проекты", cell="/appendix2/5/correction"),),
    required=(
        "/appendix1/totals/general",
        "/appendix1/totals/additional",
        f"{QUESTION}/runs",
        f"{QUESTION}/narrative",
        f"{QUESTION}/general",
        f"{QUESTION}/additional",
    ),
    settled_by_no={f"{QUESTION}/{part}": f"{QUESTION}/runs" for part in ("narrative", "general", "additional")},
)


def filled_form(
    *,
    totals: tuple[Any, Any] = (10, 2),
    runs: tuple[Any, Any] | None = (4, 1),
    story: str = "Старшие помогают младшим.",
    share: tuple[tuple[int, int], tuple[int, int]] = ((1, 2), (1, 2)),
    **indicators: Any,
) -> dict[str, Any]:
    """A form; `runs=None`: the form of mentoring is not run; `i3=(earlier, later)`: an indicator's two years."""
    yes = {"runs": True, "general": runs[0], "additional": runs[1], "narrative": story} if runs else {"runs": False}
    parts = [dict(zip(("numerator", "denominator"), year, strict=True)) for year in share]
    pairs = {key[1:]: dict(zip(("earlier", "later"), pair, strict=True)) for key, pair in indicators.items()}
    return {
        "appendix1": {
            "responsible": {"name": "Иванова Анна Петровна", "phone": "8 800"},
            "totals": {"general": totals[0], "additional": totals[1]},
            "questions": {"pupil-pupil": yes},
        },
        "appendix2": {"1": {"earlier": parts[0], "later": parts[1]}, **pairs},
    }


def accepted(respondent: str, form: dict[str, Any], **more: Any) -> Entry:
    """An accepted submission in time, with everything that belongs to it."""
    given: dict[str, Any] = {
        "submission": f"monitoring-2022-{respondent}",
        "respondent": respondent,
        "name": respondent,
        "kind": "municipality",
        "state": "accepted",
        "accepted": True,
        "number": 1,
        "revision": 1,
        "event": 3,
        "raw": "on_time",
        "excused": "on_time",
        "form": form,
        "artefacts": frozenset(DOCUMENT_KINDS),
        "artefacts_of": len(DOCUMENT_KINDS),
    }
    return Entry(**{**given, **more})


def silent(respondent: str, **more: Any) -> Entry:
    """A respondent that has sent nothing."""
    given: dict[str, Any] = {"submission": f"monitoring-2022-{respondent}", "name": respondent, "kind": "municipality"}
    return Entry(respondent=respondent, **{**given, **more})
