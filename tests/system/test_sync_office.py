"""The office's own work in the master: kept through every rebuild, and obeyed where the office may decide."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from support.codes import covers
from support.office import (
    FIRST_UNIT,
    PEOPLE,
    TODAY,
    Bureau,
    Typing,
    codes,
    fresh_office,
    header_of,
    sha256,
    statuses,
    synced_office,
    typing,
)

from sync.office_settings import OfficeSettings
from sync.result import SyncResult
from sync.session import open_session
from sync.status import office_deadlines
from xingzhi.deadlines import Deadline
from xingzhi.labels import Lang

JULY = date(2026, 7, 1)


@pytest.fixture
def office(tmp_path: Path) -> Bureau:
    """T01's workbook is received and consolidated."""
    return synced_office(tmp_path / "行动办")


def add_column(book: Typing, sheet: str, header: str, *values: Any) -> None:
    """A column at the right of the table, as the office adds one."""
    page = book.sheet(sheet)
    row, columns = header_of(page)
    place = max(columns.values()) + 1
    for step, value in enumerate((header, *values)):
        page.cell(row + step, place).value = value


def rebuild(office: Bureau, number: int) -> SyncResult:
    """A run that must write the master anew, since a unit sent something."""
    with typing(office.folder.inbox / "T01.xlsx") as book:
        book.put(PEOPLE, 1, {"职务": f"第{number}任"})
    result = office.sync()
    assert result.written and result.changes["updated"] == 1
    return result


def due(office: Bureau, requirement: str, period: str = "", unit: str = "T01") -> Deadline:
    items = office_deadlines(office.root, TODAY)
    (found,) = (i for i in items if (i.rule.id, i.span.period, i.unit) == (requirement, period, unit))
    return found


def settings(office: Bureau) -> OfficeSettings:
    with open_session(office.root) as session:
        return session.settings


def test_the_office_s_columns_and_the_column_that_it_added_survive_rebuilds(office: Bureau) -> None:
    with office.at_work() as book:
        book.put("汇总_信息报送", 1, {"收到日期": date(2026, 6, 22), "算按时": "是", "采用": "否"})
        add_column(book, "汇总_信息报送", "科长意见", "写得好")
        add_column(book, "汇总_人员名册", "分组", "甲组", None, "乙组")
    for number in (1, 2):
        rebuild(office, number)
        row = office.line("汇总_信息报送")
        assert (row["收到日期"], row["算按时"], row["采用"]) == (date(2026, 6, 22), "是", "否")
        assert row["科长意见"] == "写得好"
        groups = {line["姓名"]: line["分组"] for line in office.lines("汇总_人员名册")}
        assert groups == {"石一": "甲组", "石二": None, "石三": "乙组"}
    result = office.sync()
    assert not result.written


def test_the_office_s_words_follow_a_row_that_moves(office: Bureau) -> None:
    with office.at_work() as book:
        add_column(book, "汇总_人员名册", "分组", "甲组", None, "乙组")
    office.filled("T02", {PEOPLE: [{"姓名": "柳一", "部门": "办公室", "班子成员": "是"}]})
    with office.at_work() as book:
        book.put("单位名册", 1, {"单位代码": "T02", "单位名称": "柳溪乡民政办", "曾用名": None})
        book.put("单位名册", 2, {"单位代码": "T01", "单位名称": "青石镇民政办", "曾用名": None})
    office.sync()
    lines = office.lines("汇总_人员名册")
    assert [line["姓名"] for line in lines] == ["柳一", "石一", "石二", "石三"]
    assert [line["分组"] for line in lines] == [None, "甲组", None, "乙组"]


def test_a_row_that_the_office_enters_for_a_unit_is_the_unit_s_and_flows_down_to_it(office: Bureau) -> None:
    with office.at_work() as book:
        book.add(
            "汇总_信息报送",
            {
                "单位代码": "T02",
                "所属月份": "2026-06",
                "信息类别": "动态",
                "标题": "先到的文章",
                "报送日期": date(2026, 6, 23),
                "采用": "是",
            },
        )
    result = office.sync()
    assert result.changes["inserted"] == 1 and result.tables["reports"] == 2
    entered = office.line("汇总_信息报送", 标题="先到的文章")
    assert str(entered["记录号"]).startswith("T02-BS-") and entered["采用"] == "是"
    assert entered["单位名称"] == "柳溪乡民政办" and entered["方案"].endswith("-2026")
    assert due(office, "T22", "2026-06", "T02").fulfilment.met
    for number in (1, 2):
        rebuild(office, number)
        assert office.line("汇总_信息报送", 标题="先到的文章") == entered
    office.issue("T02", today=TODAY)
    path = office.receive(office.issued("T02"))
    with typing(path) as book:
        assert book.cell("信息报送", 1, "标题").value == "先到的文章"
    assert office.sync().changes == {"inserted": 0, "updated": 0, "withdrawn": 0}


