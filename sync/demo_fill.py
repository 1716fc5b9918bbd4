"""Typing into an issued workbook as a clerk does: values under the headers, and what clerks do to sheets besides."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import openpyxl
from openpyxl.cell import Cell
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.workbook import Workbook
from openpyxl.worksheet.cell_range import CellRange, MultiCellRange
from openpyxl.worksheet.table import Table as ExcelTable
from openpyxl.worksheet.table import TableColumn
from openpyxl.worksheet.worksheet import Worksheet

from sync.demo_schedule import RawRow
from workbook_templates import sheet_names
from workbook_templates.tables.registry import tables
from xingzhi import messages
from xingzhi.columns import Owner, Table
from xingzhi.headers import HEADER_ROW

_SEARCHED = 12
_REFERENCE = re.compile(r'"[^"]*"|(?<![A-Za-z0-9_.])(\$?[A-Z]{1,3}\$?)([0-9]+)(?![0-9A-Za-z_(])')
"""A cell of the formula's own sheet; a quoted text is found too, so that what looks like a cell in it is left alone."""

_EARLIEST = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class TitleRow:
    """A row with a title is inserted right above the header of a table."""

    table: str
    text: str


@dataclass(frozen=True, slots=True)
class OwnColumn:
    """A column of the unit's own is added at the right of a table, with values for its first rows."""

    table: str
    header: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Subtotal:
    """A row below the last one sums a column."""

    table: str
    text: str
    column: str


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A line such as a paper form ends with stands below the last row."""

    table: str
    text: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """单位说明 is written at the findings of a code in a table, where the workbook lists them."""

    table: str
    code: str
    text: str


Mess = TitleRow | OwnColumn | Subtotal | NoteRow


def fill(
    path: Path,
    rows: Mapping[str, Sequence[RawRow]],
    *,
    over: bool = False,
    mess: Sequence[Mess] = (),
    explanations: Sequence[Explanation] = (),
    saved: datetime | None = None,
) -> None:
    """Type rows, by table key, into the first blank rows of an issued workbook; an empty row leaves a line blank.

    With `over` the first row is typed over the first of the table, as one goes on in a workbook that was issued with
    what one has sent before. Everything else of the workbook is kept, save the values that formulas had. With `saved`
    the file says that it was saved then, and the same input gives the same bytes. KeyError for a table or a column that
    the workbook has not.
    """
    book = load(path)
    for key, lines in rows.items():
        page = Page(book, _table(key))
        _type(page, lines, page.header + 1 if over else page.first_blank())
    for each in mess:
        _disarrange(Page(book, _table(each.table)), each)
    for said in explanations:
        _explain(book, said)
    save(book, path, saved)


def change(path: Path, table: str, row: int, column: str, value: object, *, saved: datetime | None = None) -> None:
    """Type one value over another; `row` counts the filled rows of the table from 0.

    IndexError where there are not so many rows, KeyError for a table or a column that the workbook has not.
    """
    book = load(path)
    page = Page(book, _table(table))
    page.cell(page.filled()[row], column).value = value  # type: ignore[assignment]
    save(book, path, saved)


class Page:
    """The sheet of a table of a unit's workbook or of the master, found by its Chinese or its English name.

    `columns` are positions by column key. KeyError where the workbook has no such sheet, or the sheet no header.
    """

    def __init__(self, book: Workbook, table: Table) -> None:
        name = next((name for name in table.label.both() if name in book.sheetnames), None)
        if name is None:
            raise KeyError(f"the workbook has no sheet {table.label.zh}")
        self.sheet: Worksheet = book[name]
        self.table = table
        self.header, self.columns = self._find_header()
        self.content = [self.columns[column.key] for column in table.owned_by(Owner.UNIT) if column.key in self.columns]

    def cell(self, row: int, key: str) -> Cell:
        """The cell of a column; KeyError where the sheet has lost it."""
        found = self.sheet.cell(row, self.columns[key])
        assert isinstance(found, Cell)
        return found

    def filled(self) -> list[int]:
        """The rows in which the unit has typed something."""
        return [row for row in range(self.header + 1, self.sheet.max_row + 1) if not self.is_blank(row)]

    def is_blank(self, row: int) -> bool:
        """Whether no cell of the unit's holds anything."""
        return all(self.sheet.cell(row, column).value is None for column in self.content)

    def lines(self) -> list[int]:
        """The rows in which anything stands at all, the tool's own cells too."""
        rows = range(self.header + 1, self.sheet.max_row + 1)
        return [row for row in rows if any(self.sheet.cell(row, place).value for place in self.columns.values())]

    def first_blank(self) -> int:
        """The row after the last one that is filled."""
        return max(self.filled(), default=self.header) + 1

    def excel_table(self) -> ExcelTable | None:
        """The table object on the sheet."""
        return next((each for each in self.sheet.tables.values() if each.name == self.table.key), None)

    def _find_header(self) -> tuple[int, dict[str, int]]:
        wanted = {text: column.key for column in self.table.columns for text in column.label.both()}
        for row in (HEADER_ROW, *range(1, _SEARCHED)):
            texts = {self.sheet.cell(row, place).value: place for place in range(1, self.sheet.max_column + 1)}
            found = {wanted[text]: place for text, place in texts.items() if isinstance(text, str) and text in wanted}
            if len(found) * 2 > len(self.table.columns):
                return row, found
        raise KeyError(f"the sheet {self.sheet.title} has no header")


