"""A range of cells of a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from addin.hosts.entries import entered
from addin.hosts.rules import NATIVE, HostObject, NativeObject, NotInEveryHost
from workbook_files.package import Box
from workbook_files.ranges import meet
from xingzhi.grid import column_letters

if TYPE_CHECKING:
    from addin.hosts.file_sheet import FileSheet

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
MOST_CELLS = 4_000_000
"""More are not given at once: a live Excel would not give them either."""


class FileRange(HostObject, kind="Range"):
    """A rectangle of cells. One of no rows or no columns holds nothing."""

    __slots__ = ("_sheet", "_size", "_start", "options")

    def __init__(self, sheet: FileSheet, row: int, column: int, rows: int = 1, columns: int = 1) -> None:
        """NotInEveryHost for cells that no sheet has."""
        if row < 1 or column < 1 or row + rows - 1 > LAST_ROW or column + columns - 1 > LAST_COLUMN:
            raise NotInEveryHost("Sheet.range", f"no sheet has {rows} x {columns} cells from ({row}, {column}) on")
        self._sheet, self._start, self._size = sheet, (row, column), (rows, columns)
        self.options: dict[str, Any] = {}

    @property
    def sheet(self) -> FileSheet:
        """Its sheet."""
        return self._sheet

    @property
    def row(self) -> int:
        """The first row."""
        return self._start[0]

    @property
    def column(self) -> int:
        """The first column."""
        return self._start[1]

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, columns)."""
        return self._size

    def __len__(self) -> int:
        return self._size[0] * self._size[1]

    def __bool__(self) -> bool:
        return len(self) > 0

    def __call__(self, *args: Any) -> FileRange:
        """A cell by (row, column) or by its number, from 1; it may lie outside."""
        if len(args) == 1:
            row, column = divmod(args[0] - 1, self._size[1])
        else:
            row, column = args[0] - 1, args[1] - 1
        return FileRange(self.sheet, self.row + row, self.column + column)

    @property
    def api(self) -> NativeObject:
        """Nothing but true: xlwings asks before it writes."""
        return NATIVE

    @property
    def max_cells_per_read(self) -> None:
        """No range is read in pieces."""
        return None

    @property
    def max_cells_per_write(self) -> None:
        """No range is written in pieces."""
        return None

    @property
    def address(self) -> str:
        """As $A$1:$B$2."""
        return self.get_address(True, True, False)

    def get_address(self, row_absolute: bool, col_absolute: bool, external: bool) -> str:
        """The address with or without dollar signs; `external` puts workbook and sheet before it."""
        if not self:
            raise NotInEveryHost("Range.address", "it has no cells")
        top, left, bottom, right = box_of(self)
        row, column = "$" if row_absolute else "", "$" if col_absolute else ""
        corners = [f"{column}{column_letters(corner[1])}{row}{corner[0]}" for corner in ((top, left), (bottom, right))]
        found = corners[0] if corners[0] == corners[1] else ":".join(corners)
        return f"{self.sheet.external_name}!{found}" if external else found

    @property
    def raw_value(self) -> Any:
        """A value, or the rows of values, before xlwings converts them. NotInEveryHost for cells that were written, and for
        the error values of several rows at once."""
        if not self:
            return None
        self._check_size()
        if self.options.get("err_to_str") and self._size[0] > 1:
            # xlwings 0.37 takes a matrix for None there: `_xlmac.Range.raw_value`, `ensure_2d`.
            raise NotInEveryHost("Range.options", "on a Mac err_to_str fails for more than one row")
        values = self.sheet.contents.values(self.sheet.name, box_of(self))
        return values[0][0] if len(self) == 1 else values

    @raw_value.setter
    def raw_value(self, data: Any) -> None:
        """One value for all cells, or rows of values."""
        rows, columns = self._size
        if not isinstance(data, list | tuple):
            self._check_size()
            value = entered(data)
            for row in range(rows):
                for column in range(columns):
                    self._enter(row, column, value)
            return
        matrix: Sequence[Any] = data if data and isinstance(data[0], list | tuple) else [data]
        if len(matrix) != rows or any(len(each) != columns for each in matrix):
            raise NotInEveryHost("Range.value", f"the values are not {rows} rows of {columns}")
        values = [[entered(value) for value in each] for each in matrix]
        for row, each in enumerate(values):
            for column, value in enumerate(each):
                self._enter(row, column, value)

    @property
    def formula(self) -> Any:
        """What was typed into a cell, a formula with its equals sign; of several the rows of that. NotInEveryHost for cells
        that were written."""
        self._check_size()
        typed = self.sheet.contents.typed(self.sheet.name, box_of(self))
        return typed[0][0] if len(self) == 1 else tuple(map(tuple, typed))

    def set_row_height(self, points: float) -> None:
        """Let the rows be so high; a file's rows only grow."""
        top, _, bottom, _ = box_of(self)
        for row in range(top, bottom + 1):
            self.sheet.contents.heights.setdefault(self.sheet.name, {})[row] = points

    row_height = property(fset=set_row_height)

    def set_number_format(self, text: str) -> None:
        """In a file a formula is one whatever its cell's format: there is nothing to do."""

    number_format = property(fset=set_number_format)

    def clear_contents(self) -> None:
        """Make the cells blank."""
        used, merged = self.sheet.contents.used(self.sheet.name), self._merged()
        top, left, bottom, right = box_of(self)
        for row in range(max(top, used[0]), min(bottom, used[2]) + 1):
            for column in range(max(left, used[1]), min(right, used[3]) + 1):
                cell = (row, column, row, column)
                # What lies under a merged cell is blank, and is no cell of its own.
                if not any(meet(cell, box) and cell[:2] != box[:2] for box in merged):
                    self.sheet.contents.enter(self.sheet.name, row, column, None)

    def _enter(self, row: int, column: int, value: Any) -> None:
        self.sheet.contents.enter(self.sheet.name, self.row + row, self.column + column, value)

    def _check_size(self) -> None:
        if len(self) > MOST_CELLS:
            raise NotInEveryHost("Range.value", f"{len(self)} cells at once are too many")

    def select(self) -> None:
        """Remember the range as what is selected. Excel selects on the active sheet alone."""
        if self.sheet.book.sheets.active.name != self.sheet.name:
            raise NotInEveryHost("Range.select", f"{self.sheet.name} is not the active sheet: activate it first")
        self.sheet.book.app.select(self)

    @property
    def merge_cells(self) -> bool | None:
        """Whether the cells are merged; None where some are and some are not.

        On a Mac xlwings gives for that not None but a keyword of AppleScript: compare with `is False`.
        """
        box = box_of(self)
        boxes = [each for each in self._merged() if meet(each, box)]
        if not boxes:
            return False
        covered = sum(
            (min(each[2], box[2]) - max(each[0], box[0]) + 1) * (min(each[3], box[3]) - max(each[1], box[1]) + 1)
            for each in boxes
        )
        return True if covered == len(self) else None

    @property
    def merge_area(self) -> FileRange:
        """The merged range of which a cell is a part, the cell itself where it is none. Excel knows that of one cell alone."""
        if len(self) != 1:
            raise NotInEveryHost("Range.merge_area", "Excel gives it for one cell alone")
        box = box_of(self)
        found = next((each for each in self._merged() if meet(each, box)), box)
        return range_of(self.sheet, found)

    def _merged(self) -> Sequence[Box]:
        return self.sheet.contents.sheet(self.sheet.name).merged

    @property
    def row_hidden(self) -> bool | None:
        """Whether the rows are hidden; None where some are and some are not, on every system."""
        hidden = self.sheet.contents.sheet(self.sheet.name).hidden_rows
        top, _, bottom, _ = box_of(self)
        count = sum(top <= each <= bottom for each in hidden)
        return True if count == bottom - top + 1 else None if count else False


def box_of(cells: FileRange) -> Box:
    """The rectangle of a range."""
    (row, column), (rows, columns) = cells._start, cells._size
    return row, column, row + rows - 1, column + columns - 1


def range_of(sheet: FileSheet, box: Box) -> FileRange:
    """The range of a rectangle."""
    return FileRange(sheet, box[0], box[1], box[2] - box[0] + 1, box[3] - box[1] + 1)
