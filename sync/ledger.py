"""The ledger, `<office>/.xingzhi/ledger.sqlite3`: all that the office received. The master can be rebuilt from it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from sync.ledger_explanations import ExplanationStore
from sync.ledger_journal import Journal
from sync.ledger_rows import RowStore
from sync.ledger_store import OPEN, LedgerError, when
from sync.records import Submission
from sync.schema import MIGRATIONS, SCHEMA, SCHEMA_VERSION

__all__ = ["LEDGER_PATH", "Kind", "Ledger", "LedgerError", "Run"]

LEDGER_PATH = Path(".xingzhi") / "ledger.sqlite3"
Kind = Literal["init", "issue", "sync", "restore"]
RESTORED = "restored"
"""What the summary of a restore calls the run whose state it brought back."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a command that wrote to the ledger."""

    id: int
    kind: Kind
    today: date
    started: datetime
    summary: Mapping[str, Any]


class Ledger(RowStore, ExplanationStore, Journal):
    """An open ledger. It is read at any time, and written only inside `run`."""

    def __init__(self, path: Path, *, create: bool = True) -> None:
        """Open the ledger file, making it where it does not exist.

        Raises LedgerError where it does not exist and `create` is off, is no ledger, was written by a newer xingzhi,
        or cannot be opened.
        """
        if not create and not path.exists():
            raise LedgerError("refusal.ledger_absent", file=str(path))
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(path, isolation_level=None, timeout=10)
        except (OSError, sqlite3.Error) as error:
            raise LedgerError("refusal.ledger_closed", file=str(path), reason=str(error)) from error
        connection.row_factory = sqlite3.Row
        super().__init__(connection)
        self.path, self._number = path, 0
        try:
            self._prepare()
        except sqlite3.Error as error:
            connection.close()
            raise LedgerError("refusal.ledger_unusable", file=str(path), reason=str(error)) from error
        except LedgerError:
            connection.close()
            raise

    @classmethod
    def open(cls, office: Path, *, create: bool = False) -> Self:
        """The ledger of an office's folder."""
        return cls(office / LEDGER_PATH, create=create)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def run(self, kind: Kind, today: date, started: datetime, *, dry_run: bool = False) -> Iterator[int]:
        """One run, which is one transaction, giving its number: kept on success, undone on an exception or `dry_run`.

        Raises LedgerError where a run is under way, here or in another process.
        """
        if self._connection.in_transaction:
            raise LedgerError("refusal.ledger_busy", file=str(self.path))
        try:
            self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise LedgerError("refusal.ledger_busy", file=str(self.path)) from error
        try:
            cursor = self._connection.execute(
                "INSERT INTO runs (kind, today, started) VALUES (?, ?, ?)",
                (kind, today.isoformat(), started.isoformat()),
            )
            self._number = int(cursor.lastrowid or 0)
            yield self._number
            self._connection.execute("ROLLBACK" if dry_run else "COMMIT")
        finally:
            # Also where the commit itself failed, say on a full disk.
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    def summarise(self, run: int, summary: Mapping[str, Any]) -> None:
        """Keep a run's summary, which must be JSON."""
        self._write("UPDATE runs SET summary = ? WHERE id = ?", json.dumps(summary, ensure_ascii=False), run)

    def runs(self) -> list[Run]:
        """All runs, oldest first."""
        return [
            Run(
                id=line["id"],
                kind=line["kind"],
                today=date.fromisoformat(line["today"]),
                started=datetime.fromisoformat(line["started"]),
                summary=json.loads(line["summary"]),
            )
            for line in self._read("SELECT * FROM runs ORDER BY id")
        ]

    def state(self, key: str, *, as_of: int | None = None) -> str | None:
        """A small value that was kept under a key, now or after a run; None where there was none or it is not known."""
        where, values = when(as_of)
        found = self._read(f"SELECT value FROM state WHERE key = ? AND {where}", key, *values)
        return found[0]["value"] if found else None

    def set_state(self, key: str, value: str) -> None:
        """Keep a small value under a key as of this run."""
        self._demand_run()
        if self.state(key) == value:
            return
        self._write("DELETE FROM state WHERE key = ? AND run_from = ?", key, self._number)
        self._write(f"UPDATE state SET run_to = ? WHERE key = ? AND {OPEN}", self._number, key)
        self._write("INSERT INTO state (key, run_from, value) VALUES (?, ?, ?)", key, self._number, value)

    def standing_submissions(self, programme: str, unit: str) -> list[Submission]:
        """A unit's files but for those whose merging a restore has undone."""
        found = self._read("SELECT id, summary FROM runs WHERE kind = 'restore'")
        restores = {line["id"]: int(json.loads(line["summary"])[RESTORED]) for line in found}
        submissions = self.submissions(programme, unit)
        if not restores:
            return submissions
        number, standing = self._read("SELECT MAX(id) AS last FROM runs")[0]["last"], set()
        while number > 0:
            standing.add(number)
            number = restores.get(number, number - 1)
        return [each for each in submissions if each.run in standing]

    def _prepare(self) -> None:
        # A write-ahead log needs shared memory, which a shared drive does not give.
        self._connection.execute("PRAGMA journal_mode = DELETE")
        self._connection.execute("PRAGMA foreign_keys = OFF")
        version = int(self._read("PRAGMA user_version")[0][0])
        if version > SCHEMA_VERSION:
            raise LedgerError("refusal.ledger_newer", version=version, known=SCHEMA_VERSION)
        if version == 0:
            if self._read("SELECT 1 FROM sqlite_master"):
                raise LedgerError("refusal.ledger_foreign", file=str(self.path))
            self._execute_script(SCHEMA, SCHEMA_VERSION)
        for known in range(version or SCHEMA_VERSION, SCHEMA_VERSION):
            self._execute_script(MIGRATIONS[known], known + 1)
        # Off until now: a migration may put a table in the place of one that others refer to.
        self._connection.execute("PRAGMA foreign_keys = ON")

    def _execute_script(self, script: str, version: int) -> None:
        """Change the tables as a whole or not at all."""
        try:
            self._connection.executescript(f"BEGIN IMMEDIATE; {script} PRAGMA user_version = {version}; COMMIT;")
        except sqlite3.Error:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise
