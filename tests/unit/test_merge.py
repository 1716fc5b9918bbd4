"""The three-way merge: each rule, and what holds of every file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.codes import covers

from sync.actions import Insert, Keep, MarkMissing, Plan, Restore, Update, Withdraw, apply, changes
from sync.lineage import base_for
from sync.merge import plan
from sync.records import Current, Incoming, LedgerRow, RowKey, Snapshot, Status, Submission, SubmissionStatus, Values
from workbook_templates.tables.people import PEOPLE
from workbook_templates.tables.projects import PROJECTS
from workbook_templates.tables.reports import REPORTS
from xingzhi.columns import RECORD, Column, Table
from xingzhi.findings import Finding, Severity
from xingzhi.labels import Label, Lang
from xingzhi.rows import Row, Value

NOTES = Table(
    key="notes",
    label=Label("便条", "Notes"),
    letters="BT",
    columns=(RECORD, Column(key="text", label=Label("内容", "Text"))),
    natural_key=(),
    room=5,
    purpose=Label("没有自然键的表", "A table without a natural key"),
)
TABLES = (PEOPLE, PROJECTS, REPORTS, NOTES)
TODAY = date(2026, 7, 1)


def number(serial: int, table: Table = PEOPLE) -> str:
    return f"LD-{table.letters}-{serial:04d}"


def row(
    record: str, table: Table = PEOPLE, *, line: int = 5, extra: Mapping[str, str] | None = None, **values: Any
) -> Row:
    """A row that has every column of its table, each with an address."""
    columns = {column.key: values.get(column.key) for column in table.columns}
    cells = {column.key: f"{chr(65 + index)}{line}" for index, column in enumerate(table.columns)}
    return Row(
        table=table.key,
        values=columns,
        record=record,
        sheet=table.label.zh,
        number=line,
        cells=cells,
        extra=extra or {},
    )


def person(serial: int | str, name: str, department: str = "社会救助股", **values: Any) -> Row:
    record = number(serial) if isinstance(serial, int) else serial
    return row(record, name=name, department=department, **values)


def incoming(*rows: Row, name: str = "乙.xlsx", send: int = 1) -> Incoming:
    tables: dict[str, tuple[Row, ...]] = {table.key: () for table in TABLES}
    for each in rows:
        tables[each.table] = (*tables[each.table], replace(each, file=name))
    return Incoming(programme="p-2026", unit="LD", name=name, rows=tables, received=TODAY, base_run=1, send=send)


def ledger(*rows: Row, file: str = "甲.xlsx", status: Status = Status.ACTIVE) -> Current:
    return Current.of(
        LedgerRow(
            programme="p-2026",
            unit="LD",
            table=each.table,
            record=each.record,
            values={key: value for key, value in each.values.items() if value is not None}
            | {f"+{header}": text for header, text in each.extra.items()},
            status=status,
            file=file,
            sheet=each.sheet,
        )
        for each in rows
    )


def snapshot(*rows: Row) -> Snapshot:
    return Snapshot.issued(ledger(*rows).rows.values())


class Allocator:
    """Gives numbers from 5001 on."""

    def __init__(self) -> None:
        self._serials = count(5001)

    def __call__(self, table: str) -> str:
        letters = next(each.letters for each in TABLES if each.key == table)
        return f"LD-{letters}-{next(self._serials):04d}"


def merge(file: Incoming, base: Snapshot, current: Current, *, force: bool = False) -> Plan:
    return plan(file, base=base, current=current, tables=TABLES, allocate=Allocator(), force=force)


def kinds(result: Plan) -> list[str]:
    return [action.kind for action in result.effects]


def codes(result: Plan) -> list[str]:
    return [found.code for found in result.findings]


def submission(file: Incoming, result: Plan, sha256: str = "") -> Submission:
    return Submission(
        programme=file.programme,
        unit=file.unit,
        path=file.name,
        sha256=sha256 or file.name,
        received=file.received,
        run=2,
        status=SubmissionStatus.ACCEPTED,
        send=file.send,
        base_run=file.base_run,
        rows=result.stored,
    )


def merge_all(
    files: Sequence[Incoming], issued: Snapshot, current: Current
) -> tuple[Current, list[Plan], list[Submission]]:
    """Merge files one after the other, each on the base that its contents name."""
    allocate = Allocator()
    earlier: list[Submission] = []
    plans: list[Plan] = []
    for file in files:
        base = base_for(file, earlier, issued=issued, tables=TABLES)
        result = plan(file, base=base, current=current, tables=TABLES, allocate=allocate)
        current = apply(result, current)
        earlier.append(submission(file, result))
        plans.append(result)
    return current, plans, earlier


def names(current: Current, status: Status = Status.ACTIVE) -> list[str]:
    return sorted(str(each.values.get("name")) for each in current.rows.values() if each.status is status)


# A record that the base has, cell by cell


def test_cell_that_only_the_file_changed_is_taken() -> None:
    before = person(1, "韦青", post="科员")
    result = merge(incoming(person(1, "韦青", post="股长")), snapshot(before), ledger(before))
    (action,) = result.effects
    assert isinstance(action, Update)
    assert [(each.column, each.before, each.after) for each in action.changes] == [("post", "科员", "股长")]
    assert action.after.values["post"] == "股长"
    assert (action.after.file, action.after.sheet, action.after.number) == ("乙.xlsx", "人员名册", 5)
    assert result.findings == ()


def test_cell_that_the_file_left_alone_keeps_what_another_copy_wrote() -> None:
    base = person(1, "韦青", post="科员")
    result = merge(incoming(base), snapshot(base), ledger(person(1, "韦青", post="股长")))
    assert kinds(result) == []
    assert result.actions[0].after.file == "甲.xlsx", "the file does not say what the ledger has"


def test_cell_that_both_changed_alike_is_no_conflict() -> None:
    result = merge(
        incoming(person(1, "韦青", post="股长")),
        snapshot(person(1, "韦青")),
        ledger(person(1, "韦青", post="股长")),
    )
    assert (kinds(result), codes(result)) == ([], [])


def test_cell_that_both_changed_otherwise_is_a_conflict_and_the_newer_file_wins() -> None:
    result = merge(
        incoming(person(1, "韦青", leadership="no")),
        snapshot(person(1, "韦青")),
        ledger(person(1, "韦青", leadership="yes")),
    )
    (action,) = result.effects
    assert action.after.values["leadership"] == "no"
    (found,) = result.findings
    assert (found.code, found.file, found.sheet, found.cell) == ("M101", "乙.xlsx", "人员名册", "E5")
    assert (found.table, found.column, found.record, found.value) == ("people", "leadership", number(1), "否")
    assert (found.programme, found.unit) == ("p-2026", "LD")
    assert found.message(Lang.ZH) == "“班子成员”在两份工作簿里不同：甲.xlsx 是“是”，乙.xlsx 是“否”，暂按后者"


def test_cleared_cell_is_taken_and_a_deleted_column_is_not() -> None:
    before = person(1, "韦青", post="科员")
    cleared = merge(incoming(person(1, "韦青")), snapshot(before), ledger(before))
    assert "post" not in cleared.effects[0].after.values
    bare = person(1, "韦青")
    deleted = replace(bare, cells={key: cell for key, cell in bare.cells.items() if key != "post"})
    assert kinds(merge(incoming(deleted), snapshot(before), ledger(before))) == []


def test_added_column_is_merged_like_the_others() -> None:
    before = row(number(1), name="韦青", department="办公室", extra={"备注": "一"})
    after = row(number(1), name="韦青", department="办公室", extra={"备注": "二"})
    (action,) = merge(incoming(after), snapshot(before), ledger(before)).effects
    assert action.after.values["+备注"] == "二"
    (found,) = merge(incoming(after), snapshot(replace(before, extra={})), ledger(before)).findings
    assert (found.code, found.column, dict(found.args)["name"]) == ("M101", "+备注", Label("备注", "备注"))


def test_invalid_cells_follow_their_values() -> None:
    before = person(1, "韦青", phone="不清楚")
    current = ledger(before)
    held = replace(current.rows[("people", number(1))], invalid=frozenset({"phone"}))
    mended = person(1, "韦青", phone="0774-5551234")
    (action,) = merge(incoming(mended), snapshot(before), Current.of([held])).effects
    assert action.after.invalid == frozenset()
    wrong = replace(person(1, "韦青", phone="0774-5551234", **{"from": "不详"}), invalid=frozenset({"from"}))
    (action,) = merge(incoming(wrong), snapshot(before), Current.of([held])).effects
    assert action.after.invalid == {"from"}


# Which record is it?


def test_printed_number_that_nobody_used_is_kept() -> None:
    (action,) = merge(incoming(person(7, "覃明")), snapshot(), ledger()).effects
    assert isinstance(action, Insert)
    assert (action.after.record, action.after.first_received) == (number(7), TODAY)


@pytest.mark.parametrize("record", ["", "待编", "XX-RY-0001", "LD-XM-0001", "LD-RY-1"])
def test_row_without_a_number_of_this_table_is_given_one(record: str) -> None:
    result = merge(incoming(person(record, "覃明")), snapshot(), ledger())
    assert [action.after.record for action in result.effects] == [number(5001)]
    assert result.findings == ()
    assert result.assigned[0][1] == result.stored[0].record == number(5001)
    assert result.stored[0].number == record


def test_allocated_number_that_is_in_use_is_passed_over() -> None:
    result = merge(incoming(person(5001, "覃明"), person("", "陆川")), snapshot(), ledger())
    assert [action.after.record for action in result.effects] == [number(5001), number(5002)]


def test_blank_rows_are_nothing() -> None:
    assert merge(incoming(person(7, ""), row("")), snapshot(), ledger()).actions[1:] == ()
    assert merge(incoming(row(number(8)), row("")), snapshot(), ledger()) == Plan()


def test_number_that_another_copy_used_for_the_same_person_is_merged_cell_by_cell() -> None:
    result = merge(
        incoming(person(1, "韦青", post="股长", phone="0774-5551234")),
        snapshot(),
        ledger(person(1, "韦青", post="科员", leadership="no")),
    )
    (action,) = result.effects
    assert isinstance(action, Update)
    assert dict(action.after.values) == {
        "name": "韦青",
        "department": "社会救助股",
        "post": "股长",
        "leadership": "no",
        "phone": "0774-5551234",
    }
    assert [(found.code, found.column) for found in result.findings] == [("M101", "post")]


def test_number_that_another_copy_used_for_another_person_is_changed() -> None:
    result = merge(incoming(person(1, "覃明")), snapshot(), ledger(person(1, "韦青")))
    assert [(action.kind, action.after.record) for action in result.effects] == [("inserted", number(5001))]
    assert codes(result) == []


def test_person_who_stands_under_another_number_in_another_copy_is_the_same() -> None:
    current = ledger(person(1, "韦青"), person(2, "覃明"))
    result = merge(incoming(person(1, "覃明"), person(9, "韦青")), snapshot(), current)
    assert (kinds(result), codes(result)) == ([], [])
    assert [record for _, record in result.assigned] == [number(2), number(1)]


def test_row_that_lost_its_number_is_found_by_its_natural_key() -> None:
    before = person(1, "韦青", post="科员")
    (action,) = merge(incoming(person("", "韦青", post="股长")), snapshot(before), ledger(before)).effects
    assert (action.kind, action.after.record, action.after.values["post"]) == ("updated", number(1), "股长")


def test_rows_without_a_natural_key_match_as_a_multiset() -> None:
    same = [row(number(serial, NOTES), NOTES, text="一") for serial in (1, 2)]
    result = merge(
        incoming(*(row("", NOTES, text="一") for _ in range(3))),
        snapshot(*same),
        ledger(*same),
    )
    assert kinds(result) == ["inserted"]
    assert sorted(record for _, record in result.assigned) == [number(1, NOTES), number(2, NOTES), number(5001, NOTES)]


def test_equal_rows_of_two_copies_under_numbers_of_their_own_both_count() -> None:
    result = merge(
        incoming(row(number(2, NOTES), NOTES, text="一")), snapshot(), ledger(row(number(1, NOTES), NOTES, text="一"))
    )
    assert [action.after.record for action in result.effects] == [number(2, NOTES)]


def test_ambiguity_neither_overwrites_nor_deletes() -> None:
    before = [person(1, "韦青", post="科员"), person(2, "韦青", post="股长")]
    result = merge(incoming(person("", "韦青", post="主任")), snapshot(*before), ledger(*before))
    assert sorted(kinds(result)) == ["inserted", "missing", "missing"]
    after = apply(result, ledger(*before))
    assert {each.values["post"] for each in after.rows.values()} == {"科员", "股长", "主任"}


def test_content_settles_which_of_two_namesakes_it_is() -> None:
    before = [person(1, "韦青", post="科员"), person(2, "韦青", post="股长")]
    file = incoming(person("", "韦青", post="主任"), person("", "韦青", post="股长"))
    result = merge(file, snapshot(*before), ledger(*before))
    assert [(action.kind, action.after.record) for action in result.effects] == [("updated", number(1))]


@covers("M103")
def test_copied_number_stays_with_the_row_that_has_the_natural_key() -> None:
    before = person(1, "韦青")
    result = merge(incoming(person(1, "覃明"), person(1, "韦青")), snapshot(before), ledger(before))
    assert [(action.kind, action.after.record) for action in result.effects] == [("inserted", number(5001))]
    (found,) = result.findings
    assert (found.code, found.severity, found.value) == ("M103", Severity.INFO, number(1))
    assert dict(found.args) == {"after": number(5001)}
    assert found.cell == "A5"


def test_copied_number_stays_with_the_first_row_where_neither_is_known() -> None:
    result = merge(incoming(person(3, "覃明"), person(3, "陆川")), snapshot(), ledger())
    assert {action.after.record: action.after.values["name"] for action in result.effects} == {
        number(3): "覃明",
        number(5001): "陆川",
    }
    assert codes(result) == ["M103"]


def test_exact_copy_of_a_row_is_a_row_too() -> None:
    before = person(1, "韦青")
    result = merge(incoming(before, before), snapshot(before), ledger(before))
    assert (kinds(result), codes(result)) == (["inserted"], ["M103"])


def test_numbers_that_were_not_sorted_along_with_the_rows_are_seen_through() -> None:
    people = [("韦青", "办公室"), ("覃明", "救助股"), ("陆川", "优抚股")]
    before = [person(serial, *each) for serial, each in enumerate(people, 1)]
    moved = [person(serial, *people[serial % 3]) for serial in (1, 2, 3)]
    result = merge(incoming(*moved), snapshot(*before), ledger(*before))
    assert (kinds(result), codes(result)) == ([], [])


def test_row_inserted_into_a_column_of_fixed_numbers_moves_no_one() -> None:
    before = [person(1, "韦青", "办公室"), person(2, "覃明", "救助股")]
    shifted = [person(1, "陆川", "优抚股"), person(2, "韦青", "办公室"), person(3, "覃明", "救助股")]
    result = merge(incoming(*shifted), snapshot(*before), ledger(*before))
    assert kinds(result) == ["inserted"]
    assert [record for _, record in result.assigned] == [number(5001), number(1), number(2)]


def test_two_projects_that_swapped_their_codes_stay_the_records_they_are() -> None:
    def project(serial: int, code: str, title: str) -> Row:
        return row(number(serial, PROJECTS), PROJECTS, code=code, title=title, goal=f"{title}的目标")

    before = [project(1, "XM1", "养老"), project(2, "XM2", "社区")]
    result = merge(incoming(project(1, "XM2", "养老"), project(2, "XM1", "社区")), snapshot(*before), ledger(*before))
    assert kinds(result) == ["updated", "updated"]
    assert [action.after.values["code"] for action in result.effects] == ["XM2", "XM1"]


# Another record on an old number


def office(values: Mapping[str, Value], serial: int = 1) -> dict[RowKey, Values]:
    return {("reports", number(serial, REPORTS)): values}


def report(serial: int, period: str, title: str, **values: Any) -> Row:
    return row(number(serial, REPORTS), REPORTS, period=period, title=title, **values)


def test_rewritten_row_is_an_update_where_the_office_wrote_nothing() -> None:
    before = report(1, "2026-06", "启动")
    result = merge(incoming(report(1, "2026-07", "培训")), snapshot(before), ledger(before))
    assert (kinds(result), codes(result)) == (["updated"], [])


def test_rewritten_row_does_not_inherit_an_approval() -> None:
    before = report(1, "2026-06", "启动")
    current = Current(ledger(before).rows, office({"accepted": "yes"}))
    base = Snapshot(snapshot(before).rows, office=current.office)
    # The approval comes back with the workbook: it is not something that the unit typed.
    file = incoming(report(1, "2026-07", "培训", accepted="yes"))
    result = merge(file, base, current)
    assert [(action.kind, action.after.record) for action in result.effects] == [
        ("withdrawn", number(1, REPORTS)),
        ("inserted", number(5001, REPORTS)),
    ]
    assert isinstance(result.effects[0], Withdraw)
    (found,) = result.findings
    assert (found.code, found.value, found.record) == ("M106", number(1, REPORTS), number(5001, REPORTS))
    after = apply(result, current)
    again = merge(file, Snapshot.submitted(result.stored, base.office), after)
    assert (kinds(again), codes(again)) == ([], [])
    from_issue = merge(file, base, after)
    assert (kinds(from_issue), codes(from_issue)) == ([], [])


def test_row_whose_natural_key_partly_stays_keeps_its_approval() -> None:
    before = report(1, "2026-06", "启动")
    current = Current(ledger(before).rows, office({"accepted": "yes"}))
    assert kinds(merge(incoming(report(1, "2026-06", "启动仪式")), snapshot(before), current)) == ["updated"]


def test_approved_row_that_moved_to_another_number_takes_its_record_along() -> None:
    before = report(1, "2026-06", "启动")
    current = Current(ledger(before).rows, office({"accepted": "yes"}))
    file = incoming(report(1, "2026-07", "培训"), report(2, "2026-06", "启动"))
    result = merge(file, snapshot(before), current)
    assert [(action.kind, action.after.values["title"]) for action in result.effects] == [("inserted", "培训")]
    assert codes(result) == ["M103"]


# Rows that vanish and come back


def test_vanished_row_waits_for_confirmation() -> None:
    before = [person(1, "韦青"), person(2, "覃明")]
    result = merge(incoming(before[1]), snapshot(*before), ledger(*before))
    (action,) = result.effects
    assert isinstance(action, MarkMissing)
    assert (action.after.status, action.after.values["name"]) == (Status.MISSING, "韦青")
    (found,) = result.findings
    assert (found.code, found.record, found.value) == ("M102", number(1), "韦青 / 社会救助股")


def test_row_whose_cells_were_cleared_has_vanished() -> None:
    before = [person(1, "韦青"), person(2, "覃明")]
    assert kinds(merge(incoming(row(number(1)), before[1]), snapshot(*before), ledger(*before))) == ["missing"]


def test_vanished_row_is_asked_for_once() -> None:
    before = person(1, "韦青")
    result = merge(incoming(), snapshot(before), ledger(before, status=Status.MISSING))
    assert (kinds(result), codes(result)) == ([], [])


def test_row_of_another_copy_is_kept() -> None:
    before = person(1, "韦青")
    assert kinds(merge(incoming(before), snapshot(before), ledger(before, person(2, "覃明")))) == []


def test_missing_row_that_stands_there_again_is_restored() -> None:
    for base in (snapshot(), snapshot(person(1, "韦青"))):
        result = merge(incoming(person(1, "韦青", post="股长")), base, ledger(person(1, "韦青"), status=Status.MISSING))
        (action,) = result.effects
        assert isinstance(action, Restore)
        assert (action.after.status, action.after.values["post"]) == (Status.ACTIVE, "股长")


def test_withdrawn_row_comes_back_only_when_the_file_says_something_new_of_it() -> None:
    before = person(1, "韦青")
    gone = ledger(before, status=Status.WITHDRAWN)
    assert kinds(merge(incoming(before), snapshot(before), gone)) == []
    assert kinds(merge(incoming(person(1, "韦青", post="股长")), snapshot(before), gone)) == ["restored"]
    assert kinds(merge(incoming(before), snapshot(), gone)) == ["restored"]
    assert kinds(merge(incoming(person("", "韦青")), snapshot(), gone)) == ["restored"]


def test_table_that_is_all_of_a_sudden_empty_is_not_taken() -> None:
    before = [person(serial, name) for serial, name in enumerate(("韦青", "覃明", "陆川"), 1)]
    result = merge(incoming(), snapshot(*before), ledger(*before))
    assert (kinds(result), codes(result), set(result.refused)) == ([], ["M105"], {"people"})
    assert result.findings[0].message(Lang.ZH) == "“人员名册”原有 3 行，这次一行都没有，没有采用这份表"
    again = merge(incoming(), Snapshot.submitted(result.stored), ledger(*before))
    assert (kinds(again), codes(again)) == ([], ["M105"])
    forced = merge(incoming(), snapshot(*before), ledger(*before), force=True)
    assert (kinds(forced), codes(forced)) == (["missing"] * 3, ["M102"] * 3)


def test_table_of_few_rows_may_become_empty() -> None:
    before = [person(1, "韦青"), person(2, "覃明")]
    assert kinds(merge(incoming(), snapshot(*before), ledger(*before))) == ["missing", "missing"]


def test_table_that_the_file_has_not_says_nothing() -> None:
    before = [person(1, "韦青"), person(2, "覃明")]
    result = merge(replace(incoming(), rows={}), snapshot(*before), ledger(*before))
    assert (kinds(result), codes(result)) == ([], [])
    assert {each.record for each in result.stored} == {number(1), number(2)}


# What is the office's


def test_value_typed_where_the_office_writes_is_not_used() -> None:
    before = report(1, "2026-06", "启动")
    result = merge(incoming(report(1, "2026-06", "启动", accepted="yes")), snapshot(before), ledger(before))
    assert (kinds(result), codes(result)) == ([], ["M104"])
    (found,) = result.findings
    assert (found.column, found.value, found.record) == ("accepted", "是", number(1, REPORTS))
    assert found.message(Lang.ZH) == "“采用”由县行动办填写，单位填的“是”不采用"


@pytest.mark.parametrize(("issued", "now"), [("yes", "yes"), ("yes", "no"), (None, "yes")])
def test_office_value_that_came_back_is_no_finding(issued: str | None, now: str) -> None:
    before = report(1, "2026-06", "启动")
    result = merge(
        incoming(report(1, "2026-06", "启动", accepted="yes")),
        Snapshot(snapshot(before).rows, office=office({"accepted": issued})),
        Current(ledger(before).rows, office({"accepted": now})),
    )
    assert codes(result) == []


# Whole stories


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
