"""完成情况: each cell leads to the row that fulfils it or to the gap."""

from __future__ import annotations

from datetime import date

from support.office import PEOPLE, PROJECTS, REPORTS, SCHEDULE, Bureau, header_of, read_lines, typing

AUGUST = date(2026, 8, 30)


def target(office: Bureau, unit: str, requirement: str) -> tuple[str, str, dict[str, object]]:
    """(text, sheet, line) of a cell: what it says and where it leads."""
    with office.at_work() as book:
        page = book.sheet("完成情况")
        _, columns = header_of(page)
        header = next(text for text in columns if text.startswith(requirement))
        cell = book.cell("完成情况", book.record("完成情况", 单位代码=unit), header)
        assert cell.hyperlink is not None and cell.hyperlink.location is not None
        sheet, _, place = cell.hyperlink.location.rpartition("!")
        name = sheet.strip("'")
        row, headers = header_of(book.sheet(name))
        at = int(place.lstrip("A"))
        assert at > row
        line: dict[str, object] = {text: book.sheet(name).cell(at, column).value for text, column in headers.items()}
        return str(cell.value), name, line


def test_a_cell_leads_to_the_first_row_that_fulfils_it_or_to_the_gap(office: Bureau) -> None:
    office.filled("T02", {PEOPLE: [{"姓名": "柳一", "部门": "办公室", "班子成员": "是"}]})
    with typing(office.folder.inbox / "T01.xlsx") as book:
        book.add(PROJECTS, {"项目编号": "XM1", "层级": "项目", "项目名称": "便民", "召集人": "石一"})
        book.add(REPORTS, {"所属月份": "2026-07", "信息类别": "动态", "标题": "七月", "报送日期": date(2026, 7, 20)})
    office.sync(AUGUST)
    with office.at_work() as book:
        book.put("单位名册", 1, {"单位代码": "T02", "单位名称": "柳溪乡民政办", "曾用名": None})
        book.put("单位名册", 2, {"单位代码": "T01", "单位名称": "青石镇民政办", "曾用名": None})
    office.sync(AUGUST)
    text, sheet, line = target(office, "T01", "T03")
    assert (text, sheet, line["活动名称"], line["单位代码"]) == ("已完成", "汇总_活动台账", "行动学习启动", "T01")
    text, sheet, line = target(office, "T01", "T22")
    assert (text, sheet, line["月份"], line["编号"]) == ("逾期 1/7", "催报台账", "2026-08", "T22")
    text, sheet, line = target(office, "T02", "T03")
    assert (text, sheet, line["单位代码"], line["编号"]) == ("逾期", "催报台账", "T02", "T03")
    text, sheet, line = target(office, "T02", "T21")
    assert (text, sheet, line["编号"]) == ("未到期", "任务要求", "T21")
    text, sheet, line = target(office, "T01", "T09")
    assert (text, sheet, line["项目编号"]) == ("合要求", "汇总_项目台账", "XM1")
    assert not office.sync(AUGUST).written


def test_links_lead_where_the_rows_stand_when_the_sheet_is_made_anew(office: Bureau) -> None:
    held = {
        "活动类别": "启动仪式",
        "活动名称": "乡里启动",
        "计划日期": date(2026, 6, 15),
        "实际日期": date(2026, 6, 15),
    }
    office.filled("T02", {SCHEDULE: [held]})
    with office.at_work() as book:
        book.put("单位名册", 1, {"单位代码": "T02", "单位名称": "柳溪乡民政办", "曾用名": None})
        book.put("单位名册", 2, {"单位代码": "T01", "单位名称": "青石镇民政办", "曾用名": None})
        book.put("任务要求", book.record("任务要求", 编号="T25"), {"启用": "否"})
    office.sync(AUGUST)
    # In the office's order T02 would come first, but rows keep their places.
    for unit, name in (("T01", "行动学习启动"), ("T02", "乡里启动")):
        _, sheet, line = target(office, unit, "T03")
        assert (sheet, line["活动名称"], line["单位代码"]) == ("汇总_活动台账", name, unit)


def test_what_is_waived_leads_to_the_office_s_word(office: Bureau) -> None:
    with office.at_work() as book:
        book.add("催报台账", {"单位代码": "T03", "编号": "T21", "免报": "是"})
    office.sync(AUGUST)
    text, sheet, line = target(office, "T03", "T21")
    assert (text, sheet, line["免报"], line["单位代码"]) == ("不适用", "催报台账", "是", "T03")


def test_what_waits_for_the_office_leads_to_the_paper_and_is_not_chased(office: Bureau) -> None:
    with typing(office.folder.inbox / "T01.xlsx") as book:
        book.add(PROJECTS, {"项目编号": "XM1", "层级": "项目", "项目名称": "便民", "召集人": "石一"})
        paper = {"项目编号": "XM1", "文件类别": "人员名单", "文件名称": "小组名单", "版本": 1}
        book.add("方案制度", {**paper, "报送日期": date(2026, 7, 22)})
    office.sync(AUGUST)
    text, sheet, line = target(office, "T01", "T24")
    assert (text, sheet, line["文件名称"]) == ("待审批", "汇总_方案制度", "小组名单")
    chased = {line["编号"] for line in read_lines(office.folder.master, "催报台账") if line["单位代码"] == "T01"}
    assert "T11" in chased and "T24" not in chased


def test_every_sheet_is_filtered_and_frozen_and_lists_the_units_in_the_office_s_order(office: Bureau) -> None:
    with office.at_work() as book:
        book.put("单位名册", 1, {"单位代码": "T03", "单位名称": "白沙镇民政办"})
        book.put("单位名册", 3, {"单位代码": "T01", "单位名称": "青石镇民政办"})
        book.put("设置", book.record("设置", 设置项="已结月份"), {"值": "2026-07"})
        for unit in ("T01", "T02", "T03"):
            book.add("汇总_人员名册", {"单位代码": unit, "姓名": f"新人{unit}", "部门": "办公室", "班子成员": "否"})
    office.sync(AUGUST)
    with office.at_work() as book:
        pages = [page for page in book.book.worksheets if page.sheet_state == "visible"][1:]
    assert len(pages) > 20
    for page in pages:
        row, columns = header_of(page)
        (table,) = page.tables.values()
        assert table.autoFilter is not None and page.freeze_panes and page.freeze_panes.endswith(str(row + 1)), (
            page.title
        )
        if "单位代码" in columns:
            codes = [page.cell(at, columns["单位代码"]).value for at in range(row + 1, page.max_row + 1)]
            filled = [code for code in codes if code]
            months = page.title == "月度结账"
            wanted = ["T03", "T02", "T01"] * (2 if months else 1)
            found = [str(code) for n, code in enumerate(filled) if n == 0 or filled[n - 1] != code]
            if page.title.startswith("汇总_"):
                # Records keep their places, and new ones follow.
                found, wanted = sorted(set(found)), sorted(wanted)
            assert found in (wanted, ["T01"], []), page.title
