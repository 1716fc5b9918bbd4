"""A unit that sorts, inserts, copies and pastes rows keeps the identity of its records."""

from __future__ import annotations

from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.desk import Desk, Merged
from support.sheet_work import (
    TABLES,
    clear_a_number,
    copy_a_row,
    delete_a_row,
    filled_sheets,
    paste_over_a_row,
    sort_beside_numbers,
    sort_rows,
    worked_on,
)

from sync.actions import Insert
from sync.records import LedgerRow, Status, Values
from xingzhi.columns import Table

OFTEN = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def key_of(values: Values, table: Table) -> tuple[object, ...]:
    return tuple(values.get(key) for key in table.natural_key)


def is_stranger(values: Values, approved: Values, table: Table) -> bool:
    """Whether every column of the natural key differs, of a row that has one."""
    pairs = [(mine, theirs) for mine, theirs in zip(key_of(values, table), key_of(approved, table), strict=True)]
    known = any(theirs for _, theirs in pairs)
    named = any(mine for mine, _ in pairs)
    return known and named and all(mine is None or mine != theirs for mine, theirs in pairs)


def held(merged: Merged, record: str) -> LedgerRow:
    return merged.after.rows[(merged.table.key, record)]


def content(values: Values) -> tuple[tuple[str, object], ...]:
    return tuple(sorted(values.items()))


@st.composite
def stories(draw: st.DrawFn) -> Desk:
    """A sheet that is filled and sent, and then worked on and sent again, once or more often.

    In between the office approves rows, and sends a workbook back in which they are printed.
    """
    desk = Desk(draw(st.sampled_from(TABLES)))
    lines = draw(filled_sheets(desk.table))
    desk.receive(lines)
    for _ in range(draw(st.integers(1, 3))):
        if active := desk.active():
            desk.approve(draw(st.lists(st.sampled_from(active), unique=True)))
        if draw(st.booleans()):
            lines = desk.issue()
        lines = draw(worked_on(lines, desk.table))
        desk.receive(lines)
    return desk


@OFTEN
@given(stories())
def test_each_line_is_a_record_of_its_own_and_stands_in_it(desk: Desk) -> None:
    for merged in desk.merges:
        records = [record for _, _, record in merged.filled]
        assert len(records) == len({*records}) == sum(1 for line in merged.lines if line.values)
        for line, _, record in merged.filled:
            row, base = held(merged, record), merged.base.get(record, {})
            before = merged.before.rows[row.key].values if row.key in merged.before.rows else {}
            assert row.status is Status.ACTIVE or (line.values == base and not merged.goes_on)
            if before == base:
                assert row.values == line.values
            # A file that does not know what the ledger has takes back nothing of it.
            for key in {*row.values, *line.values}:
                assert line.values.get(key) in (row.values.get(key), base.get(key), None)


@OFTEN
@given(stories())
def test_what_no_line_holds_waits_or_is_told(desk: Desk) -> None:
    for merged in desk.merges:
        taken = {record for _, _, record in merged.filled}
        told = {(found.code, found.record) for found in merged.plan.findings}
        replaced = {found.value for found in merged.plan.findings if found.code == "M106"}
        for key, before in merged.before.rows.items():
            after, record = merged.after.rows[key], key[1]
            if record in taken:
                continue
            assert after.values == before.values
            if record in replaced:
                assert after.status is Status.WITHDRAWN and key in merged.before.office
            elif record not in merged.base or before.status is not Status.ACTIVE:
                assert after.status is before.status
            elif merged.plan.refused:
                assert after.status is Status.ACTIVE and told == {("M105", "")}
            else:
                assert after.status is Status.MISSING and ("M102", record) in told


@OFTEN
@given(stories())
def test_no_approval_comes_to_a_stranger(desk: Desk) -> None:
    for merged in desk.merges:
        assert merged.after.office == merged.before.office
        for key in merged.before.office:
            assert not is_stranger(merged.after.rows[key].values, merged.before.rows[key].values, merged.table)


def pinned(merged: Merged) -> dict[int, str]:
    """The lines, by their place among the filled ones, that bear the number of a record and its whole natural key."""
    return {
        place: bears
        for place, (line, bears, _) in enumerate(merged.filled)
        if bears in merged.base
        and any(key_of(line.values, merged.table))
        and key_of(line.values, merged.table) == key_of(merged.base[bears], merged.table)
    }


