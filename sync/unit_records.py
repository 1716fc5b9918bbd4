"""A unit's ledger rows as the rows that checks, deadlines and workbooks work on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sync.cells import EXTRA
from sync.records import LedgerRow, RowKey, Status, Values
from xingzhi.columns import Column, ColumnType, Owner, Table
from xingzhi.fulfilment import UnitRecords
from xingzhi.rows import Row, Value


def as_row(row: LedgerRow, table: Table, office: Values) -> Row:
    """The row with the office's values in their columns."""
    values: dict[str, Value] = {column.key: row.values.get(column.key) for column in table.columns}
    values |= {column.key: office.get(column.key) for column in table.owned_by(Owner.OFFICE)}
    values["record"] = row.record
    return Row(
        table=row.table,
        values=values,
        record=row.record,
        file=row.file,
        sheet=row.sheet,
        number=row.number,
        cells=row.cells,
        invalid=row.invalid | {column.key for column in table.owned_by(Owner.OFFICE) if _is_unreadable(column, values)},
        extra={key[1:]: str(value) for key, value in row.values.items() if key.startswith(EXTRA)},
    )


def _is_unreadable(column: Column, values: Values) -> bool:
    """Whether the office typed what its column does not hold: it is kept as it was typed, and nothing counts by it."""
    value = values.get(column.key)
    if column.type is ColumnType.CHOICE:
        return value is not None and value not in {choice.key for choice in column.choices}
    return column.type is ColumnType.DATE and value is not None and not isinstance(value, date)


def unit_records(
    unit: str, rows: Iterable[LedgerRow], tables: Sequence[Table], office: Mapping[RowKey, Values]
) -> UnitRecords:
    """The unit's rows that count: those waiting for confirmation do, until someone confirms; withdrawn ones do not."""
    by_table = {table.key: table for table in tables}
    found: dict[str, list[Row]] = {table.key: [] for table in tables}
    receipts: dict[str, date] = {}
    for row in sorted(rows, key=lambda each: each.record):
        if row.status is Status.WITHDRAWN or row.table not in by_table:
            continue
        found[row.table].append(as_row(row, by_table[row.table], office.get(row.key, {})))
        if row.first_received:
            receipts[row.record] = row.first_received
    return UnitRecords(unit, {key: tuple(each) for key, each in found.items()}, receipts)