def test_a_row_that_names_no_unit_is_kept_as_it_stands(office: Bureau) -> None:
    with office.at_work() as book:
        book.add("汇总_人员名册", {"姓名": "待查人", "部门": "哪个单位的？"})
    for number in (1, 2):
        result = rebuild(office, number)
        assert result.tables["people"] == 3
        assert office.line("汇总_人员名册", 姓名="待查人")["部门"] == "哪个单位的？"


@covers("O106")
def test_a_sheet_that_the_office_added_survives_and_the_whole_old_master_is_kept(office: Bureau) -> None:
    with office.at_work() as book:
        page = book.book.create_sheet("我的备忘")
        page["A1"], page["B2"], page["C3"] = "打电话给柳溪", 12.5, date(2026, 7, 3)
    before = sha256(office.master)
    result = rebuild(office, 1)
    (told,) = (each for each in result.findings if each.code == "O106")
    assert told.value == "我的备忘"
    assert before in {sha256(path) for path in office.folder.archive.glob("*.xlsx")}
    assert not office.sync().written
    rebuild(office, 2)
    with office.at_work() as book:
        page = book.sheet("我的备忘")
        assert (page["A1"].value, page["B2"].value) == ("打电话给柳溪", 12.5)
        assert page["C3"].value.date() == date(2026, 7, 3)


def test_the_list_of_units_is_the_office_s_with_its_columns_and_notes(office: Bureau) -> None:
    with office.at_work() as book:
        book.add("单位名册", {"单位代码": "T04", "单位名称": "新设乡民政办", "类别": "乡镇"})
        add_column(book, "单位名册", "片区", "东片", "西片")
        page = book.sheet("单位名册")
        row, columns = header_of(page)
        page.cell(row + 2, max(columns.values()) + 2).value = "换人了，打座机"
        note = (row + 2, max(columns.values()) + 2)
    for number in (1, 2):
        result = rebuild(office, number)
        assert statuses(result)["T04"] == "missing"
        lines = office.lines("单位名册")
        assert [line["单位代码"] for line in lines][:4] == ["T01", "T02", "T03", "T04"]
        assert [line["片区"] for line in lines][:2] == ["东片", "西片"]
        with office.at_work() as book:
            assert book.sheet("单位名册").cell(*note).value == "换人了，打座机"
    office.issue("T04", today=TODAY)
    assert office.issued("T04").exists()


def test_requirements_that_the_office_changes_change_deadlines_and_stay(office: Bureau) -> None:
    assert due(office, "T04").span.due == date(2026, 6, 30)
    with office.at_work() as book:
        book.put("任务要求", book.record("任务要求", 编号="T04"), {"时间": "7月上旬", "至少": 2, "备注": "汛期推迟"})
        book.put("任务要求", book.record("任务要求", 编号="T03"), {"启用": "否"})
        book.put("任务要求", book.record("任务要求", 编号="T22"), {"重复规则": "FREQ=MONTHLY;BYMONTHDAY=15"})
        add_column(book, "任务要求", "责任人", "老王")
    result = office.sync()
    assert result.written  # 完成情况 has a column less
    for number in (1, 2):
        rebuild(office, number)
        moved = due(office, "T04")
        assert (moved.span.due, moved.fulfilment.need) == (date(2026, 7, 10), 2)
        assert due(office, "T22", "2026-06").span.due == date(2026, 6, 15)
        assert not [item for item in office_deadlines(office.root, TODAY) if item.rule.id == "T03"]
        line = office.line("任务要求", 编号="T04")
        assert (line["时间"], line["备注"]) == ("7月上旬", "汛期推迟")
        assert office.lines("任务要求")[0]["责任人"] == "老王"


def test_a_county_holiday_moves_a_due_date_and_a_workday_moves_it_back(office: Bureau) -> None:
    assert due(office, "T22", "2026-06").span.due == date(2026, 6, 25)
    with office.at_work() as book:
        book.add("节点", {"类型": "放假", "名称": "县庆", "开始": date(2026, 6, 24), "结束": date(2026, 6, 25)})
        book.add("节点", {"类型": "上班", "名称": "补班", "开始": date(2026, 7, 25)})
    office.sync()
    assert due(office, "T22", "2026-06").span.due == date(2026, 6, 23)
    assert due(office, "T22", "2026-07").span.due == date(2026, 7, 25)
    rebuild(office, 1)
    assert office.line("节点", 名称="县庆")["开始"] == date(2026, 6, 24)


