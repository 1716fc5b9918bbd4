"""A unit explains a finding, the office accepts it or not, and what is accepted is chased no more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from support.office import FIRST_UNIT, PEOPLE, SCHEDULE, TODAY, Bureau, codes, read_lines, statuses, typing
from system.office_work import LATER, NO_CHANGES, changes_of

from sync.result import SyncResult
from sync.status import office_deadlines, office_status
from xingzhi.deadlines import State
from xingzhi.findings import Finding, Severity
from xingzhi.labels import Lang

FINDINGS = "校验结果"
LAUNCH = {"活动类别": "启动仪式", "活动名称": "启动", "实际日期": date(2026, 6, 12), "应到人数": "四十"}


@pytest.fixture
def told(fresh: Bureau) -> Bureau:
    """T01 has sent a workbook with an error, and was issued one that says so."""
    fresh.filled("T01", {PEOPLE: FIRST_UNIT[PEOPLE], SCHEDULE: [LAUNCH]}, "T01.xlsx")
    assert codes(fresh.sync(), "T01") == ["C105"]
    fresh.issue("T01", today=TODAY)
    return fresh


def explain(path: Path, text: str | None, **wanted: str) -> None:
    """Write 单位说明 at the one finding of a workbook that holds these values."""
    with typing(path) as book:
        book.put(FINDINGS, book.record(FINDINGS, **wanted), {"单位说明": text})


def explained(office: Bureau, text: str = "四十人，数字写成了汉字", name: str = "7月.xlsx") -> SyncResult:
    """T01 sends the workbook that it was issued with an explanation in it, and nothing else."""
    explain(office.receive(office.issued("T01"), name), text, 代码="C105")
    return office.sync(LATER)


def accept(office: Bureau, word: str | None = "是", **wanted: str) -> SyncResult:
    with office.at_work() as book:
        book.put("填报问题", book.record("填报问题", **wanted), {"认可": word})
    return office.sync(LATER)


def of(result: SyncResult, code: str) -> Finding:
    (found,) = (each for each in result.findings if each.code == code and each.unit == "T01")
    return found


def shown(office: Bureau, **wanted: str) -> Mapping[str, object]:
    return office.line("填报问题", 单位代码="T01", **wanted)


def test_a_workbook_in_which_only_an_explanation_was_written_is_accepted(told: Bureau) -> None:
    result = explained(told)
    assert statuses(result)["T01"] == "accepted" and result.changes == NO_CHANGES
    (line,) = told.lines("数据变动", 批次=result.run)
    assert (line["工作表"], line["记录号"], line["栏目"]) == (FINDINGS, "C105 T01-HD-0001", "单位说明")
    assert (line["变动"], line["原来"], line["现在"]) == ("改动", None, "四十人，数字写成了汉字")
    assert line["来源文件"] == "7月.xlsx"
    assert shown(told, 代码="C105")["单位说明"] == "四十人，数字写成了汉字"
    assert shown(told, 代码="C105")["严重程度"] == "必改"
    again = told.sync(LATER)
    assert statuses(again)["T01"] == "unchanged" and not again.written


def test_the_next_workbook_prints_the_explanation_at_its_finding(told: Bureau) -> None:
    explained(told)
    told.issue("T01", today=LATER)
    (line,) = (each for each in read_lines(told.issued("T01"), FINDINGS) if each["代码"] == "C105")
    assert line["单位说明"] == "四十人，数字写成了汉字"
    told.receive(told.issued("T01"), "8月.xlsx")
    assert told.sync(LATER).changes == NO_CHANGES  # that it comes back says nothing new
    assert shown(told, 代码="C105")["单位说明"] == "四十人，数字写成了汉字"


def test_the_newer_word_counts_and_is_taken_back_only_where_it_was_given(told: Bureau) -> None:
    copy = told.issued("T01").read_bytes()
    explained(told, "四十人")
    explain(told.receive(copy, "另一份.xlsx"), "四十一人", 代码="C105")
    result = told.sync(LATER)
    assert [line[-2:] for line in changes_of(told, result)] == [("四十人", "四十一人")]
    # The first copy, cleared, takes nothing back: the word is by now another's.
    explain(told.folder.inbox / "7月.xlsx", None, 代码="C105")
    told.sync(LATER)
    assert shown(told, 代码="C105")["单位说明"] == "四十一人"
    explain(told.folder.inbox / "另一份.xlsx", None, 代码="C105")
    told.sync(LATER)
    assert shown(told, 代码="C105")["单位说明"] is None


def test_a_sheet_that_was_sorted_or_lost_its_hidden_column_loses_no_word(told: Bureau) -> None:
    path = told.receive(told.issued("T01"), "7月.xlsx")
    explain(path, "四十人", 代码="C105")
    with typing(path) as book:
        page = book.sheet(FINDINGS)
        for above, below in zip(page[4], page[9], strict=True):
            below.value, above.value = above.value, None
    told.sync(LATER)
    assert shown(told, 代码="C105")["单位说明"] == "四十人"
    with typing(path) as book:
        book.sheet(FINDINGS).delete_cols(13)
        book.put(PEOPLE, 1, {"职务": "主任"})
    told.sync(LATER)
    assert shown(told, 代码="C105")["单位说明"] == "四十人"


def test_what_the_office_accepts_is_a_note_from_then_on(told: Bureau) -> None:
    explained(told)
    result = accept(told, 代码="C105")
    found = of(result, "C105")
    assert found.accepted and found.severity is Severity.INFO
    line = shown(told, 代码="C105")
    assert (line["严重程度"], line["认可"], line["单位说明"]) == ("提示", "是", "四十人，数字写成了汉字")
    assert not told.sync(LATER).written
    taken_back = of(accept(told, None, 代码="C105"), "C105")
    assert taken_back.severity is Severity.ERROR and not taken_back.accepted


def test_what_is_accepted_counts_no_more_and_the_run_is_clean(told: Bureau) -> None:
    told.sync(LATER)
    for line in told.lines("填报问题", 单位代码="T01"):
        accept(told, 代码=str(line["代码"]), 问题=str(line["问题"]))
    for unit in ("T02", "T03"):
        accept(told, 代码="F107", 单位代码=unit)
    result = told.sync(LATER)
    assert not result.has_errors
    counts = next(each.findings for each in result.units if each.code == "T01")
    assert (counts["error"], counts["warning"]) == (0, 0) and counts["info"] >= 2
    owed = office_status(told.root, LATER).owed
    assert result.overdue == len(owed) and "T01" not in {item.unit for item in owed}


def test_an_issued_workbook_lists_what_is_accepted_and_does_not_paint_it(told: Bureau) -> None:
    explained(told)
    accept(told, 代码="C105")
    told.issue("T01", today=LATER)
    (line,) = (each for each in read_lines(told.issued("T01"), FINDINGS) if each["代码"] == "C105")
    assert (line["严重程度"], line["处理办法"], line["标记"]) == ("提示", "行动办已认可，不用处理", None)
    assert line["工作表"] == SCHEDULE and line["单位说明"] == "四十人，数字写成了汉字"


def test_a_comment_of_the_office_reaches_the_unit_and_is_not_its_to_write(told: Bureau) -> None:
    explained(told)
    for word, wanted in ((None, "请改成数字"), ("是", "已认可：请改成数字")):
        with told.at_work() as book:
            place = book.record("填报问题", 代码="C105")
            book.put("填报问题", place, {"认可": word, "办公室意见": "请改成数字"})
        told.sync(LATER)
        told.issue("T01", today=LATER)
        for path in (told.issued("T01"), *told.folder.feedback.glob("T01_*.xlsx")):
            (line,) = (each for each in read_lines(path, FINDINGS) if each["代码"] == "C105")
            assert (line["行动办意见"], line["单位说明"]) == (wanted, "四十人，数字写成了汉字"), path
    path = told.receive(told.issued("T01"), "8月.xlsx")
    with typing(path) as book:
        book.put(FINDINGS, book.record(FINDINGS, 代码="C105"), {"行动办意见": "单位改的"})
    assert told.sync(LATER).changes == NO_CHANGES
    kept = shown(told, 代码="C105")
    assert (kept["办公室意见"], kept["单位说明"]) == ("请改成数字", "四十人，数字写成了汉字")
    with typing(path) as book:
        setup = book.sheet(FINDINGS).page_setup
        # One page wide, which is what a sheet that is fitted says by saying nothing.
        assert (setup.fitToWidth or 1, setup.fitToHeight) == (1, 0)


def test_another_value_asks_the_office_again_and_the_explanation_stays(told: Bureau) -> None:
    explained(told)
    accept(told, 代码="C105")
    with typing(told.folder.inbox / "7月.xlsx") as book:
        book.put(SCHEDULE, 1, {"应到人数": "五十"})
    found = of(told.sync(LATER), "C105")
    assert found.severity is Severity.ERROR and not found.accepted
    assert found.explanation == "四十人，数字写成了汉字"
    assert shown(told, 代码="C105")["认可"] is None


def test_a_comment_of_the_office_stays_beside_its_word(told: Bureau) -> None:
    with told.at_work() as book:
        line = book.record("填报问题", 代码="C105")
        book.put("填报问题", line, {"认可": "是", "办公室意见": "可以"})
    told.sync(LATER)
    assert (shown(told, 代码="C105")["认可"], shown(told, 代码="C105")["办公室意见"]) == ("是", "可以")
    assert accept(told, "不清楚", 代码="C105").has_errors
    assert shown(told, 代码="C105")["认可"] == "不清楚"  # kept as it was typed, for the office to mend


def late(office: Bureau) -> list[str]:
    return [str(line["编号"]) for line in office.lines("催报台账", 单位代码="T01")]


def test_an_accepted_requirement_is_waived_wherever_it_is_shown(told: Bureau) -> None:
    before = told.sync(LATER)
    assert "T22" in late(told)
    overdue = {unit.code: unit.overdue for unit in office_status(told.root, LATER).units}["T01"]
    message = next(str(line["问题"]) for line in told.lines("填报问题", 代码="Q101") if "T22" in str(line["问题"]))
    result = accept(told, 问题=message)
    assert result.overdue == before.overdue - 1
    assert "T22" not in late(told)
    status = office_status(told.root, LATER)
    assert ("T01", "T22") not in {each.key[:2] for each in status.owed}
    assert {unit.code: unit.overdue for unit in status.units}["T01"] == overdue - 1
    (item,) = (each for each in office_deadlines(told.root, LATER) if each.key == ("T01", "T22", "", "2026-06"))
    assert (item.state, item.days_late, item.as_json()["state"]) == (State.WAIVED, 0, "waived")
    standing = told.line("完成情况", 单位代码="T01")
    shown_there = [str(value) for header, value in standing.items() if header.startswith("T22")]
    assert shown_there and not any(text.startswith("逾期") for text in shown_there)
    # The finding stays, as a note, so that nothing flips to and fro.
    assert of_message(result, message).accepted
    assert not told.sync(LATER).written
    told.issue("T01", today=LATER)
    for path in (told.issued("T01"), *told.folder.feedback.glob("T01_*.xlsx")):
        lines = [each for each in read_lines(path, "应报事项") if each["编号"] == "T22" and each["月份"] == "2026-06"]
        assert [(each["状态"], each["免报"]) for each in lines] == [("不适用", "是")], path
    # Without the office's word it is overdue again.
    accept(told, None, 问题=message)
    assert "T22" in late(told)


def of_message(result: SyncResult, message: str) -> Finding:
    (found,) = (each for each in result.findings if each.unit == "T01" and each.message(Lang.ZH) == message)
    return found
