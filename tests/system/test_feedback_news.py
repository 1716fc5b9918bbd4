"""What the office writes in the master reaches the unit in its own file: approvals, rows, proposals, withdrawals."""

from __future__ import annotations

import openpyxl
import pytest
from support.codes import covers
from support.office import (
    PEOPLE,
    REPORTS,
    TODAY,
    Bureau,
    codes,
    read_lines,
    tree_hash,
    typing,
)
from support.own_files import (
    approve,
    dressed,
    feedback,
    finding_line,
    is_own,
)
from system.office_work import LATER, NO_CHANGES

PERSON = {"姓名": "石四", "部门": "救助股", "班子成员": "否"}


@pytest.fixture
def told(fresh: Bureau) -> Bureau:
    """T01 has sent a workbook that it dressed up, with an error in it."""
    dressed(fresh)
    fresh.sync()
    return fresh


def accept_all(office: Bureau) -> None:
    with office.at_work() as book:
        for number, line in enumerate(office.lines("填报问题"), start=1):
            if line["单位代码"] == "T01":
                book.put("填报问题", number, {"认可": "是"})
    office.sync()


def test_an_approval_reaches_the_unit_though_nothing_is_wrong(told: Bureau) -> None:
    accept_all(told)
    assert list(told.folder.feedback.iterdir()) == []
    approve(told)
    assert told.sync().written
    assert is_own(feedback(told))
    (line,) = (line for line in read_lines(feedback(told), REPORTS) if line["标题"])
    assert line["算按时"] == "是"
    assert "县行动办" in str(openpyxl.load_workbook(feedback(told))["校验结果"]["A2"].value)
    before = tree_hash(told.root)
    assert not told.sync().written
    assert tree_hash(told.root) == before
    # It waits until the unit works in it.
    told.filled("T02", {PEOPLE: [{**PERSON, "姓名": "柳一"}]})
    told.sync()
    assert feedback(told).exists()
    told.receive(feedback(told), "T01.xlsx")
    result = told.sync()
    assert result.changes == NO_CHANGES and "M104" not in codes(result, "T01")
    assert not feedback(told).exists()


def test_an_approval_that_is_taken_back_reaches_it_too(told: Bureau) -> None:
    approve(told)
    told.sync()
    told.receive(feedback(told), "T01.xlsx")
    approve(told, "")
    told.sync()
    (line,) = (line for line in read_lines(feedback(told), REPORTS) if line["标题"])
    assert line["算按时"] is None


def test_rows_that_the_office_entered_follow_the_unit_s(told: Bureau) -> None:
    accept_all(told)
    with told.at_work() as book:
        book.add(
            "汇总_信息报送",
            {"单位代码": "T01", "所属月份": "2026-06", "信息类别": "动态", "标题": "代录一", "报送日期": TODAY},
        )
    told.sync()
    lines = [line for line in read_lines(feedback(told), REPORTS) if line["标题"]]
    assert [line["标题"] for line in lines] == ["启动侧记", "代录一"]
    assert lines[1]["记录号"] == told.line("汇总_信息报送", 标题="代录一")["记录号"]
    told.receive(feedback(told), "T01.xlsx")
    assert told.sync().changes == NO_CHANGES


@covers("M109")
def test_what_the_office_proposes_is_shown_at_the_unit_s_cell_and_not_applied(told: Bureau) -> None:
    with told.at_work() as book:
        book.put("汇总_人员名册", book.record("汇总_人员名册", 姓名="石一"), {"联系电话": "13911111111"})
    result = told.sync()
    assert "M109" in codes(result, "T01") and result.changes["updated"] == 0
    line = finding_line(feedback(told), "M109")
    assert (line["工作表"], line["栏目"], line["记录号"]) == (PEOPLE, "联系电话", "T01-RY-0001")
    page = openpyxl.load_workbook(feedback(told))[PEOPLE]
    assert page[str(line["单元格"])].value == "13900000001"
    assert "13911111111" in line["问题"] and "13900000001" in line["问题"]
    assert line["标记"] == "T01-RY-0001|联系电话|W"
    # It is asked until the unit says it, or says why not.
    assert "M109" in codes(told.sync(LATER), "T01")
    with typing(told.receive(feedback(told), "T01.xlsx")) as book:
        book.put(PEOPLE, 1, {"联系电话": "13911111111"})
    result = told.sync(LATER)
    assert "M109" not in codes(result, "T01") and result.changes["updated"] == 1
    assert told.line("汇总_人员名册", 姓名="石一")["联系电话"] == "13911111111"
    # What the unit types later is its own: what it once did as proposed is not proposed again.
    with typing(told.folder.inbox / "T01.xlsx") as book:
        book.put(PEOPLE, 1, {"联系电话": "13922222222"})
    result = told.sync(LATER)
    assert "M109" not in codes(result, "T01") and result.changes["updated"] == 1


def test_a_unit_may_say_why_it_does_not_do_as_proposed(told: Bureau) -> None:
    with told.at_work() as book:
        book.put("汇总_人员名册", book.record("汇总_人员名册", 姓名="石一"), {"联系电话": "13911111111"})
    told.sync()
    with typing(told.receive(feedback(told), "T01.xlsx")) as book:
        book.put("校验结果", book.record("校验结果", 代码="M109"), {"单位说明": "号码没有换"})
    told.sync(LATER)
    line = told.line("填报问题", 代码="M109")
    assert (line["严重程度"], line["单位说明"]) == ("提示", "号码没有换")


@covers("M110")
def test_a_row_that_the_office_withdrew_is_told_and_does_not_come_back(told: Bureau) -> None:
    accept_all(told)
    with told.at_work() as book:
        book.put("汇总_人员名册", book.record("汇总_人员名册", 姓名="石三"), {"待确认处理": "撤销"})
    told.sync()
    own = feedback(told)
    assert [line["姓名"] for line in read_lines(own, PEOPLE) if line["姓名"]] == ["石一", "石二", "石三"]
    line = finding_line(own, "M110")
    assert openpyxl.load_workbook(own)[PEOPLE][str(line["单元格"])].value == "T01-RY-0003"
    told.receive(own, "T01.xlsx")
    assert told.sync().changes == NO_CHANGES
    assert told.line("汇总_人员名册", 姓名="石三")["行状态"] == "已撤销"
    with typing(told.folder.inbox / "T01.xlsx") as book:
        book.put(PEOPLE, 3, {"职务": "干事"})
    told.sync(LATER)
    assert told.line("汇总_人员名册", 姓名="石三")["行状态"] == "正常"
