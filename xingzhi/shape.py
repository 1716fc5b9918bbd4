"""From a grid to the rows of a unit's tables: finds each sheet, its header and its records, and normalises the cells.

Nothing that a clerk did to a sheet raises: what could be read is read, and findings say what was not as expected.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xingzhi.columns import Table
from xingzhi.findings import Finding
from xingzhi.grid import Grid
from xingzhi.headers import Header, spelled
from xingzhi.rows import Row
from xingzhi.sheet_copies import Part, together
from xingzhi.sheet_reading import SheetReading, WorkbookReader
from xingzhi.sheets import match_sheets
from xingzhi.unit_names import UnitNames
from xingzhi.windows import Window


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet that was read for a table: its header, the numbers of the rows that are records, and the headers under
    which they stand, in order: more than one where a header stands further down too."""

    table: str
    header: Header
    records: frozenset[int]
    headers: tuple[Header, ...]

    def header_of(self, number: int) -> Header:
        """The header under which a row stands."""
        above = [header for header in self.headers if header.row < number]
        return above[-1] if above else self.header


@dataclass(frozen=True)
class Shaped:
    """The records of every table that was asked for, in the order of the sheet, and what was found on the way.

    `sheets` names the sheet that each table was read from, the first where a copy of it was read too; a table that is not
    in it was not found (B107). `pages` are all sheets that were read, by their names; a record of a copy that says nothing
    new, or contradicts the first sheet's, is in none of `rows`.
    """

    rows: Mapping[str, tuple[Row, ...]]
    findings: tuple[Finding, ...]
    sheets: Mapping[str, str]
    pages: Mapping[str, Page]


def shape(grid: Grid, tables: Sequence[Table], window: Window, units: UnitNames | None = None) -> Shaped:
    """Read the tables out of a workbook; `window` is the programme's, for dates without a year. `units` are the names that
    the office knows, where there is an office."""
    spellings = [spelled(table) for table in tables]
    reader = WorkbookReader(grid.file, grid.bare, spellings, window, units)
    matches = match_sheets(grid, spellings)
    findings = matches.findings
    rows: dict[str, tuple[Row, ...]] = {}
    pages: dict[str, Page] = {}
    for spelling in spellings:
        table = spelling.table
        readings = [reader.read(match, spelling) for match in matches.found.get(table.key, ())]
        pages |= {reading.sheet.name: _page(table, reading) for reading in readings}
        found = [each for reading in readings for each in reading.findings]
        rows[table.key] = tuple(readings[0].rows) if readings else ()
        if len(readings) > 1:
            parts = [Part(each.sheet.name, each.rows, each.of_rows, each.typed) for each in readings]
            all_rows = together(grid.file, table, parts)
            rows[table.key] = all_rows.rows
            found = [*all_rows.findings, *(each for each in found if each not in all_rows.dropped)]
        findings += found
    sheets = {key: found[0].sheet.name for key, found in matches.found.items()}
    return Shaped(rows, tuple(findings), sheets, pages)


def _page(table: Table, reading: SheetReading) -> Page:
    records = frozenset(row.number for row in reading.rows)
    return Page(table.key, reading.header, records, tuple(reading.headers))
