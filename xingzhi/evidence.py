"""Evidence: a unit's records, by which day each is judged, and what they come to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from xingzhi.requirements import Paper, Rating, RoleCount, RowSet
from xingzhi.rows import Row, RowsByTable
from xingzhi.spans import Span

STOPPED = "stopped"
"""The state of a project that owes nothing more."""


@dataclass(frozen=True)
class UnitRecords:
    """A unit's rows by table, and the day on which the office first received each record, where it is known."""

    unit: str
    rows: RowsByTable = field(default_factory=dict)
    receipts: Mapping[str, date] = field(default_factory=dict)

    def table(self, key: str) -> tuple[Row, ...]:
        """The rows of one table; none where the unit has sent none."""
        return tuple(self.rows.get(key, ()))


class Step(StrEnum):
    """What a document waits for."""

    SUBMIT = "submit"
    MEND = "mend"
    COMPLETE = "complete"
    APPROVE = "approve"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class PaperStanding:
    """How a wanted document stands: whether some version of it counts, its latest version (None where there is none),
    what that version waits for (None: nothing), and which required contents that version lacks."""

    paper: Paper
    fulfilled: bool
    latest: Row | None
    step: Step | None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RatingStanding:
    """How many of the things that one rating asks for have been rated."""

    rating: Rating
    done: int
    need: int


@dataclass(frozen=True, slots=True)
class Lacking:
    """A row that would count but for blank `columns`; `name` is its code or its title, else its record number."""

    record: str
    name: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fulfilment:
    """`done` of `need` (at most `limit`), whether that suffices, and whether it did so on time.

    `submitted` is when the unit says that it was done, `received` when the office first had the record of it, and
    `settled` the day by which the whole is judged.
    `short` lists each role of a composition that is not held as asked, with the number who hold it; `holders` names
    who hold each role, fit for it or not. `papers` and `ratings` tell how each document and each rating stands.
    `waiting` is true where the unit has done its part in time, and only the approval or filing by others is awaited.
    `records` are the numbers of the records that count, `lacking` the rows that would count but for something blank.
    """

    done: int
    need: int
    limit: int | None
    met: bool
    on_time: bool
    submitted: date | None = None
    received: date | None = None
    settled: date | None = None
    short: tuple[tuple[RoleCount, int], ...] = ()
    holders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    papers: tuple[PaperStanding, ...] = ()
    ratings: tuple[RatingStanding, ...] = ()
    waiting: bool = False
    records: tuple[str, ...] = ()
    lacking: tuple[Lacking, ...] = ()


@dataclass(frozen=True, order=True, slots=True)
class Evidence:
    """One row that counts: the day by which it is judged (`date.max` where no one can tell), then its place in the sheet."""

    decisive: date
    number: int
    submitted: date | None = field(compare=False)
    received: date | None = field(compare=False)
    record: str = field(compare=False)


def effective(span: Span, day: date, received: date | None) -> date:
    """The day by which something done on `day` is judged: that day, unless the office heard of it far too late."""
    in_time = span.on_time_until is None or day <= span.on_time_until
    if in_time and received and span.recorded_until and received > span.recorded_until:
        return received
    return day


def takes_part(project: Row, levels: Collection[str]) -> bool:
    """Whether a project that has its code is of one of the levels and has not been stopped."""
    code, level, state = (project.text(key) for key in ("code", "level", "state"))
    return bool(code) and level in levels and state != STOPPED


def of_subject(rows: Iterable[Row], column: str, subject: Row | None) -> Iterable[Row]:
    """The rows of one project, or all of them where the unit itself is the subject."""
    if subject is None:
        return rows
    code = subject.text("code")
    return (row for row in rows if row.text(column) == code)


def qualifies(row: Row, counts: RowSet) -> bool:
    """Whether a row is of the set, whenever it is dated."""
    return matches(row, counts) and not blanks(row, counts)


def matches(row: Row, counts: RowSet) -> bool:
    """Whether a row holds the choices that count, whatever else it holds."""
    return all(set(row.keys(column)) & set(keys) for column, keys in counts.where.items())


def blanks(row: Row, counts: RowSet) -> tuple[str, ...]:
    """The columns that must hold something for a row to count, and are blank."""
    wanted = [*counts.filled, *(then for first, then in counts.if_filled.items() if row.text(first))]
    return tuple(column for column in dict.fromkeys(wanted) if not row.text(column))


def numbers(rows: Iterable[Row]) -> tuple[str, ...]:
    """The record numbers of the rows that have one."""
    return tuple(row.record for row in rows if row.record)
