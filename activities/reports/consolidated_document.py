"""The consolidated report as a document, for DOCX and PDF."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from activities.documents.model import Block, Cell, Document, Heading, PageBreak, Paragraph, Picture, Row, Table
from activities.reports.charts import charts_of, picture
from activities.reports.figure_words import (
    KEPT,
    STATES,
    cell_words,
    coverage_words,
    number,
    share_words,
    value_words,
)
from activities.russian import full_date
from domain.report.layout import Line, Measure, Section
from domain.report.report import Group, Remark, Report
from domain.report.report import Row as RespondentRow
from domain.report.view import About

_ROOM = 212.0
"""Millimetres beside the names in a table across the page."""


def consolidated_document(about: About, report: Report) -> Document:
    """Summary, charts, respondents, texts, timeliness; on pages of A4 across."""
    return Document(
        title=about.heading,
        blocks=tuple(_blocks(about, report)),
        footer=about.heading,
        landscape=True,
    )


def _blocks(about: About, report: Report) -> Iterator[Block]:
    yield Heading(about.heading)
    yield from map(Paragraph, _intro(about, report))
    for section in report.layout.sections:
        yield Heading(section.title, 2)
        yield _summary(report, section)
        yield from (Paragraph(f"{line.label}. {line.note}", small=True) for line in section.lines if line.note)
    yield Heading("Диаграммы", 2)
    yield from (Picture(picture(chart), chart.words) for chart in charts_of(report))
    yield PageBreak()
    yield Heading("По муниципалитетам и государственным организациям", 2)
    yield from _by_respondents(report)
    yield from _narratives(report)
    yield from _remarks(report)
    yield Heading("Полнота и своевременность", 2)
    yield _league(report)


def _intro(about: About, report: Report) -> Iterator[str]:
    region = report.region
    rolled = (
        ""
        if about.deadline == about.deadline_asked
        else f" (по письму {full_date(about.deadline_asked)}, перенесён с выходного дня)"
    )
    yield f"Срок представления{rolled}: {full_date(about.deadline)}"
    yield (
        f"Получено форм: {number(region.received)} из {number(region.expected)}, принято и учтено:"
        f" {number(region.accepted)}. В отчёт входят только принятые формы."
    )
    yield (
        "Доля — отношение суммы числителей к сумме знаменателей. Изменение считается только по тем, кто дал сведения"
        " за оба года. Рядом с каждым показателем указано, сколько из ожидаемых сведений получено."
    )
    yield _late_words(about, report)


def _late_words(about: About, report: Report) -> str:
    """Who is late; while the deadline of somebody is still to come, nobody is praised for it."""
    names = {row.entry.respondent: row.entry.name for row in report.rows}
    if report.late:
        return f"Срок нарушили: {'; '.join(names[one] for one in report.late)}."
    if about.status == "open" and any(row.entry.excused == "open" for row in report.rows):
        return "Срок ещё не наступил."
    return "Срок никто не нарушил."


def _summary(report: Report, section: Section) -> Table:
    head = ("Показатель", "Графа", "Всего", "Охват", "Муниципалитеты", "Охват", "Областные организации", "Охват")
    rows = [row for line in section.lines for row in _summary_rows(report, line)]
    return Table((44, 30, 28, 13, 28, 13, 28, 13), (head, *rows), small=True)


def _summary_rows(report: Report, line: Line) -> Iterator[Row]:
    groups = (report.region, report.kinds["municipality"], report.kinds["state"])
    for place, measure in enumerate(line.measures):
        figures = [cell for group in groups for cell in _in_group(group, measure)]
        yield (line.called if place == 0 else "", measure.column, *figures)


def _in_group(group: Group, measure: Measure) -> tuple[Cell, Cell]:
    figure = group.figures[measure.key]
    words = share_words(figure) if measure.kind == "share" else value_words(figure)
    return Cell(words, "right"), Cell(coverage_words(figure, group.expected), "right")


def _by_respondents(report: Report) -> Iterator[Table]:
    """As many lines side by side as there is room for."""
    for section in report.layout.sections:
        for lines in _in_portions(section.lines):
            yield _side_by_side(report, lines)


def _in_portions(lines: Sequence[Line]) -> Iterator[list[Line]]:
    portion: list[Line] = []
    for line in lines:
        if portion and sum(sum(_widths(one)) for one in (*portion, line)) > _ROOM:
            yield portion
            portion = []
        portion.append(line)
    yield portion


def _widths(line: Line) -> list[float]:
    """What the longest word of each column's head asks for, and no less than «нет данных» does."""
    return [max(21.0, 3 + 1.9 * max(map(len, measure.column.split()), default=0)) for measure in line.measures]


