"""What the reader of values does not tell of a sheet: error cells, formulas without a value, hidden rows, its reach."""

from __future__ import annotations

from dataclasses import dataclass, field

from xingzhi.grid import Box

ERROR_CODES = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
"""The error values of the binary formats (MS-XLS 2.5.10, MS-XLSB 2.5.97.2)."""


@dataclass
class Marks:
    """Positions count from 1. `rows` and `columns` are the furthest that a cell stands, 0 where that is not known.
    `merged` are merged ranges that the reader of values does not tell of itself."""

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    uncached: set[tuple[int, int]] = field(default_factory=set)
    hidden: set[int] = field(default_factory=set)
    merged: list[Box] = field(default_factory=list)
    rows: int = 0
    columns: int = 0

    @property
    def area(self) -> int:
        """How many cells the reader of values makes of the sheet."""
        return self.rows * self.columns

    def reach(self, row: int, column: int) -> None:
        """There is a cell here."""
        self.rows, self.columns = max(self.rows, row), max(self.columns, column)