@OFTEN
@given(stories())
def test_a_number_and_a_natural_key_together_are_the_record(desk: Desk) -> None:
    for merged in desk.merges:
        became = [record for _, _, record in merged.filled]
        for record in {*pinned(merged).values()}:
            assert record in [became[place] for place, bears in pinned(merged).items() if bears == record]


@OFTEN
@given(stories())
def test_a_row_that_could_not_keep_its_number_is_told(desk: Desk) -> None:
    for merged in desk.merges:
        told = {(found.record, found.value) for found in merged.plan.findings if found.code in ("M103", "M106")}
        for line, bears, record in merged.filled:
            owner = merged.before.rows.get((merged.table.key, bears))
            withdrawn = owner is not None and owner.status is Status.WITHDRAWN
            if bears in merged.base and (merged.table.key, record) not in merged.before.rows and not withdrawn:
                assert {(record, line.number), (record, bears)} & told


@OFTEN
@given(stories())
def test_what_stands_unchanged_anywhere_in_the_sheet_changes_nothing(desk: Desk) -> None:
    for merged in desk.merges:
        fixed = pinned(merged)
        free = Counter(content(line.values) for n, (line, _, _) in enumerate(merged.filled) if n not in fixed)
        open_ = {record: content(values) for record, values in merged.base.items() if record not in fixed.values()}
        for each, count in Counter(open_.values()).items():
            kept = [
                record
                for line, _, record in merged.filled
                if open_.get(record) == each and content(line.values) == each
            ]
            assert len(kept) >= min(count, free[each])


@OFTEN
@given(stories())
def test_changes_are_what_the_unit_changed_and_nothing_else(desk: Desk) -> None:
    for merged in desk.merges:
        became = {record: line.values for line, _, record in merged.filled}
        for action in merged.plan.effects:
            record, before = action.after.record, action.before.values if not isinstance(action, Insert) else {}
            if record in became and merged.base.get(record) == before:
                after = became[record]
                differing = {key for key in {*before, *after} if before.get(key) != after.get(key)}
                told = {cell.column: (cell.before, cell.after) for cell in action.changes}
                assert told == {key: (before.get(key), after.get(key)) for key in differing}
                assert told or action.kind == "restored"
            if record in merged.base:
                assert action.kind != "inserted"


@OFTEN
@given(stories())
def test_the_same_sheet_again_changes_nothing(desk: Desk) -> None:
    last = desk.merges[-1]
    again = desk.receive(last.lines)
    assert again.plan.effects == ()
    assert {each: line.values for line, _, each in again.filled} == {each: line.values for line, _, each in last.filled}


MOVING = (sort_rows, sort_beside_numbers, clear_a_number, delete_a_row)
COPYING = (sort_rows, clear_a_number, copy_a_row, paste_over_a_row, delete_a_row)
"""A copy that was sorted onto another row's number cannot be told from that row, rewritten."""


@st.composite
def moved_rows(draw: st.DrawFn) -> Desk:
    """A sheet whose rows all differ, and the same after its rows were moved, copied and deleted, none changed."""
    desk = Desk(draw(st.sampled_from(TABLES)))
    sheet = draw(filled_sheets(desk.table, distinct=True))
    desk.receive(sheet)
    desk.receive(draw(worked_on(sheet, desk.table, draw(st.sampled_from((MOVING, COPYING))))))
    return desk


@OFTEN
@given(moved_rows())
def test_rows_that_only_moved_were_copied_or_were_deleted_are_told_apart(desk: Desk) -> None:
    """Whatever became of the numbers: no row is taken for changed, and each that is gone or new is counted."""
    before, after = desk.merges
    first = {content(line.values): record for line, _, record in before.filled}
    counted = Counter(content(line.values) for line, _, _ in after.filled)
    # Where most rows are gone, the file is taken for another copy, and nothing is missed in it.
    if len(counted) * 2 >= len(first):
        assert after.goes_on
        effects = Counter((action.kind, content(action.after.values)) for action in after.plan.effects)
        gone = {("missing", each): 1 for each in first if each not in counted}
        assert effects == Counter(gone | {("inserted", each): count - 1 for each, count in counted.items()})
        assert {first[each] for each in counted} <= {record for _, _, record in after.filled}
