"""Planned beside actual results, and the analytic report of one form, as document and spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from activities.documents.model import Block, Document, Heading, Paragraph, Table
from activities.reports.area import COUNTS, FIGURE_WIDTHS, figures, head_lines
from activities.reports.execution import STATUSES, made_at, totals_words
from activities.reports.workbook import Column, Scalar, Sheet, workbook
from activities.russian import school_year

RESULTS = "Планируемые и достигнутые результаты по формам наставничества"
PLANNED = ("План: наставников", "План: наставляемых", "План: пар и групп")
ACTUAL, PERCENT = "Сформировано пар и групп", "Выполнение плана по парам, %"
_PLACES = (Column("Организация", 44), Column("Муниципальное образование", 26))
_PAIRS = (*(Column(title, 13) for title in PLANNED), Column(ACTUAL, 14), Column(PERCENT, 14))
_SUMMED = (*PLANNED, ACTUAL)
_PAIR_HEADS = (*PLANNED, ACTUAL, PERCENT)
_UNTOLD = (
    "Процент считается только по программам, у которых есть и план, и число сформированных пар. Число наставников и"
    " наставляемых по формам в ходе программы отдельно не собирается, поэтому рядом с планом его нет."
)

View = Mapping[str, Any]


def results_workbook(report: View) -> bytes:
    """Sums by form, and each organisation with each of its forms."""
    intro = (*head_lines(report, RESULTS, "3.3"), _UNTOLD)
    forms = (Column("Форма наставничества", 34), Column("Программ", 12), *_PAIRS)
    sheets = [
        Sheet("По формам", forms, [_sum_row(one["title"], one) for one in report["forms"]], intro),
        Sheet(
            "По организациям",
            (*_PLACES, Column("Форма наставничества", 30), Column("Выбор формы", 16), *_PAIRS),
            [(*_place(one), one["title"], _fixed(one), *_pairs(one)) for one in report["items"]],
        ),
    ]
    return workbook(sheets, RESULTS, made_at(report))


def form_document(report: View) -> Document:
    """The analytic report on one form (order 420-р, 5.2)."""
    return Document(
        title=form_title(report),
        blocks=tuple(_blocks(report)),
        footer=f"{form_title(report)}, {school_year(report['year'])} учебный год",
        landscape=True,
        made_at=made_at(report),
    )


def form_workbook(report: View) -> bytes:
    """Sums by municipality, and each organisation that runs the form."""
    steps = tuple(Column(title, 13) for title in COUNTS.values())
    summed = (*_SUMMED, *COUNTS.values())
    columns = (Column("Муниципальное образование", 40), Column("Программ", 12), *_PAIRS, *steps)
    sheets = [
        Sheet(
            "По муниципалитетам", columns, list(_municipalities(report)), tuple(_head(report)), ("Программ", *summed)
        ),
        Sheet(
            "По организациям",
            (*_PLACES, Column("Программа", 16), *_PAIRS, *steps),
            list(_organisations(report)),
            totals=summed,
        ),
    ]
    return workbook(sheets, form_title(report), made_at(report))


def form_title(report: View) -> str:
    """The title, with the form by name."""
    return f"Аналитический отчёт по форме наставничества «{report['form']['title']}»"


def _head(report: View) -> Iterator[str]:
    return head_lines(report, form_title(report), "5.2" if report["form"]["key"] == "teacher-teacher" else "3.2")


def _blocks(report: View) -> Iterator[Block]:
    title, *lines = _head(report)
    yield Heading(title)
    for line in lines:
        yield Paragraph(line)
    for sentence in _findings(report):
        yield Paragraph(sentence)
    if report["municipalities"]:
        heads: tuple[str, ...] = ("Муниципальное образование", "Программ")
        yield Heading("План и результат по муниципальным образованиям", 2)
        yield _table((*heads, *_PAIR_HEADS), (30, 9), _short(_municipalities(report), len(heads)))
        yield Heading("Исполнение дорожных карт по муниципальным образованиям", 2)
        yield _table((*heads, *COUNTS.values()), (95, 18, *FIGURE_WIDTHS), _rest(_municipalities(report), len(heads)))
    if report["organisations"]:
        heads = ("Организация", "Муниципальное образование", "Программа")
        yield Heading("План и результат по организациям", 2)
        yield _table((*heads, *_PAIR_HEADS), (24, 14, 11), _short(_organisations(report), len(heads)))
        yield Heading("Исполнение дорожных карт по организациям", 2)
        yield _table(
            (*heads, *COUNTS.values()), (61.5, 27, 24.5, *FIGURE_WIDTHS), _rest(_organisations(report), len(heads))
        )
    yield Paragraph(_UNTOLD, small=True)


def _findings(report: View) -> Iterator[str]:
    sums, planned, actual = report["totals"], report["totals"]["planned"], report["totals"]["actual"]
    yield f"Программ, в которых реализуется форма: {report['programmes']}. {totals_words(report['counts'])}"
    yield (
        f"Планируемые результаты ввели {planned['programmes']} из {report['programmes']}: наставников"
        f" {planned['mentors']}, наставляемых {planned['mentees']}, пар и групп {planned['pairs']}. О сформированных"
        f" парах сообщили {actual['programmes']} из {report['programmes']}: {actual['pairs']}."
    )
    if sums["percent"] is not None:
        shown = f"{sums['percent']}".replace(".", ",")
        yield f"План по парам там, где есть и план, и результат (программ: {sums['compared']}), выполнен на {shown} %."


def _table(heads: tuple[str, ...], widths: tuple[float, ...], rows: Iterator[tuple[Scalar, ...]]) -> Table:
    cells = [tuple(_shown(cell) for cell in row) for row in rows]
    return Table((*widths, *[12.0] * (len(heads) - len(widths))), (heads, *cells), small=True)


def _short(rows: Iterator[tuple[Scalar, ...]], names: int) -> Iterator[tuple[Scalar, ...]]:
    """The columns up to planned and actual: a page has no room for all of a spreadsheet's."""
    return (row[: names + len(_PAIR_HEADS)] for row in rows)


