"""The rows of one sheet of the master as edits of its table, and of the columns that the office put beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from sync.cells import EXTRA
from sync.master_file import Lines, MasterFile, led, value_of
from sync.master_places import Slot, Standing, places
from sync.master_reader import COMPLETION, RawTable, raw_table, stored
from workbook_files.cell_edit import CellsEdit
from workbook_files.cell_values import KEEP, Keep, Value
from workbook_files.file_findings import Refused
from workbook_files.table_edit import TableEdit
from workbook_files.table_shapes import TableShape
from workbook_files.workbook_edit import Edit
from workbook_templates.master_workbook import MasterSheet, OfficeCell
from workbook_templates.office_tables import CHANGES, COMPLETION_TABLE, OFFICE_SHEETS
from workbook_templates.pen import Formula, Link, row_height
from xingzhi import messages
from xingzhi.columns import Owner
from xingzhi.findings import finding
from xingzhi.grid import CellValue, address
from xingzhi.normalise import normalise

_OFFICE = {table.key for table in OFFICE_SHEETS}


def added_headers(sheet: MasterSheet) -> set[str]:
    """The columns of a sheet that the office added."""
    return {name.removeprefix(EXTRA) for name in sheet.columns if name.startswith(EXTRA)}


@dataclass(frozen=True)
class TableWriter:
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
        """The rows of the table, where any changes, and the cells beside it that do. Links lead to where `lines` are."""
        body, slots = self.body, [self._in_place(at, slot) for at, slot in enumerate(self.slots)]
        self._check_notes()
        inside = [number for number, column in self.at.items() if self.table.left <= column <= self.table.right]
        rows = [[led(self._cell(slot, number), lines) for number in inside] for slot in slots]
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

    @cached_property
    def reach(self) -> int:
        """How many rows the table has with those right under it, which were typed as lines of it unless they compute
        something or say too little."""
        at = self.body
        while (
            self._holds(at)
            and self.table.first + at not in self.table.computed
            and not self._is_note(self.raw.rows[at])
        ):
            at += 1
        return at

    def _check_notes(self) -> None:
        """Refused with W103 where the table comes to reach a note below it: within, it would be sorted, counted and summed up
        with the rows."""
        for row in self.sheet.notes:
            at = self.sheet.places.get(row, 0)
            if self.reach <= at < len(self.slots):
                column = next(index for index, cell in enumerate(self.raw.rows[at], start=1) if cell is not None)
                cell, reason = address(self.table.first + at, column), messages.label("write.cell")
                raise Refused(finding("W103", sheet=self.table.sheet, cell=cell, value=self.table.name, reason=reason))

    def _is_note(self, row: Sequence[CellValue]) -> bool:
        """Whether a line among the units' records says too little to be meant for one."""
        own = [
            self.raw.places[column.key]
            for column in self.raw.table.owned_by(Owner.UNIT)
            if column.key in self.raw.places
        ]
        return self.sheet.is_merged and sum(1 for place in own if row[place] is not None) < 2

    def _standing(self) -> Standing:
        first = self.table.first
        beside = any(not self.table.left <= index + 1 <= self.table.right for index, _ in self.raw.added)
        is_records, is_office = self.sheet.is_merged, self.sheet.table in _OFFICE
        shape = self.file.shape
        hangs = beside or bool(self._taken) or self.table.sheet in shape.computed | shape.named
        return Standing(
            self.raw,
            self.body,
            self.reach,
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
            return KEEP if wanted is None and number in self.sheet.own else value_of(wanted)
        there = self.raw.rows[slot.old][self.at[number] - 1]
        return KEEP if self._says(number, there, wanted) else value_of(wanted)

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
                    yield address(self.table.first + at, column), value_of(wanted)
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


def _plain(cell: OfficeCell) -> CellValue:
    return cell.text if isinstance(cell, Link | Formula) else cell
