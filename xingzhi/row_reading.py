"""The records under one header of a sheet: each cell normalised, and what was not as expected in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from xingzhi.cell_errors import cell_error, error_code, is_broken
from xingzhi.cleaning import cell_text, typed, unpadded
from xingzhi.columns import Column, Table
from xingzhi.findings import Finding
from xingzhi.grid import CellValue, address, column_letters
from xingzhi.headers import Header
from xingzhi.labels import Text
from xingzhi.merged_cells import MergedCells
from xingzhi.normalise import Reader, reader
from xingzhi.normalised import BLANK, Normalised
from xingzhi.quoting import shown
from xingzhi.row_kinds import is_blank
from xingzhi.rows import Row, Value
from xingzhi.sheet_place import SheetPlace, with_args
from xingzhi.unit_names import UnitNames
from xingzhi.windows import Window


class RowReading:
    """Reads the records under one header; what is known of the columns is worked out once."""

    def __init__(
        self,
        place: SheetPlace,
        header: Header,
        table: Table,
        merged: MergedCells,
        window: Window,
        units: UnitNames | None,
    ) -> None:
        self._at, self.header, self._table, self._merged = place, header, table, merged
        places = header.columns
        self._columns: list[tuple[Column, int, str, Reader]] = [
            (column, places[column.key], column_letters(places[column.key]), reader(column, window, units))
            for column in table.columns
            if column.key in places
        ]
        self._blank: dict[str, Value] = dict.fromkeys(table.by_key)

    def read(self, number: int, row: Sequence[CellValue]) -> tuple[Row, list[Finding]]:
        """A record, and what is told of its cells; `row` is as wide as the sheet."""
        values = dict(self._blank)
        invalid: set[str] = set()
        cells: dict[str, str] = {}
        found: list[tuple[Column, CellValue, Normalised]] = []
        for column, place, letters, read in self._columns:
            cells[column.key] = f"{letters}{number}"
            line, raw = self._cell(number, place, row)
            error = cell_error(self._at.sheet, line, place, raw)
            if error:
                normal = Normalised(error, fault=(error_code(error), {}))
            elif raw is None or raw == "" or (normal := read(raw)) is BLANK:
                continue
            elif line != number:
                # What was changed in reading a merged cell is told once, where it stands.
                normal = replace(normal, notes=())
            values[column.key] = normal.value
            if error or normal.invalid:
                invalid.add(column.key)
            if normal.notes or normal.fault:
                found.append((column, error or raw, normal))
        record = "" if "record" in invalid else str(values.get("record") or "")
        extra, findings = self._extra(number, row, record)
        cells |= {
            f"+{header}": address(number, place) for place, header in self.header.unknown.items() if header in extra
        }
        for column, raw, normal in found:
            for code, args in (*normal.notes, *([normal.fault] if normal.fault else [])):
                findings.append(self._of_cell(code, cells[column.key], column, raw, record, args))
        made = Row(
            table=self._table.key,
            values=values,
            record=record,
            file=self._at.file,
            sheet=self._at.sheet.name,
            number=number,
            cells=cells,
            invalid=frozenset(invalid),
            extra=extra,
        )
        return made, findings

    def typed(self, row: Row, key: str) -> str:
        """What stands in the cell of a column, or of a column of the unit's own, in a row of the sheet."""
        places = {f"+{text}": place for place, text in self.header.unknown.items()} | self.header.columns
        return shown(unpadded(cell_text(self._at.sheet.value(row.number, places[key])))) if key in places else ""

    def merges(self) -> Iterator[Finding]:
        """S111: the values that were taken down within merged cells."""
        names = {place: column for column, place, _, _ in self._columns}
        for top, place, area, count in self._merged.used():
            column, raw = names.get(place), self._at.sheet.value(top, place)
            found = self._at.found("S111", top, place, shown(unpadded(cell_text(raw))))
            key = column.key if column else f"+{self.header.unknown[place]}"
            name: Text = column.label if column else self.header.unknown[place]
            yield with_args(replace(found, column=key), {"name": name, "range": area, "count": str(count)})

    def _extra(self, number: int, row: Sequence[CellValue], record: str) -> tuple[dict[str, str], list[Finding]]:
        extra: dict[str, str] = {}
        findings: list[Finding] = []
        for place, header in self.header.unknown.items():
            line, raw = self._cell(number, place, row)
            error = cell_error(self._at.sheet, line, place, raw)
            if error:
                found = replace(
                    self._at.found(error_code(error), number, place, error), record=record, column=f"+{header}"
                )
                findings.append(with_args(found, {"name": header}))
            text = error or typed(raw)
            if text:
                extra[header] = text
        return extra, findings

    def _cell(self, number: int, place: int, row: Sequence[CellValue]) -> tuple[int, CellValue]:
        """The value that counts in a cell of a record, and the row that it stands in: another where cells are merged."""
        raw = row[place - 1]
        sheet = self._at.sheet
        line = self._merged.source(number, place)
        if line == number or not is_blank(raw) or is_broken(sheet, number, place):
            return number, raw
        above = sheet.value(line, place)
        if not is_blank(above) or is_broken(sheet, line, place):
            self._merged.note(line, place, number)
        return line, above

    def _of_cell(
        self, code: str, cell: str, column: Column, raw: CellValue, record: str, args: Mapping[str, Text]
    ) -> Finding:
        # A fault may show less than was typed: an identity number is masked.
        value = args.get("value", shown(raw))
        found = replace(self._at.of(code), cell=cell, column=column.key, record=record, value=str(value))
        return with_args(found, {"name": column.label, **{key: text for key, text in args.items() if key != "value"}})
