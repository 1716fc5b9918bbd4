"""The office's own work in the master: kept through every rebuild, and obeyed where the office may decide."""

from __future__ import annotations

from datetime import date, datetime

from support.codes import covers
from support.office import (
    PEOPLE,
    PROJECTS,
    TODAY,
    Bureau,
    codes,
    header_of,
    statuses,
    typing,
)
from system.office_work import JULY, add_column, due, rebuild

from sync.office_values import reminder_parts
from xingzhi.deadlines import State
from xingzhi.labels import Lang


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
    # Rows keep their places, and what is new follows.
    assert [line["姓名"] for line in lines] == ["石一", "石二", "石三", "柳一"]
    assert [line["分组"] for line in lines] == ["甲组", None, "乙组", None]
    with office.at_work() as book:
        page = book.sheet("汇总_人员名册")
        row, columns = header_of(page)
        cells = [[page.cell(number, place).value for place in columns.values()] for number in range(row + 1, row + 5)]
        for number, values in enumerate(reversed(cells), start=row + 1):
            for place, value in zip(columns.values(), values, strict=True):
                page.cell(number, place).value = value
    rebuild(office, 1)
    lines = office.lines("汇总_人员名册")
    assert [line["姓名"] for line in lines] == ["柳一", "石三", "石二", "石一"]
    assert [line["分组"] for line in lines] == [None, "乙组", None, "甲组"]


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
    assert "T02" not in [each.requirement for each in waived.findings if each.unit == "T01"]
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
    assert codes(office.sync()) == ["M109"]


def test_a_column_that_the_office_adds_keeps_what_was_typed_as_what_it_is(office: Bureau) -> None:
    moment = datetime(2026, 6, 3, 18, 30)
    with office.at_work() as book:
        for header, value in (
            ("得分", 95.5),
            ("名次", 3),
            ("日子", date(2026, 6, 3)),
            ("时刻", moment),
            ("已阅", True),
        ):
            add_column(book, "汇总_信息报送", header, value)
        add_column(book, "汇总_信息报送", "编码", "007")
    for number in (1, 2):
        rebuild(office, number)
        row = office.line("汇总_信息报送")
        assert (row["得分"], row["名次"], row["日子"]) == (95.5, 3, date(2026, 6, 3))
        assert (row["时刻"], row["已阅"], row["编码"]) == (moment, True, "007")
    office.sync(rebuild=True)
    row = office.line("汇总_信息报送")
    assert (row["得分"], row["名次"], row["日子"]) == (95.5, 3, date(2026, 6, 3))
    assert (row["时刻"], row["已阅"], row["编码"]) == (moment, True, "007")
    with office.at_work() as book:
        cells = {header: book.cell("汇总_信息报送", 1, header) for header in ("得分", "编码")}
    # What is typed there next is a number too, and no text that looks like one.
    assert (cells["得分"].number_format, cells["编码"].number_format) == ("General", "@")


def test_two_columns_of_one_name_are_two_columns(office: Bureau) -> None:
    with office.at_work() as book:
        add_column(book, "汇总_信息报送", "备注", "第一个")
        page = book.sheet("汇总_信息报送")
        row, columns = header_of(page)
        page.cell(row, max(columns.values()) + 1).value = "备注"
        page.cell(row + 1, max(columns.values()) + 1).value = "第二个"
    rebuild(office, 1)
    with office.at_work() as book:
        page = book.sheet("汇总_信息报送")
        row, _ = header_of(page)
        written = [cell.value for cell, head in zip(page[row + 1], page[row], strict=True) if head.value == "备注"]
    assert written == ["第一个", "第二个"]
    office.sync(rebuild=True)
    line = office.line("汇总_信息报送")
    assert (line["备注"], line["备注2"]) == ("第一个", "第二个")


def test_columns_added_to_the_sheets_that_the_tool_writes_stay_with_unit_and_run(office: Bureau) -> None:
    with office.at_work() as book:
        add_column(book, "完成情况", "联系情况", "电话不通", 2)
        add_column(book, "汇总记录", "经办", "小王")
        book.add("完成情况", {"单位名称": "另有一个单位"})
    run = office.lines("汇总记录")[0]["批次"]
    with office.at_work() as book:
        book.put("任务要求", book.record("任务要求", 编号="T03"), {"启用": "否"})
    for number in (1, 2):
        rebuild(office, number)
        notes = {line["单位代码"]: line["联系情况"] for line in office.lines("完成情况")}
        assert notes == {"T01": "电话不通", "T02": 2, "T03": None, None: None}
        assert office.line("完成情况", 单位代码=None)["单位名称"] == "另有一个单位"
        assert not [header for header in office.lines("完成情况")[0] if header.startswith("T03 ")]
        assert office.line("汇总记录", 批次=run)["经办"] == "小王"
    assert not office.sync().written


def test_the_office_s_own_lines_stay_at_the_end_of_reminders_and_findings(office: Bureau) -> None:
    office.sync(JULY)
    with office.at_work() as book:
        book.add("催报台账", {"单位代码": "T01", "回复": "另约时间"})
        page = book.sheet("催报台账")
        row, columns = header_of(page)
        # A line copied from another and rewritten, the tool's mark and all, is the office's own too.
        last = page.max_row + 1
        for place in columns.values():
            page.cell(last, place).value = page.cell(row + 1, place).value
        page.cell(last, columns["编号"]).value = "自定"
        book.add("填报问题", {"单位代码": "T02", "问题": "口头问过，月底交"})
    for number in (1, 2):
        rebuild(office, number)
        office.sync(JULY)
        assert office.line("催报台账", 回复="另约时间")["单位代码"] == "T01"
        assert len(office.lines("催报台账", 编号="自定")) == 1
        assert office.line("填报问题", 问题="口头问过，月底交")["单位代码"] == "T02"
    assert not office.sync(JULY).written
    with office.at_work() as book:
        page = book.sheet("催报台账")
        page.delete_rows(header_of(page)[0] + book.record("催报台账", 编号="自定"))
    office.sync(JULY)
    assert office.lines("催报台账", 编号="自定") == []


