"""The sheets with tables for comparison: charts of the spreadsheet itself, and the same ones as pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell  # type: ignore[import-untyped]

from activities.documents.model import printable
from activities.reports.charts import Chart, picture
from activities.reports.respondent_sheet import formula_value
from activities.reports.summary_sheet import SUMMARY, VALUE
from activities.reports.workbook import Formula, Look, put

TABLES = "Показатели"
PICTURES = "Диаграммы"
_ROWS_OF_CHART = 18
_PIXELS_OF_ROW = 20


def write_tables(
    book: Any, made: Any, charts: Sequence[Chart], rows: Mapping[str, int], formats: Mapping[Look, Any]
) -> None:
    """For each chart its table, taken from the summary by formulas, and the chart beside it."""
    made.set_column(0, 0, 60)
    made.set_column(1, 6, 16)
    row = 0
    for chart in charts:
        put(made, row, 0, chart.title, formats, "intro")
        for number, title in enumerate(("Показатель", *chart.columns)):
            put(made, row + 1, number, title, formats, "head")
        for place, (label, figures) in enumerate(chart.groups, start=row + 2):
            put(made, place, 0, label, formats)
            for number, figure in enumerate(figures, start=1):
                at = xl_rowcol_to_cell(rows[figure.measure.key], VALUE)
                look: Look = "percent" if figure.measure.kind == "share" else "text"
                put(made, place, number, Formula(f"='{SUMMARY}'!{at}", formula_value(figure)), formats, look)
        made.insert_chart(row, 8, _drawn(book, chart, row + 2))
        row += max(len(chart.groups) + 4, _ROWS_OF_CHART)


def write_pictures(made: Any, charts: Sequence[Chart]) -> None:
    """The charts as pictures, for programs that draw no charts."""
    row = 0
    for number, chart in enumerate(charts, start=1):
        data = BytesIO(picture(chart))
        made.insert_image(
            row, 0, f"{number}.png", {"image_data": data, "description": printable(chart.words)[:250], "x_scale": 1}
        )
        bars = sum(len(figures) for _, figures in chart.groups)
        row += 8 + (bars * 22 + len(chart.groups) * 40) // _PIXELS_OF_ROW


def _drawn(book: Any, chart: Chart, first: int) -> Any:
    made = book.add_chart({"type": "bar"})
    last = first + len(chart.groups) - 1
    for number, title in enumerate(chart.columns, start=1):
        made.add_series(
            {
                "name": printable(title).lstrip("="),  # a name that begins with "=" would be taken for a reference
                "categories": [TABLES, first, 0, last, 0],
                "values": [TABLES, first, number, last, number],
                "data_labels": {"value": True},
            }
        )
    made.set_title({"name": printable(chart.title).lstrip("="), "name_font": {"size": 12}})
    made.set_y_axis({"reverse": True})
    made.set_size({"width": 720, "height": 340})
    made.set_legend({"position": "bottom"})
    return made
