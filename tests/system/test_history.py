"""Runs told, compared and brought back."""

from __future__ import annotations

from datetime import date

import pytest
from support.command import TODAY as ON_TODAY
from support.command import json_of, run
from support.killed_runs import Meaning, meaning
from support.office import FIRST_UNIT, PEOPLE, REPORTS, TODAY, Bureau, codes, header_of, sha256, statuses, typing
from system.office_work import NO_CHANGES, add_column, changes_of

from sync.ledger import Ledger
from sync.restore import Restored, restore
from sync.result import SyncResult

REPORT = {"所属月份": "2026-06", "信息类别": "动态", "标题": "入户走访", "报送日期": date(2026, 6, 24)}
PASSING = ("汇总记录", "数据变动", "_meta", "填报说明")
"""The sheets that tell of the last run."""


def back(office: Bureau, number: int) -> Restored:
    return restore(office.folder, number, today=TODAY, workers=1)


def lasting(office: Bureau) -> Meaning:
    """What a master says, whichever run wrote it."""
    return {name: rows for name, rows in meaning(office.master).items() if name not in PASSING}


def last_run(office: Bureau) -> int:
    with Ledger.open(office.root) as ledger:
        return max(each.id for each in ledger.runs())


def work_on(office: Bureau) -> SyncResult:
    """One run in which units and the office change all kinds of things."""
    with typing(office.folder.inbox / "T01.xlsx") as book:
        book.put(PEOPLE, 1, {"职务": "主任"})
        book.clear(PEOPLE, 3)
    office.filled("T02", {PEOPLE: [{"姓名": "柳一", "班子成员": "否"}], REPORTS: [REPORT]}, "T02.xlsx")
    with office.at_work() as book:
        book.put(f"汇总_{REPORTS}", 1, {"采用": "是"})
        book.put(f"汇总_{PEOPLE}", book.record(f"汇总_{PEOPLE}", 姓名="石二"), {"待确认处理": "撤销"})
        book.put("单位名册", 3, {"联系人": "王小月"})
        book.add("单位名册", {"单位代码": "T04", "单位名称": "新设乡民政办"})
        book.put("设置", book.record("设置", 设置项="已结月份"), {"值": "2026-06"})
        book.put("催报台账", 1, {"免报": "是"})
        add_column(book, f"汇总_{PEOPLE}", "分组", "甲组", 2.5)
    return office.sync()


def test_a_restore_brings_back_rows_office_values_and_the_office_s_own_sheets_and_can_be_undone(
    office: Bureau,
) -> None:
    first, before = last_run(office), lasting(office)
    result = work_on(office)
    second, after = result.run, lasting(office)
    assert before != after
    done = back(office, first)
    assert (done.result.run, done.taken, done.sheets_known) == (second + 1, None, True)
    # The column that the office added stays, without what stood in it.
    people = f"汇总_{PEOPLE}"
    now = lasting(office)
    # That T02's file has come stays known: what is said of it and of the unit's receipt is not what it was.
    assert {name for name in now if now[name] != before[name]} == {people, "填报问题", "完成情况", "总体情况"}
    assert [row[:-1] if row and row[-1] == "分组" else row for row in now[people]] == before[people]
    assert json_of("diff", first, second + 1, office.root, "--json")["changes"] == []
    told = {(each[0], each[1]) for each in changes_of(office, done.result)}
    assert {("T04", None), ("T03", "联系人")} <= told and len(told) == len(done.changes)
    assert json_of("restore", second, office.root, "--json", *ON_TODAY)["run"] == second + 2
    assert lasting(office) == after
    assert not office.sync().written
    assert json_of("diff", second, second + 2, office.root, "--json")["changes"] == []


def test_received_files_stay_unchanged_and_what_a_unit_sends_next_is_merged_whole(office: Bureau) -> None:
    first = last_run(office)
    work_on(office)
    done = back(office, first)
    assert done.result.changes["withdrawn"] == 2 and not office.lines(f"汇总_{PEOPLE}", 单位代码="T02")
    result = office.sync()
    assert not result.written and result.changes == NO_CHANGES
    assert {code: statuses(result)[code] for code in ("T01", "T02")} == {"T01": "unchanged", "T02": "unchanged"}
    # What was undone is said again by the next file, together with what is new in it.
    with typing(office.folder.inbox / "T01.xlsx") as book:
        book.put(PEOPLE, 2, {"职务": "股长"})
    with typing(office.folder.inbox / "T02.xlsx") as book:
        book.add(PEOPLE, {"姓名": "柳二", "班子成员": "否"})
    result = office.sync()
    posts = {line["姓名"]: line["职务"] for line in office.lines(f"汇总_{PEOPLE}", 单位代码="T01")}
    assert (posts["石一"], posts["石二"]) == ("主任", "股长")
    assert [line["姓名"] for line in office.lines(f"汇总_{PEOPLE}", 单位代码="T02")] == ["柳一", "柳二"]
    assert [line["标题"] for line in office.lines(f"汇总_{REPORTS}", 单位代码="T02")] == ["入户走访"]
    numbers = [line["记录号"] for line in office.lines(f"汇总_{PEOPLE}")]
    assert len(numbers) == len(set(numbers)) and "M101" not in codes(result)
    assert not office.sync().written


def test_a_file_that_was_merely_saved_anew_does_not_undo_the_restore(office: Bureau) -> None:
    first = last_run(office)
    work_on(office)
    back(office, first)
    with typing(office.folder.inbox / "T02.xlsx") as book:
        book.book.create_sheet("空")
    assert office.sync().changes == NO_CHANGES and not office.lines(f"汇总_{PEOPLE}", 单位代码="T02")
    # A copy of it under another name is sent on purpose.
    office.receive(office.folder.inbox / "T02.xlsx", "T02 再报.xlsx")
    office.sync()
    assert [line["姓名"] for line in office.lines(f"汇总_{PEOPLE}", 单位代码="T02")] == ["柳一"]


def test_what_was_typed_since_the_last_run_is_a_run_of_its_own_before_the_restore(office: Bureau) -> None:
    first = last_run(office)
    second = work_on(office).run
    with office.at_work() as book:
        book.put(f"汇总_{REPORTS}", 1, {"算按时": "是"})
        book.book.create_sheet("我的备忘")["A1"] = "打电话给柳溪"
    waiting = office.receive(office.issued("T03"))
    done = back(office, first)
    assert (done.taken, done.result.run) == (second + 1, second + 2)
    assert office.line(f"汇总_{REPORTS}", 单位代码="T01")["算按时"] is None
    assert meaning(office.master)["我的备忘"] == [["打电话给柳溪"]]
    back(office, second + 1)
    assert office.line(f"汇总_{REPORTS}", 单位代码="T01")["算按时"] == "是"
    # A file that nobody had merged yet is merged by the next sync.
    with typing(waiting) as book:
        book.add(REPORTS, REPORT)
    assert statuses(office.sync())["T03"] == "accepted"


def test_a_restore_of_what_stands_changes_nothing(office: Bureau) -> None:
    number, before = last_run(office), sha256(office.master)
    found = json_of("restore", number, office.root, "--json", *ON_TODAY)
    assert (found["written"], found["run"]) == (False, number) and sha256(office.master) == before
    assert "没有要恢复的" in run("restore", number, office.root, *ON_TODAY).output


