"""The master as it stands, for the edits that change it: what it says, how it is made up, how its sheets are called."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from sync.completion_links import FIRST
from sync.master_reader import MasterContent
from workbook_files.cell_values import EXACT, Keep, Value
from workbook_files.table_shapes import BookShape
from workbook_templates.master_workbook import MasterBook, MasterSheet, OfficeCell
from workbook_templates.pen import Link, fitting
from xingzhi.grid import Sheet
from xingzhi.windows import Window

_TO_LINE = re.compile(r"internal:'(?P<sheet>.+)'!A(?P<row>[0-9]+)")

Lines = Mapping[str, tuple[str, Sequence[int]]]
"""Of each sheet, by the name that we give it: what it is called, and in which row of it each row of its data will stand."""


Led = TypeVar("Led", OfficeCell, Value | Keep)


@dataclass(frozen=True)
class MasterFile:
    """The file that is to be changed: what stands in it and how it is made up. `anew` are the sheets, by the keys of their
    tables, that no edit can put right."""

    standing: MasterContent
    shape: BookShape
    anew: frozenset[str]
    window: Window

    def as_named(self, book: MasterBook) -> MasterBook:
        """The book with the names that the office gave its sheets."""
        return replace(book, sheets=[replace(each, name=self._name_of(each)) for each in book.sheets])

    def _name_of(self, sheet: MasterSheet) -> str:
        table = self.shape.tables.get(sheet.table.casefold())
        return table.sheet if table and self.shape.sheet(sheet.name) is None else sheet.name

    def sheet(self, name: str) -> Sheet | None:
        """A sheet as it stands."""
        return next((sheet for sheet in self.standing.sheets if sheet.name.casefold() == name.casefold()), None)


def value_of(cell: OfficeCell) -> Value:
    """A cell as it can be written: what no cell holds is shown as far as it can be."""
    match cell:
        case str():
            return fitting(cell)
        case bool():
            return cell
        case int() if abs(cell) > EXACT:
            return str(cell)
        case float() if not math.isfinite(cell):
            return str(cell)
    return cell


def led(cell: Led, lines: Lines) -> Led:
    """A cell whose link, if it is one, leads to where the line stands that it was composed to lead to."""
    found = _TO_LINE.fullmatch(cell.target) if isinstance(cell, Link) else None
    if not isinstance(cell, Link) or found is None or found["sheet"] not in lines:
        return cell
    name, rows = lines[found["sheet"]]
    row = int(found["row"]) - FIRST
    return Link(f"internal:'{name}'!A{rows[row] if 0 <= row < len(rows) else found['row']}", cell.text)
