"""What could be read of a file that was not taken: rows that its unit is given back to look over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sync.missing_rows import standing_rows
from sync.records import LedgerRow, StoredRow, Submission, Values, clean, natural_key
from xingzhi.columns import Column, Owner, Table
from xingzhi.rows import Row, RowsByTable, Value, encode, unit_values


@dataclass(frozen=True)
class Refill:
    """Rows of refused files that the ledger has not yet, none twice."""

    by_table: dict[str, list[Values]]

    def rows(self, table: Table) -> list[Row]:
        """The rows of a table, without numbers; a choice that is none stands as it was typed."""
        return [
            Row(
                table=table.key,
                values=dict(values),
                invalid=frozenset(column.key for column in table.columns if _is_no_choice(column, values)),
            )
            for values in self.by_table.get(table.key, ())
        ]

    @property
    def count(self) -> int:
        """How many rows there are."""
        return sum(map(len, self.by_table.values()))


def readable_rows(rows: RowsByTable | None, tables: Iterable[Table]) -> tuple[StoredRow, ...]:
    """What the unit wrote in the rows of a file that is not taken; the records of such rows are not known."""
    found = (
        (table.key, row, clean(unit_values(row, table))) for table in tables for row in (rows or {}).get(table.key, ())
    )
    return tuple(StoredRow(key, row.record, "", values) for key, row, values in found if values)


def refill(refused: Iterable[Submission], held: Iterable[LedgerRow], tables: Sequence[Table]) -> Refill:
    """The rows of refused files that no row of the ledger is: by their natural keys, else by all that they say. One
    that waits for confirmation is not printed, so that a file that has it again may bring it back."""
    by_key = {table.key: table for table in tables}
    known = {
        (row.table, _identity(row.values, by_key[row.table])) for row in standing_rows(held) if row.table in by_key
    }
    found: dict[str, list[Values]] = {}
    for submission in refused:
        for row in submission.rows:
            table = by_key.get(row.table)
            identity = (row.table, _identity(row.values, table)) if table else None
            if identity is not None and identity not in known:
                known.add(identity)
                found.setdefault(row.table, []).append(row.values)
    return Refill(found)


def _identity(values: Values, table: Table) -> tuple[str, ...]:
    own = {column.key for column in table.owned_by(Owner.UNIT)}
    return natural_key(values, table) or (encode({key: value for key, value in values.items() if key in own}),)


def _is_no_choice(column: Column, values: Values) -> bool:
    value: Value = values.get(column.key)
    if value is None or not column.choices:
        return False
    keys = value if isinstance(value, tuple) else (str(value),)
    return not set(keys) <= {choice.key for choice in column.choices}
