"""From a grid to the rows of a unit's tables: finds each sheet, its header and its records, and normalises the cells.

Nothing that a clerk did to a sheet raises: what could be read is read, and findings say what was not as expected.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter

from xingzhi.cleaning import cell_text, typed, unpadded
from xingzhi.columns import Column, Owner, Table
from xingzhi.findings import Finding, Severity, finding
from xingzhi.grid import CellValue, Grid, Sheet, address, column_letters
from xingzhi.headers import Header, Spelled, spelled
from xingzhi.labels import Text
from xingzhi.merged_cells import MergedCells
from xingzhi.near_misses import header_hint, missing_hint, near_columns
from xingzhi.normalise import Reader, reader
from xingzhi.normalised import BLANK, Normalised
from xingzhi.notes import is_note
from xingzhi.phones import mask_identity
from xingzhi.rows import Row, Value
from xingzhi.sheet_copies import Part, together
from xingzhi.sheets import Match, match_sheets
from xingzhi.unit_names import UnitNames
from xingzhi.windows import Window

HEADER_ROW = 4
"""Where a template prints the header of a table, below its title."""

LONGEST_SHOWN = 60
"""A finding shows this much of what was typed."""

UNCACHED = "=?"
"""What stands for the value of a formula that the file holds no value for, here and in every workbook made from it."""

_EMPTY = frozenset({None, ""})
_ERROR_TEXT = re.compile(r"#(REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!)|Err:[0-9]{3}")


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet that was read for a table: its header, and the numbers of the rows that are records."""

    table: str
    header: Header
    records: frozenset[int]


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
    matches = match_sheets(grid, spellings)
    findings = matches.findings
    rows: dict[str, tuple[Row, ...]] = {}
    pages: dict[str, Page] = {}
    for spelling in spellings:
        table = spelling.table
        readings = [_Reading(grid.file, match, spelling, window, units) for match in matches.found.get(table.key, ())]
        for reading in readings:
            reading.read()
            records = frozenset(row.number for row in reading.rows)
            pages[reading.sheet.name] = Page(table.key, reading.header, records)
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


def shown(raw: CellValue | tuple[str, ...]) -> str:
    """What was typed, as a finding quotes it: no half of an identity number is left by cutting it."""
    text = mask_identity(cell_text(raw))
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


