"""What all parts of the ledger share: the connection, and the rule that one writes only inside a run."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from xingzhi.refusal import Refusal


class LedgerError(Refusal):
    """The ledger cannot be used."""


OPEN = "run_to IS NULL"
_AS_OF = "run_from <= ? AND (run_to IS NULL OR run_to > ?)"


def when(as_of: int | None) -> tuple[str, tuple[int, ...]]:
    """Which versions hold now, or held after the run `as_of`: a condition and its values."""
    return (OPEN, ()) if as_of is None else (_AS_OF, (as_of, as_of))


class Store:
    """A part of the ledger over an open connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def _read(self, sql: str, *values: object) -> list[sqlite3.Row]:
        return self._connection.execute(sql, values).fetchall()

    def _write(self, sql: str, *values: object) -> None:
        self._demand_run()
        self._connection.execute(sql, values)

    def _write_all(self, sql: str, lines: Iterable[tuple[object, ...]]) -> None:
        self._demand_run()
        self._connection.executemany(sql, lines)

    def _demand_run(self) -> None:
        if not self._connection.in_transaction:
            raise RuntimeError("nothing is written to the ledger outside a run")