def test_settings_that_the_office_changes_hold_and_stay(office: Bureau) -> None:
    with office.at_work() as book:
        book.put("设置", book.record("设置", 设置项="临期提醒工作日数"), {"值": 10})
        book.put("设置", book.record("设置", 设置项="截止日遇休息日"), {"值": "顺延"})
    office.sync()
    assert due(office, "T22", "2026-07").span.due == date(2026, 7, 27)
    rebuild(office, 1)
    assert settings(office).term.settings.soon_days == 10
    assert office.line("设置", 设置项="截止日遇休息日")["值"] == "顺延"


def test_what_the_office_waives_is_no_longer_asked(office: Bureau) -> None:
    result = office.sync(JULY)
    owed = office.line("催报台账", 单位代码="T01", 编号="T02")
    assert owed["状态"] == "逾期" and owed["逾期天数"] == 21
    with office.at_work() as book:
        book.put(
            "催报台账",
            book.record("催报台账", 单位代码="T01", 编号="T02"),
            {"免报": "是", "已催次数": 2, "最近催报": date(2026, 6, 20), "回复": "机构改革中"},
        )
    waived = office.sync(JULY)
    assert waived.overdue == result.overdue - 1
    assert "Q101" not in [each.code for each in waived.findings if each.unit == "T01"]
    for number in (1, 2):
        rebuild(office, number)
        line = office.line("催报台账", 单位代码="T01", 编号="T02")
        assert (line["状态"], line["免报"], line["已催次数"], line["回复"]) == ("不适用", "是", 2, "机构改革中")
        assert line["最近催报"] == date(2026, 6, 20)


def test_the_office_s_comment_stays_with_its_finding(office: Bureau) -> None:
    with office.at_work() as book:
        book.put("填报问题", book.record("填报问题", 单位代码="T02", 代码="F107"), {"办公室意见": "已电话催过"})
    for number in (1, 2):
        rebuild(office, number)
        assert office.line("填报问题", 单位代码="T02", 代码="F107")["办公室意见"] == "已电话催过"


@covers("O105")
def test_a_unit_s_cell_changed_in_the_master_is_listed_and_not_applied(office: Bureau) -> None:
    with office.at_work() as book:
        book.put("汇总_人员名册", book.record("汇总_人员名册", 姓名="石一"), {"联系电话": "13911111111"})
    result = office.sync()
    (told,) = (each for each in result.findings if each.code == "O105")
    assert (told.unit, told.record, told.column) == ("T01", "T01-RY-0001", "phone")
    assert "13911111111" in told.message(Lang.ZH) and "13900000001" in told.message(Lang.ZH)
    (line,) = office.lines("数据变动", 批次=result.run)
    assert (line["变动"], line["栏目"]) == ("办公室改动（未采用）", "联系电话")
    assert (line["原来"], line["现在"]) == ("13900000001", "13911111111")
    assert office.line("汇总_人员名册", 姓名="石一")["联系电话"] == "13900000001"
    assert result.changes["updated"] == 0
    assert codes(office.sync()) == []


@covers("O101", "O102", "O103", "O104")
def test_what_the_office_typed_wrongly_in_its_sheets_is_told_and_the_rest_holds(office: Bureau) -> None:
    with office.at_work() as book:
        book.put("设置", book.record("设置", 设置项="临期提醒工作日数"), {"值": "三天"})
        book.put("任务要求", book.record("任务要求", 编号="T04"), {"时间": "六月中旬前后", "至少": 2})
        book.add("单位名册", {"单位代码": "T01", "单位名称": "抄重的"}, {"单位代码": "青石", "单位名称": "没有代码的"})
        book.add(
            "节点",
            {"类型": "放假", "名称": "不知哪天"},
            {"类型": "放假", "开始": date(2026, 6, 26), "结束": date(2026, 6, 2)},
        )
    result = office.sync()
    assert codes(result, "") == ["O101", "O102", "O103", "O103", "O104", "O104"]
    held = settings(office)
    assert held.term.settings.soon_days == 3 and held.term.settings.days_off == frozenset()
    assert [unit.name for unit in held.units] == ["青石镇民政办", "柳溪乡民政办", "白沙镇民政办"]
    rule = held.term.programme.requirement("T04")
    assert (rule.window, rule.minimum) == ("6月中下旬", 2)  # one bad cell does not lose the others
    assert {line["代码"] for line in office.lines("填报问题", 单位代码=None)} == {"O101", "O102", "O103", "O104"}
    # What was typed stays where it was typed, so that the office sees and mends it.
    assert office.line("任务要求", 编号="T04")["时间"] == "六月中旬前后"


