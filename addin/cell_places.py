"""Where findings and tables are in an open workbook."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from addin.checking import CheckedBook
from xingzhi.grid import address
from xingzhi.rows import Row

_ADDRESS = re.compile("([A-Z]{1,3})([1-9][0-9]{0,6})")


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
    found = _ADDRESS.fullmatch(cell)
    if sheet not in names or found is None:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return Place(names.index(sheet), int(found[2]), column)


def row_of(rows: Iterable[Row], record: str) -> Row | None:
    """The row of a record."""
    return next((row for row in rows if row.record == record), None)
