"""Pen: writes sheets of one look with XlsxWriter. Text stays text, and a formula carries its value."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

FONT = "宋体"
"""Every Windows, WPS and Kylin desktop has it."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
ROW_HEIGHT = 20.0
"""Of a row of a table whose cells hold one line each."""

EPOCH = datetime(2026, 1, 1)
"""The creation time of every workbook that we write: two builds of the same content are the same."""

A4_WIDTH = 150.0
"""Characters across A4 landscape at full size."""

SQUEEZE = 55.0
"""How many more a page takes at three quarters of that size, which is still easy to read."""

FIRST_DATE = date(1900, 3, 1)
"""Excel believes in a 29 February 1900: what is before differs from program to program."""

TEXT_LIMIT = 32_767
"""What a cell holds, in UTF-16 code units."""

FORMULA_LIMIT = 8192
"""What Excel takes for a formula, in characters, its = among them."""

_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


class Look(StrEnum):
    """How the cells of a column are shown."""

    TEXT = "text"
    WRAP = "wrap"
    CENTRE = "centre"
    DATE = "date"
    NUMBER = "number"


class Fill(StrEnum):
    """Whose a column is, told by the colour of its header."""

    REQUIRED = "required"
    UNIT = "unit"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula with the value that it has now, since many readers show only the value. ValueError for one that Excel
    would not open."""

    text: str
    value: str | int | float | date

    def __post_init__(self) -> None:
        if len(self.text) > FORMULA_LIMIT:
            raise ValueError(f"a formula of {len(self.text)} characters: {self.text[:80]}…")


@dataclass(frozen=True, slots=True)
class Link:
    """A link within the workbook, such as `internal:'人员名册'!A1`."""

    target: str
    text: str


Cell = str | int | float | date | Formula | Link | None


@dataclass(frozen=True, slots=True)
class Field:
    """One column as it is printed. `width` is in characters."""

    header: str
    width: float
    look: Look = Look.TEXT
    fill: Fill = Fill.UNIT
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Region:
    """Where the body of a table stands; rows and columns count from 0, ends included."""

    sheet: str
    header: int
    first: int
    last: int
    width: int


_HEADER = {
    Fill.REQUIRED: {"bg_color": "#1F4E78", "font_color": "#FFFFFF"},
    Fill.UNIT: {"bg_color": "#BDD7EE", "font_color": "#1F3864"},
    Fill.OTHER: {"bg_color": "#D9D9D9", "font_color": "#404040"},
}
_LOOKS: dict[Look, dict[str, Any]] = {
    Look.TEXT: {"num_format": "@", "text_wrap": True},
    Look.WRAP: {"num_format": "@", "text_wrap": True},
    Look.CENTRE: {"num_format": "@", "align": "center", "text_wrap": True},
    Look.DATE: {"num_format": "yyyy-mm-dd", "align": "center"},
    Look.NUMBER: {"num_format": "0", "align": "center"},
}
BORDER = {"border": 1, "border_color": "#A6A6A6"}


class Pen:
    """An XlsxWriter workbook with our formats. Use it as a context manager: leaving it writes the file."""

    def __init__(self, path: Path) -> None:
        self.book = xlsxwriter.Workbook(
            str(path),
            {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
        )
        self.book.set_properties({"created": EPOCH})
        self.book.set_calc_mode("auto")
        self._formats: dict[tuple[tuple[str, object], ...], Format] = {}

    def __enter__(self) -> Pen:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            return
        try:
            self.book.close()
        except FileCreateError as error:
            # XlsxWriter wraps what the disk said (no such folder, disk full); to its callers it is that and no more.
            if error.args and isinstance(error.args[0], OSError):
                raise error.args[0] from None
            raise

    def format(self, **properties: object) -> Format:
        """A format of these XlsxWriter properties over our font; equal ones are shared."""
        whole = {"font_name": FONT, "font_size": 10, "valign": "vcenter", **properties}
        key = tuple(sorted(whole.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format(whole)
        return self._formats[key]

    def body(self, look: Look, fill: Fill = Fill.UNIT, **more: object) -> Format:
        """The format of a body cell."""
        shade = {"bg_color": "#F2F2F2"} if fill is Fill.OTHER else {}
        return self.format(**_LOOKS[look], **BORDER, **shade, **more)

    def put(self, sheet: Worksheet, row: int, column: int, cell: Cell, form: Format) -> None:
        """Write one cell, text always as text. Row and column count from 0.

        What no cell can hold is shown as far as it can be: a day before Excel's calendar as text, a text over its limit
        with … at the end. The ledger has it whole.
        """
        if cell is None or cell == "":
            sheet.write_blank(row, column, None, form)
        elif isinstance(cell, Formula):
            value = serial(cell.value) if isinstance(cell.value, date) else (cell.value or _nothing(cell.value))
            sheet.write_formula(row, column, cell.text, form, value)
        elif isinstance(cell, Link):
            sheet.write_url(row, column, cell.target, form, cell.text)
        elif isinstance(cell, date) and date(cell.year, cell.month, cell.day) >= FIRST_DATE:
            sheet.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), form)
        elif isinstance(cell, int | float) and math.isfinite(cell):
            sheet.write_number(row, column, cell, form)
        else:
            text = cell.isoformat()[:10] if isinstance(cell, date) else str(cell)
            if sheet.write_string(row, column, fitting(text), form):
                raise ValueError(f"no cell of {sheet.get_name()} takes row {row}, column {column}")

    def add_sheet(self, name: str, *, hidden: bool = False) -> Worksheet:
        """A sheet that prints on A4 landscape."""
        sheet = self.book.add_worksheet(name, _PlainFormulas)
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.9)
        sheet.hide_gridlines(2)
        if hidden:
            sheet.hide()
        return sheet

    def heading(self, sheet: Worksheet, title: str, lines: Sequence[str]) -> None:
        """The title in row 1 and the lines below it."""
        sheet.set_row(0, 28)
        sheet.write_string(0, 0, title, self.format(font_size=16, bold=True, font_color="#1F3864"))
        for number, line in enumerate(lines, start=1):
            sheet.set_row(number, 18)
            sheet.write_string(number, 0, line, self.format(font_color="#595959"))

    def table(
        self,
        sheet: Worksheet,
        fields: Sequence[Field],
        rows: Sequence[Sequence[Cell]],
        *,
        name: str,
        header_row: int,
        room: int = 0,
        least: float = ROW_HEIGHT,
    ) -> Region:
        """A table of Excel with its header in `header_row` (from 0) and at least `room` rows, blank ones at the end."""
        for column, each in enumerate(fields):
            sheet.set_column(column, column, each.width, None, {"hidden": True} if each.hidden else {})
        sheet.set_row(header_row, row_height([each.header for each in fields], fields, 32))
        count = max(len(rows), room, 1)
        headers = [
            {
                "header": _NO_XML.sub("", each.header),
                "header_format": self.format(bold=True, align="center", text_wrap=True, **BORDER, **_HEADER[each.fill]),
            }
            for each in fields
        ]
        sheet.add_table(
            header_row,
            0,
            header_row + count,
            len(fields) - 1,
            {"name": name, "columns": headers, "style": None, "autofilter": True},
        )
        # A hidden number would peep out as # signs at the edge of its neighbour.
        forms = [
            self.format(num_format=";;;")
            if each.hidden and each.look is not Look.TEXT
            else self.body(each.look, each.fill)
            for each in fields
        ]
        quoted = [self.body(each.look, each.fill, quote_prefix=True) for each in fields]
        for index in range(count):
            values = rows[index] if index < len(rows) else ()
            at = header_row + 1 + index
            sheet.set_row(at, row_height(values, fields, least))
            for column in range(len(fields)):
                cell = values[column] if column < len(values) else None
                risky = isinstance(cell, str) and cell.startswith(FORMULA_STARTS)
                self.put(sheet, at, column, cell, (quoted if risky else forms)[column])
        return Region(sheet.get_name(), header_row, header_row + 1, header_row + count, len(fields))

    def paper(
        self, sheet: Worksheet, fields: Sequence[Field], region: Region, *, footer: str, key_columns: int
    ) -> None:
        """Print on A4 landscape: the header on each page, wide tables on several with their key columns on each."""
        width = sum(each.width for each in fields if not each.hidden)
        pages = max(1, math.ceil((width - SQUEEZE) / A4_WIDTH))
        sheet.fit_to_pages(pages, 0)
        sheet.repeat_rows(0, region.header)
        if pages > 1 and key_columns:
            sheet.repeat_columns(0, key_columns - 1)
        sheet.set_footer(footer)
        sheet.freeze_panes(region.first, key_columns)


class _PlainFormulas(Worksheet):  # type: ignore[misc]  # XlsxWriter has no types
    """A sheet that takes a formula as it stands. XlsxWriter looks in each for forty functions that are newer than Excel
    2010 and that none of ours has: nineteen parts in twenty of the time that a workbook of long formulas took."""

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")


class _BlankText(str):
    """The empty text as a formula's value. XlsxWriter compares a value with "" and then writes an untyped blank, which
    readers take for a formula that was never computed."""

    def __eq__(self, other: object) -> bool:
        return False

    __hash__ = str.__hash__


def _nothing(value: str | int | float) -> str | int | float:
    return _BlankText() if value == "" else value


def serial(day: date) -> int:
    """The number by which a workbook holds a day."""
    return (day - date(1899, 12, 30)).days


def row_height(values: Sequence[object], fields: Sequence[Field], least: float) -> float:
    """A height at which wrapped text is read whole: Excel does not fit rows that a program has written."""
    lines = 1
    for cell, each in zip(values, fields, strict=False):
        text = cell.value if isinstance(cell, Formula) else cell.text if isinstance(cell, Link) else cell
        if isinstance(text, str) and not each.hidden:
            lines = max(lines, sum(1 + int(display_width(part) / max(each.width - 1, 1)) for part in text.split("\n")))
    return max(least, 14.0 * min(lines, 12) + 4)


def fitting(text: str) -> str:
    """The text as a cell can hold it: what XML has no character for is shown as �."""
    text = _NO_XML.sub("\ufffd", text)
    if len(text) * 2 > TEXT_LIMIT and len(units := text.encode("utf-16-le")) > TEXT_LIMIT * 2:
        text = units[: (TEXT_LIMIT - 1) * 2].decode("utf-16-le", "ignore") + "…"
    # XlsxWriter takes such a text for rich text and writes it as it stands.
    return text + " " if text.startswith("<r>") and text.endswith("</r>") else text


def display_width(text: str) -> int:
    """The width of a text in characters, a Chinese one counting two."""
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)
