"""Rows of a unit's file under a record number of another unit, before the file is merged."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sync.inbox import Received
from sync.records import LedgerRow, Status, clean, natural_key
from sync.session import Session
from xingzhi import messages
from xingzhi.checks.context import Context
from xingzhi.checks.foreign import foreign_number, foreign_rows
from xingzhi.columns import Table
from xingzhi.findings import Finding
from xingzhi.rows import Row, unit_values


def has_foreign_rows(received: Received, session: Session, unit: str, today: date) -> bool:
    """Whether any row of the file is under a number of another unit."""
    return next(foreign_rows(received.rows or {}, _context(session, unit, today)), None) is not None


def settled(received: Received, session: Session, unit: str, today: date) -> Received:
    """The file without the rows that are certainly another unit's, and with K108 for every row under such a number.

    A number alone does not say whose a row is: clerks copy a neighbour's rows to write their own over them. What the
    other unit's own ledger says decides. Where it has the row, under this number and with this natural key, the row is
    that unit's and is not counted twice: nothing is lost, since it stands there. Any other row is kept as a new one of
    this unit, under a number of its own, since it stands nowhere else. Either way K108 must be mended where the other
    unit is one of the office's, so that no row changes hands without a word.
    """
    context = _context(session, unit, today)
    findings: list[Finding] = []
    theirs: set[tuple[str, str, int]] = set()
    held: dict[str, list[LedgerRow]] = {}
    for table, row, other in foreign_rows(received.rows or {}, context):
        if other in context.units and other not in held:
            held[other] = session.ledger.rows(session.programme, other)
        is_theirs = any(_is_row(each, row, table) for each in held.get(other, ()))
        outcome = messages.label("foreign.theirs" if is_theirs else "foreign.kept", other=other)
        findings.append(foreign_number(table, row, other, context, outcome))
        if is_theirs:
            theirs.add((table.key, row.sheet, row.number))
    if not findings:
        return received
    rows = {
        key: tuple(row for row in records if (key, row.sheet, row.number) not in theirs)
        for key, records in (received.rows or {}).items()
    }
    return replace(received, rows=rows, findings=(*received.findings, *findings))


def _context(session: Session, unit: str, today: date) -> Context:
    codes = frozenset(each.code for each in session.settings.units)
    return Context(session.tables, session.term.time, today, unit=unit, units=codes)


def _is_row(held: LedgerRow, row: Row, table: Table) -> bool:
    if (held.table, held.record) != (table.key, row.record) or held.status is Status.WITHDRAWN:
        return False
    mine, theirs = clean(unit_values(row, table)), clean(held.values)
    key = natural_key(mine, table)
    return mine == theirs or (bool(key) and key == natural_key(theirs, table))
