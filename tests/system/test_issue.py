"""Issuing again: the new workbook carries what is known and what is wrong, and what is mended in it is mended."""

from __future__ import annotations

from datetime import date

import openpyxl
from support.office import PEOPLE, REPORTS, SCHEDULE, Bureau, codes, read_lines, typing

HELD = date(2026, 6, 12)
LAUNCH = {"活动类别": "启动仪式", "活动名称": "启动", "实际日期": HELD, "应到人数": "四十"}


def filled(office: Bureau) -> None:
    people = [{"姓名": "石　一", "部门": "办公室", "班子成员": "是"}]
    office.filled("T01", {PEOPLE: people, SCHEDULE: [LAUNCH]}, "6月.xlsx")


def test_the_new_workbook_has_the_findings_at_its_own_cells_and_no_notes(fresh: Bureau) -> None:
    filled(fresh)
    assert codes(fresh.sync(), "T01") == ["C105", "N102"]
    fresh.issue("T01", today=date(2026, 6, 25))
    (found,) = (line for line in read_lines(fresh.issued("T01"), "校验结果") if line["代码"] == "C105")
    assert (found["工作表"], found["栏目"], found["严重程度"]) == (SCHEDULE, "应到人数", "必改")
    book = openpyxl.load_workbook(fresh.issued("T01"))
    assert book[SCHEDULE][str(found["单元格"])].value == "四十"
    told = {line["代码"] for line in read_lines(fresh.issued("T01"), "校验结果")}
    assert told == {"C105", "Q101", None} or told == {"C105", "Q101"}


def test_what_is_mended_in_the_new_workbook_is_no_longer_held_against_the_old_one(fresh: Bureau) -> None:
    filled(fresh)
    fresh.sync()
    fresh.issue("T01", today=date(2026, 6, 25))
    path = fresh.receive(fresh.issued("T01"), "7月.xlsx")
    with typing(path) as book:
        book.put(SCHEDULE, 1, {"应到人数": 45})
    result = fresh.sync(today=date(2026, 6, 25))
    assert result.changes == {"inserted": 0, "updated": 1, "withdrawn": 0}
    assert "C105" not in codes(result, "T01")
    assert fresh.line("汇总_活动台账", 活动名称="启动")["应到人数"] == 45


def test_an_issued_workbook_that_comes_back_as_it_was_changes_nothing(fresh: Bureau) -> None:
    filled(fresh)
    fresh.sync()
    fresh.issue("T01", today=date(2026, 6, 25))
    fresh.receive(fresh.issued("T01"), "7月.xlsx")
    result = fresh.sync(today=date(2026, 6, 25))
    assert result.changes == {"inserted": 0, "updated": 0, "withdrawn": 0}


def test_a_title_corrected_next_month_in_the_same_file_makes_no_second_row(fresh: Bureau) -> None:
    filled(fresh)
    fresh.sync()
    fresh.issue("T01", today=date(2026, 6, 25))
    path = fresh.receive(fresh.issued("T01"), "7月.xlsx")
    training = {"活动类别": "培训", "活动名称": "方法赔训", "计划日期": HELD, "实际日期": HELD, "地点": "会议室"}
    with typing(path) as book:
        book.add(SCHEDULE, training)
    assert fresh.sync(today=date(2026, 6, 26)).changes["inserted"] == 1
    with typing(path) as book:
        book.put(SCHEDULE, book.record(SCHEDULE, 活动名称="方法赔训"), {"活动名称": "方法培训"})
    assert fresh.sync(today=date(2026, 6, 27)).changes == {"inserted": 0, "updated": 1, "withdrawn": 0}
    assert [line["活动名称"] for line in fresh.lines("汇总_活动台账")] == ["启动", "方法培训"]


def test_the_office_withdraws_the_old_row_of_a_correction_and_the_question_is_gone(fresh: Bureau) -> None:
    report = {"所属月份": "2026-06", "信息类别": "动态", "标题": "启动侧计", "撰稿人": "石一", "报送日期": HELD}
    fresh.filled("T01", {REPORTS: [report]}, "6月.xlsx")
    fresh.sync()
    fresh.filled("T01", {REPORTS: [{**report, "标题": "启动侧记"}]}, "6月改.xlsx")
    assert codes(fresh.sync(), "T01") == ["M107"]
    with fresh.at_work() as book:
        book.put("汇总_信息报送", book.record("汇总_信息报送", 标题="启动侧计"), {"待确认处理": "撤销"})
    result = fresh.sync()
    assert result.changes["withdrawn"] == 1 and codes(result, "T01") == []
    assert fresh.line("汇总_信息报送", 标题="启动侧计")["行状态"] == "已撤销"
    assert fresh.sync().changes == {"inserted": 0, "updated": 0, "withdrawn": 0}
