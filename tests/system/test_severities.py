"""How much a finding matters to the office: severities by code in 校验规则, and requirements on trial."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from support.codes import covers
from support.office import PEOPLE, SCHEDULE, TODAY, Bureau, codes, read_lines
from system.office_work import LATER, due, settings

from addin.file_check import check_file
from sync.master_reader import RawTable
from sync.result import SyncResult
from sync.rules import rules_for
from sync.severity_settings import read_severities
from sync.status import office_status
from workbook_templates.office_tables import CHECK_RULES
from xingzhi.findings import Finding, Severity
from xingzhi.grid import CellValue
from xingzhi.labels import Lang
from xingzhi.severities import graded_codes

RULES = "校验规则"
LAUNCH = {"活动类别": "启动仪式", "活动名称": "启动", "实际日期": date(2026, 6, 12), "应到人数": "四十"}


@pytest.fixture
def told(fresh: Bureau) -> Bureau:
    """T01 has sent a workbook with an error in it."""
    fresh.filled(
        "T01", {PEOPLE: [{"姓名": "石一", "部门": "办公室", "班子成员": "是"}], SCHEDULE: [LAUNCH]}, "T01.xlsx"
    )
    fresh.sync()
    return fresh


def say(office: Bureau, code: str, severity: Any) -> SyncResult:
    with office.at_work() as book:
        book.put(RULES, book.record(RULES, 代码=code), {"严重程度": severity})
    return office.sync()


def of(result: SyncResult, code: str) -> Severity:
    (found,) = (each for each in result.findings if each.code == code and each.unit == "T01")
    return found.severity


def test_the_sheet_lists_what_the_office_may_change_and_nothing_else(fresh: Bureau) -> None:
    lines = fresh.lines(RULES)
    listed = {str(line["代码"]) for line in lines}
    assert listed == set(graded_codes())
    assert {"C105", "R101", "K101", "M101", "Q102", "Q109"} < listed
    assert not {"Q101", "B101", "F101", "S102", "N102", "O101"} & listed
    (line,) = (line for line in lines if line["代码"] == "C105")
    assert (line["默认"], line["严重程度"]) == ("必改", None)
    assert not any("{" in str(line["问题"]) for line in lines)


def test_the_office_s_word_holds_in_sync_in_issue_and_in_check(told: Bureau) -> None:
    assert of(told.sync(), "C105") is Severity.ERROR
    result = say(told, "C105", "请核实")
    assert of(result, "C105") is Severity.WARNING
    assert told.line("填报问题", 代码="C105")["严重程度"] == "请核实"
    assert not told.sync().written
    told.issue("T01", today=TODAY)
    (line,) = (each for each in read_lines(told.issued("T01"), "校验结果") if each["代码"] == "C105")
    assert (line["严重程度"], str(line["标记"])[-1]) == ("请核实", "W")
    path = told.folder.inbox / "T01.xlsx"
    checked = check_file(path, office_of=rules_for([path]).of_office, today=TODAY)
    assert [each.severity for each in checked.findings if each.code == "C105"] == [Severity.WARNING]


def test_a_note_is_listed_and_not_sent_to_the_unit(told: Bureau) -> None:
    result = say(told, "C105", "提示")
    assert of(result, "C105") is Severity.INFO and "C105" in codes(result, "T01")
    told.issue("T01", today=TODAY)
    assert "C105" not in {line["代码"] for line in read_lines(told.issued("T01"), "校验结果")}


def sheet(*rows: tuple[CellValue, CellValue]) -> RawTable:
    return RawTable(CHECK_RULES, ("代码", "严重程度"), rows, {"code": 0, "severity": 1})


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([("C105", "重要")], "不在可选范围内"),
        ([("Q101", "提示")], "不归办公室定"),
        ([(None, "提示")], "没有这个代码"),
        ([("C105", "提示"), ("c105", "请核实")], "看不出用哪一种"),
        ([("C105", 3.0)], "不在可选范围内"),
    ],
    ids=["no severity", "not the office's", "no code", "twice", "a number"],
)
@covers("O113")
def test_what_cannot_be_used_is_told_and_the_default_holds(
    rows: list[tuple[CellValue, CellValue]], reason: str
) -> None:
    findings: list[Finding] = []
    assert read_severities(sheet(*rows, ("C106", "提示"), (None, None)), findings) == {"C106": Severity.INFO}
    (found,) = findings
    assert found.code == "O113" and reason in found.message(Lang.ZH)


def test_the_same_severity_given_twice_is_one_word() -> None:
    findings: list[Finding] = []
    assert read_severities(sheet(("C105", "提示"), (" c105 ", "Note")), findings) == {"C105": Severity.INFO}
    assert findings == []


def test_an_unusable_severity_is_told_in_the_master(told: Bureau) -> None:
    result = say(told, "C105", "要紧")
    assert of(result, "C105") is Severity.ERROR
    assert "要紧" in str(told.line("填报问题", 代码="O113")["问题"])


def test_an_office_without_the_sheet_gets_it_and_the_defaults_hold(told: Bureau) -> None:
    with told.at_work() as book:
        del book.book[RULES]
    assert settings(told).term.settings.severities == {} and settings(told).findings == ()
    # The copy of the master as it was written still has the sheet; an office of an older version has neither.
    (told.root / ".xingzhi" / "master.xlsx").unlink()
    result = told.sync()
    assert result.written and of(result, "C105") is Severity.ERROR
    assert len(told.lines(RULES)) == len(graded_codes())
    assert not told.sync().written


def test_a_requirement_on_trial_is_shown_and_nobody_is_chased_for_it(told: Bureau) -> None:
    before = told.sync(LATER)
    assert "T22" in {line["编号"] for line in told.lines("催报台账")}
    with told.at_work() as book:
        book.put("任务要求", book.record("任务要求", 编号="T22"), {"严重程度": "提示"})
    result = told.sync(LATER)
    assert result.overdue < before.overdue
    assert "T22" not in {line["编号"] for line in told.lines("催报台账")}
    assert {each.severity for each in result.findings if each.requirement == "T22"} == {Severity.INFO}
    assert "T22" not in {item.rule.id for item in office_status(told.root, LATER).owed}
    assert due(told, "T22", "2026-06").trial
    told.issue("T01", today=LATER)
    lines = [line for line in read_lines(told.issued("T01"), "应报事项") if line["编号"] == "T22"]
    assert lines and lines[0]["状态"] == "逾期"
    with told.at_work() as book:
        book.put(RULES, book.record(RULES, 代码="Q102"), {"严重程度": "必改"})
    told.sync(LATER)
    assert {each.severity for each in told.sync(LATER).findings if each.requirement == "T22"} == {Severity.INFO}
