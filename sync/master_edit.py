"""Change the master in place: what a run has to say, as edits of the file that is there. What is not ours stays as it is.

A table's rows are replaced, a sheet that is gone is added again, 总体情况 is written as a page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from sync.cells import EXTRA
from sync.completion_links import FIRST
from sync.master_places import Slot, Standing, places
from sync.master_reader import COMPLETION, MasterContent, RawTable, cell_text, raw_table, stored
from workbook_files.cell_edit import CellsEdit
from workbook_files.cell_values import KEEP, Keep, Value
from workbook_files.file_findings import Refused
from workbook_files.limits import OWN
from workbook_files.page_edit import PageEdit
from workbook_files.reader import read_grid
from workbook_files.sheet_graft import SheetGraft
from workbook_files.table_edit import TableEdit
from workbook_files.table_shapes import BookShape, TableShape
from workbook_files.workbook_edit import Edit
from workbook_templates import sheet_names
from workbook_templates.master_workbook import MasterBook, MasterSheet, OfficeCell, build
from workbook_templates.office_tables import CHANGES, COMPLETION_TABLE, OFFICE_SHEETS
from workbook_templates.overview_sheet import PAGE_HEIGHT, PAGE_WIDTH
from workbook_templates.pen import Formula, Link, fitting, row_height
from xingzhi import messages
from xingzhi.columns import Owner
from xingzhi.findings import finding
from xingzhi.grid import CellValue, Sheet, address
from xingzhi.identity import META_SHEET
from xingzhi.labels import Lang
from xingzhi.normalise import normalise
from xingzhi.windows import Window

_OFFICE = {table.key for table in OFFICE_SHEETS}
_TO_LINE = re.compile(r"internal:'(?P<sheet>.+)'!A(?P<row>[0-9]+)")
Lines = Mapping[str, Sequence[int]]
_EXACT = 2**53
"""Above it a cell no longer tells every whole number from the next."""


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
        names = {each.name: self._named(each) for each in book.sheets}

        def led(cell: OfficeCell) -> OfficeCell:
            found = _TO_LINE.fullmatch(cell.target) if isinstance(cell, Link) else None
            if (
                not isinstance(cell, Link)
                or found is None
                or names.get(found["sheet"], found["sheet"]) == found["sheet"]
            ):
                return cell
            return Link(f"internal:'{names[found['sheet']]}'!A{found['row']}", cell.text)

        if all(old == new for old, new in names.items()):
            return book
        sheets = [
            replace(each, name=names[each.name], rows=[[led(cell) for cell in row] for row in each.rows])
            for each in book.sheets
        ]
        return replace(book, sheets=sheets)

    def _named(self, sheet: MasterSheet) -> str:
        table = self.shape.tables.get(sheet.table.casefold())
        return table.sheet if table and self.shape.sheet(sheet.name) is None else sheet.name

    def sheet(self, name: str) -> Sheet | None:
        """A sheet as it stands."""
        return next((sheet for sheet in self.standing.sheets if sheet.name.casefold() == name.casefold()), None)


def master_edits(book: MasterBook, file: MasterFile, source: Path) -> list[Edit]:
    """The edits that make the file say what `book` says. `source` is a path at which a workbook may be built, in which the
    sheets lie that are added."""
    lang = Lang(book.identity.lang)
    overview = sheet_names.OVERVIEW.of(lang)
    lacking = [sheet for sheet in book.sheets if _is_lacking(sheet, file)]
    added = [sheet for sheet in book.added if file.shape.sheet(sheet.name) is None]
    build(replace(book, sheets=lacking, added=added), source)
    edits: list[Edit] = []
    names = [*(sheet.name for sheet in lacking), *(sheet.name for sheet in added)]
    for name in (overview, *names, META_SHEET):
        there = file.shape.sheet(name)
        if there is None:
            edits.append(SheetGraft(source, name))
        elif name not in (overview, META_SHEET):
            edits.append(SheetGraft(source, name, replace=True))
    edits += _page(file, overview, source)
    writers = [_TableWriter(each, file) for each in book.sheets if each not in lacking]
    lines = {writer.sheet.name: writer.lines for writer in writers}
    for writer in writers:
        edits += writer.edits(lines)
    for kept in book.added:
        edits += _notes(file.sheet(kept.name), kept.rows)
    edits += _identity(file.sheet(META_SHEET), book.identity.items())
    return edits


def added_headers(sheet: MasterSheet) -> set[str]:
    """The headers of the columns that the office added to a sheet."""
    return {name.removeprefix(EXTRA) for name in sheet.columns if name.startswith(EXTRA)}


def _is_lacking(sheet: MasterSheet, file: MasterFile) -> bool:
    """Whether a sheet is to be built: it is not there, or not as it must be."""
    there = file.shape.sheet(sheet.name)
    if there is None or sheet.table in file.anew:
        return True
    is_read = sheet.table == COMPLETION or sheet.table in file.standing.tables
    return not is_read or sheet.table.casefold() not in file.shape.tables


def _page(file: MasterFile, name: str, source: Path) -> Iterator[Edit]:
    there = file.sheet(name)
    if there is None:
        return
    grid, _ = read_grid(source, OWN)
    wanted = grid.sheet(name) if grid else None
    assert wanted is not None
    box = [(row, column) for row in range(1, PAGE_HEIGHT + 1) for column in range(1, PAGE_WIDTH + 1)]
    if any(cell_text(there.value(*place)) != cell_text(wanted.value(*place)) for place in box):
        yield PageEdit(source, there.name, PAGE_HEIGHT, PAGE_WIDTH)


def _notes(there: Sheet | None, rows: Sequence[Sequence[OfficeCell]]) -> Iterator[Edit]:
    """What was moved to a sheet of the office's, below what stands there."""
    if there is None:
        return
    cells = {
        address(number, column): _value(cell)
        for number, row in enumerate(rows, start=1)
        for column, cell in enumerate(row, start=1)
        if cell is not None and there.value(number, column) is None
    }
    if cells:
        yield CellsEdit(there.name, cells)


def _identity(there: Sheet | None, items: Mapping[str, str]) -> Iterator[Edit]:
    if there is None:
        return
    at = {cell_text(row[0]): number for number, row in enumerate(there.rows, start=1) if row}
    free = len(there.rows) + 1
    cells: dict[str, Value] = {}
    for key, value in items.items():
        if key not in at:
            at[key], free = free, free + 1
            cells[address(at[key], 1)] = key
        if cell_text(there.value(at[key], 2)) != value:
            cells[address(at[key], 2)] = value
    if cells:
        yield CellsEdit(there.name, cells)


@dataclass(frozen=True)
class _TableWriter:
    """Writes the rows of one sheet into its table, and into the columns that the office put beside it."""

    sheet: MasterSheet
    file: MasterFile

    @cached_property
    def table(self) -> TableShape:
        return self.file.shape.tables[self.sheet.table.casefold()]

    @cached_property
    def raw(self) -> RawTable:
        if self.sheet.table != COMPLETION:
            return self.file.standing.tables[self.sheet.table]
        page = self.file.standing.pages[COMPLETION]
        raw = raw_table(page, COMPLETION_TABLE)
        assert raw is not None
        own = added_headers(self.sheet)
        tool = {header: index for index, header in enumerate(raw.headers) if header and header not in own}
        rows = raw.rows[: self.table.last - self.table.first + 1] if self.table.totals else raw.rows
        return replace(raw, rows=rows, places={**tool, **raw.places})

    @cached_property
    def at(self) -> dict[int, int]:
        """The column of the sheet, from 1, of each column of the data; one that the sheet has not is left out."""
        added = {EXTRA + header: index for index, header in self.raw.added}
        names = {**added, **self.raw.places}
        return {number: names[name] + 1 for number, name in enumerate(self.sheet.columns) if name in names}

    @cached_property
    def _taken(self) -> frozenset[int]:
        """The columns of other tables on the sheet: what stands in them is no line of this one."""
        tables = (each for each in self.file.shape.tables.values() if each.sheet == self.table.sheet)
        return frozenset(column for each in tables if each != self.table for column in range(each.left, each.right + 1))

    @property
    def body(self) -> int:
        """How many rows the table has."""
        return self.table.last - self.table.first + 1

    def _holds(self, at: int) -> bool:
        return at < len(self.raw.rows) and any(cell is not None for cell in self.raw.rows[at])

    @cached_property
    def slots(self) -> list[Slot]:
        """The rows of the table as they will be."""
        return places(self.sheet, self._standing())

    @cached_property
    def lines(self) -> list[int]:
        """In which row of the sheet each row of the data will stand."""
        at = {slot.row: self.table.first + place for place, slot in enumerate(self.slots) if slot.row is not None}
        return [
            at[row] if row in at else self.raw.first + self.sheet.places[row] for row in range(len(self.sheet.rows))
        ]

    def _in_place(self, at: int, slot: Slot) -> Slot:
        """A row that comes to stand where something was typed under the table is written over that."""
        return replace(slot, old=at) if slot.row is not None and at >= self.body and self._holds(at) else slot

    def edits(self, lines: Lines) -> Iterator[Edit]:
        """The rows of the table, where any changes, and the cells beside it that do. `lines` tells of each sheet in which row
        of it a row of its data will stand: links lead there."""
        body, slots = self.body, [self._in_place(at, slot) for at, slot in enumerate(self.slots)]
        self._check_notes()
        inside = [number for number, column in self.at.items() if self.table.left <= column <= self.table.right]
        rows = [[_led(self._cell(slot, number), lines) for number in inside] for slot in slots]
        typed = {at for at in range(body, len(slots)) if slots[at].old == at or self._holds(at)}
        below = max([0, *(at + 1 - body for at in typed)])
        continues = [at if at in typed else slot.old for at, slot in enumerate(slots)]
        same = len(slots) == body and all(old == at for at, old in enumerate(continues))
        if not same or any(value is not KEEP for row in rows for value in row):
            yield TableEdit(
                self.table.name,
                [self.table.columns[self.at[number] - self.table.left][0] for number in inside],
                rows,
                continues,
                # What the office wrote in a row that goes is in the ledger, and comes again with the row.
                purge=True,
                below=below,
                heights=[self._height(at, slot, rows[at], inside) for at, slot in enumerate(slots)],
            )
        outside = [number for number in range(len(self.sheet.columns)) if number not in inside]
        cells = dict((*self._beside(slots, outside), *self._moved_notes()))
        if cells:
            yield CellsEdit(self.table.sheet, cells)

    def _check_notes(self) -> None:
        """Refused with W103 where the table comes to reach a note below it: within, it would be sorted, counted and summed up
        with the rows. What stands right under the table was typed as a line of it, unless it computes something."""
        body, rows = self.body, self.raw.rows
        last = next((at for at in range(body, len(rows)) if not self._holds(at)), len(rows))
        for row in self.sheet.notes:
            at = self.sheet.places.get(row, 0)
            number = self.table.first + at
            if body <= at < len(self.slots) and (at >= last or number in self.table.computed):
                column = next(index for index, cell in enumerate(rows[at], start=1) if cell is not None)
                cell, reason = address(number, column), messages.label("write.cell")
                raise Refused(finding("W103", sheet=self.table.sheet, cell=cell, value=self.table.name, reason=reason))

    def _standing(self) -> Standing:
        first = self.table.first
        beside = any(not self.table.left <= index + 1 <= self.table.right for index, _ in self.raw.added)
        is_records, is_office = self.sheet.is_merged, self.sheet.table in _OFFICE
        shape = self.file.shape
        hangs = beside or bool(self._taken) or self.table.sheet in shape.computed | shape.named
        return Standing(
            self.raw,
            self.body,
            {row - first for row in self.table.pins},
            keeps_order=is_records or is_office or hangs,
            # Elsewhere a row that goes leaves a blank one, since something would then belong to another record.
            closes_gaps=is_records and not hangs,
            may_shrink=not is_records and not is_office,
        )

    def _cell(self, slot: Slot, number: int) -> Value | Keep:
        """What is written into a cell of the table: KEEP where it says so already."""
        if slot.row is None:
            if slot.left and self.sheet.columns[number] == "programme":
                # Without the mark it is a line of the office's own.
                return None
            return KEEP if slot.old is not None else None
        wanted = self.sheet.rows[slot.row][number]
        if slot.old is None:
            # A column that the office added may compute its cells.
            return KEEP if wanted is None and number in self.sheet.own else _value(wanted)
        there = self.raw.rows[slot.old][self.at[number] - 1]
        return KEEP if self._says(number, there, wanted) else _value(wanted)

    def _says(self, number: int, there: CellValue, wanted: OfficeCell) -> bool:
        if isinstance(wanted, Link | Formula):
            return False
        if stored(there) == stored(wanted):
            return True
        column = self.raw.table.by_key.get(self.sheet.columns[number])
        if column is None or column.owner is not Owner.OFFICE:
            return False
        # The office may write what it means in its own way.
        meant, said = normalise(wanted, column, self.file.window), normalise(there, column, self.file.window)
        return meant.fault is None and said.fault is None and meant.value == said.value

    def _height(self, at: int, slot: Slot, row: Sequence[Value | Keep], inside: Sequence[int]) -> float | None:
        """The points that a row needs that goes elsewhere or whose texts change."""
        if slot.row is None or (slot.old == at and all(value is KEEP for value in row)):
            return None
        values = self.sheet.rows[slot.row]
        return row_height([values[number] for number in inside], [self.sheet.fields[number] for number in inside], 20)

    def _beside(self, slots: Sequence[Slot], numbers: Sequence[int]) -> Iterator[tuple[str, Value]]:
        """The cells of the columns that the office put beside its table; one that it had and has no more comes again."""
        used = max([self.table.right, len(self.raw.headers)])
        for number in numbers:
            values = [None if slot.row is None else self.sheet.rows[slot.row][number] for slot in slots]
            column = self.at.get(number, 0)
            if column in self._taken:
                continue
            headed = bool(column) and number in self.at and bool(self.raw.headers[column - 1])
            if not column and number in self.sheet.own and any(value is not None for value in values):
                used = column = used + 1
                yield address(self.table.header, column), self.sheet.columns[number].removeprefix(EXTRA)
            for at, wanted in enumerate(values) if column else ():
                there = self.raw.rows[at][column - 1] if at < len(self.raw.rows) and number in self.at else None
                if slots[at].row is not None and stored(there) != stored(_plain(wanted)):
                    yield address(self.table.first + at, column), _value(wanted)
                elif headed and slots[at].row is None and slots[at].old is None and there is not None:
                    yield address(self.table.first + at, column), None
            for at in range(len(slots), min(self.body, len(self.raw.rows)) if headed else 0):
                if self.raw.rows[at][column - 1] is not None:
                    yield address(self.table.first + at, column), None

    def _moved_notes(self) -> Iterator[tuple[str, Value]]:
        """What was written beside lines that are replaced as a whole stands among the notes by now."""
        if self.sheet.table == CHANGES.key:
            own = (index + 1 for index, _ in self.raw.added)
            for column in [each for each in own if not self.table.left <= each <= self.table.right]:
                for at, row in enumerate(self.raw.rows):
                    if row[column - 1] is not None:
                        yield address(self.table.first + at, column), None


def _led(value: Value | Keep, lines: Lines) -> Value | Keep:
    """A link to a line of the master, which leads to where that line stands."""
    if not isinstance(value, Link) or not (found := _TO_LINE.fullmatch(value.target)):
        return value
    rows, row = lines.get(found["sheet"], ()), int(found["row"]) - FIRST
    return Link(f"internal:'{found['sheet']}'!A{rows[row]}", value.text) if 0 <= row < len(rows) else value


def _plain(cell: OfficeCell) -> CellValue:
    return cell.text if isinstance(cell, Link | Formula) else cell


def _value(cell: OfficeCell) -> Value:
    """A cell as it can be written: what no cell holds is shown as far as it can be."""
    match cell:
        case str():
            return fitting(cell)
        case bool():
            return cell
        case int() if abs(cell) > _EXACT:
            return str(cell)
        case float() if cell != cell or cell in (float("inf"), float("-inf")):
            return str(cell)
    return cell
