"""What is planned for a part of a month, from the unit's workbook to the master, the forms and back."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import pytest
from support.command import run
from support.office import FIRST_UNIT, PEOPLE, PROJECTS, SCHEDULE, Bureau, codes, read_lines, typing
from system.office_work import LATER, NO_CHANGES

from workbook_files.lint import lint

PLANNED = {"活动类别": "研讨会", "活动名称": "研讨", "项目编号": "XM1", "计划日期": "2026年7月中、下旬"}
PROJECT = {
    "项目编号": "XM1",
    "层级": "项目",
    "项目名称": "养老服务",
    "开始日期": "7月上旬",
    "计划完成日期": "1月",
    "小组成立日期": "7月上旬",
}
RECORDS = {PEOPLE: FIRST_UNIT[PEOPLE], PROJECTS: (PROJECT,), SCHEDULE: (PLANNED,)}


@pytest.fixture
def planned(fresh: Bureau) -> Bureau:
    """T01 has planned parts of months."""
    fresh.filled("T01", RECORDS, "T01.xlsx")
    fresh.sync()
    return fresh


def test_the_master_shows_what_is_planned_as_people_write_it(planned: Bureau) -> None:
    project = planned.line("汇总_项目台账")
    assert (project["开始日期"], project["计划完成日期"]) == ("7月上旬", "次年1月")
    assert planned.line("汇总_活动台账")["计划日期"] == "7月中下旬"
    told = {(line["代码"], line["单元格"]) for line in planned.lines("填报问题") if line["代码"] in ("N108", "C113")}
    assert {code for code, _ in told} == {"N108", "C113"}
    assert sum(code == "N108" for code, _ in told) == 2
    # No fault of length: the plan may take six months, and no fault of order.
    assert not any(line["代码"] == "R101" for line in planned.lines("填报问题"))


def test_it_comes_back_from_the_feedback_as_it_was(planned: Bureau) -> None:
    path = planned.folder.feedback / "T01_青石镇民政办_反馈.xlsx"
    # Whoever filled it in saved it without the values of its formulas.
    assert {each.rule for each in lint(path)} <= {"uncached-formula"}
    assert read_lines(path, SCHEDULE)[0]["计划日期"] == PLANNED["计划日期"]
    again = planned.receive(path, "T01_再报.xlsx")
    with typing(again) as book:
        book.put(SCHEDULE, 1, {"地点": "会议室"})
    result = planned.sync(LATER)
    assert result.changes == {**NO_CHANGES, "updated": 1}
    assert planned.line("汇总_活动台账")["计划日期"] == "7月中下旬"


def test_a_day_that_takes_its_place_is_a_change_that_is_told(planned: Bureau) -> None:
    with typing(planned.folder.inbox / "T01.xlsx") as book:
        book.put(SCHEDULE, 1, {"计划日期": date(2026, 7, 15)})
    planned.sync(LATER)
    change = planned.line("数据变动", 栏目="计划日期")
    assert (change["原来"], change["现在"]) == ("7月中下旬", "2026-07-15")


def test_what_the_office_leaves_alone_in_the_master_is_no_correction(planned: Bureau) -> None:
    with planned.at_work() as book:
        book.put("汇总_活动台账", 1, {"地点": "office"})
    result = planned.sync()
    assert [(each.code, each.column) for each in result.findings if each.code[0] in "MO"] == [
        ("O105", "place"),
        ("M109", "place"),
    ]
    assert "N109" not in codes(result)


def test_a_form_prints_it(planned: Bureau, tmp_path: Path) -> None:
    record = planned.line("汇总_活动台账")["记录号"]
    target = tmp_path / "form.docx"
    result = run("print", record, planned.root, "-o", target, "--today", "2026-06-24")
    assert result.exit_code == 0, result.output
    with zipfile.ZipFile(target) as package:
        assert "7月中下旬" in package.read("word/document.xml").decode()