def test_history_tells_every_run_and_what_it_changed(office: Bureau) -> None:
    first = last_run(office)
    second = work_on(office).run
    back(office, first)
    found = json_of("history", office.root, "--json")["runs"]
    assert [each["kind"] for each in found] == ["init", "issue", "sync", "sync", "restore"]
    assert [each["run"] for each in found] == list(range(1, second + 2))
    assert (found[1]["issued"], found[-1]["restored"], found[-1]["today"]) == (3, first, TODAY.isoformat())
    by_unit = {each["unit"]: each["changes"] for each in found[3]["units"]}
    assert by_unit["T02"] == {"inserted": 2, "updated": 0, "withdrawn": 0}
    assert all({"programme", "unit"} <= set(each) for item in found for each in (item, *item["units"]))
    shown = run("history", office.root).output
    assert f"恢复到第 {first} 次" in shown and "柳溪乡民政办" in shown and "下发 3 个单位" in shown


def test_diff_names_every_cell_its_owner_and_masks_identity_numbers(office: Bureau) -> None:
    first = last_run(office)
    work_on(office)
    number = "452423199003071234"
    with office.at_work() as book:
        book.put(f"汇总_{PEOPLE}", book.record(f"汇总_{PEOPLE}", 姓名="石一"), {"分组": number})
    with typing(office.folder.inbox / "T01.xlsx") as book:
        book.put(PEOPLE, 2, {"联系电话": number})
    second = office.sync().run
    found = json_of("diff", first, second, office.root, "--json")
    assert number not in str(found) and "452423********1234" in str(found)
    told = {(each["sheet"], each["name"], each["label"], each["owner"], each["kind"]) for each in found["changes"]}
    assert {
        (PEOPLE, "青石镇民政办", "职务", "unit", "changed"),
        (PEOPLE, "青石镇民政办", "行状态", "tool", "changed"),
        (PEOPLE, "青石镇民政办", "分组", "office", "changed"),
        (PEOPLE, "柳溪乡民政办", "", "unit", "came"),
        (REPORTS, "青石镇民政办", "采用", "office", "changed"),
        ("单位名册", "", "联系人", "office", "changed"),
        ("设置", "", "值", "office", "changed"),
    } <= told
    backwards = json_of("diff", second, first, office.root, "--json")["changes"]
    assert [(each["after"], each["before"]) for each in backwards] == [
        (each["before"], each["after"]) for each in found["changes"]
    ]
    shown = run("diff", first, second, office.root, "--lang", "en").output
    assert "Office" in shown and "Tool" in shown and number not in shown


@pytest.mark.parametrize("arguments", [("diff", 1, 99), ("diff", 0, 1), ("restore", 99), ("restore", -1)])
def test_a_run_that_there_is_not_is_refused_with_those_that_there_are(
    office: Bureau, arguments: tuple[str | int, ...]
) -> None:
    result = run(*arguments[:1], "--lang", "en", "--", *arguments[1:], office.root)
    assert result.exit_code == 2 and "runs 1 to 3" in result.stderr


def test_restored_to_the_day_before_anything_came_the_office_is_empty_again(office: Bureau) -> None:
    done = back(office, 2)
    assert not done.sheets_known and not office.lines(f"汇总_{PEOPLE}")
    assert done.result.changes["withdrawn"] == sum(map(len, FIRST_UNIT.values()))
    assert len(office.lines("单位名册")) == 3
    assert not office.sync().written


def test_what_the_office_wrote_beside_a_unit_stays_with_it_in_a_restore(office: Bureau) -> None:
    before = last_run(office)
    with office.at_work() as book:
        add_column(book, "单位名册", "办内备注", "注一", "注二", "注三")
        page = book.sheet("单位名册")
        row, columns = header_of(page)
        cells = {place: [page.cell(row + n, place).value for n in (2, 3)] for place in columns.values()}
        for place, values in cells.items():
            for n, value in enumerate(values, start=3):
                page.cell(row + n, place).value = value
            page.cell(row + 2, place).value = None
        book.put("单位名册", 2, {"单位代码": "T04", "单位名称": "新设乡民政办", "办内备注": "注四"})
    office.sync()
    back(office, before)
    notes = {line["单位代码"]: line.get("办内备注") for line in office.lines("单位名册") if line["单位代码"]}
    assert {"T01": "注一", "T02": "注二", "T03": "注三"}.items() <= notes.items()
