"""A sheet that is read for a table, as findings name it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from xingzhi.columns import Table
from xingzhi.findings import Finding, finding
from xingzhi.grid import Sheet, address
from xingzhi.labels import Text


class SheetPlace:
    """A sheet of a file that is read for a table, as findings name it."""

    def __init__(self, file: str, sheet: Sheet, table: Table) -> None:
        self.file, self.sheet, self.table = file, sheet, table

    def of(self, code: str, column: str = "") -> Finding:
        """A finding on the sheet."""
        return finding(code, file=self.file, sheet=self.sheet.name, table=self.table.key, column=column)

    def found(self, code: str, row: int, place: int, value: str) -> Finding:
        """A finding on one of its cells."""
        return replace(self.of(code), cell=address(row, place), value=value)


def with_args(found: Finding, args: Mapping[str, Text]) -> Finding:
    """The finding with more of what its message needs."""
    return replace(found, args=tuple(sorted({**dict(found.args), **args}.items())))
