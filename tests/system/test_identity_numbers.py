"""An identity number goes no further up than the unit's own workbook, wherever it was typed."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from xml.sax.saxutils import unescape

import pytest
from support.command import run
from support.office import (
    MEMBERS,
    ORGANISATION,
    PEOPLE,
    PROJECTS,
    REPORTS,
    SCHEDULE,
    TODAY,
    Bureau,
    codes,
    read_lines,
    resave,
    typing,
)
from system.office_work import NO_CHANGES, add_column

NUMBERS = [f"4500001980{month:02}{day:02}12{step:02}" for step, (month, day) in enumerate([(1, 3), (2, 5)] * 12, 10)]
"""One for each place in which a clerk may type it."""


def number(place: int) -> str:
    return NUMBERS[place]


def wide(text: str) -> str:
    return "".join(chr(ord(each) + 0xFEE0) for each in text)


RECORDS: Mapping[str, Sequence[Mapping[str, object]]] = {
    PEOPLE: (
        {"姓名": "石一", "部门": "办公室", "班子成员": "是", "联系电话": number(0), "职务": f"主任 {number(1)}"},
        {"姓名": f"石二{number(2)}", "部门": f"救助股（{number(3)}）", "班子成员": number(4), "任职起": number(5)},
    ),
    ORGANISATION: ({"姓名": f"石三{number(6)}", "角色": number(7), "备注": f"见\n{number(8)}" + "很长" * 60},),
    PROJECTS: (
        {
            "项目编号": "XM1",
            "层级": "项目",
            "项目名称": f"养老{number(9)}",
            "重要性": f"{'说' * 52}{number(10)}",
            "参与单位": f"县财政局、{number(11)}",
        },
    ),
    MEMBERS: ({"项目编号": "XM1", "姓名": "石一", "小组角色": "组长", "所在单位": f"甲局{number(12)}"},),
    SCHEDULE: (
        {
            "活动类别": "启动仪式",
            "活动名称": f"启动 {number(13)}",
            "计划日期": f"6月{number(14)}",
            "应到人数": number(15),
        },
        {"活动类别": "研讨会", "活动名称": "研讨", "项目编号": number(16), "活动结果": wide(number(17))},
    ),
    REPORTS: (
        {"所属月份": number(18), "信息类别": "动态", "标题": "甲", "报送日期": date(2026, 6, 2), "撰稿人": number(19)},
    ),
}
EXPLANATION, ADDED, OWN = number(20), number(21), number(22)


def texts(path: Path) -> str:
    """All that a package says, as one text in half width."""
    with zipfile.ZipFile(path) as package:
        parts = (package.read(name).decode("utf-8", "ignore") for name in package.namelist())
        return unescape(" ".join(parts)).translate({each: each - 0xFEE0 for each in range(0xFF10, 0xFF1A)})


def found_in(text: str) -> list[str]:
    text = re.sub(r"[\s　-]", "", text)
    return [each for each in NUMBERS if each in text]


@pytest.fixture
def told(fresh: Bureau) -> Bureau:
    """T01 has typed identity numbers everywhere, sent its workbook twice, and explained a finding with one."""
    path = fresh.filled("T01", RECORDS, "T01.xlsx")
    with typing(path) as book:
        add_column(book, PEOPLE, "证件", ADDED)
    fresh.sync()
    feedback = fresh.folder.feedback / "T01_青石镇民政办_反馈.xlsx"
    again = fresh.receive(feedback, "T01_再报.xlsx")
    with typing(again) as book:
        line = next(n for n, each in enumerate(read_lines(again, "校验结果"), start=1) if each["代码"] == "N110")
        book.put("校验结果", line, {"单位说明": f"本人证件 {EXPLANATION}"})
        book.put(PEOPLE, 1, {"职务": f"副主任 {OWN}"})
    fresh.sync(date(2026, 6, 25))
    return fresh


def test_no_number_stands_in_the_master(told: Bureau) -> None:
    text = texts(told.master)
    assert found_in(text) == []
    assert "450000********" in text
    changes = told.lines("数据变动", 栏目="职务")
    assert [(each["原来"], each["现在"]) for each in changes] == [
        (f"主任 450000********{number(1)[14:]}", f"副主任 450000********{OWN[14:]}")
    ]


def test_each_is_told_as_a_warning_and_masked(told: Bureau) -> None:
    lines = told.lines("填报问题", 代码="N110")
    assert {each["严重程度"] for each in lines} == {"请核实"}
    cells = {(each["工作表"], re.split("[“”]", str(each["问题"]))[1]) for each in lines}
    assert {(PEOPLE, "姓名"), (PEOPLE, "部门"), (PEOPLE, "职务"), (ORGANISATION, "备注"), (PROJECTS, "重要性")} <= cells
    assert {(MEMBERS, "所在单位"), (SCHEDULE, "活动结果"), (REPORTS, "撰稿人"), ("校验结果", "单位说明")} <= cells


def test_the_commands_say_no_number(told: Bureau) -> None:
    inbox = str(told.folder.inbox / "T01_再报.xlsx")
    for command in (
        ["check", inbox, "--json"],
        ["check", inbox],
        ["deadlines", str(told.root), "--json"],
        ["status", str(told.root)],
        ["status", str(told.root), "--json"],
        ["sync", str(told.root), "--json", "--dry-run"],
    ):
        result = run(*command, "--today", TODAY.isoformat())
        assert found_in(result.output) == [], command
    (file,) = json.loads(run("check", inbox, "--json", "--today", TODAY.isoformat()).output)["files"]
    assert sum(each["code"] == "N110" for each in file["findings"]) >= 8


def test_the_feedback_tells_it_masked_and_keeps_what_the_unit_typed(told: Bureau) -> None:
    path = told.folder.feedback / "T01_青石镇民政办_反馈.xlsx"
    lines = read_lines(path, "校验结果")
    said = "\n".join(str(value) for line in lines for header, value in line.items() if header != "单位说明")
    assert found_in(said) == [] and "450000********" in said
    assert f"本人证件 {EXPLANATION}" in {line["单位说明"] for line in lines}
    people = read_lines(path, PEOPLE)
    assert (people[0]["职务"], people[1]["姓名"]) == (f"副主任 {OWN}", f"石二{number(2)}")
    # Nor does the formula of a row, or any other text but the unit's own cells, say it.
    assert found_in(" ".join(str(line["自查"]) for line in people)) == []


def test_what_was_masked_and_comes_back_is_no_change(told: Bureau) -> None:
    day = date(2026, 6, 25)
    before = codes(told.sync(day, dry_run=True))
    resave(told.master)
    result = told.sync(day)
    assert (result.changes, codes(result)) == (NO_CHANGES, before)


def test_no_form_prints_a_number(told: Bureau, tmp_path: Path) -> None:
    schedule = told.lines("汇总_活动台账")
    for place, line in enumerate(schedule):
        target = tmp_path / f"{place}.docx"
        result = run("print", line["记录号"], told.root, "-o", target, "--today", TODAY.isoformat())
        assert result.exit_code == 0, result.output
        assert found_in(texts(target)) == []
