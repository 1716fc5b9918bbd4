"""The reading of one table from one sheet: its rows under each header, and what was found on the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from xingzhi.cleaning import cell_text, unpadded
from xingzhi.columns import Owner
from xingzhi.findings import Finding
from xingzhi.grid import CellValue, address, column_letters
from xingzhi.header_findings import header_findings, second_header_findings
from xingzhi.headers import Header, Spelled, is_self_check, with_unnamed
from xingzhi.labels import Text
from xingzhi.merged_cells import MergedCells
from xingzhi.quoting import shown
from xingzhi.row_kinds import Kind, RowKinds, content_places, is_blank
from xingzhi.row_reading import RowReading
from xingzhi.rows import Row
from xingzhi.sheet_place import SheetPlace, with_args
from xingzhi.sheets import Match
from xingzhi.stretches import Stretch, stretches, unnamed_places
from xingzhi.unit_names import UnitNames
from xingzhi.windows import Window


@dataclass(frozen=True)
class WorkbookReader:
    """What is the same for every sheet of a workbook."""

    file: str
    bare: bool
    spellings: Sequence[Spelled]
    window: Window
    units: UnitNames | None

    def read(self, match: Match, spelling: Spelled) -> SheetReading:
        """The records of one sheet."""
        reading = SheetReading(self, match, spelling)
        reading.read()
        return reading


class SheetReading:
    """One sheet as it was read. `headers` are those of its records, `header` the sheet's own."""

    def __init__(self, reader: WorkbookReader, match: Match, spelling: Spelled) -> None:
        self._reader, self._spelling = reader, spelling
        self.sheet = match.sheet
        self.header = match.header
        self.headers: list[Header] = []
        self.rows: list[Row] = []
        self.findings: list[Finding] = []
        self.of_rows: dict[int, list[Finding]] = {}
        self._at = SheetPlace(reader.file, match.sheet, spelling.table)
        self._read_by: dict[int, RowReading] = {}
        self._hidden: list[int] = []
        self._beside: list[str] = []
        self._last = 0

    def read(self) -> None:
        """Read the sheet: its records into `rows`, what was found into `findings`, those of each record into `of_rows`."""
        main = self.header
        for stretch in stretches(self.sheet, main, self._spelling, self._reader.spellings):
            if stretch.other:
                self.findings.append(self._left_out(stretch, stretch.other))
            else:
                self._read_stretch(stretch, is_main=stretch.header is main)
        if self._hidden:
            first = content_places(self.header, self._spelling.table)[0]
            found = self._at.found("S112", self._hidden[0], first, str(self._hidden[0]))
            self.findings.append(with_args(found, {"count": str(len(self._hidden))}))
        if self._beside:
            found = replace(self._at.of("S116"), cell=self._beside[0])
            self.findings.append(with_args(found, {"count": str(len(self._beside))}))

    def typed(self, row: Row, key: str) -> str:
        """What stands in the cell of a column, or of a column of the unit's own, in a row of the sheet."""
        return self._read_by[row.number].typed(row, key)

    def _left_out(self, stretch: Stretch, other: Spelled) -> Finding:
        """S117, or S105 where nothing stands below the header of another table."""
        header, count = stretch.header, len(stretch.lines)
        place = min(header.texts)
        found = self._at.found("S117" if count else "S105", header.row, place, shown(header.texts[place]))
        args: dict[str, Text] = {"row": str(header.row)}
        if count:
            args |= {"name": other.table.label, "count": str(count)}
        return with_args(found, args)

    def _read_stretch(self, stretch: Stretch, *, is_main: bool) -> None:
        header, table = stretch.header, self._spelling.table
        merged = MergedCells(self.sheet, content_places(header, table), header.bottom)
        kinds = RowKinds(self.sheet, header, table, merged, unnamed_places(self.sheet, header))
        if is_main:
            self.findings += header_findings(self._at, header, bare=self._reader.bare)
        else:
            self.findings += second_header_findings(self._at, header)
        lines = [
            (number, row, Kind.NOTE if number in stretch.repeated else kinds.kind(number, row))
            for number, row in stretch.lines
        ]
        beside: dict[int, list[int]] = {}
        for number, row, kind in lines:
            for place in kinds.beside(number, row) if kind is Kind.RECORD else ():
                beside.setdefault(place, []).append(number)
        header = with_unnamed(header, beside)
        self.findings += [self._unnamed(header, place, beside[place]) for place in sorted(beside)]
        self.headers.append(header)
        self.header = header if is_main else self.header
        reading = RowReading(self._at, header, table, merged, self._reader.window, self._reader.units)
        self._last = 0
        for number, row, kind in lines:
            self._take(number, row, kind, kinds, reading)
        self.findings += reading.merges()

    def _take(self, number: int, row: Sequence[CellValue], kind: Kind, kinds: RowKinds, reading: RowReading) -> None:
        """One row that holds anything, in the order of the sheet."""
        if kind is Kind.NOTE:
            place = kinds.note_place(number, row)
            found = self._at.found("S105", number, place, shown(unpadded(cell_text(row[place - 1]))))
            self.findings.append(with_args(found, {"row": str(number)}))
        if kind is Kind.BESIDE:
            self._beside.append(address(number, kinds.beside(number, row)[0]))
        if kind is Kind.RECORD:
            if self._last:
                self.findings += self._gaps(self._last + 1, number - 1, reading.header)
            if number in self.sheet.hidden_rows:
                self._hidden.append(number)
            made, self.of_rows[number] = reading.read(number, row)
            self.rows.append(made)
            self.findings += self.of_rows[number]
            self._read_by[number] = reading
        if kind is Kind.RECORD or (self._last and kind is Kind.NOTE):
            self._last = number

    def _unnamed(self, header: Header, place: int, numbers: Sequence[int]) -> Finding:
        """S115: a column without a header in which records hold something."""
        raw = self.sheet.value(numbers[0], place)
        found = self._at.found("S115", numbers[0], place, shown(unpadded(cell_text(raw))))
        args = {"letters": column_letters(place), "name": header.unknown[place], "count": str(len(numbers))}
        return with_args(found, args)

    def _gaps(self, first: int, end: int, header: Header) -> Iterator[Finding]:
        """S104: the runs of rows in which nothing stands but what a template prints."""
        table = self._spelling.table
        printed = {place for place, text in header.texts.items() if is_self_check(text)}
        printed |= {place for key, place in header.columns.items() if table[key].owner is Owner.TOOL}
        rows = self.sheet.rows
        empty = (
            number
            for number in range(first, end + 1)
            if all(is_blank(raw) or place in printed for place, raw in enumerate(rows[number - 1], start=1))
        )
        column = content_places(header, table)[0]
        for _, run in groupby(enumerate(empty), key=lambda pair: pair[1] - pair[0]):
            numbers = [number for _, number in run]
            low, high = numbers[0], numbers[-1]
            yield self._at.found("S104", low, column, str(low) if low == high else f"{low}-{high}")
