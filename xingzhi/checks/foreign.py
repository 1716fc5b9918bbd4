"""Rows under a record number of another unit: two units' rows in one file, or a row copied from another's workbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from xingzhi.checks.columns import at, tables_of
from xingzhi.checks.context import Check, Context
from xingzhi.columns import RECORD, Table
from xingzhi.findings import Finding, Severity
from xingzhi.labels import Label, Text
from xingzhi.record_numbers import unit_of
from xingzhi.rows import Row, RowsByTable


def foreign_rows(rows: RowsByTable, context: Context) -> Iterator[tuple[Table, Row, str]]:
    """Each row whose number is another unit's, with its table and that unit's code. None where it is not known whose
    workbook it is."""
    for table, records in tables_of(rows, context) if context.unit else ():
        for row in records:
            other = unit_of(row.record, table)
            if other and other.casefold() != context.unit.casefold():
                yield table, row, other


def foreign_number(table: Table, row: Row, other: str, context: Context, outcome: Text = "") -> Finding:
    """What is said of such a row: it must be mended where the office knows the other unit. `outcome` says what became of it.

    It bears no record number, since none of this unit's is meant.
    """
    where = Label(f"“{row.sheet}”第 {row.number} 行", f"row {row.number} of '{row.sheet}'")
    args: dict[str, Text] = {"where": where, "other": other, "unit": context.unit, "outcome": outcome}
    found = at("K108", row, table.by_key.get(RECORD.key, RECORD), row.record, args)
    return replace(found, record="", severity=Severity.ERROR if other in context.units else found.severity)


def foreign_numbers(rows: RowsByTable, context: Context) -> Iterable[Finding]:
    """K108: a record number that belongs to another unit."""
    for table, row, other in foreign_rows(rows, context):
        yield foreign_number(table, row, other, context)


CHECKS: tuple[Check, ...] = (foreign_numbers,)
