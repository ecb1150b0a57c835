"""A small region that has reported: complete, with gaps, on its way, late, and hostile."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from typing import Any

from domain.report.entry import Entry
from domain.report.from_form import layout_of
from domain.report.report import Report, compile_report
from domain.report.view import About
from tests.domain.form.forms import MONITORING, filled
from tests.domain.report.given import accepted, silent

YEARS = (2020, 2021)
ABOUT = About("monitoring-2022", "Мониторинг наставничества", YEARS, "open", date(2022, 3, 21), date(2022, 3, 21))
LAYOUT = layout_of(MONITORING, YEARS)
HOSTILE = (
    "=cmd|' /C calc'!A0",
    "+1+1",
    "@SUM(A1)",
    "-2+3",
    "<b>жирно</b> & «кавычки»",
    '#import "x" $x$ *y* _z_ \\ [a]',
    "знак\x00 и \x1b, \ufffe, _x0041_",
    "http://example.org/",
    'строка\r\nещё одна\tи табуляция; "в кавычках"',
)


def form(**changes: Any) -> dict[str, Any]:
    """A filled form with changes by pointer, `__` for `/`: `appendix2__3__later=7`."""
    made = deepcopy(filled())
    for pointer, value in changes.items():
        *way, last = pointer.split("__")
        here = made
        for part in way:
            here = here[part]
        here[last] = value
    return made


def entries() -> list[Entry]:
    """Five municipalities and two state organisations."""
    missing = {"missing": "отчёт утрачен"}
    return [
        accepted("mo-asino", form(), name="Асиновский район", submitted_on=date(2022, 3, 18)),
        accepted(
            "mo-tomsk",
            form(
                appendix1__totals={"general": 70, "additional": missing},
                appendix2__1={
                    "earlier": {"numerator": missing, "denominator": 50000},
                    "later": {"numerator": 1, "denominator": 790},
                },
                appendix2__5={"earlier": missing, "later": 77, "comment": "Кванториум."},
                appendix2__3={"earlier": 40, "later": 55, "correction": "Учтены филиалы."},
            ),
            name="город Томск",
            number=2,
            revision=5,
            event=12,
            raw="late",
        ),
        accepted("mo-seversk", form(), name="ЗАТО Северск", state="submitted", accepted=False),
        silent("mo-kedrovy", name="город Кедровый", raw="late", excused="late"),
        silent("mo-verkhneketsky", name="Верхнекетский район", raw="late"),
        accepted("lyceum", form(appendix2__3={"earlier": 1, "later": 0}), name="Лицей", kind="state"),
        silent("cadets", name="Кадетский корпус", kind="state"),
    ]


def report(*more: Entry) -> Report:
    """Its report."""
    return compile_report(LAYOUT, [*entries(), *more])


def hostile() -> Report:
    """Names and texts that try to be formulas, markup or broken XML."""
    found = []
    for number, text in enumerate(HOSTILE):
        made = form(appendix2__5={"earlier": {"missing": text}, "later": 1, "comment": text, "correction": text})
        made["appendix1"]["questions"]["pupil-pupil"]["narrative"] = text
        found.append(accepted(f"mo-{number}", made, name=text))
    return compile_report(LAYOUT, found)
