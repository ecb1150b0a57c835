"""Deadlines as roadmaps write them in Russian: «до 10 октября», «сентябрь – октябрь», «ежемесячно».

Years are left out: a roadmap is for the school year in which it is started.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Mapping
from typing import Any

_MONTHS = (
    "январ[ья]", "феврал[ья]", "марта?", "апрел[ья]", "ма[йя]", "июн[ья]", "июл[ья]", "августа?", "сентябр[ья]",
    "октябр[ья]", "ноябр[ья]", "декабр[ья]",
)  # fmt: skip
_MONTH = f"(?:{'|'.join(_MONTHS)})"
_DAY = rf"(?:\d{{1,2}}\.\d\d|\d{{1,2}} {_MONTH})"  # a month in one figure: a cell that has become the number 10.1
_TO = r"(?: ?- ?| по | до )"
_YEAR = re.compile(r"(?<=[.\s])20\d\d(?:/\d\d(?:\d\d)?)?\s*(?:гг?\b\.?|года?\b)?")
_CELL = re.compile(r"\b\d{4}-(\d\d)-(\d\d)(?: 00:00:00)?\b")  # how a spreadsheet's own date reads
_DASHES = re.compile("[‐‑‒–—−]")

_EVERY = {"еженедельно": "weekly", "ежемесячно": "monthly", "ежеквартально": "quarterly"}
_ALL_YEAR = re.compile(r"(?:в течение|весь|на протяжении) .*(?:год|период)\w*|постоянно|весь год|по мере необходимости")
WHOLE_YEAR = {"opens": "01.09", "closes": "30.06"}
"""What «в течение года» means: dates are counted in the school year."""

_SPAN = re.compile(rf"(?:с )?({_DAY}){_TO}({_DAY})")
_MONTH_SPAN = re.compile(rf"(?:с )?({_MONTH})(?:{_TO}({_MONTH}))?")
_DAYS_OF_MONTH = re.compile(rf"(?:с )?(\d{{1,2}}){_TO}(\d{{1,2}}) ({_MONTH})")
_QUARTER = re.compile(r"(i{1,3}|iv|[1-4])(?:-?й)? квартал")
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_UNTIL = re.compile(rf"(?:(?:не позднее|до|к) )?({_DAY})")
_SEVERAL = re.compile(rf"{_DAY}(?: ?[,;и] ?{_DAY})+")
_RELATIVE = re.compile(
    r"(?:через |за |в течение )?(\d{1,3}) ((?:календарн|рабоч)\w+ )?дн\w+ (после|до|со дня|с момента) "
    r"(?:выполнения )?(?:мероприяти\w+|пункта|п\.) ?№? ?(\d{1,3})"
)

Rule = Mapping[str, Any]


def has_year(text: str) -> bool:
    """Whether a year is written there, which is not read."""
    return _YEAR.search(_flat(text)) is not None


def date_rule(text: str) -> Rule | None:
    """The date rule that the words mean, as a definition file has it; `None` when they mean none."""
    words = _flat(_YEAR.sub("", _flat(text)))
    return next((rule for rule in _readings(words) if rule), None)


def _readings(words: str) -> Iterator[Rule | None]:
    yield _relative(words)
    yield _recurring(words)
    yield _several(words)
    yield _one(words)


def _relative(words: str) -> Rule | None:
    found = _RELATIVE.fullmatch(words)
    if not found:
        return None
    days, unit, direction, step = found.groups()
    return {
        "rule": "relative",
        "days": days,
        "unit": "working" if (unit or "").startswith("рабоч") else "calendar",
        "direction": "before" if direction == "до" else "after",
        "step": step,
    }


def _recurring(words: str) -> Rule | None:
    word, _, rest = words.partition(" ")
    every = _EVERY.get(word.rstrip(","))
    span = _window(rest.strip(" ,()")) if rest else WHOLE_YEAR
    return {"rule": "recurring", "every": every, **span} if every and span else None


def _several(words: str) -> Rule | None:
    if not _SEVERAL.fullmatch(words):
        return None
    return {"rule": "dates", "dates": [_day(one) for one in re.findall(_DAY, words)]}


def _one(words: str) -> Rule | None:
    if window := _window(words):
        return {"rule": "window", **window}
    found = _UNTIL.fullmatch(words)
    return {"rule": "until", "closes": _day(found[1])} if found else None


def _window(words: str) -> Mapping[str, str] | None:
    if _ALL_YEAR.fullmatch(words):
        return WHOLE_YEAR
    if found := _SPAN.fullmatch(words):
        return {"opens": _day(found[1]), "closes": _day(found[2])}
    if found := _DAYS_OF_MONTH.fullmatch(words):
        return {"opens": _day(f"{found[1]} {found[3]}"), "closes": _day(f"{found[2]} {found[3]}")}
    if found := _MONTH_SPAN.fullmatch(words):
        return _months(_month(found[1]), _month(found[2] or found[1]))
    if found := _QUARTER.fullmatch(words):
        last = 3 * (_QUARTERS.get(found[1]) or int(found[1]))
        return _months(last - 2, last)
    return None


def _months(first: int, last: int) -> Mapping[str, str]:
    return {"opens": f"01.{first:02}", "closes": f"{calendar.monthrange(2001, last)[1]}.{last:02}"}


def _day(text: str) -> str:
    number, _, month = text.partition("." if "." in text else " ")
    return f"{int(number):02}.{int(month) if month.isdigit() else _month(month):02}"


def _month(word: str) -> int:
    return next(number for number, pattern in enumerate(_MONTHS, start=1) if re.fullmatch(pattern, word))


def _flat(text: str) -> str:
    """Lower case, one kind of dash, single spaces, no full stop at the end."""
    plain = _DASHES.sub("-", _CELL.sub(r"\2.\1", text.lower().replace("ё", "е")))
    return " ".join(plain.split()).strip(" .;,")
