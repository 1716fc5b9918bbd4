"""The columns of a master that is changed in place: what the office adds, renames, moves or deletes."""

from __future__ import annotations

from datetime import date

from support.codes import covers
from support.excel_work import Opened, Page, excel
from support.monster_master import EVENTS, REPORTS
from support.office import Bureau, codes, typing

REPORT = {"所属月份": "2026-06", "信息类别": "动态", "标题": "二", "报送日期": date(2026, 6, 20)}
FIRST, SECOND = "T01-BS-0001", "T01-BS-0002"
DONE = "完成情况"


def send_report(office: Bureau) -> None:
    with typing(office.folder.inbox / "T01.xlsx") as book:
        book.add("信息报送", REPORT)


def test_a_column_within_a_table_keeps_its_place_and_its_values(office: Bureau) -> None:
    with excel(office.master) as book:
        book.insert_column("all_reports", "收到日期", "经办")
    Page(office.master, REPORTS).put(FIRST, {"经办": "老李", "采用": "是"})
    send_report(office)
    result = office.sync()
    page = Page(office.master, REPORTS)
    assert [each.header for each in Opened(office.master).tables["all_reports"].columns] == list(page.headers)
    assert (page.value(FIRST, "经办"), page.value(FIRST, "采用")) == ("老李", "是")
    assert (page.value(SECOND, "标题"), page.value(SECOND, "经办")) == ("二", None)
    assert not {"O117", "O118"} & set(codes(result)) and not office.sync().written


def test_a_header_that_the_office_renames_is_the_same_column(office: Bureau) -> None:
    with excel(office.master) as book:
        book.rename_column("all_reports", "采用", "县局采用")
    Page(office.master, REPORTS).put(FIRST, {"县局采用": "是"})
    send_report(office)
    for _ in range(2):
        result = office.sync()
        page = Page(office.master, REPORTS)
        assert page.value(FIRST, "县局采用") == "是" and "采用" not in page.headers
        assert "O118" not in codes(result)
    office.sync(rebuild=True)
    assert Page(office.master, REPORTS).value(FIRST, "采用") == "是"


def test_a_column_that_the_office_moves_is_found_where_it_stands(office: Bureau) -> None:
    Page(office.master, REPORTS).put(FIRST, {"采用": "是"})
    office.sync()
    with excel(office.master) as book:
        book.insert_column("all_reports", "标题", "空")
    with excel(office.master) as book:
        book.move_column("all_reports", "采用", "空")
    send_report(office)
    office.sync()
    page = Page(office.master, REPORTS)
    assert list(page.headers)[5:7] == ["采用", "标题"]
    assert page.value(FIRST, "采用") == "是" and page.value(SECOND, "标题") == "二"
    assert not office.sync().written


@covers("O118")
def test_a_column_of_the_tool_s_that_the_office_deletes_stays_away(office: Bureau) -> None:
    with excel(office.master) as book:
        book.delete_column("all_schedule", "主讲人")
    with typing(office.folder.inbox / "T01.xlsx") as book:
        book.put("活动台账", 1, {"主讲人": "王科长", "地点": "礼堂"})
    result = office.sync()
    (told,) = (each for each in result.findings if each.code == "O118")
    assert (told.sheet, told.value) == (EVENTS, "主讲人")
    page = Page(office.master, EVENTS)
    assert "主讲人" not in page.headers and page.value("T01-HD-0001", "地点") == "礼堂"
    assert not office.sync().written
    office.sync(rebuild=True)
    assert Page(office.master, EVENTS).value("T01-HD-0001", "主讲人") == "王科长"


@covers("O117")
def test_a_table_that_was_converted_to_a_range_is_made_anew_with_what_the_office_wrote(office: Bureau) -> None:
    Page(office.master, REPORTS).put(FIRST, {"采用": "是"})
    with excel(office.master) as book:
        book.put(REPORTS, "V3", "经办")
        book.put(REPORTS, "V4", "老李")
        book.convert_to_range("all_reports")
    send_report(office)
    result = office.sync()
    (told,) = (each for each in result.findings if each.code == "O117")
    assert told.sheet == REPORTS and (office.folder.archive / told.file).exists()
    page = Page(office.master, REPORTS)
    assert (page.value(FIRST, "采用"), page.value(FIRST, "经办")) == ("是", "老李") and len(page.rows) == 2
    assert Opened(office.master).tables["all_reports"].last == 5
    assert "O117" not in codes(office.sync())


def test_a_sheet_of_the_office_s_own_that_is_no_table_any_more_is_left_as_it_is(office: Bureau) -> None:
    with excel(office.master) as book:
        book.convert_to_range("units")
        book.put("单位名册", "H4", "王小月")
    part = Opened(office.master).entries["单位名册"].part
    before = Opened(office.master).parts[part]
    send_report(office)
    assert "O117" not in codes(office.sync())
    assert Opened(office.master).parts[part] == before and len(Page(office.master, REPORTS).rows) == 2
    assert office.line("单位名册", 单位代码="T01")["联系人"] == "王小月"


def test_requirements_that_the_office_put_in_another_order_stay_in_it(office: Bureau) -> None:
    with excel(office.master) as book:
        book.insert_column("completion", "单位名称", "联络员")
    with excel(office.master) as book:
        book.insert_column("completion", "T02 成立领导小组和办公室", "空")
    with excel(office.master) as book:
        book.comment(DONE, "A4", "催过")
    Page(office.master, DONE, key="单位代码").put("T01", {"联络员": "老李"})
    office.sync()
    with excel(office.master) as book:
        book.move_column("completion", "T05 确定选题（四项标准齐全）", "空")
    send_report(office)
    assert "O117" not in codes(office.sync())
    page = Page(office.master, DONE, key="单位代码")
    assert list(page.headers)[:6:5] == ["单位代码", "T02 成立领导小组和办公室"]
    assert list(page.headers)[4] == "T05 确定选题（四项标准齐全）" and page.value("T01", "联络员") == "老李"
    assert not office.sync().written


def test_a_column_of_the_office_s_whose_name_could_mean_ours_is_the_office_s(office: Bureau) -> None:
    with excel(office.master) as book:
        book.insert_column("all_people", "部门", "科室")
        book.put("汇总_人员名册", "E4", "办里的科室")
    send_report(office)
    result = office.sync()
    line = office.line("汇总_人员名册", 姓名="石一")
    assert (line["科室"], line["部门"]) == ("办里的科室", "办公室") and "O105" not in codes(result)
