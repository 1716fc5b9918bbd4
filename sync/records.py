"""What sync works on, as values: rows as the ledger holds them, files as they came in, and bases to compare with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum

from xingzhi.columns import Table
from xingzhi.findings import Finding
from xingzhi.rows import RowsByTable, Value, stored_text

RowKey = tuple[str, str]
"""(table key, record number): one row of one unit."""

Values = Mapping[str, Value]
"""What the unit wrote in a row (see `xingzhi.rows.unit_values`); a blank cell may be left out."""


class Status(StrEnum):
    """The state of a row. A missing one (待确认) vanished from its file and waits for a word from the unit."""

    ACTIVE = "active"
    MISSING = "missing"
    WITHDRAWN = "withdrawn"


class SubmissionStatus(StrEnum):
    """What became of a file."""

    ACCEPTED = "accepted"
    SUPERSEDED = "superseded"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One row of one unit as the ledger holds it. `values` leaves blanks out; `number` is its row in `sheet`."""

    programme: str
    unit: str
    table: str
    record: str
    values: Values
    status: Status = Status.ACTIVE
    file: str = ""
    sheet: str = ""
    number: int = 0
    cells: Mapping[str, str] = field(default_factory=dict)
    invalid: frozenset[str] = frozenset()
    first_received: date | None = None

    @property
    def key(self) -> RowKey:
        """(table, record)."""
        return (self.table, self.record)


@dataclass(frozen=True, slots=True)
class StoredRow:
    """A row of a submission: `number` stands in the file ('' for none), `record` is the row that it was merged into."""

    table: str
    number: str
    record: str
    values: Values


@dataclass(frozen=True, slots=True)
class Submission:
    """One file that a unit sent. `path` is relative to the office's folder; `explanations` are what it says of findings,
    by their keys, blanks left out. The `rows` of a rejected one were never merged: they are what could be read of it.
    """

    programme: str
    unit: str
    path: str
    sha256: str
    received: date
    run: int
    status: SubmissionStatus
    content_hash: str = ""
    send: int = 0
    base_run: int = 0
    modified: datetime | None = None
    rows: tuple[StoredRow, ...] = ()
    findings: tuple[Finding, ...] = ()
    explanations: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Incoming:
    """One parsed file that is to be merged. A table that `rows` has not was not in the file: nothing is said of it.

    `path` is where it lies, relative to the office's folder; `name` is its last part.
    """

    programme: str
    unit: str
    name: str
    rows: RowsByTable
    received: date
    base_run: int = 0
    send: int = 0
    modified: datetime | None = None
    path: str = ""

    @property
    def order(self) -> tuple[int, date, datetime, str]:
        """Files are merged in this order, so that the newest wins: never by the file's own time."""
        return (self.send, self.received, moment(self.modified), self.name)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The rows that a file was made from.

    `numbers` maps the number that stood in that file to the record, where they differ: a preprinted number that
    two copies used for two rows. `office` has the office's values as they were printed into the workbook.
    """

    rows: Mapping[RowKey, Values] = field(default_factory=dict)
    numbers: Mapping[RowKey, str] = field(default_factory=dict)
    office: Mapping[RowKey, Values] = field(default_factory=dict)

    def of(self, table: str) -> dict[str, Values]:
        """The rows of one table by record number."""
        return {record: values for (key, record), values in self.rows.items() if key == table}

    @classmethod
    def issued(cls, rows: Iterable[LedgerRow], office: Mapping[RowKey, Values] | None = None) -> Snapshot:
        """What `issue` printed: the ledger's active rows as of that run, with the office's values."""
        shown = (row for row in rows if row.status is Status.ACTIVE)
        return cls(rows={row.key: row.values for row in shown}, office=office or {})

    @classmethod
    def submitted(cls, rows: Iterable[StoredRow], office: Mapping[RowKey, Values] | None = None) -> Snapshot:
        """What an earlier file said. `office` still is what was issued: a unit's file never speaks for the office."""
        numbers: dict[RowKey, str] = {}
        values: dict[RowKey, Values] = {}
        for row in rows:
            values[(row.table, row.record)] = row.values
            if row.number and (row.number == row.record or (row.table, row.number) not in numbers):
                numbers[(row.table, row.number)] = row.record
        return cls(rows=values, numbers=numbers, office=office or {})


@dataclass(frozen=True, slots=True)
class Current:
    """The unit's rows in the ledger, whatever their status, and the office's values on them."""

    rows: Mapping[RowKey, LedgerRow] = field(default_factory=dict)
    office: Mapping[RowKey, Values] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[LedgerRow], office: Mapping[RowKey, Values] | None = None) -> Current:
        """The rows under their keys."""
        return cls(rows={row.key: row for row in rows}, office=office or {})

    def has_office_values(self, key: RowKey) -> bool:
        """Whether the office wrote anything on this row."""
        return any(filled(value) for value in self.office.get(key, {}).values())


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell that changed; `column` is `+header` for a column of the unit's own."""

    column: str
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class Change:
    """One line of 数据变动. `column` is empty where the row as a whole came or went; the values are text."""

    programme: str
    unit: str
    table: str
    record: str
    column: str
    kind: str
    before: str = ""
    after: str = ""
    file: str = ""


def filled(value: Value) -> bool:
    """Whether a cell holds anything."""
    return value not in (None, "", ())


def clean(values: Values) -> dict[str, Value]:
    """Values without the blanks, so that equal rows are equal."""
    return {key: value for key, value in values.items() if filled(value)}


def natural_key(values: Values, table: Table) -> tuple[str, ...]:
    """The natural key as text; () where no part of it is filled, since a blank key identifies nothing."""
    parts = tuple(stored_text(values.get(key)) for key in table.natural_key)
    return parts if any(parts) else ()


def likeness(one: Values, other: Values) -> int:
    """How many filled cells two rows have in common."""
    return sum(1 for key, value in one.items() if filled(value) and other.get(key) == value)


def moment(when: datetime | None) -> datetime:
    """A time that compares with every other: without zone, in UTC, the earliest where unknown."""
    if when is None:
        return datetime.min
    return when if when.tzinfo is None else when.astimezone(UTC).replace(tzinfo=None)
