"""总体情况: one A4 page for reading: figures, reports by month, requirements, units, what needs co-ordination, charts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from workbook_templates import sheet_names
from workbook_templates.pen import BORDER, FONT, Cell, Fill, Look, Pen, display_width
from xingzhi import messages
from xingzhi.labels import Lang

_WIDTHS = (12, 12, 9, 9, 9, 2, 22, 9, 9, 10, 8, 8)
PAGE_WIDTH = len(_WIDTHS)
"""The columns that the page fills."""

_FIGURES = ((0, 1), (2, 4), (5, 6), (7, 9), (10, 11))
"""First and last column of each figure of a line."""

_MONTHS = ((0, 0), (1, 1), (2, 2), (3, 3), (4, 4))
_REQUIREMENTS = ((0, 2), (3, 3), (4, 4))
_UNITS = ((6, 6), (7, 7), (8, 8), (9, 9), (10, 10), (11, 11))
_NEEDS = ((0, 1), (2, 4), (5, 11))
_CHART_ROWS = 11
_ROW = 16.5
"""The height of a line in points; that of a pixel is three quarters of one."""

PAGE_HEIGHT = 90
"""The rows within which the page lies, whatever it has to say."""

_TEXT_WIDTH = 72
"""Characters of a line of what needs co-ordination, a Chinese one counting two."""


@dataclass(frozen=True)
class Overview:
    """The page. `figures` are (label, value), ten at most; `months` are (period, due, on time, late, overdue) of the
    report; `requirements` are (title, units that meet it of those that owe it by now, units overdue); `units` are (name,
    activities held, members, items met of those due, findings to mend, overdue), in the office's order, the last of them
    all others together where they do not fit; `needs` are (unit, project, text) that need co-ordination, under the title
    `needs_title`, and `needs_more` says what is left out."""

    lead: str
    figures: Sequence[tuple[str, int | str]]
    months: Sequence[tuple[str, str, int, int, int]]
    requirements: Sequence[tuple[str, str, int]]
    units: Sequence[tuple[str, int, int, str, int, int]]
    needs_title: str = ""
    needs: Sequence[tuple[str, str, str]] = ()
    needs_more: str = ""


def write(pen: Pen, overview: Overview, lang: Lang, footer: str) -> None:
    """Write the page as the workbook's first sheet."""
    name = sheet_names.OVERVIEW.of(lang)
    page = pen.add_sheet(name)
    page.set_portrait()
    page.set_margins(left=0.45, right=0.45, top=0.45, bottom=0.6)
    for column, width in enumerate(_WIDTHS):
        page.set_column(column, column, width)
    pen.heading(page, name, [overview.lead])
    top = _write_figures(pen, page, overview)
    for row in range(top, PAGE_HEIGHT):
        page.set_row(row, _ROW)

    def block(row: int, key: str, keys: Sequence[str], lines: Sequence[Sequence[Cell]], places: _Places) -> int:
        title = messages.text(f"overview.{key}s", lang)
        headers = [messages.text(f"overview.{key}.{each}", lang) for each in keys]
        return _write_block(pen, page, row, title, headers, lines, places)

    left = block(top, "month", ("period", "due", "on_time", "late", "owed"), overview.months, _MONTHS)
    # The chart hangs where it is, however many lines there come to be.
    _months_chart(pen, page, name, overview.months, top + 2, top, lang)
    left = block(left + 1, "requirement", ("title", "met", "overdue"), overview.requirements, _REQUIREMENTS)
    keys = ("name", "held", "members", "met", "faults", "overdue")
    right = block(top + _CHART_ROWS + 1, "unit", keys, overview.units, _UNITS)
    bottom = _write_needs(pen, page, overview, max(left, right) + 1)
    page.print_area(0, 0, bottom, PAGE_WIDTH - 1)
    page.fit_to_pages(1, 1)
    page.center_horizontally()
    page.set_footer(footer)
    page.activate()


_Places = Sequence[tuple[int, int]]
"""The first and last column of each cell of a line: several columns are merged."""