def _rest(rows: Iterator[tuple[Scalar, ...]], names: int) -> Iterator[tuple[Scalar, ...]]:
    """The names and the columns after planned and actual."""
    return ((*row[:names], *row[names + len(_PAIR_HEADS) :]) for row in rows)


def _shown(cell: Scalar) -> str:
    return "—" if cell is None else str(cell).replace(".", ",") if isinstance(cell, float) else str(cell)


def _municipalities(report: View) -> Iterator[tuple[Scalar, ...]]:
    for one in report["municipalities"]:
        yield *_sum_row(one["name"], one["totals"]), *figures(one["counts"])


def _organisations(report: View) -> Iterator[tuple[Scalar, ...]]:
    for one in report["organisations"]:
        yield *_place(one), STATUSES[one["status"]], *_pairs(one), *figures(one["counts"])


def _sum_row(name: str, sums: View) -> tuple[Scalar, ...]:
    planned = sums["planned"]
    pairs = sums["actual"]["pairs"] if sums["actual"]["programmes"] else None
    plans = (planned["mentors"], planned["mentees"], planned["pairs"]) if planned["programmes"] else (None,) * 3
    return name, sums["programmes"], *plans, pairs, sums["percent"]


def _place(item: View) -> tuple[Scalar, Scalar]:
    return item["name"], item["municipality"]


def _pairs(item: View) -> tuple[Scalar, ...]:
    planned = item["planned"] or {}
    plans = (planned.get("mentors"), planned.get("mentees"), planned.get("pairs"))
    return *plans, item["actual"]["pairs"], item["percent"]


def _fixed(item: View) -> str:
    return "закреплена" if item["fixed"] else "запланирована"
