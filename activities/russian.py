"""Russian words for figures and dates: plural forms, days, cases of weekdays, the name of a zone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from babel.dates import format_date, get_timezone_location

from domain.calendar import Rolling

_GENITIVE = ("понедельника", "вторника", "среды", "четверга", "пятницы", "субботы", "воскресенья")
_ACCUSATIVE = ("понедельник", "вторник", "среду", "четверг", "пятницу", "субботу", "воскресенье")
_ROLLED: dict[Rolling, str] = {
    "next_working_day": "следующий рабочий день",
    "previous": "предыдущий рабочий день",
    "none": "",
}


def plural(n: int, one: str, few: str, many: str) -> str:
    """The form of a noun after a whole number: 1 день, 2 дня, 5 дней, 11 дней, 21 день."""
    tens, units = abs(n) % 100, abs(n) % 10
    if units == 1 and tens != 11:
        return one
    if units in (2, 3, 4) and tens not in (12, 13, 14):
        return few
    return many


def counted(n: int, one: str, few: str, many: str) -> str:
    """The number with its noun: `3 рабочих дня`."""
    return f"{n} {plural(n, one, few, many)}"


def sentence(words: str) -> str:
    """The words as a sentence begins with them."""
    return words[:1].upper() + words[1:]


def steps_named(numbers: Sequence[int], genitive: bool = False) -> str:
    """`мероприятие 5`, `мероприятия 5, 6`; in the genitive `мероприятия 5`, `мероприятий 5, 6`."""
    one, several = ("мероприятия", "мероприятий") if genitive else ("мероприятие", "мероприятия")
    return f"{one if len(numbers) == 1 else several} {', '.join(map(str, numbers))}"


def working_days(n: int) -> str:
    """`1 рабочий день`, `3 рабочих дня`, `10 рабочих дней`."""
    return counted(n, "рабочий день", "рабочих дня", "рабочих дней")


def full_date(day: date) -> str:
    """`17 октября 2026 г.`"""
    return f"{format_date(day, 'd MMMM y', locale='ru')} г."


def short_date(day: date) -> str:
    """`17 октября`"""
    return str(format_date(day, "d MMMM", locale="ru"))


def weekday_date(day: date) -> str:
    """`понедельник, 12 октября 2026 г.`"""
    return f"{format_date(day, 'EEEE', locale='ru')}, {full_date(day)}"


def school_year(year: int) -> str:
    """The school year that starts in `year`: `2026/27`."""
    return f"{year}/{(year + 1) % 100:02}"


def last_moment(day: date, zone: str) -> str:
    """Until when an inclusive deadline runs: `23:59:59 местного времени (Томск, UTC+7)`."""
    city = get_timezone_location(zone, locale="ru", return_city=True)
    return f"23:59:59 местного времени ({city}, {utc_offset(day, zone)})"


def utc_offset(day: date, zone: str) -> str:
    """The zone's distance from UTC at the end of the day: `UTC+7`, `UTC+5:30`."""
    offset = datetime.combine(day, time(23, 59, 59), ZoneInfo(zone)).utcoffset()
    minutes = int(offset.total_seconds() // 60) if offset else 0
    hours, rest = divmod(abs(minutes), 60)
    sign = "−" if minutes < 0 else "+"
    return f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "")


def provisional(year: int) -> str:
    """Why a deadline may still move: the year's decree on transferred days is not out yet."""
    return f"Срок предварительный: {no_decree(year)}"


def no_decree(year: int) -> str:
    """That the decree of a year is not out yet."""
    return f"постановления о переносе выходных дней в {year} году ещё нет"


def rolled(asked: date, due: date, rolling: Rolling) -> str:
    """Why a deadline is not on the day asked for; empty when it is.

    `срок перенесён с субботы 10 октября на понедельник 12 октября: следующий рабочий день`
    """
    if asked == due or rolling == "none":
        return ""
    since = f"с{'о' if asked.weekday() == 1 else ''} {_GENITIVE[asked.weekday()]} {short_date(asked)}"
    until = f"на {_ACCUSATIVE[due.weekday()]} {short_date(due)}"
    return f"срок перенесён {since} {until}: {_ROLLED[rolling]}"