def _write_figures(pen: Pen, page: Worksheet, overview: Overview) -> int:
    label = pen.format(font_color="#595959", align="center", bg_color="#DDEBF7", **BORDER)
    number = pen.format(font_size=14, bold=True, align="center", num_format="0", shrink=True, **BORDER)
    row = 3
    for index in range(0, len(overview.figures), len(_FIGURES)):
        page.set_row(row, 18)
        page.set_row(row + 1, 25)
        for (text, value), place in zip(overview.figures[index : index + len(_FIGURES)], _FIGURES, strict=False):
            _put(pen, page, row, place, text, label)
            _put(pen, page, row + 1, place, value, number)
        row += 2
    page.set_row(row, 8)
    return row + 1


def _put(pen: Pen, page: Worksheet, row: int, place: tuple[int, int], cell: Cell, form: Format) -> None:
    first, last = place
    if last > first:
        page.merge_range(row, first, row, last, "", form)
    pen.put(page, row, first, cell, form)


def _write_title(pen: Pen, page: Worksheet, row: int, column: int, title: str) -> None:
    page.write_string(row, column, title, pen.format(bold=True, font_size=11, font_color="#1F3864"))


def _write_block(
    pen: Pen,
    page: Worksheet,
    row: int,
    title: str,
    headers: Sequence[str],
    lines: Sequence[Sequence[Cell]],
    places: _Places,
) -> int:
    """A title, a header and lines; the row below them."""
    _write_title(pen, page, row, places[0][0], title)
    head = pen.format(bold=True, align="center", bg_color="#1F4E78", font_color="#FFFFFF", shrink=True, **BORDER)
    for text, place in zip(headers, places, strict=True):
        _put(pen, page, row + 1, place, text, head)
    name = pen.format(num_format="@", shrink=True, **BORDER)
    for index, line in enumerate(lines, start=row + 2):
        for step, (cell, place) in enumerate(zip(line, places, strict=True)):
            look = Look.CENTRE if isinstance(cell, str) else Look.NUMBER
            _put(pen, page, index, place, cell, name if step == 0 else pen.body(look, Fill.UNIT))
    return row + 2 + len(lines)


def _write_needs(pen: Pen, page: Worksheet, overview: Overview, row: int) -> int:
    """What needs co-ordination, across the page; each text is read whole. The last row of it."""
    _write_title(pen, page, row, 0, overview.needs_title)
    name = pen.format(num_format="@", text_wrap=True, **BORDER)
    for line in overview.needs:
        row += 1
        widths = (22.0, 25.0, _TEXT_WIDTH)
        lines = max(math.ceil(display_width(text) / width) for text, width in zip(line, widths, strict=True))
        page.set_row(row, max(_ROW, 13.5 * lines + 3))
        for text, place in zip(line, _NEEDS, strict=True):
            _put(pen, page, row, place, text, name)
    if overview.needs_more:
        row += 1
        page.write_string(row, 0, overview.needs_more, pen.format(font_color="#595959"))
    return row


def _months_chart(
    pen: Pen, page: Worksheet, sheet: str, lines: Sequence[Sequence[object]], first: int, at: int, lang: Lang
) -> None:
    chart = pen.book.add_chart({"type": "column", "subtype": "stacked"})
    last = first + max(len(lines), 1) - 1
    for (column, _), colour in zip(_MONTHS[2:], ("#70AD47", "#5B9BD5", "#F4B183"), strict=True):
        chart.add_series(
            {
                "name": [sheet, first - 1, column],
                "categories": [sheet, first, 0, last, 0],
                "values": [sheet, first, column, last, column],
                "fill": {"color": colour},
                "gap": 60,
            }
        )
    font = {"name": FONT, "size": 9}
    chart.set_title({"name": messages.text("overview.chart_months", lang), "name_font": {**font, "size": 11}})
    chart.set_legend({"position": "bottom", "font": font})
    chart.set_x_axis({"num_font": font})
    chart.set_y_axis({"num_font": font, "major_gridlines": {"visible": True, "line": {"color": "#E0E0E0"}}, "min": 0})
    chart.set_size({"width": 490, "height": int(_CHART_ROWS * _ROW / 0.75) - 8})
    page.insert_chart(at, _UNITS[0][0], chart, {"x_offset": 2, "y_offset": 4})