def _table(key: str) -> Table:
    (found,) = tables((key,))
    return found


def _type(page: Page, lines: Sequence[RawRow], first: int) -> None:
    for row, line in enumerate(lines, start=first):
        for key, value in line.items():
            page.cell(row, key).value = value  # type: ignore[assignment]


def _explain(book: Workbook, said: Explanation) -> None:
    """Write at each finding that is meant; the sheet of findings is no table of the unit's records."""
    sheet: Worksheet = next(book[name] for name in sheet_names.FINDINGS.both() if name in book.sheetnames)
    header, places = _places(sheet, ("code", "sheet", "explanation"))
    for row in range(header + 1, sheet.max_row + 1):
        code, of = (sheet.cell(row, places[key]).value for key in ("code", "sheet"))
        if code == said.code and of in _table(said.table).label.both():
            sheet.cell(row, places["explanation"]).value = said.text


def _places(sheet: Worksheet, keys: Sequence[str]) -> tuple[int, dict[str, int]]:
    wanted = {text: key for key in keys for text in messages.label(f"findings.{key}").both()}
    for row in range(1, _SEARCHED):
        texts = {sheet.cell(row, place).value: place for place in range(1, sheet.max_column + 1)}
        found = {wanted[text]: place for text, place in texts.items() if isinstance(text, str) and text in wanted}
        if len(found) == len(keys):
            return row, found
    raise KeyError(f"the sheet {sheet.title} has no header")


def _disarrange(page: Page, mess: Mess) -> None:
    if isinstance(mess, TitleRow):
        _insert_row(page, page.header)
        page.sheet.cell(page.header, 1).value = mess.text
    elif isinstance(mess, OwnColumn):
        _add_column(page, mess)
    else:
        row = page.first_blank()
        if isinstance(mess, Subtotal):
            numbers = [page.cell(each, mess.column).value for each in page.filled()]
            page.cell(row, mess.column).value = sum(number for number in numbers if isinstance(number, int))
        page.sheet.cell(row, page.content[0]).value = mess.text


def _add_column(page: Page, mess: OwnColumn) -> None:
    table = page.excel_table()
    right = range_boundaries(table.ref)[2] if table is not None else None
    place = max(right or 0, *page.columns.values()) + 1
    page.sheet.cell(page.header, place).value = mess.header
    for row, value in zip(page.filled(), mess.values, strict=False):
        page.sheet.cell(row, place).value = value
    if table is not None:
        # Excel takes a column into the table as soon as its header is typed beside it.
        table.tableColumns.append(TableColumn(id=len(table.tableColumns) + 1, name=mess.header))
        _resize(table, columns=1)


