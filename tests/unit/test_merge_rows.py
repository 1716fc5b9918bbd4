"""The three-way merge: which record is each row of a file?"""

from __future__ import annotations

import pytest
from support.codes import covers
from support.merging import (
    NOTES,
    TODAY,
    codes,
    incoming,
    kinds,
    ledger,
    merge,
    number,
    office,
    person,
    report,
    row,
    snapshot,
)

from sync.actions import Insert, Plan, Update, Withdraw, apply
from sync.records import Current, Snapshot
from workbook_templates.tables.projects import PROJECTS
from workbook_templates.tables.reports import REPORTS
from xingzhi.findings import Severity
from xingzhi.rows import Row


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
    result = merge(incoming(person("", "覃明")), snapshot(), ledger(person(5001, "韦青")))
    assert [action.after.record for action in result.effects] == [number(5002)]


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


def test_reports_of_one_month_that_were_sorted_beside_their_numbers_are_seen_through() -> None:
    """The month alone makes no number trusted: an approval would pass to whatever the month has else."""
    before = [report(serial, "2026-06", title, kind="news") for serial, title in enumerate(("启动", "培训", "走访"), 1)]
    moved = [report(serial, "2026-06", title, kind="news") for serial, title in enumerate(("走访", "启动", "培训"), 1)]
    result = merge(incoming(*moved), snapshot(*before), ledger(*before))
    assert (kinds(result), codes(result)) == ([], [])


def test_copied_number_stays_with_the_row_that_is_likest_where_both_were_edited() -> None:
    before = report(1, "2026-06", "启动", kind="news", author="韦青")
    copy, original = (
        report(1, "2026-06", "培训", kind="survey"),
        report(1, "2026-06", "启动会", kind="news", author="韦青"),
    )
    result = merge(incoming(copy, original), snapshot(before), ledger(before))
    assert [(action.kind, action.after.values["title"]) for action in result.effects] == [
        ("inserted", "培训"),
        ("updated", "启动会"),
    ]


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
