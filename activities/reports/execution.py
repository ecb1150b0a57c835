"""The report of one organisation as document and spreadsheet: «отчёт об исполнении дорожной карты»."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, time
from typing import Any

from activities.documents.model import Block, Cell, Document, Heading, Paragraph, Table
from activities.reports.execution_words import (
    done_words,
    due_words,
    proof_words,
    reason_words,
    responsible_words,
    state_word,
)
from activities.reports.workbook import Column, Scalar, Sheet, workbook
from activities.russian import full_date, school_year

TITLE = "Отчёт об исполнении дорожной карты"
ORDER = (
    "распоряжение Департамента общего образования Томской области от 27.05.2020 № 420-р"
    " и Департамента профессионального образования Томской области от 27.05.2020 № 261"
)
STATUSES = {"running": "идёт", "paused": "приостановлена", "closed": "завершена", "cancelled": "отменена"}
COLUMNS = (
    Column("№", 6), Column("Мероприятие", 60), Column("Этап", 30), Column("Первый срок", 12), Column("Срок", 12),
    Column("Состояние", 16), Column("Выполнено", 12), Column("Сроки и исполнение", 34), Column("Подтверждение", 44),
    Column("Ответственный", 34), Column("Причины, приказы", 50),
)  # fmt: skip
_WIDTHS = (5, 27, 13, 14, 20, 15, 20)
_HEAD = ("№", "Мероприятие", "Срок", "Исполнение", "Подтверждение", "Ответственный", "Причины, приказы")

View = Mapping[str, Any]


def execution_document(report: View) -> Document:
    """The report on landscape pages, with a line for signature and stamp."""
    return Document(
        title=f"{TITLE}: {report['organisation']['name']}",
        blocks=tuple(_blocks(report)),
        footer=f"{TITLE}, {report['organisation']['name']}, {school_year(report['year'])} учебный год",
        landscape=True,
        made_at=made_at(report),
    )


def execution_workbook(report: View) -> bytes:
    """The report as one sheet."""
    sheet = Sheet("Исполнение", COLUMNS, list(step_rows(report["steps"], _ended(report))), intro=tuple(_head(report)))
    return workbook([sheet], TITLE, made_at(report))


def step_rows(steps: Sequence[View], ended: bool) -> Iterator[tuple[Scalar, ...]]:
    """A line for each step, as `COLUMNS` has it; of several deadlines the last one."""
    for step in steps:
        last = step["deadlines"][-1]
        together = "\n".join(filter(None, (due_words(step), done_words(step, ended))))
        yield (
            step["number"],
            step["title"],
            f"{step['phase']['label']}. {step['phase']['title']}",
            last["first_due"],
            last["due"],
            state_word(step, ended),
            step["done_on"],
            together if len(step["deadlines"]) > 1 else done_words(step, ended),
            proof_words(step),
            responsible_words(step),
            reason_words(step),
        )


def made_at(report: View) -> datetime:
    """The moment that a file carries: the day it speaks of, so that the same day and state make the same bytes."""
    return datetime.combine(report["as_of"], time(), UTC)


def totals_words(counts: View) -> str:
    """The sums in one sentence."""
    late = f" (из них с опозданием: {counts['late']})" if counts["late"] else ""
    return (
        f"Мероприятий: {counts['steps']}. Выполнено: {counts['done']}{late}, не проводилось: {counts['skipped']},"
        f" в работе: {counts['open']}, просрочено или не выполнено: {counts['overdue']}."
        f" Сроки перенесены у мероприятий: {counts['moved']}."
    )


def point_of_order(sector: str | None) -> str:
    """The point of the order that asks for the report, by the kind of organisation."""
    return {"vocational": "8.3", None: "6.4"}.get(sector, "7.4")


def _ended(report: View) -> bool:
    return str(report["status"]) == "closed"


def _head(report: View) -> Iterator[str]:
    yield TITLE
    yield report["roadmap"]["title"]
    yield f"Организация: {report['organisation']['name']}"
    if report["municipality"]:
        yield f"Муниципальное образование: {report['municipality']['name']}"
    status = STATUSES[report["status"]]
    yield f"{school_year(report['year'])} учебный год, программа {status}; по состоянию на {full_date(report['as_of'])}"
    yield f"Основание: {ORDER}, подпункт {point_of_order(report['sector'])}"
    yield totals_words(report["counts"])


def _blocks(report: View) -> Iterator[Block]:
    title, *lines = _head(report)
    yield Heading(title)
    for line in lines:
        yield Paragraph(line)
    yield Table(_WIDTHS, (_HEAD, *_rows(report)), small=True)
    yield Paragraph("")
    yield Paragraph("Руководитель _______________ / ____________________________ /")
    yield Paragraph(f"М.П.          «____» ______________ {report['as_of'].year} г.")


def _rows(report: View) -> Iterator[tuple[Cell | str, ...]]:
    phase = None
    for step in report["steps"]:
        if step["phase"]["number"] != phase:
            phase = step["phase"]["number"]
            title = f"Этап {step['phase']['label']}. {step['phase']['title']}"
            yield (Cell(title, bold=True, columns=len(_HEAD)),)
        yield (
            str(step["number"]),
            step["title"],
            due_words(step),
            done_words(step, _ended(report)),
            proof_words(step),
            responsible_words(step),
            reason_words(step),
        )
