"""How people call the place of a change: its sheet, its record and its column, by their names."""

from __future__ import annotations

import json
from collections.abc import Iterable

from sync.cells import EXTRA
from sync.explanations import EXPLAINED, short_key
from sync.master_reader import COMPLETION
from sync.office_values import reminder_parts
from workbook_templates.office_tables import (
    COMPLETION_TABLE,
    DECISION,
    FINDINGS,
    MONTH_CLOSE,
    OFFICE_SHEETS,
    REMINDERS,
    RUNS,
    STATUS,
)
from workbook_templates.sheet_names import FINDINGS as UNIT_FINDINGS
from xingzhi import messages
from xingzhi.columns import Column, Table
from xingzhi.labels import Lang
from xingzhi.phones import mask_identity

EXPLANATION = "explanation"
"""The column of a change that is a unit's word on a finding."""

_LINES = {COMPLETION: COMPLETION_TABLE} | {
    table.key: table for table in (REMINDERS, FINDINGS, MONTH_CLOSE, RUNS, *OFFICE_SHEETS)
}
"""The tables of the master whose lines are no records of units."""

NO_ROWS = frozenset({EXPLAINED, *_LINES})
"""The tables in which a change is none of a unit's rows."""

_ON_EVERY_ROW = {column.key: column for column in (STATUS, DECISION)}
"""What the master has beside each record."""


def table_of(key: str, tables: Iterable[Table]) -> Table | None:
    """The table of a change, one of the programme's or of the master's own."""
    return next((table for table in tables if table.key == key), _LINES.get(key))


def column_of(table: Table | None, key: str) -> Column | None:
    """The declared column of a change."""
    found = table.by_key.get(key) if table else None
    return found or _ON_EVERY_ROW.get(key)


def sheet_text(table: Table | None, key: str, column: str, lang: Lang) -> str:
    """The sheet: a unit's word on a finding stands in the unit's own."""
    if (key, column) == (EXPLAINED, EXPLANATION):
        return UNIT_FINDINGS.of(lang)
    return table.label.of(lang) if table else key


def record_text(table: str, record: str, column: str) -> str:
    """The record number, or what a line without one is about."""
    if (table, column) == (EXPLAINED, EXPLANATION):
        return short_key(record)
    if table == REMINDERS.key:
        return " ".join(part for part in reminder_parts(record) if part)
    if table == FINDINGS.key:
        code, place, message = json.loads(record)
        return mask_identity(" ".join([code, *([place] if isinstance(place, str) else filter(None, place)), message]))
    return mask_identity(record)


def column_text(table: Table | None, key: str, lang: Lang) -> str:
    """The column's name, '' for a row as a whole."""
    if key == EXPLANATION and (table is None or key not in table.by_key):
        return messages.text("findings.explanation", lang)
    column = column_of(table, key)
    return column.label.of(lang) if column else mask_identity(key.removeprefix(EXTRA))
