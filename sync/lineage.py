"""Which earlier file was this one made from? Read from what the files contain, since nothing else can be trusted.

Two clerks who each fill their own copy of one issued workbook use the same preprinted numbers for different rows, and
send counters count in each copy anew. So a file descends from an earlier one only if it contains what that one added.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sync.records import (
    Incoming,
    Snapshot,
    StoredRow,
    Submission,
    SubmissionStatus,
    Values,
    clean,
    likeness,
    moment,
    natural_key,
)
from xingzhi.columns import Table
from xingzhi.rows import Row, encode, unit_values


def base_for(
    incoming: Incoming, earlier: Sequence[Submission], *, issued: Snapshot, tables: Sequence[Table]
) -> Snapshot:
    """The base of the merge: the predecessor's rows, else what was issued. `issued` is as of the file's base run."""
    found = predecessor(incoming, earlier, issued=issued, tables=tables)
    return Snapshot.submitted(found.rows, issued.office) if found else issued


def predecessor(
    incoming: Incoming, earlier: Sequence[Submission], *, issued: Snapshot, tables: Sequence[Table]
) -> Submission | None:
    """The latest of the unit's merged submissions (`earlier`, in the order of merging) that the file descends from.

    Only files of the same issue run are considered. One that holds less than half as much of this file as another
    does is passed over: a blank copy, or one that shares a row by chance, is contained in everything. Under another
    name, what a candidate itself was the first to say must be contained too: two clerks who both go on from one
    month's file agree on all of that month, and on nothing since.
    """
    rows = _rows(incoming, tables)
    present = {row.table for row in rows}
    said: set[tuple[str, str, str]] = set()
    shares = []
    for each in earlier:
        if not _was_merged(each) or each.base_run != incoming.base_run:
            continue
        own = [row for row in each.rows if _saying(row) not in said]
        said |= {_saying(row) for row in each.rows}
        share = _share(rows, each.rows, issued, tables)
        if each.path.rpartition("/")[2] == incoming.name:
            # A table that was emptied as a whole is asked about (M105), and no sign of another workbook.
            kept = [row for row in each.rows if row.table in present]
            descends = share.descends or (bool(kept) and _share(rows, kept, issued, tables).descends)
        else:
            descends = share.descends and _share(rows, own, issued, tables).descends
        if descends:
            shares.append((each, share))
    most = max((share.contained for _, share in shares), default=0)
    return next((each for each, share in reversed(shares) if share.contained * 2 >= most), None)


def is_older(
    incoming: Incoming, earlier: Sequence[Submission], *, issued: Snapshot, tables: Sequence[Table]
) -> Submission | None:
    """The merged submission that descends from this file and is newer, by send counter and modified property, or None.

    Such a file is reported (F109 with `other`) and not merged. A file that only took issued rows away is not older
    than one that has them.
    """
    rows = _rows(incoming, tables)
    mine = {(row.table, row.record) for row in rows}
    for each in reversed(earlier):
        if not _was_merged(each) or each.base_run != incoming.base_run or not _is_newer(each, incoming):
            continue
        share = _share(each.rows, rows, issued, tables)
        removed = any(key in issued.rows and key not in mine for key in ((row.table, row.record) for row in each.rows))
        if share.descends and (share.total or not removed):
            return each
    return None


@dataclass(frozen=True, slots=True)
class _Share:
    """Of the rows that a file added or changed (`total`), how many another contains, and how many it has as others."""

    total: int = 0
    contained: int = 0
    contradicted: int = 0

    @property
    def descends(self) -> bool:
        """At least half is contained. Other rows under the same numbers, in earnest, speak against it: two clerks
        often begin with the same few people."""
        return self.contained * 2 >= self.total and self.contradicted * 4 <= self.contained


class _Contents:
    """The rows of a file by number and by natural key."""

    def __init__(self, rows: Iterable[StoredRow], tables: dict[str, Table]) -> None:
        self._tables = tables
        self._by_number: dict[tuple[str, str], list[StoredRow]] = defaultdict(list)
        self._by_key: dict[tuple[str, tuple[str, ...]], list[StoredRow]] = defaultdict(list)
        for row in rows:
            if row.number:
                self._by_number[(row.table, row.number)].append(row)
            self._by_key[(row.table, self._identity(row))].append(row)

    def same(self, row: StoredRow) -> list[StoredRow]:
        """The rows under the same number (any, where it has none) with the same natural key, or content without one."""
        if not row.number:
            return self._by_key.get((row.table, self._identity(row)), [])
        return [each for each in self.numbered(row) if self._identity(each) == self._identity(row)]

    def numbered(self, row: StoredRow) -> list[StoredRow]:
        """The rows under the same number."""
        return self._by_number.get((row.table, row.number), []) if row.number else []

    def _identity(self, row: StoredRow) -> tuple[str, ...]:
        key = natural_key(row.values, self._tables[row.table])
        return key or tuple(f"{key}={value!r}" for key, value in sorted(clean(row.values).items()))


def _share(newer: Iterable[StoredRow], older: Iterable[StoredRow], issued: Snapshot, tables: Sequence[Table]) -> _Share:
    """How much of what the older file added to the issued rows, or changed in them, stands in the newer one."""
    known = {table.key: table for table in tables}
    contents = _Contents((row for row in newer if row.table in known), known)
    total = contained = contradicted = 0
    for row in older:
        before = clean(issued.rows.get((row.table, row.record), {}))
        values = clean(row.values)
        if row.table not in known or values == before:
            continue
        total += 1
        same = contents.same(row)
        if not before:
            contained += bool(same)
            contradicted += not same and any(_is_other(values, each) for each in contents.numbered(row))
        else:
            # Every copy has the issued row under its number: it is the changed cells that must stand there.
            changed = [key for key in before | values if before.get(key) != values.get(key)]
            contained += any(_agreeing(each, row, changed) * 2 >= len(changed) for each in same)
    return _Share(total, contained, contradicted)


def _saying(row: StoredRow) -> tuple[str, str, str]:
    return (row.table, row.number, encode(row.values))


def _agreeing(one: StoredRow, other: StoredRow, keys: Iterable[str]) -> int:
    return sum(1 for key in keys if clean(one.values).get(key) == clean(other.values).get(key))


def _is_other(values: Values, row: StoredRow) -> bool:
    return likeness(row.values, values) * 2 < len(values)


def _was_merged(submission: Submission) -> bool:
    """A superseded file without rows is one that came too late (F109): never merged, so nothing is based on it."""
    superseded = submission.status is SubmissionStatus.SUPERSEDED and bool(submission.rows)
    return superseded or submission.status is SubmissionStatus.ACCEPTED


def _is_newer(submission: Submission, incoming: Incoming) -> bool:
    if submission.send != incoming.send:
        return submission.send > incoming.send
    known = submission.modified is not None and incoming.modified is not None
    return known and moment(submission.modified) > moment(incoming.modified)


def _rows(incoming: Incoming, tables: Sequence[Table]) -> tuple[StoredRow, ...]:
    """A file's rows before they were given records: by the numbers that they bear."""
    pairs: Iterable[tuple[Table, Row]] = ((t, row) for t in tables for row in incoming.rows.get(t.key, ()))
    stored = (StoredRow(t.key, row.record, row.record, clean(unit_values(row, t))) for t, row in pairs)
    return tuple(row for row in stored if row.values)
