"""A table of an open workbook: where it lies, what it holds, and how rows are written into it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import xlwings

from addin.live_grid import rows_of
from workbook_templates.pen import Cell, Formula, Link, fitting
from xingzhi.grid import CellValue, Grid


@dataclass(frozen=True)
class LiveTable:
    """`headers` are those of the table, the first of which stands in the column `left` of the row `first` - 1; its body
    goes from the row `first` to `last`. `rows` are its values, read when it was found."""

    table: xlwings.main.Table
    sheet: xlwings.Sheet
    headers: tuple[str, ...]
    left: int
    first: int
    last: int
    rows: tuple[tuple[CellValue, ...], ...]

    def place(self, header: str) -> int:
        """The place of a column, from 0; KeyError where it is gone."""
        if header not in self.headers:
            raise KeyError(header)
        return self.headers.index(header)

    def cell(self, index: int, header: str) -> xlwings.Range:
        """The cell of a column in the row `index` of the body, from 0."""
        return self.sheet.range((self.first + index, self.left + self.place(header)))

    def formulas(self) -> list[list[str]]:
        """What each cell of the body holds as it is typed: a formula begins with an equals sign."""
        corner = (self.last, self.left + len(self.headers) - 1)
        return [
            [str(cell) for cell in row] for row in rows_of(self.sheet.range((self.first, self.left), corner).formula)
        ]

    def grow(self, count: int) -> None:
        """Let the table hold so many rows at least; what stands below it goes on in it. It never shrinks."""
        bottom = self.first + count - 1
        if bottom > self.last:
            right = self.left + len(self.headers) - 1
            self.table.resize(self.sheet.range((self.first - 1, self.left), (bottom, right)))

    def put(self, index: int, place: int, matrix: Sequence[Sequence[Cell]]) -> None:
        """Write a block of cells whose corner is the row `index` and the column `place` of the body, from 0."""
        top, left = self.first + index, self.left + place
        corner = (top + len(matrix) - 1, left + len(matrix[0]) - 1)
        self.sheet.range((top, left), corner).value = [[written(cell) for cell in row] for row in matrix]


def find_table(book: xlwings.Book, grid: Grid, name: str) -> LiveTable | None:
    """The table of this name, None where there is none. `grid` holds the values of the workbook."""
    for sheet in book.sheets:
        for table in sheet.tables:
            if table.name.casefold() == name.casefold():
                return _live(table, sheet, grid)
    return None


def _live(table: xlwings.main.Table, sheet: xlwings.Sheet, grid: Grid) -> LiveTable | None:
    held, header, last = grid.sheet(sheet.name), table.header_row_range, table.range.last_cell
    if held is None or header is None:
        return None
    columns = range(header.column, last.column + 1)
    return LiveTable(
        table,
        sheet,
        tuple(str(held.value(header.row, column) or "") for column in columns),
        left=header.column,
        first=header.row + 1,
        last=last.row,
        rows=tuple(tuple(held.value(row, column) for column in columns) for row in range(header.row + 1, last.row + 1)),
    )


def written(cell: Cell) -> Any:
    """A cell as a host takes it: text behind an apostrophe, since Excel would make a date of 2026-06 and a formula of =x."""
    if isinstance(cell, Formula):
        return cell.text
    if isinstance(cell, Link):
        return f"'{fitting(cell.text)}"
    if isinstance(cell, str):
        return f"'{fitting(cell)}" if cell else None
    if isinstance(cell, date) and not isinstance(cell, datetime):
        return datetime(cell.year, cell.month, cell.day)
    return cell


def show(cell: xlwings.Range) -> bool:
    """Bring a cell before the user's eyes; False where its sheet is hidden, and Excel shows it to nobody."""
    # Excel on Windows gives its own numbers here: 2 stands for very hidden.
    if cell.sheet.visible not in (True, -1):
        return False
    cell.sheet.activate()
    cell.select()
    return True
