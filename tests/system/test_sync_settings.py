"""The sheets by which the office steers: units, requirements, calendar and settings."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from support.codes import covers
from support.office import (
    FIRST_UNIT,
    TODAY,
    Bureau,
    codes,
    fresh_office,
    header_of,
    statuses,
    typing,
)
from system.office_work import add_column, due, rebuild, settings

from sync.status import office_deadlines
from xingzhi.labels import Lang


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
    own = ["总体情况", "单位名册", "任务要求", "节点", "设置", "校验规则"]
    kept = ["完成情况", "催报台账", "月度结账", "填报问题", "数据变动"]
    tables = ["人员名册", "组织机构", "项目台账", "小组成员", "活动台账", "考勤登记", "进展情况", "方案制度"]
    tables += ["信息报送", "成果固化", "考核评估", "学习台账"]
    assert names == [*own, *kept, *(f"汇总_{table}" for table in tables), "汇总记录"]
    t04 = made.line("任务要求", 编号="T04")
    assert (t04["时间"], t04["至少"], t04["启用"], t04["方案未定、可改"]) == ("6月中下旬", 1, "是", "至少")
