"""A workbook as values with addresses, before any meaning: the same type whatever the file was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

CellValue = str | int | float | bool | date | datetime | time | timedelta | None

Box = tuple[int, int, int, int]
"""A range of cells: (first row, first column, last row, last column), from 1, both ends included."""


def column_letters(index: int) -> str:
    """The letters of a column, counted from 1 (1 is A, 27 is AA)."""
    letters = ""
    while index > 0:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def address(row: int, column: int) -> str:
    """The A1 address of a cell; row and column count from 1."""
    return f"{column_letters(column)}{row}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: `rows[0][0]` is cell A1; rows may differ in length. Positions count from 1.

    `errors` names cells that hold an error value (`#REF!`), by (row, column). `uncached` are the cells of formulas that
    the file holds no value for, `merged` the merged ranges, each held as a value by its first cell alone, and
    `hidden_rows` the rows that a filter or a hand has hidden.
    """

    name: str
    rows: Sequence[Sequence[CellValue]]
    visible: bool = True
    errors: Mapping[tuple[int, int], str] = field(default_factory=dict)
    uncached: frozenset[tuple[int, int]] = frozenset()
    merged: tuple[Box, ...] = ()
    hidden_rows: frozenset[int] = frozenset()

    def value(self, row: int, column: int) -> CellValue:
        """The value at a position counted from 1; None outside what the file holds."""
        if 1 <= row <= len(self.rows) and 1 <= column <= len(self.rows[row - 1]):
            return self.rows[row - 1][column - 1]
        return None


@dataclass(frozen=True, slots=True)
class Grid:
    """A whole workbook. `names` are its constant defined names, `properties` its custom document properties.

    `bare` tells that files of its kind can carry no identity (a text file, an HTML table).
    """

    file: str
    sheets: tuple[Sheet, ...]
    names: Mapping[str, str] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)
    modified: datetime | None = None
    bare: bool = False

    def sheet(self, name: str) -> Sheet | None:
        """The sheet of this name, or None."""
        return next((sheet for sheet in self.sheets if sheet.name == name), None)