class _Reading:
    """The reading of one table from one sheet; what is known of the columns is worked out once."""

    def __init__(self, file: str, match: Match, spelling: Spelled, window: Window, units: UnitNames | None) -> None:
        self.file = file
        self.sheet: Sheet = match.sheet
        self.header: Header = match.header
        self.table = spelling.table
        self.rows: list[Row] = []
        self.findings: list[Finding] = []
        self.of_rows: dict[int, list[Finding]] = {}
        places = self.header.columns
        self._columns: list[tuple[Column, int, str, Reader]] = [
            (column, places[column.key], column_letters(places[column.key]), reader(column, window, units))
            for column in self.table.columns
            if column.key in places
        ]
        self._blank: dict[str, Value] = dict.fromkeys(self.table.by_key)
        self._content = sorted(
            [place for column, place, _, _ in self._columns if column.owner is Owner.UNIT] + [*self.header.unknown]
        )
        self._leading = sorted({*self._content, *([places["record"]] if "record" in places else [])})
        self._required = [place for column, place, _, _ in self._columns if _wanted(column)]
        self._merged = MergedCells(self.sheet, self._content, self.header.bottom)

    def read(self) -> None:
        """Read the sheet: its records into `rows`, what was found into `findings`, those of each record into `of_rows`."""
        self.findings += self._header_findings()
        self._read_rows()

    def typed(self, row: Row, key: str) -> str:
        """What stands in the cell of a column, or of a column of the unit's own, in a row of the sheet."""
        places = {f"+{text}": place for place, text in self.header.unknown.items()} | self.header.columns
        return shown(unpadded(cell_text(self.sheet.value(row.number, places[key])))) if key in places else ""

    def _header_findings(self) -> Iterator[Finding]:
        """What is not as expected in the header row."""
        header = self.header
        if header.row != HEADER_ROW:
            yield self._at("S101", header.row, min(header.columns.values()), str(header.row))
        for key, place in header.aliased.items():
            yield self._of_column("S106", place, self.table[key], self._header_text(place))
        for place, key in header.repeated.items():
            yield self._of_column("S107", place, self.table[key], self._header_text(place))
        missing = [column for column in self.table.owned_by(Owner.UNIT) if column.key not in header.columns]
        near = near_columns(header.unknown, missing)
        for place, text in header.unknown.items():
            yield _with(self._at("S103", self._header_line(place), place, shown(text)), header_hint(near.get(place)))
        for column in missing:
            severity = None if column.required else Severity.WARNING
            found = self._finding("S102", severity, column=column.key)
            like = [header.unknown[place] for place, each in near.items() if each is column]
            yield _with(found, {"name": column.label, **missing_hint(column, like)})

    def _read_rows(self) -> None:
        """The records, past the end of the template's table to the end of the sheet."""
        content = itemgetter(*(place - 1 for place in self._content), -1)
        width = max((*self.header.columns.values(), *self.header.unknown))
        padding = (None,) * width
        # The self-check of a workbook that a program saved has a formula without a value in every blank row.
        own = frozenset(self._content)
        broken = {row for row, place in (*self.sheet.errors, *self.sheet.uncached) if place in own}
        last = 0
        hidden: list[int] = []
        for number, cells in enumerate(self.sheet.rows[self.header.bottom :], start=self.header.bottom + 1):
            # Nearly all rows of a template are blank: they must cost nothing. The one more cell makes the getter
            # give a tuple, and a padded copy is made only of rows that the file cut short.
            row = cells if len(cells) >= width else (*cells, *padding)
            if number not in broken and _EMPTY.issuperset(content(row)[:-1]):
                continue
            kind = self._kind(number, row)
            if kind == "note":
                self.findings.append(self._note(number, row))
            if kind == "record":
                if last and number > last + 1:
                    self.findings.append(self._gap(last + 1, number - 1))
                if number in self.sheet.hidden_rows:
                    hidden.append(number)
                before = len(self.findings)
                self.rows.append(self._row(number, row))
                self.of_rows[number] = self.findings[before:]
            if kind == "record" or (last and kind == "note"):
                last = number
        self.findings += self._merges()
        if hidden:
            found = self._at("S112", hidden[0], self._content[0], str(hidden[0]))
            self.findings.append(_with(found, {"count": str(len(hidden))}))

    def _merges(self) -> Iterator[Finding]:
        names = {place: column for column, place, _, _ in self._columns}
        for top, place, area, count in self._merged.used():
            column, raw = names.get(place), self.sheet.value(top, place)
            found = self._at("S111", top, place, shown(unpadded(cell_text(raw))))
            key = column.key if column else f"+{self.header.unknown[place]}"
            name: Text = column.label if column else self.header.unknown[place]
            yield _with(replace(found, column=key), {"name": name, "range": area, "count": str(count)})

    def _gap(self, first: int, end: int) -> Finding:
        return self._at("S104", first, self._content[0], str(first) if first == end else f"{first}-{end}")

    def _note(self, number: int, row: Sequence[CellValue]) -> Finding:
        first = self._first_cells(row)
        place = next((place for place in first if is_note(cell_text(row[place - 1]))), first[0])
        if self._is_banner(number, filled := {each for each in self._content if self._holds(number, each, row)}):
            (place,) = filled
        found = self._at("S105", number, place, shown(unpadded(cell_text(row[place - 1]))))
        return _with(found, {"row": str(number)})

    def _kind(self, number: int, row: Sequence[CellValue]) -> str:
        filled = {place for place in self._content if self._holds(number, place, row)}
        if not filled:
            return "blank"
        if self._repeats_header(row) or self._is_banner(number, filled):
            return "note"
        if not any(is_note(cell_text(row[place - 1])) for place in self._first_cells(row)):
            return "record"
        # A foot may be spread over the columns (填表人：… 审核人：…), else a row with every required value is a record.
        foot = all(is_note(cell_text(row[place - 1])) for place in filled)
        return "note" if foot or not filled.issuperset(self._required) or not self._required else "record"

    def _first_cells(self, row: Sequence[CellValue]) -> list[int]:
        # A template has printed a record number before the text that a clerk wrote.
        filled = [place for place in self._leading if not _blank(row[place - 1])]
        return filled[: 2 if filled[:1] == [self.header.columns.get("record")] else 1]

    def _holds(self, number: int, place: int, row: Sequence[CellValue]) -> bool:
        cell = (number, place)
        return not _blank(row[place - 1]) or cell in self.sheet.errors or cell in self.sheet.uncached

    def _is_banner(self, number: int, filled: set[int]) -> bool:
        return len(filled) == 1 and self._merged.is_banner(number, next(iter(filled)), self._content)

    def _repeats_header(self, row: Sequence[CellValue]) -> bool:
        header, places = self.header, self.header.columns.values()
        upper = [row[place - 1] == self.sheet.value(header.row, place) for place in places]
        if sum(upper) >= 2 and sum(upper) * 2 > len(places):
            return True
        filled = [place for place in places if not _blank(row[place - 1])] if header.bottom > header.row else []
        return len(filled) >= 2 and all(row[place - 1] == self.sheet.value(header.bottom, place) for place in filled)

    def _row(self, number: int, row: Sequence[CellValue]) -> Row:
        values = dict(self._blank)
        invalid: set[str] = set()
        cells: dict[str, str] = {}
        found: list[tuple[Column, CellValue, Normalised]] = []
        for column, place, letters, read in self._columns:
            cells[column.key] = f"{letters}{number}"
            line, raw = self._cell(number, place, row)
            error = self._error(line, place, raw)
            if error:
                values[column.key] = error
                invalid.add(column.key)
                found.append((column, error, Normalised(error, fault=(_error_code(error), {}))))
            elif raw is not None and raw != "":
                normal = read(raw)
                if normal is BLANK:
                    continue
                values[column.key] = normal.value
                if normal.invalid:
                    invalid.add(column.key)
                if line != number:
                    # What was changed in reading a merged cell is told once, where it stands.
                    normal = replace(normal, notes=())
                if normal.notes or normal.fault:
                    found.append((column, raw, normal))
        record = "" if "record" in invalid else str(values.get("record") or "")
        extra = dict(self._extra(number, row, record))
        cells |= {
            f"+{header}": address(number, place) for place, header in self.header.unknown.items() if header in extra
        }
        for column, raw, normal in found:
            for code, args in (*normal.notes, *([normal.fault] if normal.fault else [])):
                self.findings.append(self._of_cell(code, cells[column.key], column, raw, record, args))
        return Row(
            table=self.table.key,
            values=values,
            record=record,
            file=self.file,
            sheet=self.sheet.name,
            number=number,
            cells=cells,
            invalid=frozenset(invalid),
            extra=extra,
        )

    def _extra(self, number: int, row: Sequence[CellValue], record: str) -> Iterator[tuple[str, str]]:
        for place, header in self.header.unknown.items():
            line, raw = self._cell(number, place, row)
            error = self._error(line, place, raw)
            if error:
                found = self._at(_error_code(error), number, place, error)
                placed = replace(found, record=record, column=f"+{header}")
                self.findings.append(_with(placed, {"name": header}))
            text = error or typed(raw)
            if text:
                yield header, text

    def _cell(self, number: int, place: int, row: Sequence[CellValue]) -> tuple[int, CellValue]:
        """The value that counts in a cell of a record, and the row that it stands in: another where cells are merged."""
        raw = row[place - 1]
        line = self._merged.source(number, place)
        if line == number or self._holds(number, place, row):
            return number, raw
        above = self.sheet.value(line, place)
        if not _blank(above) or (line, place) in self.sheet.errors or (line, place) in self.sheet.uncached:
            self._merged.note(line, place, number)
        return line, above

    def _error(self, number: int, place: int, raw: CellValue) -> str:
        error = self.sheet.errors.get((number, place))
        if error:
            return error
        if raw == UNCACHED or (number, place) in self.sheet.uncached:
            return UNCACHED
        if isinstance(raw, str):
            return raw.strip() if raw[:1] in "#E \u3000" and _ERROR_TEXT.fullmatch(raw.strip()) else ""
        return "#NUM!" if isinstance(raw, float) and not math.isfinite(raw) else ""

    def _header_line(self, place: int) -> int:
        return self.header.bottom if place in self.header.lower else self.header.row

    def _header_text(self, place: int) -> str:
        return self.header.texts[place]

    def _finding(self, code: str, severity: Severity | None = None, *, column: str = "") -> Finding:
        return finding(
            code, severity=severity, file=self.file, sheet=self.sheet.name, table=self.table.key, column=column
        )

    def _at(self, code: str, row: int, place: int, value: str) -> Finding:
        return replace(self._finding(code), cell=address(row, place), value=value)

    def _of_column(self, code: str, place: int, column: Column, value: str) -> Finding:
        return _with(
            replace(self._at(code, self._header_line(place), place, value), column=column.key), {"name": column.label}
        )

    def _of_cell(
        self, code: str, cell: str, column: Column, raw: CellValue, record: str, args: Mapping[str, Text]
    ) -> Finding:
        # A fault may show less than was typed: an identity number is masked.
        value = args.get("value", shown(raw))
        found = replace(self._finding(code), cell=cell, column=column.key, record=record, value=str(value))
        return _with(found, {"name": column.label, **{key: text for key, text in args.items() if key != "value"}})


def _with(found: Finding, args: Mapping[str, Text]) -> Finding:
    return replace(found, args=tuple(sorted({**dict(found.args), **args}.items())))


def _error_code(error: str) -> str:
    return "S110" if error == UNCACHED else "S109"


def _blank(raw: CellValue) -> bool:
    # Only text that begins oddly can be nothing but spaces.
    return raw is None or raw == "" or (isinstance(raw, str) and not raw[0].isalnum() and not typed(raw))


def _wanted(column: Column) -> bool:
    return column.required and column.owner is Owner.UNIT
