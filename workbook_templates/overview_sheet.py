"""总体情况: one A4 page of figures and native charts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xlsxwriter.worksheet import Worksheet

from workbook_templates import sheet_names
from workbook_templates.pen import BORDER, FONT, Cell, Fill, Look, Pen
from xingzhi import messages
from xingzhi.labels import Lang

_WIDTHS = (20, 11, 11, 11, 11, 3, 20, 11, 11, 11, 11)
_FIGURES = 4
"""Figures in one line."""

_RIGHT = 6
_CHART_ROWS = 13


@dataclass(frozen=True)
class Overview:
    """The page: `figures` are (label, value); `months` are (period, due, on time, late, overdue) of the report;
    `units` are (name, activities held, members, findings to mend, overdue), the most overdue first."""

    lead: str
    figures: Sequence[tuple[str, int | str]]
    months: Sequence[tuple[str, str, int, int, int]]
    units: Sequence[tuple[str, int, int, int, int]]


def write(pen: Pen, overview: Overview, lang: Lang, footer: str) -> None:
    """Write the page as the workbook's first sheet."""
    name = sheet_names.OVERVIEW.of(lang)
    page = pen.add_sheet(name)
    for column, width in enumerate(_WIDTHS):
        page.set_column(column, column, width)
    pen.heading(page, name, [overview.lead])
    row = _write_figures(pen, page, overview) + 1
    keys = ("period", "due", "on_time", "late", "owed")
    bottom_left = _write_block(
        pen, page, row, 0, messages.text("overview.months", lang), _texts("overview.month", keys, lang), overview.months
    )
    keys = ("name", "held", "members", "faults", "overdue")
    bottom_right = _write_block(
        pen,
        page,
        row,
        _RIGHT,
        messages.text("overview.units", lang),
        _texts("overview.unit", keys, lang),
        overview.units,
    )
    chart_row = max(bottom_left, bottom_right) + 1
    if overview.months:
        _chart(pen, page, name, overview.months, row + 2, 0, chart_row, lang, "months", (2, 3, 4))
    if overview.units:
        _chart(pen, page, name, overview.units, row + 2, _RIGHT, chart_row, lang, "units", (1, 4))
    page.print_area(0, 0, chart_row + _CHART_ROWS, len(_WIDTHS) - 1)
    page.fit_to_pages(1, 1)
    page.set_footer(footer)
    page.activate()


def _texts(prefix: str, keys: Sequence[str], lang: Lang) -> list[str]:
    return [messages.text(f"{prefix}.{key}", lang) for key in keys]


def _write_figures(pen: Pen, page: Worksheet, overview: Overview) -> int:
    label = pen.format(font_color="#595959", align="center", bg_color="#DDEBF7", **BORDER)
    number = pen.format(font_size=14, bold=True, align="center", num_format="0", **BORDER)
    starts = (0, 2, 6, 8)
    row = 3
    for index in range(0, len(overview.figures), _FIGURES):
        page.set_row(row, 20)
        page.set_row(row + 1, 26)
        for (text, value), column in zip(overview.figures[index : index + _FIGURES], starts, strict=False):
            page.merge_range(row, column, row, column + 1, text, label)
            page.merge_range(row + 1, column, row + 1, column + 1, value, number)
        row += 3
    return row


def _write_block(
    pen: Pen,
    page: Worksheet,
    row: int,
    column: int,
    title: str,
    headers: Sequence[str],
    lines: Sequence[Sequence[Cell]],
) -> int:
    page.write_string(row, column, title, pen.format(bold=True, font_size=11, font_color="#1F3864"))
    head = pen.format(bold=True, align="center", bg_color="#1F4E78", font_color="#FFFFFF", text_wrap=True, **BORDER)
    page.set_row(row + 1, 22)
    for step, text in enumerate(headers):
        page.write_string(row + 1, column + step, text, head)
    for index, line in enumerate(lines, start=2):
        for step, cell in enumerate(line):
            look = Look.TEXT if step == 0 else (Look.CENTRE if isinstance(cell, str) else Look.NUMBER)
            pen.put(page, row + index, column + step, cell, pen.body(look, Fill.UNIT))
    return row + 2 + len(lines)


def _chart(
    pen: Pen,
    page: Worksheet,
    sheet: str,
    lines: Sequence[Sequence[object]],
    first: int,
    column: int,
    at: int,
    lang: Lang,
    key: str,
    series: Sequence[int],
) -> None:
    chart = pen.book.add_chart({"type": "column", "subtype": "stacked"} if key == "months" else {"type": "column"})
    last = first + len(lines) - 1
    colours = ("#70AD47", "#5B9BD5", "#F4B183") if key == "months" else ("#5B9BD5", "#F4B183")
    for step, colour in zip(series, colours, strict=True):
        chart.add_series(
            {
                "name": [sheet, first - 1, column + step],
                "categories": [sheet, first, column, last, column],
                "values": [sheet, first, column + step, last, column + step],
                "fill": {"color": colour},
                "gap": 60,
            }
        )
    font = {"name": FONT, "size": 9}
    chart.set_title({"name": messages.text(f"overview.chart_{key}", lang), "name_font": {**font, "size": 11}})
    chart.set_legend({"position": "bottom", "font": font})
    chart.set_x_axis({"num_font": font})
    chart.set_y_axis({"num_font": font, "major_gridlines": {"visible": True, "line": {"color": "#E0E0E0"}}, "min": 0})
    chart.set_size({"width": 460, "height": 250})
    page.insert_chart(at, column, chart, {"x_offset": 2, "y_offset": 4})
