"""Rows that vanished from their files and wait for a word (待确认): what is told of them, and what is told without them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace

from sync.cells import short
from sync.explanations import record_of
from sync.records import LedgerRow, RowKey, Status
from workbook_templates.office_tables import FINDINGS
from xingzhi.checks.context import Context
from xingzhi.checks.phases import PER_FILE, PER_UNIT, run
from xingzhi.columns import Table
from xingzhi.findings import Finding, finding
from xingzhi.fulfilment import UnitRecords
from xingzhi.labels import Lang

MISSING_ROW = "M102"


def standing_rows(rows: Iterable[LedgerRow]) -> list[LedgerRow]:
    """The rows but for those that wait for confirmation."""
    return [row for row in rows if row.status is not Status.MISSING]


def missing_row(row: LedgerRow, tables: Iterable[Table], lang: Lang) -> Finding:
    """What is told of a row that waits for confirmation."""
    table = next(each for each in tables if each.key == row.table)
    return finding(
        MISSING_ROW,
        file=row.file,
        sheet=row.sheet,
        table=row.table,
        record=row.record,
        value=short(table, row.values, lang) or row.record,
    )


def word_on(row: LedgerRow, tables: Iterable[Table], lang: Lang) -> RowKey:
    """The key under which the office's word on a vanished row stands in 填报问题."""
    return (FINDINGS.key, record_of(missing_row(row, tables, lang), lang))


def is_word_on_a_row(key: RowKey) -> bool:
    """Whether a key of the office's values is of what it says in 填报问题 of a vanished row."""
    return key[0] == FINDINGS.key and json.loads(key[1])[0] == MISSING_ROW


def row_findings(records: UnitRecords, rows: Iterable[LedgerRow], context: Context) -> list[Finding]:
    """What the checks find in the rows that stand, of `records`, which hold the missing ones too.

    A missing row is neither at fault nor the cause that another is; but while it waits, a reference to it holds.
    """
    found = _checked(records, context)
    missing = {(row.table, row.record) for row in rows if row.status is Status.MISSING}
    if not missing:
        return found
    known = {each.key for each in found}
    return [each for each in _checked(_without(records, missing, context.tables), context) if each.key in known]


def _checked(records: UnitRecords, context: Context) -> list[Finding]:
    return [*run(PER_FILE, records.rows, context), *run(PER_UNIT, records.rows, context)]


def _without(records: UnitRecords, missing: set[RowKey], tables: Sequence[Table]) -> UnitRecords:
    rows = {
        table.key: tuple(row for row in records.table(table.key) if (table.key, row.record) not in missing)
        for table in tables
    }
    return replace(records, rows=rows)