def test_a_line_of_the_office_s_waives_what_is_not_yet_due(office: Bureau) -> None:
    with office.at_work() as book:
        book.add("催报台账", {"单位代码": "T01", "编号": "T04", "免报": "是"})
    office.sync()
    assert due(office, "T04").state is State.WAIVED
    assert office.line("催报台账", 单位代码="T01", 编号="T04")["状态"] == "不适用"


def test_an_item_of_a_project_whose_code_holds_any_sign_can_be_waived(office: Bureau) -> None:
    project = {"项目编号": 'XM|1"', "层级": "项目", "项目名称": "便民", "选题日期": date(2026, 6, 20)}
    office.filled("T02", {PROJECTS: [project]})
    august = date(2026, 8, 30)
    office.sync(august)
    first = next(line for line in office.lines("催报台账", 项目编号='XM|1"'))
    with office.at_work() as book:
        record = book.record("催报台账", 项目编号='XM|1"', 编号=first["编号"], 月份=first["月份"])
        book.put("催报台账", record, {"免报": "是"})
    office.sync(august)
    assert office.line("催报台账", 项目编号='XM|1"', 编号=first["编号"])["状态"] == "不适用"
    assert reminder_parts("T05|XM|1|2026-06") == ("T05", "XM|1", "2026-06")  # as an early version wrote it


ENTERED = {
    "单位代码": "T01",
    "所属月份": "2026-06",
    "信息类别": "动态",
    "标题": "启动侧记",
    "报送日期": date(2026, 6, 23),
}


def test_an_entered_row_that_a_unit_has_gives_it_the_office_s_words(office: Bureau) -> None:
    with office.at_work() as book:
        book.add("汇总_信息报送", {**ENTERED, "收到日期": date(2026, 6, 22), "采用": "是"})
    result = office.sync()
    assert result.changes["inserted"] == 0
    line = office.line("汇总_信息报送")
    assert (line["记录号"], line["收到日期"], line["采用"]) == ("T01-BS-0001", date(2026, 6, 22), "是")
    # Where the office had said something else of the row, both lines stay for it to choose.
    with office.at_work() as book:
        book.add("汇总_信息报送", {**ENTERED, "采用": "否"})
    for _ in (1, 2):
        office.sync()
        assert [line["采用"] for line in office.lines("汇总_信息报送")] == ["是", "否"]
    assert not office.sync().written


def test_a_unit_for_which_the_office_entered_a_row_has_still_sent_nothing(office: Bureau) -> None:
    with office.at_work() as book:
        book.add("汇总_信息报送", {**ENTERED, "单位代码": "T02"})
    result = office.sync()
    assert statuses(result)["T02"] == "missing"
    assert [each.code for each in result.findings if each.unit == "T02"] == ["F107"]


def test_a_row_copied_with_its_number_and_changed_is_a_row_of_its_own(office: Bureau) -> None:
    with office.at_work() as book:
        page = book.sheet("汇总_信息报送")
        row, columns = header_of(page)
        for place in columns.values():
            page.cell(row + 2, place).value = page.cell(row + 1, place).value
        # The copy stands above what it was copied from.
        book.put("汇总_信息报送", 1, {"标题": "代录的", "所属月份": "2026-07", "采用": "是"})
    result = office.sync(JULY)
    assert result.changes["inserted"] == 1 and "O105" not in codes(result)
    lines = [(line["记录号"], line["标题"], line["采用"]) for line in office.lines("汇总_信息报送")]
    assert lines == [("T01-BS-5001", "代录的", "是"), ("T01-BS-0001", "启动侧记", None)]
    assert office.lines("汇总_信息报送")[0]["收到日期"] == JULY


def test_an_office_column_that_was_renamed_or_deleted_comes_back_with_its_values(office: Bureau) -> None:
    with office.at_work() as book:
        book.put("汇总_信息报送", 1, {"采用": "是", "算按时": "是"})
    office.sync()
    with office.at_work() as book:
        page = book.sheet("汇总_信息报送")
        row, columns = header_of(page)
        page.cell(row, columns["采用"]).value = "是否采用"
        page.delete_cols(columns["算按时"])
    office.sync()
    line = office.line("汇总_信息报送")
    assert (line["采用"], line["算按时"], line["是否采用"]) == ("是", "是", "是")


def test_the_office_s_words_outlast_a_unit_that_leaves_the_list(office: Bureau) -> None:
    with office.at_work() as book:
        book.put("汇总_信息报送", 1, {"采用": "是"})
        add_column(book, "汇总_信息报送", "科长意见", "写得好")
    office.sync()
    with office.at_work() as book:
        book.put("单位名册", 1, {"单位代码": None, "单位名称": None})
    for _ in (1, 2):
        office.sync()
        line = office.line("汇总_信息报送")
        assert (line["采用"], line["科长意见"]) == ("是", "写得好")
