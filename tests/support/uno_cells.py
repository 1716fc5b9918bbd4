"""Sheets and ranges of a workbook that is open in LibreOffice, as xlwings asks for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from support.uno_document import UnoDocument, box_of, within
from support.uno_table import UnoTables

from addin.hosts.entries import entered
from addin.hosts.rules import NATIVE, HostObject, NativeObject
from workbook_files.package import Box
from xingzhi.grid import address

if TYPE_CHECKING:
    from support.uno_host import UnoBook


class UnoRange(HostObject, kind="Range"):
    """A rectangle of cells."""

    __slots__ = ("box", "options", "sheet")

    def __init__(self, sheet: UnoSheet, box: Box) -> None:
        self.sheet, self.box = sheet, box
        self.options: dict[str, Any] = {}

    @property
    def _document(self) -> UnoDocument:
        return self.sheet.book.document

    @property
    def row(self) -> int:
        """The first row."""
        return self.box[0]

    @property
    def column(self) -> int:
        """The first column."""
        return self.box[1]

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, columns)."""
        top, left, bottom, right = self.box
        return bottom - top + 1, right - left + 1

    def __len__(self) -> int:
        rows, columns = self.shape
        return rows * columns

    def __call__(self, *args: Any) -> UnoRange:
        """A cell by (row, column) or by its number, from 1."""
        row, column = args if len(args) == 2 else (each + 1 for each in divmod(args[0] - 1, self.shape[1]))
        return self.sheet.range((self.row + row - 1, self.column + column - 1))

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
        top, left, bottom, right = self.box
        corners = [address(*each) for each in dict.fromkeys([(top, left), (bottom, right)])]
        letters = [each.rstrip("0123456789") for each in corners]
        return ":".join(f"${each}${corner[len(each) :]}" for each, corner in zip(letters, corners, strict=True))

    @property
    def raw_value(self) -> Any:
        """A value, or the rows of values, before xlwings converts them."""
        found = self._document.values(self.sheet.name, self.box)
        return found[0][0] if len(self) == 1 else tuple(map(tuple, found))

    @raw_value.setter
    def raw_value(self, data: Any) -> None:
        """One value for all cells, or rows of values. TypeError for what is neither text, number nor blank."""
        rows, columns = self.shape
        matrix = data if isinstance(data, list | tuple) else [[data] * columns for _ in range(rows)]
        if not isinstance(matrix[0], list | tuple):
            matrix = [matrix]
        values = [[_kept(entered(each)) for each in row] for row in matrix]
        self._document.enter(self.sheet.name, self.box, values)

    @property
    def formula(self) -> Any:
        """What was typed into a cell, a formula with its equals sign; of several the rows of that."""
        typed = self._document.typed(self.sheet.name, self.box)
        return typed[0][0] if len(self) == 1 else tuple(map(tuple, typed))

    def set_row_height(self, points: float) -> None:
        """Let the rows be so high."""
        rows = self._document.cells(self.sheet.name, self.box).getRows()
        rows.setPropertyValue("Height", round(points * 2540 / 72))

    row_height = property(fset=set_row_height)

    @property
    def merge_cells(self) -> bool | None:
        """Whether the cells are merged; None where some are and some are not."""
        top, left, bottom, right = self.box
        boxes = [
            each
            for each in self._document.merged(self.sheet.name)
            if each[0] <= bottom and each[2] >= top and each[1] <= right and each[3] >= left
        ]
        if not boxes:
            return False
        covered = {
            (row, column)
            for each in boxes
            for row in range(max(top, each[0]), min(bottom, each[2]) + 1)
            for column in range(max(left, each[1]), min(right, each[3]) + 1)
        }
        return True if len(covered) == len(self) else None

    @property
    def merge_area(self) -> UnoRange:
        """The merged range of which a cell is a part, the cell itself where it is none."""
        merged = self._document.merged(self.sheet.name)
        return UnoRange(self.sheet, next((each for each in merged if within(self.row, self.column, each)), self.box))

    @property
    def row_hidden(self) -> bool | None:
        """Whether the rows are hidden; None where some are and some are not."""
        hidden = self._document.hidden(self.sheet.name, self.box[0], self.box[2])
        return None if 0 < hidden < self.shape[0] else bool(hidden)

    def select(self) -> None:
        """Select it on the active sheet."""
        self._document.model.getCurrentController().select(self._document.cells(self.sheet.name, self.box))


class UnoSheet(HostObject, kind="Sheet"):
    """One sheet."""

    __slots__ = ("_name", "book")

    def __init__(self, book: UnoBook, name: str) -> None:
        self.book, self._name = book, name

    @property
    def name(self) -> str:
        """The name on its tab."""
        return self._name

    @property
    def visible(self) -> int:
        """-1, 0 where it is hidden; LibreOffice knows no sheet that only a program can show."""
        return -1 if self.book.document.sheet(self._name).getPropertyValue("IsVisible") else 0

    def range(self, arg1: Any, arg2: Any = None) -> UnoRange:
        """The range of an address such as A1:B2, of (row, column), or from one corner to another."""
        first, second = self._corner(arg1), self._corner(arg1 if arg2 is None else arg2)
        return UnoRange(self, (first[0], first[1], second[2], second[3]))

    def _corner(self, given: Any) -> Box:
        if isinstance(given, UnoRange):
            return given.box
        if isinstance(given, tuple):
            row, column = given
            return row, column, row, column
        return box_of(self.book.document.sheet(self._name).getCellRangeByName(given).getRangeAddress())

    @property
    def used_range(self) -> UnoRange:
        """The cells in use."""
        return UnoRange(self, self.book.document.used(self._name))

    @property
    def tables(self) -> UnoTables:
        """Its tables."""
        return UnoTables(self)

    def activate(self) -> None:
        """Make it the active sheet."""
        document = self.book.document
        document.model.getCurrentController().setActiveSheet(document.sheet(self._name))


class UnoSheets(HostObject, kind="Sheets"):
    """The sheets in the order of their tabs."""

    __slots__ = ("_book",)

    def __init__(self, book: UnoBook) -> None:
        self._book = book

    @property
    def active(self) -> UnoSheet:
        """The sheet that shows."""
        return self(self._book.document.model.getCurrentController().getActiveSheet().getName())

    def __call__(self, *args: Any) -> UnoSheet:
        """The sheet of a name or of a place from 1."""
        (key,) = args
        return UnoSheet(self._book, self._book.document.sheets[key - 1] if isinstance(key, int) else key)

    def __len__(self) -> int:
        return len(self._book.document.sheets)

    def __iter__(self) -> Iterator[UnoSheet]:
        return (UnoSheet(self._book, name) for name in self._book.document.sheets)


def _kept(value: Any) -> str | float | None:
    match value:
        case None | str():
            return value
        case int() | float() if not isinstance(value, bool):
            return float(value)
        case _:
            raise TypeError(f"this host takes no {type(value).__name__}")
