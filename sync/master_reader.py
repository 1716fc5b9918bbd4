"""Read the master back: what stands in each of its tables, raw, and what sheets the office added.

Cells are read as values. Where the master is to be built anew, which then holds no formula, one that has no value stands as
the text that was typed, and `MasterContent.formulas` says where one stood.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sync.cells import EXTRA
from sync.master_formulas import addresses, read_formulas, with_formulas
from sync.office import OfficeError, OfficeFolder
from workbook_files.limits import OWN
from workbook_files.reader import read_grid
from workbook_templates import sheet_names
from xingzhi.columns import Column, Table
from xingzhi.findings import Finding
from xingzhi.grid import CellValue, Grid, Sheet
from xingzhi.identity import META_SHEET, read_identity
from xingzhi.labels import Label, Lang
from xingzhi.normalise import normalise
from xingzhi.rows import Value, stored_text
from xingzhi.windows import Window

if TYPE_CHECKING:
    pass

_HEADER_SEARCH = 12
NOTES = "备注"
OVERVIEW, COMPLETION = "overview", "completion"
PAGES = {OVERVIEW: sheet_names.OVERVIEW, COMPLETION: sheet_names.COMPLETION}
"""Sheets that are no declared table: they are kept as they stand."""


@dataclass(frozen=True)
class RawTable:
    """A table as it stands: its headers, and its rows as wide as they. `places` gives each declared column's index, `first`
    the number of the sheet's row in which the first of them stands, 0 where they come from no sheet."""

    table: Table
    headers: tuple[str, ...]
    rows: tuple[tuple[CellValue, ...], ...]
    places: Mapping[str, int]
    first: int = 0

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

    @cached_property
    def added(self) -> tuple[tuple[int, str], ...]:
        """The columns that the office added: (index, header). No two headers are equal, so that no value is lost."""
        known = set(self.places.values())
        taken = {self.headers[index].casefold() for index in known}
        found = []
        for index, text in enumerate(self.headers):
            # What was written beside the table, under no header, is a column all the same.
            if index in known or not (text or any(row[index] is not None for row in self.rows)):
                continue
            header = base = text or f"{NOTES}{index + 1}"
            step = 2
            while header.casefold() in taken:
                header, step = f"{base}{step}", step + 1
            taken.add(header.casefold())
            found.append((index, header))
        return tuple(found)

    def identity(self, row: Sequence[CellValue]) -> tuple[str, ...]:
        """What tells a row from the others: its natural key, all that it says where that is blank."""
        key = tuple(self.text(row, name) for name in self.table.natural_key)
        return key if any(key) else tuple(cell_text(cell) for cell in row)

    @property
    def names(self) -> dict[str, int]:
        """The index of each column: a declared one by its key, an added one by `+header`."""
        return {**self.places, **{EXTRA + header: index for index, header in self.added}}

    def cells(self, row: Sequence[CellValue]) -> dict[str, CellValue]:
        """A row by the names of its columns, blanks left out."""
        return {name: row[index] for name, index in self.names.items() if row[index] is not None}


@dataclass(frozen=True)
class MasterContent:
    """What a master holds: its tables and pages by key, the sheets that the office added, and the run that wrote it.

    `garbled` names the tool's own sheets whose header is no longer there; `formulas` gives, by sheet, the addresses
    of the cells that hold a formula. `sheets` are all of them as they stand.
    """

    tables: Mapping[str, RawTable] = field(default_factory=dict)
    pages: Mapping[str, Sheet] = field(default_factory=dict)
    added: tuple[Sheet, ...] = ()
    run: str = ""
    garbled: tuple[str, ...] = ()
    formulas: Mapping[str, Sequence[str]] = field(default_factory=dict)
    sheets: tuple[Sheet, ...] = ()


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


def stored(cell: CellValue) -> Value:
    """A raw cell as the ledger keeps it: its type with it, as (kind, text) where the ledger has no such type."""
    match cell:
        case bool():
            return ("bool", str(cell))
        case float():
            return int(cell) if cell.is_integer() and abs(cell) < 1e15 else ("number", repr(cell))
        case datetime():
            return cell.date() if cell.time() == time() else ("moment", cell.isoformat())
        case time():
            return ("time", cell.isoformat())
        case timedelta():
            return ("span", repr(cell.total_seconds()))
        case str():
            return cell if cell.strip() else None
    return cell


def restored(value: Value) -> CellValue:
    """The inverse of `stored`."""
    match value:
        case ("bool", text):
            return text == "True"
        case ("number", text):
            return float(text)
        case ("moment", text):
            return datetime.fromisoformat(text)
        case ("time", text):
            return time.fromisoformat(text)
        case ("span", text):
            return timedelta(seconds=float(text))
        case tuple() | Window():
            return stored_text(value)
    return value


def written_copy(office: OfficeFolder) -> Path:
    """A copy of the master as sync last wrote it: what differs from it was typed since."""
    return office.ledger.with_name("master.xlsx")


_DAMAGED = frozenset({"F101", "F102", "F106"})
"""What is said of a file in which there is no sound workbook any more; another program may still open any other."""


