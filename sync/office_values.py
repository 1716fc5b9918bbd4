"""What the office typed into the master: its own columns, columns and rows it added, and cells that are not its."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sync.master_reader import MasterContent, RawTable, cell_text
from workbook_templates.office_tables import FINDINGS, REMINDERS, merged_table
from xingzhi.columns import Column, Owner, Table
from xingzhi.grid import CellValue
from xingzhi.normalise import normalise
from xingzhi.phones import mask_identity
from xingzhi.rows import Row, Value, stored_text
from xingzhi.windows import Window


class Key(NamedTuple):
    """The key of what the office wrote: (programme instance, unit, table, record number or the like)."""

    programme: str
    unit: str
    table: str
    record: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A unit's cell that the office changed in the master: told to the unit, not applied."""

    key: Key
    column: Column
    before: str
    after: str


@dataclass
class OfficeEntries:
    """`values` has each record's office-owned cells by column key, and the columns that the office added by `+header`.

    `rows` are records that the office entered for a unit (代录). `loose` are rows that name no unit we know, kept as
    they stand. `headers` are the added columns of each table.
    """

    values: dict[Key, dict[str, Value]] = field(default_factory=dict)
    rows: list[tuple[str, Row]] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)
    headers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    loose: dict[str, list[tuple[CellValue, ...]]] = field(default_factory=dict)


def read_entries(
    content: MasterContent,
    tables: Sequence[Table],
    *,
    programme: str,
    units: frozenset[str],
    window: Window,
    written: Mapping[Key, Mapping[str, Value]],
    stale: bool,
) -> OfficeEntries:
    """What the office typed. `written` gives each record's values as the tool last wrote them; with `stale`, the
    master is older than the ledger, and a differing cell says nothing."""
    entries = OfficeEntries()
    for table in tables:
        raw = content.tables.get(merged_table(table).key)
        if raw is None:
            continue
        entries.headers[table.key] = tuple(header for _, header in raw.added)
        for number, row in enumerate(raw.rows):
            if all(cell is None for cell in row):
                continue
            unit, record = raw.text(row, "unit"), raw.text(row, "record")
            key = Key(programme, unit, table.key, record)
            if key in written:
                _keep(entries, raw, row, key, _office_columns(raw, table), window)
                if not stale:
                    _compare(entries, raw, row, key, table, written[key], window)
            elif unit in units and any(raw.raw(row, column.key) for column in table.owned_by(Owner.UNIT)):
                entries.rows.append((unit, _entered(raw, row, table, number, window)))
            else:
                entries.loose.setdefault(table.key, []).append(row)
    for sheet, parts in ((REMINDERS, ("requirement", "subject", "period")), (FINDINGS, ("code", "record", "message"))):
        raw = content.tables.get(sheet.key)
        for row in raw.rows if raw else ():
            assert raw is not None
            record = "|".join(raw.text(row, part) for part in parts)
            if record.strip("|"):
                key = Key(programme, raw.text(row, "unit"), sheet.key, record)
                _keep(entries, raw, row, key, sheet.owned_by(Owner.OFFICE), window)
        entries.headers[sheet.key] = tuple(header for _, header in raw.added) if raw else ()
    return entries


def _office_columns(raw: RawTable, table: Table) -> tuple[Column, ...]:
    return (*table.owned_by(Owner.OFFICE), raw.table["decision"])


def _keep(
    entries: OfficeEntries,
    raw: RawTable,
    row: Sequence[CellValue],
    key: Key,
    columns: Sequence[Column],
    window: Window,
) -> None:
    kept: dict[str, Value] = {}
    for column in columns:
        if column.key in raw.places:
            value, understood = raw.value(row, column.key, window)
            # What cannot be understood is kept as it was typed: the office sees it again and mends it.
            kept[column.key] = value if understood else raw.text(row, column.key)
    for index, header in raw.added:
        kept[f"+{header}"] = cell_text(row[index])
    entries.values[key] = {name: value for name, value in kept.items() if value not in (None, "", ())}


def _compare(
    entries: OfficeEntries,
    raw: RawTable,
    row: Sequence[CellValue],
    key: Key,
    table: Table,
    written: Mapping[str, Value],
    window: Window,
) -> None:
    for column in table.owned_by(Owner.UNIT):
        if column.key not in raw.places:
            continue
        cell = raw.raw(row, column.key)
        before = stored_text(written.get(column.key))
        value = normalise(cell, column, window).value
        if not {stored_text(value), cell_text(cell)} & {before, mask_identity(before)}:
            entries.proposals.append(Proposal(key, column, before, cell_text(cell)))


def _entered(raw: RawTable, row: Sequence[CellValue], table: Table, number: int, window: Window) -> Row:
    values: dict[str, Value] = {}
    invalid = set()
    for column in table.columns:
        value, understood = raw.value(row, column.key, window)
        values[column.key] = value
        if not understood:
            invalid.add(column.key)
    return Row(
        table=table.key,
        values=values,
        sheet=raw.table.label.zh,
        number=number,
        invalid=frozenset(invalid),
        extra={header: cell_text(row[index]) for index, header in raw.added if row[index] is not None},
    )
