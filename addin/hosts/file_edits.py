"""What a command entered, as edits of its file: the rows of a table that was resized, and single cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from addin.hosts.rules import NotInEveryHost
from workbook_files.cell_edit import CellsEdit
from workbook_files.cell_values import KEEP, Value
from workbook_files.package import Box
from workbook_files.package_edit import TablePart
from workbook_files.table_edit import TableEdit
from workbook_files.workbook_edit import Edit
from xingzhi.grid import Grid, Sheet, address

Entered = Mapping[str, Mapping[tuple[int, int], Value]]


@dataclass
class OpenTable:
    """A table, and the range that it has by now."""

    part: TablePart
    box: Box


def edits_of(
    tables: Sequence[OpenTable], entered: Entered, heights: Mapping[str, Mapping[int, float]], grid: Grid
) -> list[Edit]:
    """The edits that make the tables as large as they are by now and put in every value, by sheet and (row, column); the
    rows of tables are made as high as `heights` says, in points, by sheet and row.

    NotInEveryHost where a row leaves a table and a cell of it was not cleared: Excel leaves it there, below the table.
    """
    rest = {sheet: dict(cells) for sheet, cells in entered.items()}
    edits: list[Edit] = []
    for table in tables:
        name = table.part.sheet.name
        high = {row: height for row, height in heights.get(name, {}).items() if table.part.first <= row <= table.box[2]}
        if high or table.box != table.part.box:
            edits.append(_table_edit(table, rest.setdefault(name, {}), high, grid.sheet(name)))
    for sheet, cells in rest.items():
        if cells:
            values = {address(row, column): value for (row, column), value in sorted(cells.items())}
            edits.append(CellsEdit(sheet, values))
    return edits


def _table_edit(
    table: OpenTable, cells: dict[tuple[int, int], Value], heights: Mapping[int, float], sheet: Sheet | None
) -> TableEdit:
    """The edit of one table; what it puts in is taken out of `cells`."""
    part, (_, left, last, right) = table.part, table.box
    columns = range(left, right + 1)
    for row in range(last + 1, part.last + 1):
        for column in columns:
            if (row, column) not in cells:
                raise NotInEveryHost("Table.resize", f"{address(row, column)} leaves {part.name} and was not cleared")
            if cells[row, column] is None:
                del cells[row, column]
    body = range(part.first, last + 1)
    written = sorted({column for row, column in cells if row in body and column in columns})
    rows = [[cells.pop((row, column), KEEP) for column in written] for row in body]
    below = _typed_below(table, sheet) if sheet else 0
    before = part.last - part.first + 1 + below
    return TableEdit(
        part.name,
        [part.columns[column - left].id for column in written],
        rows,
        [place if place < before else None for place in range(len(body))],
        purge=last < part.last,
        below=below,
        heights=[heights.get(row) for row in body],
    )


def _typed_below(table: OpenTable, sheet: Sheet) -> int:
    """How many of the rows that come into the table reach down to the last one in which something stands: Excel takes them
    in as they are."""
    _, left, last, right = table.box
    for row in range(last, table.part.last, -1):
        columns = range(left, right + 1)
        if any(sheet.value(row, each) is not None or (row, each) in sheet.uncached for each in columns):
            return row - table.part.last
        if any((row, each) in sheet.errors for each in columns):
            return row - table.part.last
    return 0