def _insert_row(page: Page, at: int) -> None:
    """Insert a row as Excel does: openpyxl moves the cells, and nothing that refers to them."""
    sheet = page.sheet
    heights = {row: size.height for row, size in sheet.row_dimensions.items() if row >= at}
    sheet.insert_rows(at)
    for row in sorted(heights, reverse=True):
        sheet.row_dimensions[row + 1].height = heights[row]
    sheet.row_dimensions[at].height = None
    table = page.excel_table()
    if table is not None:
        _resize(table, rows=1)
    for cells in sheet.iter_rows(min_row=at + 1):
        for cell in cells:
            if cell.data_type == "f":
                cell.value = _shifted(str(cell.value), at)
    for rule in sheet.data_validations.dataValidation:
        rule.sqref = MultiCellRange([_down(each) for each in rule.sqref.ranges])
        if rule.formula1:
            rule.formula1 = _shifted(rule.formula1, at)
    conditional, sheet.conditional_formatting = sheet.conditional_formatting, ConditionalFormattingList()
    for group in conditional:
        area = " ".join(_down(each).coord for each in group.sqref.ranges)
        for rule in group.rules:
            rule.formula = [_shifted(text, at) for text in rule.formula]
            sheet.conditional_formatting.add(area, rule)
    pane = sheet.sheet_view.pane
    if pane is not None and pane.topLeftCell:
        # Setting freeze_panes anew would add selections that Excel refuses.
        pane.topLeftCell, pane.ySplit = _shifted(pane.topLeftCell, at), (pane.ySplit or 0) + 1


def _down(area: CellRange) -> CellRange:
    return CellRange(min_col=area.min_col, max_col=area.max_col, min_row=area.min_row + 1, max_row=area.max_row + 1)


def _shifted(formula: str, at: int) -> str:
    """A formula whose references to rows from `at` on stand one row lower."""

    def moved(found: re.Match[str]) -> str:
        return found[1] + str(int(found[2]) + (int(found[2]) >= at)) if found[1] else found[0]

    return _REFERENCE.sub(moved, formula)


def _resize(table: ExcelTable, *, rows: int = 0, columns: int = 0) -> None:
    """Move a table down by rows, widen it by columns."""
    left, top, right, bottom = range_boundaries(table.ref)
    assert left and top and right and bottom
    area = f"{get_column_letter(left)}{top + rows}:{get_column_letter(right + columns)}{bottom + rows}"
    table.ref = area
    if table.autoFilter is not None:
        table.autoFilter.ref = area


def load(path: Path) -> Workbook:
    """Open a workbook for typing."""
    with warnings.catch_warnings():
        # It says that it keeps a computed print area as a mere name, which is what we want.
        warnings.filterwarnings("ignore", message="Print area")
        return openpyxl.load_workbook(path)


def save(book: Workbook, path: Path, saved: datetime | None) -> None:
    """Save it; with `saved` it says that it was saved then, and the same content gives the same bytes."""
    if saved is None:
        book.save(path)
        return
    buffer = io.BytesIO()
    book.save(buffer)
    with zipfile.ZipFile(buffer) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in _parts(source, saved):
            target.writestr(zipfile.ZipInfo(name, _EARLIEST), data, zipfile.ZIP_DEFLATED)


def _parts(source: zipfile.ZipFile, saved: datetime) -> Iterator[tuple[str, bytes]]:
    """The parts, with the time of saving: openpyxl writes the clock's."""
    stamp = f"{saved:%Y-%m-%dT%H:%M:%SZ}".encode()
    for item in source.infolist():
        data = source.read(item)
        if item.filename == "docProps/core.xml":
            data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", lambda found: found[1] + stamp, data)
        yield item.filename, data
