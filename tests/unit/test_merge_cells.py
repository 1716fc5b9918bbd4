"""The three-way merge, cell by cell, and the cells that are the office's."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.merging import codes, incoming, kinds, ledger, merge, number, office, person, report, row, snapshot

from sync.actions import Update
from sync.records import Current, Snapshot
from workbook_templates.tables.reports import REPORTS
from xingzhi.labels import Label, Lang


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
