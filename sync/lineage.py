"""Which earlier file was this one made from? Read from what the files contain, since nothing else can be trusted.

Two clerks who each fill their own copy of one issued workbook use the same preprinted numbers for different rows, and
send counters count in each copy anew. So a file descends from an earlier one only if it contains what that one added.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sync.cells import said_columns
from sync.records import (
    Incoming,
    RowKey,
    Snapshot,
    StoredRow,
    Submission,
    SubmissionStatus,
    Values,
    clean,
    filled,
    likeness,
    moment,
    natural_key,
)
from xingzhi.columns import Table
from xingzhi.rows import Row, unit_values


def base_of(before: Submission | None, issued: Snapshot) -> Snapshot:
    """The base of the merge: the predecessor's rows, else what was issued. `issued` is as of the file's base run."""
    return Snapshot.submitted(before.rows, issued.office) if before else issued


def predecessor(
    incoming: Incoming, earlier: Sequence[Submission], *, issued: Snapshot, tables: Sequence[Table]
) -> Submission | None:
    """The latest of the unit's merged submissions (`earlier`, in the order of merging) that the file descends from.

    Only files of the same issue run are considered. One that holds less than half as much of this file as another
    does is passed over: a blank copy, or one that shares a row by chance, is contained in everything. Under another
    name, all that a candidate says must be borne out: two clerks often begin with the same people, or both go on from
    one month's file. Taking a second copy for a successor would lose rows; taking a successor for a second copy at
    worst keeps a row that was meant to go.
    """
    rows = _rows(incoming, tables)
    present = {row.table for row in rows}
    contents = _contents(incoming, rows, tables)
    versions: dict[RowKey, list[Values]] = defaultdict(list)
    shares = []
    for each in earlier:
        if not _was_merged(each) or each.base_run != incoming.base_run:
            continue
        told = [(row, before) for row in each.rows if not _is_as_issued(row, before := _before(row, issued, versions))]
        in_place = each.path == incoming.path or (not incoming.path and each.path.rpartition("/")[2] == incoming.name)
        share = _share(rows, each.rows, issued, tables, in_place=in_place)
        if in_place:
            # A table that was emptied as a whole is asked about (M105), and no sign of another workbook.
            kept = [row for row in each.rows if row.table in present]
            part = _share(rows, kept, issued, tables, in_place=True)
            descends = share.descends or (bool(kept) and part.descends) or share.corrected or part.corrected
        else:
            descends = share.descends and contents.bears_out(told)
        for row in each.rows:
            versions[(row.table, row.record)].append(clean(row.values))
        if descends:
            shares.append((each, share))
    most = max((share.contained for _, share in shares), default=0)
    return next((each for each, share in reversed(shares) if share.contained * 2 >= most), None)


def is_older(
    incoming: Incoming, earlier: Sequence[Submission], *, issued: Snapshot, tables: Sequence[Table]
) -> Submission | None:
    """The merged submission that descends from this file and is newer, by send counter and modified property, or None.

    Such a file is reported (F109 with `other`) and not merged, so all that it says must be contained in the newer one.
    A file that only took issued rows away is not older than one that has them.
    """
    rows = _rows(incoming, tables)
    mine = {(row.table, row.record) for row in rows}
    fresh = any(clean(issued.rows.get((row.table, row.record), {})) != row.values for row in rows)
    for each in reversed(earlier):
        if not _was_merged(each) or each.base_run != incoming.base_run or not _is_newer(each, incoming):
            continue
        contents = _Contents(each.rows, tables)
        removed = any(key in issued.rows and key not in mine for key in ((row.table, row.record) for row in each.rows))
        if (fresh or not removed) and all(contents.holds(row, _before(row, issued, {})) for row in rows):
            return each
    return None


@dataclass(frozen=True, slots=True)
class _Share:
    """Of the rows that a file added or changed (`total`), how many another contains, how many it has as others, and
    how many it has with another natural key but otherwise much the same (`alike`)."""

    total: int = 0
    contained: int = 0
    contradicted: int = 0
    alike: int = 0

    @property
    def corrected(self) -> bool:
        """At the same place, rows much the same under their numbers are the same rows with a name or title mended."""
        return self.alike > 0 and not self.contradicted and (self.contained + self.alike) * 2 >= self.total

    @property
    def descends(self) -> bool:
        """At least half is contained. Other rows under the same numbers, in earnest, speak against it: two clerks
        often begin with the same few people."""
        return self.contained * 2 >= self.total and self.contradicted * 4 <= self.contained


class _Contents:
    """The rows of a file by number and by natural key. `said` are the columns that it has, where that is known."""

    def __init__(
        self, rows: Iterable[StoredRow], tables: Sequence[Table], said: Mapping[str, frozenset[str]] | None = None
    ) -> None:
        self._tables = {table.key: table for table in tables}
        references = [column.reference for table in tables for column in table.columns if column.reference]
        self._names = {each.table: each.column for each in references}
        self._said = said or {}
        self._by_number: dict[tuple[str, str], list[StoredRow]] = defaultdict(list)
        self._by_key: dict[tuple[str, tuple[str, ...]], list[StoredRow]] = defaultdict(list)
        for row in rows:
            if row.table not in self._tables:
                continue
            if row.number:
                self._by_number[(row.table, row.number)].append(row)
            self._by_key[(row.table, self._identity(row))].append(row)

    def same(self, row: StoredRow) -> list[StoredRow]:
        """The rows under the same number (any, where it has none) with the same natural key, or content without one."""
        if not row.number:
            return self.anywhere(row)
        return [each for each in self.numbered(row) if self._identity(each) == self._identity(row)]

    def anywhere(self, row: StoredRow) -> list[StoredRow]:
        """The rows with the same natural key, or content without one, under whatever number."""
        return self._by_key.get((row.table, self._identity(row)), [])

    def numbered(self, row: StoredRow) -> list[StoredRow]:
        """The rows under the same number."""
        return self._by_number.get((row.table, row.number), []) if row.number else []

    def bears_out(self, told: Sequence[tuple[StoredRow, Sequence[Values]]]) -> bool:
        """Whether the file was made from one that says these rows, each with the versions before it.

        All must stand here. A row that is absent was removed only if two tables agree wholly, and half of its own
        does: a list of people alone is often shared. Another row under its number never is a sign of descent.
        """
        total = Counter(row.table for row, _ in told if row.table in self._tables)
        missing: Counter[str] = Counter()
        for row, before in told:
            if not self.holds(row, before):
                if self.numbered(row) or self.same(row):
                    return False
                missing[row.table] += 1
        enough = len(total) - len(missing) >= 2 and all(count * 2 <= total[table] for table, count in missing.items())
        return not missing or enough

    def holds(self, row: StoredRow, before: Sequence[Values]) -> bool:
        """Whether nothing that this row says is lost here, given the versions of the record `before` it.

        Another natural key under its number is another row, unless other tables still refer to it by the same name or
        what was blank was filled in. Cells may have been corrected since, but one that stands as in a version before
        says that the file was made from that version.
        """
        if row.table not in self._tables or _is_as_issued(row, before):
            return True
        values = clean(row.values)
        columns = {*values, *(key for each in before for key in each)}
        columns &= self._said.get(row.table, columns)
        first = [key for key in columns if all(values.get(key) != each.get(key) for each in before)]
        return any(
            self._is_same(each, row)
            and _agreeing(each, row, first) * 2 >= len(first)
            and not any(_is_undone(key, row, each, before) for key in columns)
            for each in (self.numbered(row) or self.same(row))
        )

    def _is_same(self, newer: StoredRow, older: StoredRow) -> bool:
        name = self._names.get(older.table, "")
        named = filled(older.values.get(name)) and newer.values.get(name) == older.values.get(name)
        whole = _agreeing(newer, older, clean(older.values)) == len(clean(older.values))
        return named or whole or self._identity(newer) == self._identity(older)

    def _identity(self, row: StoredRow) -> tuple[str, ...]:
        key = natural_key(row.values, self._tables[row.table])
        return key or tuple(f"{key}={value!r}" for key, value in sorted(clean(row.values).items()))


def _contents(incoming: Incoming, rows: Iterable[StoredRow], tables: Sequence[Table]) -> _Contents:
    said = {table.key: said_columns(incoming.rows.get(table.key, ()), table) for table in tables}
    return _Contents(rows, tables, said)


def _before(row: StoredRow, issued: Snapshot, versions: Mapping[RowKey, Sequence[Values]]) -> list[Values]:
    """The record as it was issued, blank where it was not, and what earlier files made of it."""
    key = (row.table, row.record)
    return [clean(issued.rows.get(key, {})), *versions.get(key, ())]


def _share(
    newer: Iterable[StoredRow],
    older: Iterable[StoredRow],
    issued: Snapshot,
    tables: Sequence[Table],
    *,
    in_place: bool,
) -> _Share:
    """How much of what the older file added to the issued rows, or changed in them, stands in the newer one.

    One that lies at its place may have been sorted without its numbers, or have lost them: there a row counts wherever
    it stands, and what took its number contradicts it only if it is new.
    """
    older = tuple(older)
    known = {table.key for table in tables}
    contents, before_it = _Contents(newer, tables), _Contents(older if in_place else (), tables)
    total = contained = contradicted = alike = 0
    for row in older:
        before = clean(issued.rows.get((row.table, row.record), {}))
        values = clean(row.values)
        if row.table not in known or values == before:
            continue
        total += 1
        same = contents.same(row) or (contents.anywhere(row) if in_place else [])
        if not before:
            contained += bool(same)
            there = contents.numbered(row) if not same else []
            others = [_is_other(values, each) for each in there if not before_it.anywhere(each)]
            contradicted += any(others)
            alike += bool(others) and not any(others)
        else:
            # Every copy has the issued row under its number: it is the changed cells that must stand there.
            changed = [key for key in before | values if before.get(key) != values.get(key)]
            contained += any(_agreeing(each, row, changed) * 2 >= len(changed) for each in same)
    return _Share(total, contained, contradicted, alike)


def _is_as_issued(row: StoredRow, before: Sequence[Values]) -> bool:
    """Whether the row is the issued one, which nobody had changed before: that says nothing."""
    return all(clean(row.values) == each for each in before)


def _is_undone(key: str, older: StoredRow, newer: StoredRow, before: Sequence[Values]) -> bool:
    """Whether a cell of the newer row stands as it did before the older one changed it."""
    now = clean(newer.values).get(key)
    return now != clean(older.values).get(key) and any(now == each.get(key) for each in before)


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
