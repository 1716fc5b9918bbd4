"""The tables of a unit's own file as it gets them back: numbers, the office's columns, self-checks, rows from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sync.own_rows import OwnTable, built_anew, formula_of, formula_text
from sync.records import clean
from workbook_files.cell_edit import CellsEdit
from workbook_files.cell_values import Value
from workbook_files.package import box_of
from workbook_files.ranges import shifted
from workbook_files.read_back import reads_as
from workbook_files.table_edit import TableEdit
from workbook_templates.pen import Cell, Formula, fitting
from workbook_templates.row_formulas import ROW
from workbook_templates.unit_book import UnitBook
from workbook_templates.unit_workbook import shown
from xingzhi.columns import RECORD, Owner, Table, record_number
from xingzhi.grid import CellValue, Sheet, address
from xingzhi.record_numbers import ADDED_RANGE
from xingzhi.rows import Row, unit_values


@dataclass
class Serials:
    """The numbers of one table: `used` are those of records, `issued` the highest that was ever printed, `top` the highest
    that is printed now."""

    unit: str
    table: Table
    used: set[int]
    issued: int
    top: int = 0

    def serial(self, text: CellValue) -> int:
        """The serial of a printed number of this unit and table, 0 for anything else."""
        last = text.rpartition("-")[2] if isinstance(text, str) else ""
        serial = int(last) if last.isascii() and last.isdigit() and len(last) < 10 else 0
        fits = 0 < serial < ADDED_RANGE and text == record_number(self.unit, self.table.letters, serial)
        return serial if fits else 0

    def print_again(self, text: CellValue) -> bool:
        """Whether a blank row may keep its number: then it is used."""
        serial = self.serial(text)
        if not 0 < serial <= self.issued or serial in self.used:
            return False
        self.print(serial)
        return True

    def take(self) -> str:
        """A number that no row has. W115 where there is none left."""
        first = max((serial for serial in self.used if serial <= self.issued), default=0) + 1
        order = (*range(first, ADDED_RANGE), *range(1, first))
        serial = next((each for each in order if each not in self.used), 0)
        if not serial:
            raise built_anew("numbers", sheet=self.table.label)
        self.print(serial)
        return record_number(self.unit, self.table.letters, serial)

    def print(self, serial: int) -> None:
        """Note that a number is printed."""
        self.used.add(serial)
        self.top = max(self.top, serial)


@dataclass
class TablePlan:
    """What changes in one table. `lines` are the rows of its own sheet by number, as they will stand; `places` the cells of
    every record by column, with the name of their sheet."""

    own: OwnTable
    book: UnitBook
    serials: Serials
    lines: dict[int, Row] = field(default_factory=dict)
    places: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)
    numbers: dict[int, str] = field(default_factory=dict)
    cells: dict[str, dict[str, Value]] = field(default_factory=dict)
    last: int = 0
    grown: bool = False

    @property
    def _table(self) -> Table:
        return self.own.table

    def make(self) -> None:
        """Plan all but the self-checks."""
        rows = {row.record: row for row in self.book.records.table(self._table.key)}
        for serial in filter(None, map(self.serials.serial, rows)):
            self.serials.print(serial)
        for record, typed in self.own.records.items():
            self._renew(record, typed, rows.get(record))
        more = [row for record, row in rows.items() if record not in self.own.records]
        room = self.own.room[: len(more)]
        self.last = self.own.last + max(0, len(more) - len(room))
        free = [*room, *range(self.own.last + 1, self.last + 1)]
        for number, row in zip(free, more, strict=True):
            self._append(number, row)
        for number in self.own.blank:
            if number not in room:
                self._clear(number)
        self.grown = self.last > self.own.part.last

    # --- rows ---

    def _renew(self, record: str, typed: Row, row: Row | None) -> None:
        """A row that stands in the file; `row` is what the office has of it, None for one that it does not count."""
        on_main = typed.sheet == self.own.sheet.name and self.own.page.header_of(typed.number) is self.own.page.header
        self.places[record] = (typed.sheet, dict(typed.cells))
        if on_main:
            self.lines[typed.number] = row or typed
            self.numbers[typed.number] = record
        cells: dict[str, Value] = {RECORD.key: record}
        if row is not None:
            for column in self._table.owned_by(Owner.OFFICE):
                cells[column.key] = _value(shown(column, row, self.book))
            cells |= self._of_others(typed, row)
        for key, value in cells.items():
            cell = typed.cell(key)
            if cell and not (on_main and key == RECORD.key):
                self._set(typed.sheet, cell, value)

    def _of_others(self, typed: Row, row: Row) -> dict[str, Value]:
        """The unit's cells that another of its files has changed since."""
        before, now = (clean(unit_values(each, self._table)) for each in (typed, row))
        found: dict[str, Value] = {}
        for key in {*before, *now}:
            if before.get(key) == now.get(key):
                continue
            if key.startswith("+"):
                found[key[1:]] = _value(row.extra.get(key[1:]))
            else:
                found[key] = _value(shown(self._table[key], row, self.book))
        return found

    def _append(self, number: int, row: Row) -> None:
        name, header = self.own.sheet.name, self.own.page.header
        places = {**self.own.columns, **{text: place for place, text in header.unknown.items()}}
        cells = {key: address(number, place) for key, place in places.items()}
        self.places[row.record] = (name, cells)
        self.lines[number] = row
        self.numbers[number] = row.record
        for column in self._table.columns:
            if column.key in cells and column.key != RECORD.key:
                self._set(name, cells[column.key], _value(shown(column, row, self.book)))
        for text, value in row.extra.items():
            if text in cells and text not in self._table.by_key:
                self._set(name, cells[text], _value(value))

    def _clear(self, number: int) -> None:
        """A blank row: it keeps its number if no other row has it, and nothing of the office's stands in it."""
        held = self.own.record_text(number)
        if held not in (None, "") and not self.serials.print_again(held):
            self.numbers[number] = self.serials.take()
        for column in self._table.owned_by(Owner.OFFICE):
            self._set(self.own.sheet.name, address(number, self.own.columns[column.key]), None)

    # --- cells ---

    def _set(self, sheet: str, cell: str, value: Value) -> None:
        self.cells.setdefault(sheet, {})[cell] = value

    def edits(self, sheets: Mapping[str, Sheet]) -> Iterator[TableEdit | CellsEdit]:
        """The edits, of what does not stand there already."""
        table = self.own.part
        record = self.own.columns[RECORD.key]
        if self.grown:
            numbers = range(table.first, self.last + 1)
            texts = [self.numbers.get(number, self.own.record_text(number)) for number in numbers]
            before = self.own.last - table.first + 1
            continues = [place if place < before else None for place in range(len(texts))]
            column = table.columns[record - table.box[1]].id
            yield TableEdit(table.name, [column], [[each] for each in texts], continues=continues, below=self.own.below)
        for number, text in self.numbers.items():
            if not self.grown or number > self.last:
                self._set(self.own.sheet.name, address(number, record), text)
        for name, cells in self.cells.items():
            changed = {cell: value for cell, value in cells.items() if not _stands(sheets[name], cell, value)}
            if changed:
                yield CellsEdit(name, changed)

    # --- self-checks ---

    def check(self, values: Mapping[int, str], template: str | None) -> None:
        """Put back the formulas that were overwritten, and give filled rows the values that they have now. `template` is the
        formula of a row as the template writes it, None where the unit has moved columns: then a neighbour's is copied."""
        place = self.own.self_check
        if place is None or not self.own.part.box[1] <= place <= self.own.part.box[3]:
            return
        found, other = self._formulas(place)
        for number in range(self.own.part.first, self.last + 1):
            if number in other or (number not in self.lines and number not in self.own.blank):
                continue
            written, value = found.get(number), values.get(number, "")
            if written and (self.own.sheet.value(number, place) or "") == value:
                continue
            text = formula_text(written) or (
                template.replace(ROW, str(number)) if template else _neighbour(found, number)
            )
            if text:
                self._set(self.own.sheet.name, address(number, place), Formula("=" + text.removeprefix("="), value))

    def _formulas(self, place: int) -> tuple[dict[int, bytes], set[int]]:
        """A column's formulas by row as they are written, and the rows with one of another form, such as one that several cells
        share: those are left as they are."""
        found: dict[int, bytes] = {}
        other: set[int] = set()
        for number in range(self.own.part.first, self.own.last + 1):
            written = formula_of(self.own.cells, self.own.cells.cells(number).get(place))
            if written:
                found[number] = written
            elif written is not None:
                other.add(number)
        return found, other


def _neighbour(found: Mapping[int, bytes], number: int) -> str:
    """The nearest row's formula as it reads when it is copied to a row, '' where there is none."""
    nearest = min(found, key=lambda each: abs(each - number), default=number)
    return shifted(formula_text(found.get(nearest)), number - nearest) or ""


def _value(cell: Cell) -> Value:
    """A cell of the template's as it is written into a file."""
    return fitting(cell) if isinstance(cell, str) else cell


def _stands(sheet: Sheet, cell: str, value: Value) -> bool:
    """Whether a cell holds a value already."""
    row, column, _, _ = box_of(cell)
    if (row, column) in sheet.errors or (row, column) in sheet.uncached or isinstance(value, Formula):
        return False
    return reads_as(value, sheet.value(row, column))
