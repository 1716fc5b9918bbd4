"""Rows that stand in a workbook of a unit though the ledger does not count them: a base that has them tells that the unit
did not write them anew."""

from __future__ import annotations

from collections.abc import Iterable

from sync.codec import decode_rows, encode_rows
from sync.records import RowKey, StoredRow, Values
from sync.session import Session


def note_printed(session: Session, unit: str, run: int, rows: Iterable[StoredRow]) -> None:
    """Keep what stands in the workbook of this run."""
    kept = tuple(rows)
    if kept:
        session.ledger.set_state(_key(session, unit, run), encode_rows(kept))


def printed_rows(session: Session, unit: str, run: int) -> dict[RowKey, Values]:
    """What stands in the workbook of a run beside the rows that count."""
    rows = decode_rows(session.ledger.state(_key(session, unit, run)) or "[]")
    return {(row.table, row.record): row.values for row in rows}


def _key(session: Session, unit: str, run: int) -> str:
    return f"printed|{session.programme}|{unit}|{run}"
