"""Read the master back: what stands in each of its tables, raw, and what sheets the office added."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from sync.office import OfficeError
from workbook_files.reader import read_grid
from workbook_templates import sheet_names
from xingzhi.columns import Column, Table
from xingzhi.grid import CellValue, Grid, Sheet
from xingzhi.identity import META_SHEET, read_identity
from xingzhi.normalise import normalise
from xingzhi.rows import Value
from xingzhi.windows import Window

_HEADER_SEARCH = 12
NOTES = "备注"
GENERATED = (sheet_names.OVERVIEW, sheet_names.COMPLETION, sheet_names.CHANGES, sheet_names.RUNS)
"""Sheets that hold nothing but what the tool computes."""


@dataclass(frozen=True)
class RawTable:
    """A table as it stands: its headers, and its rows as wide as they. `places` gives each declared column's index."""

    table: Table
    headers: tuple[str, ...]
    rows: tuple[tuple[CellValue, ...], ...]
    places: Mapping[str, int]

    def raw(self, row: Sequence[CellValue], key: str) -> CellValue:
        """The cell of a declared column, None where the sheet has lost the column."""
        place = self.places.get(key)
        return None if place is None else row[place]

    def value(self, row: Sequence[CellValue], key: str, window: Window) -> tuple[Value, bool]:
        """The normalised value of a cell, and whether it could be understood."""
        found = normalise(self.raw(row, key), self.table[key], window)
        return found.value, found.fault is None

    def text(self, row: Sequence[CellValue], key: str) -> str:
        """The cell as text."""
        return cell_text(self.raw(row, key))

    @property
    def added(self) -> tuple[tuple[int, str], ...]:
        """The columns that the office added: (index, header)."""
        known = set(self.places.values())
        return tuple(
            # What was written beside the table, under no header, is a column all the same.
            (index, header or f"{NOTES}{index + 1}")
            for index, header in enumerate(self.headers)
            if index not in known and (header or any(row[index] is not None for row in self.rows))
        )


@dataclass(frozen=True)
class MasterContent:
    """What the master holds: its tables by key, the sheets that the office added, and the run that wrote it."""

    tables: Mapping[str, RawTable] = field(default_factory=dict)
    added: tuple[Sheet, ...] = ()
    run: str = ""


def cell_text(value: CellValue) -> str:
    """A raw cell as the text that a user sees."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        value = value.date() if value.time().isoformat() == "00:00:00" else value
    return value.isoformat() if isinstance(value, date | datetime) else str(value).strip()


def read_master(path: Path, tables: Iterable[Table]) -> MasterContent:
    """The content of the master; empty where there is none yet. OfficeError where it cannot be read."""
    if not path.exists():
        return MasterContent()
    grid, findings = read_grid(path)
    if grid is None:
        reason = findings[0].code if findings else ""
        raise OfficeError("refusal.master_unreadable", file=path.name, reason=reason)
    return _content(grid, tuple(tables))


def _content(grid: Grid, tables: tuple[Table, ...]) -> MasterContent:
    found: dict[str, RawTable] = {}
    known = {META_SHEET, *(text for label in GENERATED for text in label.both())}
    for table in tables:
        known.update(table.label.both())
        for name in table.label.both():
            sheet = grid.sheet(name)
            raw = _raw_table(sheet, table) if sheet else None
            if raw:
                found[table.key] = raw
    identity, _ = read_identity(grid)
    added = tuple(sheet for sheet in grid.sheets if sheet.name not in known)
    return MasterContent(found, added, str(identity.base_run) if identity else "")


def _raw_table(sheet: Sheet, table: Table) -> RawTable | None:
    """The table of a sheet: its header is the row, near the top, that holds the most of the declared headers."""
    best, header_row = 0, -1
    for number, row in enumerate(sheet.rows[:_HEADER_SEARCH]):
        score = sum(1 for column in table.columns if _place(row, column) is not None)
        if score > best:
            best, header_row = score, number
    if best * 2 < len(table.columns):
        return None
    header = sheet.rows[header_row]
    width = max((index + 1 for index, cell in enumerate(header) if cell_text(cell)), default=0)
    body = [tuple(row[:width]) + (None,) * (width - len(row)) for row in sheet.rows[header_row + 1 :]]
    # Notes that the office wrote beside the table are beyond its headers: they make the table wider.
    overhang = max((len(_trimmed(row)) for row in sheet.rows[header_row + 1 :]), default=width)
    if overhang > width:
        width = overhang
        body = [tuple(row[:width]) + (None,) * (width - len(row)) for row in sheet.rows[header_row + 1 :]]
    while body and all(cell is None for cell in body[-1]):
        body.pop()
    headers = tuple(cell_text(cell) for cell in header[:width]) + ("",) * max(width - len(header), 0)
    places = {column.key: place for column in table.columns if (place := _place(header, column)) is not None}
    return RawTable(table, headers, tuple(body), places)


def _trimmed(row: Sequence[CellValue]) -> Sequence[CellValue]:
    end = len(row)
    while end and row[end - 1] is None:
        end -= 1
    return row[:end]


def _place(row: Sequence[CellValue], column: Column) -> int | None:
    for index, cell in enumerate(row):
        if isinstance(cell, str) and cell.strip() in column.spellings:
            return index
    return None
