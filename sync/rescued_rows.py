"""The rows that were rescued: which record numbers they keep, and where they stand in the new workbook."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sync.unplaced import Unplaced
from workbook_templates.pen import TEXT_LIMIT
from xingzhi.columns import RECORD, Table, record_number
from xingzhi.findings import Finding
from xingzhi.grid import address
from xingzhi.headers import HEADER_ROW
from xingzhi.labels import Lang
from xingzhi.quoting import shown
from xingzhi.rows import Row, RowsByTable

_CELL = re.compile("[A-Z]+([0-9]+)")


@dataclass(frozen=True)
class Kept:
    """The rows as the new workbook holds them, and `dropped`, the numbers that they could not keep."""

    rows: RowsByTable
    dropped: tuple[Unplaced, ...]

    @property
    def added(self) -> Mapping[str, tuple[str, ...]]:
        """The unit's own columns, by table, in the order in which rows have them."""
        return {
            key: tuple(dict.fromkeys(text for row in rows for text in row.extra)) for key, rows in self.rows.items()
        }

    def serials(self, table: Table) -> Iterator[int]:
        """The serials of the numbers that were kept."""
        return (_serial(row.record) for row in self.rows.get(table.key, ()) if row.record)

    def line(self, table: str, sheet: str, number: int) -> tuple[int, Row] | None:
        """The line of the new sheet on which a row of the old one stands, and the row."""
        rows = enumerate(self.rows.get(table, ()), start=HEADER_ROW + 1)
        return next(((line, row) for line, row in rows if (row.sheet, row.number) == (sheet, number)), None)


def keep_numbers(rows: RowsByTable, tables: Sequence[Table], unit: str) -> Kept:
    """The rows with the numbers that are this unit's, of their table, and borne by no row before; the others without one.

    A row without a number is known again by its natural key when the workbook is merged, else it is given a new one: a
    number that was made up here might be one that a row bore before.
    """
    dropped: list[Unplaced] = []
    kept: dict[str, tuple[Row, ...]] = {}
    for table in tables:
        seen: set[str] = set()
        found = []
        for row in rows.get(table.key, ()):
            number = row.text(RECORD.key)
            if number and (number in seen or not _is_own(number, table, unit)):
                kind = "number_twice" if number in seen else "number"
                dropped.append(Unplaced(kind, row.sheet, row.cell(RECORD.key), number))
                row = replace(row, record="", values={**row.values, RECORD.key: None})
            elif number:
                seen.add(number)
            found.append(row)
        kept[table.key] = tuple(found)
    return Kept(kept, tuple(dropped))


def unread(findings: Iterable[Finding], rows: RowsByTable) -> Iterator[Unplaced]:
    """The cells of the rows that stay as they were typed and mean nothing yet, as the findings show them."""
    places = {
        (row.sheet, row.cell(key))
        for records in rows.values()
        for row in records
        for key in row.invalid
        if row.cell(key)
    }
    for each in findings:
        own = each.column.startswith("+") and each.code in ("S109", "S110")
        if own or ((each.sheet, each.cell) in places and each.code[0] in "CS"):
            yield Unplaced("formula" if each.code == "S110" else "value", each.sheet, each.cell, each.value)


def cut(rows: RowsByTable) -> Iterator[Unplaced]:
    """The texts that are longer than a cell of a workbook can be: the end of each has no place."""
    for row in (row for records in rows.values() for row in records):
        texts = {key: value for key, value in row.values.items() if isinstance(value, str)}
        texts |= {f"+{header}": text for header, text in row.extra.items()}
        for key, text in texts.items():
            if len(text) * 2 > TEXT_LIMIT and len(text.encode("utf-16-le")) > TEXT_LIMIT * 2:
                yield Unplaced("cut", row.sheet, row.cell(key), shown(text), TEXT_LIMIT)


def relocated(found: Finding, kept: Kept, tables: Sequence[Table], lang: Lang) -> Finding:
    """A finding at the cell of the new workbook; without a place where its row has none there."""
    table = next((table for table in tables if table.key == found.table), None)
    cell = _CELL.fullmatch(found.cell)
    line = kept.line(table.key, found.sheet, int(cell[1])) if table and cell else None
    if table is None or line is None:
        return replace(found, sheet="", cell="")
    keys = [column.key for column in table.columns]
    added = kept.added.get(table.key, ())
    places = {key: place for place, key in enumerate(keys, start=1)}
    places |= {f"+{text}": place for place, text in enumerate(added, start=len(keys) + 2)}
    at = address(line[0], places.get(found.column, 1))
    return replace(found, sheet=table.label.of(lang), cell=at, record=line[1].record)


def _is_own(number: str, table: Table, unit: str) -> bool:
    serial = _serial(number)
    if not unit:
        return serial > 0
    return serial > 0 and number == record_number(unit, table.letters, serial)


def _serial(number: str) -> int:
    text = number.rpartition("-")[2]
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