class DamagedMaster(Exception):
    """The master is there and is no sound workbook. `found` says what is wrong with it."""

    def __init__(self, found: Finding) -> None:
        super().__init__(found.code)
        self.found = found


def read_master(
    path: Path,
    tables: Iterable[Table],
    lang: Lang,
    *,
    formulas: bool = False,
    renamed: Mapping[str, str] | None = None,
) -> MasterContent:
    """The content of a master; empty where there is none yet. DamagedMaster for one that is damaged, OfficeError where it
    cannot be read for another reason.

    `renamed` gives the names of sheets, by table, that the office named otherwise. `formulas` asks for the formulas too: in a
    master that is changed in place they stay, and say nothing but their values.
    """
    if not path.exists():
        return MasterContent()
    grid, findings = read_grid(path, OWN)
    if grid is None:
        if findings[0].code in _DAMAGED:
            raise DamagedMaster(findings[0])
        raise OfficeError("refusal.master_unreadable", file=path.name, reason=said(findings[0]))
    typed = read_formulas(path) if formulas else {}
    if typed:
        grid = replace(grid, sheets=tuple(with_formulas(sheet, typed.get(sheet.name, {})) for sheet in grid.sheets))
    return replace(_content(grid, tuple(tables), lang, renamed or {}), formulas=addresses(typed))


def said(found: Finding) -> Label:
    """The message of a finding in both languages."""
    return Label(found.message(Lang.ZH), found.message(Lang.EN))


def master_content(grid: Grid, tables: Iterable[Table], lang: Lang) -> MasterContent:
    """What a master holds whose grid is known."""
    return _content(grid, tuple(tables), lang, {})


def same_cells(one: MasterContent, other: MasterContent) -> bool:
    """Whether two masters say the same, cell by cell: one that was merely opened and saved does."""
    return _texts(one) == _texts(other)


def _texts(content: MasterContent) -> dict[str, list[list[str]]]:
    found = {}
    for sheet in content.sheets:
        rows = [[cell_text(cell) for cell in _trimmed(row)] for row in sheet.rows]
        while rows and not any(rows[-1]):
            rows.pop()
        found[sheet.name] = rows
    return found


def filled_in(table: RawTable, older: RawTable) -> RawTable:
    """The table with what an older copy of it has and it has not: blank cells, columns, rows. Nothing is changed."""
    headers, places = list(table.headers), dict(table.places)
    names, others = table.names, older.names
    for name, index in others.items():
        if name not in names:
            names[name] = len(headers)
            headers.append(older.headers[index])
            if not name.startswith(EXTRA):
                places[name] = names[name]
    waiting = {older.identity(row): row for row in reversed(older.rows) if any(cell is not None for cell in row)}
    rows = []
    for row in table.rows:
        whole = [*row, *[None] * (len(headers) - len(row))]
        known = waiting.pop(table.identity(row), None)
        for name, index in others.items() if known else ():
            if whole[names[name]] is None and known is not None:
                whole[names[name]] = known[index]
        rows.append(tuple(whole))
    for row in older.rows:
        if waiting.get(older.identity(row)) is row:
            at = {names[name]: row[index] for name, index in others.items()}
            rows.append(tuple(at.get(index) for index in range(len(headers))))
    return RawTable(table.table, tuple(headers), tuple(rows), places)


def _content(grid: Grid, tables: tuple[Table, ...], lang: Lang, renamed: Mapping[str, str]) -> MasterContent:
    """Only the names in the office's own language are ours, however they are spelt: Excel knows no case in them."""
    by_name = {sheet.name.casefold(): sheet for sheet in grid.sheets}
    found: dict[str, RawTable] = {}
    garbled: list[str] = []
    known = {META_SHEET.casefold(), *(label.of(lang).casefold() for label in PAGES.values())}
    for table in tables:
        name = renamed.get(table.key, table.label.of(lang))
        known.add(name.casefold())
        sheet = by_name.get(name.casefold())
        raw = raw_table(sheet, table) if sheet else None
        if raw:
            found[table.key] = raw
        elif sheet and any(cell is not None for row in sheet.rows for cell in row):
            garbled.append(name)
    pages = {key: by_name.get(renamed.get(key, label.of(lang)).casefold()) for key, label in PAGES.items()}
    known.update(name.casefold() for name in renamed.values())
    identity, _ = read_identity(grid)
    return MasterContent(
        tables=found,
        pages={key: sheet for key, sheet in pages.items() if sheet},
        added=tuple(sheet for sheet in grid.sheets if sheet.name.casefold() not in known),
        run=str(identity.base_run) if identity else "",
        garbled=tuple(garbled),
        sheets=grid.sheets,
    )


def raw_table(sheet: Sheet, table: Table) -> RawTable | None:
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
    return RawTable(table, headers, tuple(body), places, header_row + 2)


def _trimmed(row: Sequence[CellValue]) -> Sequence[CellValue]:
    end = len(row)
    while end and row[end - 1] is None:
        end -= 1
    return row[:end]


def _place(row: Sequence[CellValue], column: Column) -> int | None:
    """Where a column stands: under its own name, and only without that under another that means it."""
    for names in (column.label.both(), column.spellings):
        for index, cell in enumerate(row):
            if isinstance(cell, str) and cell.strip() in names:
                return index
    return None
