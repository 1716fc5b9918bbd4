"""Where findings and tables are in an open workbook."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from addin.checking import CheckedBook
from workbook_files.ranges import box_or_none
from xingzhi.grid import address
from xingzhi.rows import Row


@dataclass(frozen=True, order=True)
class Place:
    """A cell, in the order of a workbook: by its sheet, from 0, then row, then column."""

    sheet: int
    row: int
    column: int

    @property
    def cell(self) -> str:
        """Its A1 address."""
        return address(self.row, self.column)


def place_of(checked: CheckedBook, sheet: str, cell: str) -> Place | None:
    """A cell by the name of its sheet and its address, None where there is none such."""
    names = [each.name for each in checked.grid.sheets]
    box = box_or_none(cell)
    return Place(names.index(sheet), box[0], box[1]) if sheet in names and box else None


def row_of(rows: Iterable[Row], record: str) -> Row | None:
    """The row of a record."""
    return next((row for row in rows if row.record == record), None)