def test_a_deleted_master_is_rebuilt_from_the_ledger(office: Bureau) -> None:
    with office.at_work() as book:
        book.put("汇总_信息报送", 1, {"采用": "是"})
        add_column(book, "汇总_人员名册", "分组", "甲组")
        book.add("单位名册", {"单位代码": "T04", "单位名称": "新设乡民政办"})
        book.put("设置", book.record("设置", 设置项="临期提醒工作日数"), {"值": 5})
        book.put("任务要求", book.record("任务要求", 编号="T04"), {"时间": "7月上旬"})
        book.add("节点", {"类型": "放假", "名称": "县庆", "开始": date(2026, 6, 25)})
    office.sync()
    sheets = ("单位名册", "任务要求", "节点", "设置", "汇总_人员名册", "汇总_活动台账", "汇总_信息报送", "催报台账")
    whole = {sheet: office.lines(sheet) for sheet in sheets}
    office.master.unlink()
    result = office.sync()
    assert result.written and statuses(result)["T01"] == "unchanged"
    assert result.changes == {"inserted": 0, "updated": 0, "withdrawn": 0}
    for sheet in sheets:
        assert office.lines(sheet) == whole[sheet], sheet
    assert due(office, "T04").span.due == date(2026, 7, 10)


def test_a_deleted_sheet_of_the_master_loses_nothing_of_the_office_s(office: Bureau) -> None:
    with office.at_work() as book:
        book.put("汇总_信息报送", 1, {"采用": "是"})
        book.add("节点", {"类型": "放假", "名称": "县庆", "开始": date(2026, 6, 25)})
    office.sync()
    with office.at_work() as book:
        for sheet in ("汇总_信息报送", "节点"):
            del book.book[sheet]
    rebuild(office, 1)
    assert office.line("汇总_信息报送")["采用"] == "是"
    assert office.line("节点", 名称="县庆")["开始"] == date(2026, 6, 25)


def test_an_older_master_put_back_does_not_undo_what_units_sent_since(office: Bureau) -> None:
    old = office.master.read_bytes()
    rebuild(office, 1)
    office.master.write_bytes(old)
    result = rebuild(office, 2)
    assert "O105" not in codes(result)
    assert office.line("汇总_人员名册", 姓名="石一")["职务"] == "第2任"


def test_an_office_in_english_keeps_its_units_sheet(tmp_path: Path) -> None:
    from sync.init import create_office

    made = create_office(
        tmp_path / "office", programme="tengxian-civil-affairs", year=2026, lang=Lang.EN, today=date(2026, 6, 1)
    )
    english = Bureau(made)
    with typing(english.master) as book:
        book.add("Units", {"Code": "T01", "Name": "Riverside"})
    english.issue()
    path = english.receive(english.issued("T01"))
    with typing(path) as book:
        page = book.sheet("People")
        row, columns = header_of(page)
        for header, value in (("Name", "Ann"), ("Department", "Office"), ("Leadership team", "Yes")):
            page.cell(row + 1, columns[header]).value = value
    result = english.sync()
    assert statuses(result) == {"T01": "accepted"}
    (line,) = english.lines("All_People")
    assert (line["Name"], line["Leadership team"], line["Row state"]) == ("Ann", "Yes", "Active")
    assert {each["Code"] for each in english.lines("Units")} == {"T01"}


def test_a_fresh_office_has_every_sheet_and_rules_of_the_profile(tmp_path: Path) -> None:
    made = fresh_office(tmp_path / "行动办")
    made.filled("T01", FIRST_UNIT)
    made.sync()
    with made.at_work() as book:
        names = [page.title for page in book.book.worksheets if page.sheet_state == "visible"]
    own = ["总体情况", "单位名册", "任务要求", "节点", "设置", "完成情况", "催报台账", "填报问题", "数据变动"]
    merged = ["汇总_人员名册", "汇总_组织机构", "汇总_项目台账", "汇总_小组成员", "汇总_活动台账", "汇总_信息报送"]
    assert names == [*own, *merged, "汇总记录"]
    t04 = made.line("任务要求", 编号="T04")
    assert (t04["时间"], t04["至少"], t04["启用"], t04["方案未定、可改"]) == ("6月中下旬", 1, "是", "至少")
