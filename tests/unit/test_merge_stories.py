"""Merging several files one after the other: whole stories, and what holds of every file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.codes import covers
from support.merging import (
    codes,
    incoming,
    kinds,
    ledger,
    merge,
    merge_all,
    names,
    number,
    person,
    report,
    row,
    snapshot,
)

from sync.actions import Keep, apply, changes
from sync.records import Current, Incoming, Snapshot, Status
from workbook_templates.tables.projects import PROJECTS
from workbook_templates.tables.reports import REPORTS
from xingzhi.findings import Finding
from xingzhi.rows import Row


def titles(current: Current) -> list[str]:
    reports = (each for each in current.rows.values() if each.table == "reports" and each.status is Status.ACTIVE)
    return sorted(str(each.values["title"]) for each in reports)


def test_two_copies_of_one_workbook_both_count() -> None:
    issued = [person(1, "韦青", post="科员"), person(2, "覃明", post="科员")]
    first = incoming(person(1, "韦青", post="股长"), issued[1], person(3, "陆川"), person(4, "黄河"), name="甲.xlsx")
    second = incoming(
        person(1, "韦青", post="主任"), issued[1], person(3, "莫山"), person(4, "梁海"), person(5, "罗江")
    )
    current, plans, _ = merge_all([first, second], snapshot(*issued), ledger(*issued))
    assert names(current) == sorted(["韦青", "覃明", "陆川", "黄河", "莫山", "梁海", "罗江"])
    findings = [found for result in plans for found in result.findings]
    assert [(found.code, found.record) for found in findings] == [("M101", number(1))]


def test_a_title_corrected_in_the_file_where_it_stood_is_the_same_row() -> None:
    cells = {"kind": "news", "author": "韦青"}
    files = [
        incoming(report(1, "2026-06", "启动侧计", **cells), name="甲.xlsx"),
        incoming(report(1, "2026-06", "启动侧记", **cells), name="甲.xlsx"),
    ]
    current, plans, _ = merge_all(files, snapshot(), ledger())
    assert titles(current) == ["启动侧记"]
    assert [kinds(result) for result in plans] == [["inserted"], ["updated"]]


def test_two_clerks_who_go_on_from_one_months_file_both_count() -> None:
    july = (person(1, "韦青"), person(2, "覃明"))
    files = [
        incoming(*july, name="甲.xlsx"),
        incoming(*july, person(3, "陆川"), name="甲.xlsx"),
        incoming(*july, person(3, "莫山"), name="乙.xlsx"),
    ]
    current, plans, _ = merge_all(files, snapshot(), ledger())
    assert names(current) == sorted(["韦青", "覃明", "陆川", "莫山"])
    assert [found.code for result in plans for found in result.findings] == []


@pytest.mark.parametrize("reverse", [False, True])
def test_two_clerks_who_typed_the_same_people_both_count(reverse: bool) -> None:
    """Three people of four rows are the same: the second copy is no newer version, and its report no new title."""

    def copy(name: str, phone: str, title: str) -> Incoming:
        people = (person(1, "韦青", phone=phone), person(2, "覃明"), person(3, "陆川"))
        return incoming(*people, report(1, "2026-06", title, kind="news"), name=name)

    files = [copy("甲.xlsx", "13900000001", "甲的信息"), copy("乙.xlsx", "13811112222", "乙的信息")]
    current, plans, _ = merge_all(files[::-1] if reverse else files, snapshot(), ledger())
    assert titles(current) == ["乙的信息", "甲的信息"]
    assert names(current) == sorted(["韦青", "覃明", "陆川"])
    assert [codes(result) for result in plans] == [[], ["M101"]]


def test_part_books_of_the_same_people_ask_for_nothing() -> None:
    people = [person(serial, name) for serial, name in enumerate(("韦青", "覃明", "陆川"), 1)]
    project = row(number(1, PROJECTS), PROJECTS, code="XM1", title="养老")
    files = [
        incoming(*people, project, name="甲.xlsx"),
        incoming(*people, report(1, "2026-06", "启动"), name="乙.xlsx"),
        incoming(*people, project, report(1, "2026-07", "培训"), name="甲.xlsx", send=2),
        incoming(*people, report(1, "2026-06", "启动"), report(2, "2026-07", "走访"), name="乙（7月）.xlsx", send=2),
    ]
    current, plans, _ = merge_all(files, snapshot(), ledger())
    assert titles(current) == sorted(["启动", "培训", "走访"])
    assert {each.status for each in current.rows.values()} == {Status.ACTIVE}
    assert [codes(result) for result in plans] == [[], [], [], []]


def test_later_versions_of_two_copies_stay_apart() -> None:
    """The second clerk's printed numbers mean that clerk's people, even after a name under them is corrected."""
    issued = [person(1, "韦青")]
    mine = [person(2, "陆川"), person(3, "黄河")]
    theirs = [person(2, "莫山"), person(3, "梁海"), person(4, "罗江")]
    files = [
        incoming(*issued, *mine, name="甲.xlsx"),
        incoming(*issued, *theirs, name="乙.xlsx"),
        incoming(*issued, mine[0], person(3, "黄何"), person(4, "岑岭"), name="甲.xlsx", send=2),
        incoming(*issued, theirs[0], person(3, "梁海", post="股长"), name="乙.xlsx", send=2),
    ]
    current, plans, _ = merge_all(files, snapshot(*issued), ledger(*issued))
    assert names(current) == sorted(["韦青", "陆川", "黄何", "岑岭", "莫山", "梁海"])
    assert names(current, Status.MISSING) == ["罗江"]
    assert kinds(plans[2]) == ["updated", "inserted"]
    assert kinds(plans[3]) == ["updated", "missing"]
    assert [each.record for each in current.rows.values() if each.values.get("post") == "股长"] == [number(5002)]


def test_changes_are_told_cell_by_cell() -> None:
    before = [person(1, "韦青", post="科员"), person(2, "覃明")]
    file = incoming(person(1, "韦青", post="股长"), person(3, "陆川"))
    result = merge(file, snapshot(*before), ledger(*before))
    assert [
        (each.record, each.kind, each.column, each.before, each.after)
        for each in changes(result.actions, file=file.name)
    ] == [
        (number(1), "updated", "post", "科员", "股长"),
        (number(3), "inserted", "", "", ""),
        (number(2), "missing", "", "", ""),
    ]


# What holds of every file

NAMES = st.sampled_from(["韦青", "覃明", "陆川", "黄河", "莫山"])
DEPARTMENTS = st.sampled_from(["办公室", "救助股", ""])
POSTS = st.sampled_from([None, "科员", "股长"])
ENTRIES = st.tuples(NAMES, DEPARTMENTS, POSTS)
NUMBERS = st.one_of(st.just(""), st.just("待编"), st.integers(1, 12).map(number))


@st.composite
def shuffled_files(draw: st.DrawFn) -> tuple[list[Row], list[Row], Current]:
    """The rows of a base, those of a file that has them all and more in any order, and a ledger that has more too."""
    base = [
        person(serial, *entry[:2], post=entry[2]) for serial, entry in enumerate(draw(st.lists(ENTRIES, max_size=8)), 1)
    ]
    lost = draw(st.sets(st.integers(0, 11)))
    kept = [replace(each, record="") if index in lost else each for index, each in enumerate(base)]
    added = [
        person(record, *entry[:2], post=entry[2])
        for record, entry in draw(st.lists(st.tuples(NUMBERS, ENTRIES), max_size=6))
    ]
    others = [
        person(serial, *entry[:2], post=entry[2])
        for serial, entry in draw(st.dictionaries(st.integers(len(base) + 1, 12), ENTRIES)).items()
    ]
    return base, draw(st.permutations(kept + added)), ledger(*base, *others)


@settings(max_examples=300)
@given(shuffled_files())
def test_no_row_is_ever_lost(files: tuple[list[Row], list[Row], Current]) -> None:
    base, rows, current = files
    result = merge(incoming(*rows), snapshot(*base), current)
    after = apply(result, current)
    records = [record for _, record in result.assigned]
    assert len(records) == len(set(records)) == len(rows)
    assert set(current.rows) <= set(after.rows)
    for each, record in result.assigned:
        held = after.rows[("people", record)]
        assert held.status is Status.ACTIVE
        wrote = {key: value for key, value in each.values.items() if value}
        assert held.values.items() >= wrote.items()
        if ("people", record) in snapshot(*base).rows:
            assert held.values == wrote
    said = {(each.values["name"], each.values["department"]) for each in rows}
    shown = {(each.values.get("name"), each.values.get("department", "")) for each in after.rows.values()}
    assert said <= shown


@settings(max_examples=300)
@given(shuffled_files())
def test_merging_a_file_again_changes_nothing(files: tuple[list[Row], list[Row], Current]) -> None:
    base, rows, current = files
    file = incoming(*rows)
    result = merge(file, snapshot(*base), current)
    after = apply(result, current)
    assert apply(result, after) == after
    again = merge(file, Snapshot.submitted(result.stored), after)
    assert (kinds(again), codes(again)) == ([], [])
    assert {record: each.values for each, record in again.assigned} == {
        record: each.values for each, record in result.assigned
    }
    assert all(isinstance(action, Keep) for action in again.actions)


COPIES = st.dictionaries(st.integers(1, 6), ENTRIES, max_size=6)


@given(COPIES, COPIES)
def test_all_rows_of_two_copies_count(
    mine: dict[int, tuple[str, str, str]], theirs: dict[int, tuple[str, str, str]]
) -> None:
    current = Current()
    for copy in (mine, theirs):
        rows = [person(serial, *entry[:2], post=entry[2]) for serial, entry in copy.items()]
        result = merge(incoming(*rows), Snapshot(), current)
        current = apply(result, current)
        assert len({record for _, record in result.assigned}) == len(rows)
        assert kinds(merge(incoming(*rows), Snapshot.submitted(result.stored), current)) == []
    shown = {(each.values["name"], each.values.get("department", "")) for each in current.rows.values()}
    assert shown == {entry[:2] for copy in (mine, theirs) for entry in copy.values()}
    assert all(each.status is Status.ACTIVE for each in current.rows.values())


def test_findings_say_whose_they_are() -> None:
    before = [person(1, "韦青"), person(2, "覃明")]
    findings: tuple[Finding, ...] = merge(incoming(before[0]), snapshot(*before), ledger(*before)).findings
    assert [(found.programme, found.unit, found.file) for found in findings] == [("p-2026", "LD", "乙.xlsx")]


REPORT = st.tuples(st.sampled_from(["2026-06", "2026-07"]), st.sampled_from(["启动", "培训", "走访", "总结"]))
BOOK = st.tuples(st.lists(REPORT, max_size=5), st.sampled_from(["13900000001", "13811112222", None]))


@settings(max_examples=300)
@given(st.integers(0, 4), st.lists(REPORT, max_size=2), BOOK, BOOK, st.booleans())
def test_no_report_of_two_clerks_is_lost(
    people: int,
    shared: list[tuple[str, str]],
    mine: tuple[list[tuple[str, str]], str | None],
    theirs: tuple[list[tuple[str, str]], str | None],
    sent_before: bool,
) -> None:
    """Whatever they share of people and reports, and whether that much was sent before they parted."""

    def copy(name: str, reports: list[tuple[str, str]], phone: str | None) -> Incoming:
        staff = [person(serial, f"人{serial}", phone=phone) for serial in range(1, people + 1)]
        return incoming(*staff, *(report(at, *each) for at, each in enumerate([*shared, *reports], 1)), name=name)

    files = [copy("初.xlsx", [], None)] if sent_before else []
    files += [copy("甲.xlsx", *mine), copy("乙.xlsx", *theirs)]
    current, _, _ = merge_all(files, snapshot(), ledger())
    counted = {
        (each.values["period"], each.values["title"]) for each in current.rows.values() if each.table == "reports"
    }
    assert counted == {*shared, *mine[0], *theirs[0]}
    assert all(each.status is Status.ACTIVE for each in current.rows.values() if each.table == "people")


@covers("M107")
def test_a_title_corrected_in_a_file_of_another_name_is_kept_beside_the_old_row_and_asked_about() -> None:
    cells = {"kind": "news", "author": "韦青", "submitted_on": date(2026, 6, 20)}
    files = [
        incoming(report(1, "2026-06", "启动侧计", **cells), name="甲.xlsx"),
        incoming(report(1, "2026-06", "启动侧记", **cells), name="甲改.xlsx"),
    ]
    current, plans, _ = merge_all(files, snapshot(), ledger())
    assert titles(current) == ["启动侧计", "启动侧记"]
    (found,) = plans[1].findings
    assert (found.code, found.record) == ("M107", number(5001, REPORTS))
    assert dict(found.args)["other"] == number(1, REPORTS)
