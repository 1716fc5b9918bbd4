"""A unit's own file as it was received: where each table stands in it, and which of its rows is which record."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from sync.records import StoredRow, clean
from workbook_files.file_findings import Refused
from workbook_files.limits import OWN
from workbook_files.package_edit import PackageEdit, TablePart
from workbook_files.reader import read_grid
from workbook_files.sheet_part import Cell, SheetPart
from workbook_templates.migrations import current
from xingzhi import messages
from xingzhi.columns import RECORD, Owner, Table
from xingzhi.findings import finding
from xingzhi.grid import CellValue, Grid, Sheet
from xingzhi.headers import is_self_check
from xingzhi.identity import Identity, read_identity
from xingzhi.labels import Lang, Text
from xingzhi.row_kinds import is_blank
from xingzhi.rows import Row, unit_values
from xingzhi.shape import Page, Shaped, shape
from xingzhi.unit_names import UnitNames
from xingzhi.windows import Window


def built_anew(key: str, **fields: Text) -> Refused:
    """W115 with the reason `own.<key>`: the feedback is not made of the unit's own file."""
    return Refused(finding("W115", reason=messages.label(f"own.{key}", **fields)))


def formula_of(part: SheetPart, cell: Cell | None) -> bytes | None:
    """A cell's formula as it is written (see `formula_text`), b"" for one of a form that is left as it is, such as one that
    several cells share; None where there is none."""
    found = part.formula_of(cell) if cell else None
    if found is None:
        return None
    return b"" if found[0].get("t") else found[1]


def formula_text(written: bytes | None) -> str:
    """The text of a formula as it is written."""
    return html.unescape(written.decode()) if written else ""


@dataclass(frozen=True)
class OwnTable:
    """One table of the file. `below` is how many rows right under the table were typed past its end; `records` are its
    rows by record, wherever in the file they stand."""

    table: Table
    part: TablePart
    cells: SheetPart
    sheet: Sheet
    page: Page
    records: Mapping[str, Row]

    @cached_property
    def columns(self) -> Mapping[str, int]:
        """Where the columns stand, by their keys."""
        return self.page.header.columns

    @cached_property
    def self_check(self) -> int | None:
        """Where the self-check stands."""
        return next((place for place, text in self.page.header.texts.items() if is_self_check(text)), None)

    @property
    def is_as_printed(self) -> bool:
        """Whether the columns stand where the template has them, under its headers."""
        keys = [column.key for column in self.table.columns]
        named = [column.header for column in self.part.columns[: len(keys)]]
        return (
            self.part.box[1] == 1
            and [self.columns.get(key) for key in keys] == list(range(1, len(keys) + 1))
            and self.self_check == len(keys) + 1
            and any(named == list(self.table.headers(lang)) for lang in Lang)
        )

    @cached_property
    def below(self) -> int:
        """How many rows right under the table are records that were typed past its end, and blank ones between them."""
        if self.part.totals:
            return 0
        last = number = self.part.last
        while (number := number + 1) <= max(self.page.records, default=0):
            if number in self.page.records and self.page.header_of(number) is self.page.header:
                last = number
            elif not self.is_free(number):
                break
        return last - self.part.last

    @cached_property
    def _passed_over(self) -> set[int | None]:
        """The columns that are not the unit's."""
        return {
            self.self_check,
            *(self.columns[each.key] for each in self.table.columns if each.owner is not Owner.UNIT),
        }

    @property
    def last(self) -> int:
        """The last row of the table, those below it among them."""
        return self.part.last + self.below

    @cached_property
    def blank(self) -> list[int]:
        """The rows of the table in which nothing stands but what a template prints, and what is not the unit's."""
        return [number for number in range(self.part.first, self.last + 1) if self.is_free(number)]

    @cached_property
    def room(self) -> list[int]:
        """The blank rows behind all others, which take new records."""
        blank = set(self.blank)
        filled = [number for number in range(self.part.first, self.last + 1) if number not in blank]
        last = max(filled, default=self.part.first - 1)
        return [number for number in self.blank if number > last and number not in self.sheet.hidden_rows]

    def is_free(self, number: int) -> bool:
        """Whether nothing of the unit's stands in a row."""
        row = self.sheet.rows[number - 1] if number <= len(self.sheet.rows) else ()
        held = [place for place, raw in enumerate(row, start=1) if not is_blank(raw)]
        held += [place for line, place in self.sheet.errors if line == number]
        return number not in self.page.records and self._passed_over.issuperset(held)

    def record_text(self, number: int) -> CellValue:
        """What stands in a row for its record number."""
        return self.sheet.value(number, self.columns[RECORD.key])


@dataclass(frozen=True)
class OwnRows:
    """The whole file: its grid, its identity, its tables by key."""

    grid: Grid
    identity: Identity
    tables: Mapping[str, OwnTable]


def read_own(
    path: Path,
    package: PackageEdit,
    stored: Sequence[StoredRow],
    tables: Sequence[Table],
    window: Window,
    units: UnitNames,
) -> OwnRows:
    """Read a received file in which `stored` is what was merged. Refused with W115 where the unit cannot go on in it."""
    grid, _ = read_grid(path, OWN)
    identity = read_identity(grid)[0] if grid else None
    if grid is None or identity is None:
        raise built_anew("unreadable")
    if current(grid, identity) is not grid:
        raise built_anew("older")
    shaped = shape(grid, tables, window, units)
    return OwnRows(grid, identity, {table.key: _own_table(package, grid, shaped, table, stored) for table in tables})


def values_of(grid: Grid, tables: Sequence[Table], window: Window, units: UnitNames) -> dict[str, list[Row]]:
    """The rows that a file says, by table: whoever receives it will read just these."""
    shaped = shape(grid, tables, window, units)
    return {table.key: _filled(shaped, table) for table in tables}


def _own_table(package: PackageEdit, grid: Grid, shaped: Shaped, table: Table, stored: Sequence[StoredRow]) -> OwnTable:
    name = shaped.sheets.get(table.key, "")
    sheet = grid.sheet(name)
    if sheet is None:
        raise built_anew("sheet", name=table.label)
    page, part = shaped.pages[name], package.table(table.key)
    if part.sheet.name != name or not part.headers or part.box[0] != page.header.bottom:
        raise built_anew("moved", sheet=name)
    for column in table.columns:
        within = part.box[1] <= page.header.columns.get(column.key, 0) <= part.box[3]
        if column.owner is not Owner.UNIT and not within:
            raise built_anew("column", sheet=name, name=column.label)
    records = _matched(_filled(shaped, table), [row for row in stored if row.table == table.key], table, name)
    return OwnTable(table, part, SheetPart(package.read(part.sheet.part), package.file), sheet, page, records)


def _filled(shaped: Shaped, table: Table) -> list[Row]:
    return [row for row in shaped.rows[table.key] if clean(unit_values(row, table))]


def _matched(rows: Sequence[Row], stored: Sequence[StoredRow], table: Table, sheet: str) -> dict[str, Row]:
    """The rows by the records that they became. A row that was not merged (another unit's) is passed over; a table that came
    back empty, and was not taken so, has none."""
    found: dict[str, Row] = {}
    rest = iter(rows)
    for each in stored if rows else ():
        values = clean(each.values)
        row = next(
            (row for row in rest if row.record == each.number and clean(unit_values(row, table)) == values), None
        )
        if row is None:
            raise built_anew("rows", sheet=sheet)
        found[each.record] = row
    return found