def _side_by_side(report: Report, lines: Sequence[Line]) -> Table:
    measures = [measure for line in lines for measure in line.measures]
    titles: Row = ("", *(Cell(line.label, "centre", columns=len(line.measures)) for line in lines))
    columns: Row = ("Кто", *(measure.column for measure in measures))
    rows: list[Row] = [titles, columns]
    for row in report.rows:
        rows.append((row.entry.name, *(_own(row, one) for one in measures)))
    total = (value_words(report.region.figures[one.key]) for one in measures)
    rows.append((Cell("Всего", bold=True), *(Cell(one, "right", bold=True) for one in total)))
    widths = [width for line in lines for width in _widths(line)]
    return Table((252 - _ROOM, *(_ROOM * width / sum(widths) for width in widths)), tuple(rows), heads=2, small=True)


def _own(row: RespondentRow, measure: Measure) -> Cell:
    figure = row.figures[measure.key]
    if not row.entry.accepted:
        return Cell("—", "right")
    if measure.kind == "yes" and figure.received:
        return Cell("да" if figure.value else "нет", "right")
    return Cell(value_words(figure), "right")


def _narratives(report: Report) -> Iterator[Block]:
    if not any(report.narratives.values()):
        return
    yield Heading("Описания мероприятий", 2)
    for told in report.layout.narratives:
        if texts := report.narratives[told.key]:
            yield Heading(told.title, 3)
            for text in texts:
                yield Paragraph(text.name, bold=True)
                yield Paragraph(text.text)


def _remarks(report: Report) -> Iterator[Block]:
    """Explanations, corrections and gaps, each with the figure that it belongs to."""
    lists: Iterable[tuple[str, tuple[Remark, ...]]] = (
        ("Пояснения к изменениям", report.comments),
        ("Исправления данных прошлого года", report.corrections),
        ("Сведения, которых нет", report.missing),
    )
    for title, remarks in lists:
        if remarks:
            yield Heading(title, 2)
            rows = [(one.name, cell_words(report.layout, one.cell), one.text) for one in _once(remarks)]
            yield Table((40, 50, 90), (("Кто", "О чём", "Причина"), *rows), small=True)


def _once(remarks: Iterable[Remark]) -> Iterator[Remark]:
    """A share that is missing as a whole is named once, not for each of its parts."""
    for _, same in groupby(remarks, key=lambda one: (one.respondent, _whole(one.cell), one.text)):
        yield next(same)


def _whole(cell: str) -> str:
    return cell.removesuffix("/numerator").removesuffix("/denominator")


def _league(report: Report) -> Table:
    head = ("Место", "Кто", "Форма", "Полей", "Документов", "Полнота", "Сдано", "Срок")
    rows: list[Row] = [head]
    for placed in report.league:
        entry = placed.entry
        rows.append(
            (
                str(placed.place),
                entry.name,
                STATES[entry.state],
                f"{placed.fields} из {placed.fields_of}",
                f"{placed.artefacts} из {placed.artefacts_of}",
                f"{number(placed.completeness)}\u00a0%",
                f"{entry.submitted_on:%d.%m.%Y}" if entry.submitted_on else "—",
                KEPT[placed.kept],
            )
        )
    return Table((10, 50, 28, 18, 18, 16, 18, 28), tuple(rows), small=True)
