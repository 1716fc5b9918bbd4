"""What the office proposed for a unit's own cells by changing them in the master: told at those cells until they say it."""

from __future__ import annotations

import json
from collections.abc import Iterable

from sync.cells import shown
from sync.records import LedgerRow, Status
from sync.session import Session
from xingzhi.columns import Table
from xingzhi.findings import Finding, finding
from xingzhi.normalise import normalise
from xingzhi.rows import stored_text

PROPOSED = "M109"
"""What a unit is told at a cell of its own that the office would have otherwise."""

Place = tuple[str, str, str]
"""(table, record, column)."""


def propose(session: Session, unit: str, place: Place, before: str, after: str) -> None:
    """Keep a proposal in the ledger's open run; it takes the place of one for the same cell."""
    held = _held(session, unit)
    held[place] = (before, after)
    session.ledger.set_state(key(session, unit), json.dumps([[*each, *texts] for each, texts in held.items()]))


def proposed(session: Session, unit: str, rows: Iterable[LedgerRow]) -> list[Finding]:
    """The proposals that still ask for something, each at the record's cell: those of rows that stand as they stood. Once the
    unit has typed anything else into the cell, it has answered."""
    held = _held(session, unit)
    if not held:
        return []
    tables = {table.key: table for table in session.tables}
    standing = {row.key: row for row in rows if row.status is Status.ACTIVE}
    return [
        _finding(session, tables[table], standing[table, record], column, after)
        for (table, record, column), (before, after) in held.items()
        if (table, record) in standing
        and column in tables[table].by_key
        and stored_text(standing[table, record].values.get(column)) == before
        and not _says(session, tables[table], standing[table, record], column, after)
    ]


def _finding(session: Session, table: Table, row: LedgerRow, column: str, after: str) -> Finding:
    return finding(
        PROPOSED,
        file=row.file,
        sheet=row.sheet,
        cell=row.cells.get(column, ""),
        table=table.key,
        column=column,
        record=row.record,
        value=after or "—",
        name=table[column].label,
        before=shown(table, column, row.values.get(column), session.lang) or "—",
    )


def _says(session: Session, table: Table, row: LedgerRow, column: str, after: str) -> bool:
    value = row.values.get(column)
    meant = stored_text(normalise(after, table[column], session.term.time).value)
    return stored_text(value) in (after, meant) or shown(table, column, value, session.lang) == after


def _held(session: Session, unit: str) -> dict[Place, tuple[str, str]]:
    kept = json.loads(session.ledger.state(key(session, unit)) or "[]")
    return {(table, record, column): (before, after) for table, record, column, before, after in kept}


def key(session: Session, unit: str) -> str:
    """The key of the state that holds a unit's proposals."""
    return f"proposals|{session.programme}|{unit}"
