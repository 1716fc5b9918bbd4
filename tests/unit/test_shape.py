"""Sheets as clerks leave them: what is read from them, beyond the findings that the golden cases name."""

from __future__ import annotations

from datetime import date
from time import perf_counter

import pytest
from support.text_tables import grid

from workbook_templates.tables.members import MEMBERS
from workbook_templates.tables.people import PEOPLE
from workbook_templates.tables.registry import TABLES
from workbook_templates.tables.reports import REPORTS
from xingzhi.cell_errors import UNCACHED
from xingzhi.columns import RECORD
from xingzhi.findings import Finding
from xingzhi.grid import CellValue, Grid, Sheet, address
from xingzhi.headers import HEADER_ROW, SELF_CHECK
from xingzhi.labels import Lang
from xingzhi.quoting import LONGEST_SHOWN
from xingzhi.rows import unit_values
from xingzhi.shape import Shaped, shape
from xingzhi.windows import Window

WINDOW = Window(date(2026, 6, 1), date(2027, 1, 31))


def read(text: str, *tables: str) -> Shaped:
    return shape(grid(text), [table for table in TABLES if table.key in tables], WINDOW)


def codes(found: tuple[Finding, ...]) -> list[str]:
    return [each.code for each in found]


def blank_workbook(lang: Lang, room: int = 50) -> Grid:
    sheets = []
    for table in TABLES:
        rows: list[list[CellValue]] = [[] for _ in range(HEADER_ROW - 1)]
        rows.append([*table.headers(lang), SELF_CHECK.of(lang)])
        rows += [[f"T01-{table.letters}-{serial:04}", *[""] * len(table.columns)] for serial in range(1, room)]
        sheets.append(Sheet(table.label.of(lang), rows))
    return Grid("空白.xlsx", tuple(sheets))


@pytest.mark.parametrize("lang", Lang)
def test_a_blank_template_has_no_rows_and_no_findings(lang: Lang) -> None:
    shaped = shape(blank_workbook(lang), TABLES, WINDOW)
    assert shaped.rows == {table.key: () for table in TABLES}
    assert shaped.findings == ()
    assert shaped.sheets == {table.key: table.label.of(lang) for table in TABLES}


def test_columns_in_another_order_with_own_ones_among_them() -> None:
    shaped = read(
        """
== 人员名册 @6
| 民族 | 班子成员 | 手机 | 姓名 | 部门 | 职务 | 任职止 | 任职起 | 民族 | |
| 汉 | 是 | 13800000000 | 张　甲 | 办公室 | 主任 | | 2026-06-01 | 12.0 | 无栏名 |
""",
        "people",
    )
    (row,) = shaped.rows["people"]
    assert row.values == {
        "record": None,
        "name": "张甲",
        "department": "办公室",
        "post": "主任",
        "leadership": "yes",
        "phone": "13800000000",
        "from": date(2026, 6, 1),
        "to": None,
    }
    assert row.extra == {"民族": "汉", "民族（2）": "12", "J列": "无栏名"}
    assert (row.record, row.file, row.sheet, row.number) == ("", "测试.xlsx", "人员名册", 7)
    assert row.cells == {
        "leadership": "B7",
        "phone": "C7",
        "+民族": "A7",
        "+民族（2）": "I7",
        "+J列": "J7",
        "name": "D7",
        "department": "E7",
        "post": "F7",
        "to": "G7",
        "from": "H7",
    }
    assert row.invalid == frozenset()
    assert unit_values(row, PEOPLE)["+民族"] == "汉"
    assert sorted(codes(shaped.findings)) == ["N102", "N104", "S101", "S103", "S103", "S106", "S115"]


def test_findings_of_cells_say_where_they_are_in_both_terms() -> None:
    shaped = read(
        """
== 人员名册
| 记录号 | 姓名 | 部门 | 职务 | 班子成员 | 联系电话 | 任职起 | 任职止 |
| T01-RY-0007 | 张甲 | 办公室 | | 是 | '45000019800101123X | 下月 | |
""",
        "people",
    )
    (row,) = shaped.rows["people"]
    phone, start = shaped.findings
    assert (phone.code, phone.file, phone.sheet, phone.cell) == ("C110", "测试.xlsx", "人员名册", "F5")
    assert (phone.table, phone.column, phone.record) == ("people", "phone", "T01-RY-0007")
    assert dict(phone.args) == {"name": PEOPLE["phone"].label}
    assert "19800101" not in phone.value + phone.message(Lang.ZH) + phone.message(Lang.EN)
    assert start.code == "C102" and start.value == "下月"
    assert row.invalid == {"phone", "from"}
    assert row.get("from") is None and row.text("from") == "下月"


def test_errors_are_kept_as_text_and_are_invalid() -> None:
    shaped = read(
        """
== 人员名册
| 记录号 | 姓名 | 部门 | 职务 | 班子成员 | 联系电话 | 任职起 | 任职止 |
| #REF! | #N/A | 办公室 | | 是 | | '#VALUE! | |
""",
        "people",
    )
    (row,) = shaped.rows["people"]
    assert row.record == ""
    assert row.invalid == {"record", "name", "from"}
    assert (row.text("name"), row.text("from")) == ("#N/A", "#VALUE!")
    assert codes(shaped.findings) == ["S109"] * 3


def test_a_number_that_is_none_is_an_error_cell() -> None:
    header: list[CellValue] = list(PEOPLE.headers(Lang.ZH))
    rows: list[list[CellValue]] = [[], [], [], header, [None, "张甲", "办公室", None, "是", float("nan")]]
    shaped = shape(Grid("甲.xlsx", (Sheet("人员名册", rows),)), (PEOPLE,), WINDOW)
    assert [(each.code, each.cell, each.value) for each in shaped.findings] == [("S109", "F5", "#NUM!")]


def test_office_values_are_read_but_make_no_record() -> None:
    shaped = read(
        """
== 信息报送
| 记录号 | 所属月份 | 信息类别 | 标题 | 撰稿人 | 报送日期 | 收到日期 | 算按时 | 采用 |
| T01-BS-0001 | '2026-06 | 动态 | 甲 | | 2026-06-24 | 2026.6.25 | 是 | |
| T01-BS-0002 | | | | | | 2026-06-25 | 是 | 是 |
""",
        "reports",
    )
    (row,) = shaped.rows["reports"]
    assert (row.values["received_on"], row.values["on_time"]) == (date(2026, 6, 25), "yes")
    assert codes(shaped.findings) == ["N101"]


def test_rows_far_below_the_last_are_read() -> None:
    header: list[CellValue] = list(REPORTS.headers(Lang.ZH))
    record: list[CellValue] = ["", "2026-06", "动态", "甲", "", date(2026, 6, 24)]
    rows: list[list[CellValue]] = [[], [], [], header, *[[] for _ in range(1995)], record]
    shaped = shape(Grid("甲.xlsx", (Sheet("信息报送", rows),)), (REPORTS,), WINDOW)
    (row,) = shaped.rows["reports"]
    assert (row.number, row.cell("title")) == (2000, "D2000")
    assert shaped.findings == ()


def test_a_renamed_sheet_goes_to_the_table_that_it_fits_best() -> None:
    text = "\n".join(["== 一组的人 @1", "| " + " | ".join(MEMBERS.headers(Lang.EN)) + " |"])
    shaped = read(text, "people", "organisation", "members", "schedule")
    assert shaped.sheets == {"members": "一组的人"}
    assert sorted(codes(shaped.findings)) == ["B107", "B107", "B107", "S101", "S108"]


def test_a_value_merged_down_is_each_row_s() -> None:
    shaped = read(
        """
== 小组成员
~ merged B5:B9 H5:H6 D6:E6
| 记录号 | 项目编号 | 姓名 | 小组角色 | 所在单位 | 职责分工 | 任职起 | 民族 |
| T01-CY-0001 | ＸＭ１ | 张甲 | 组长 | | | 2026-06-01 | 汉 |
| T01-CY-0002 | | 李乙 | 核心学员 | | | 2026-06-01 |
| T01-CY-0003 |
| T01-CY-0004 | | 王丙 | 核心学员 | | | 6月1日 | 壮 |
| T01-CY-0005 |
| T01-CY-0006 | | 赵丁 | 核心学员 | | | 2026-06-01 |
""",
        "members",
    )
    rows = shaped.rows["members"]
    assert [(row.number, row.text("project")) for row in rows] == [(5, "XM1"), (6, "XM1"), (8, "XM1"), (10, "")]
    assert [row.extra.get("民族") for row in rows] == ["汉", "汉", "壮", None]
    assert rows[1].text("role") == "core" and rows[1].text("home_unit") == ""
    merged = [(each.cell, each.column, dict(each.args)["count"]) for each in shaped.findings if each.code == "S111"]
    assert merged == [("B5", "project", "3"), ("H5", "+民族", "2")]
    assert [each.cell for each in shaped.findings if each.code == "N103"] == ["B5"]


def test_an_error_merged_down_is_told_of_each_row() -> None:
    shaped = read(
        """
== 小组成员
~ merged B5:B6
| 记录号 | 项目编号 | 姓名 | 小组角色 | 所在单位 | 职责分工 | 任职起 | 任职止 |
| T01-CY-0001 | =? | 张甲 | 组长 |
| T01-CY-0002 | | 李乙 | 核心学员 |
""",
        "members",
    )
    assert [(row.text("project"), row.invalid) for row in shaped.rows["members"]] == [
        (UNCACHED, frozenset({"project"}))
    ] * 2
    assert [each.cell for each in shaped.findings if each.code == "S110"] == ["B5", "B6"]


def test_ranges_merged_over_everything_cost_nothing_and_make_no_records() -> None:
    header: list[CellValue] = list(MEMBERS.headers(Lang.ZH))
    room: list[list[CellValue]] = [[] for _ in range(20_000)]
    first: list[CellValue] = ["", "XM1", "张甲", "组长"]
    ranges = [(5, place, 1_048_576, place) for place in range(1, 200)]
    ranges += [(row, 9, row + 1, 16_384) for row in range(5, 40_000, 2)]
    sheet = Sheet("小组成员", [[], [], [], header, first, *room], merged=tuple(ranges))
    began = perf_counter()
    shaped = shape(Grid("甲.xlsx", (sheet,)), (MEMBERS,), WINDOW)
    assert perf_counter() - began < 1
    assert len(shaped.rows["members"]) == 1 and codes(shaped.findings) == []


def test_of_a_copied_sheet_what_it_adds_is_read_once() -> None:
    header = "| 记录号 | 项目编号 | 姓名 | 小组角色 | 所在单位 | 职责分工 | 任职起 | 任职止 | 民族 |"
    shaped = read(
        f"""
== 小组成员
{header}
| T01-CY-0001 | XM1 | 张甲 | 组长 | | | 6月1日 | | 汉 |
| T01-CY-0002 | XM1 | 李乙 | 核心学员 |
| | XM1 | 李乙 | 核心学员 |
| T01-CY-0004 | XM2 | 王丙 | 核心学员 |

== 小组成员 (2)
{header}
| T01-CY-0001 | XM1 | 张甲 | 组长 | | 牵头 | 6月1日 | | 汉 |
| T01-CY-0002 | XM1 | 李乙 | 核心学员 |
| T01-CY-0003 | XM1 | 李乙 | 核心学员 |
| T01-CY-0004 | XM2 | 赵丁 | 核心学员 |
| T01-CY-0005 | XM2 | 王丙 | 核心学员 | | | | | 壮 |
""",
        "members",
    )
    found = [(row.sheet, row.number, row.text("person"), row.text("duty")) for row in shaped.rows["members"]]
    assert found == [
        ("小组成员 (2)", 5, "张甲", "牵头"),
        ("小组成员", 6, "李乙", ""),
        ("小组成员", 7, "李乙", ""),
        ("小组成员 (2)", 9, "王丙", ""),
        ("小组成员 (2)", 8, "赵丁", ""),
    ]
    assert [row.extra for row in shaped.rows["members"][:4:3]] == [{"民族": "汉"}, {"民族": "壮"}]
    assert [(each.sheet, each.cell) for each in shaped.findings if each.code == "N101"] == [("小组成员 (2)", "G5")]
    assert shaped.sheets == {"members": "小组成员"}


def test_rows_below_a_header_of_two_rows() -> None:
    shaped = read(
        """
== 人员名册 @2
~ merged A2:A3 B2:B3 C2:C3 D2:D3 E2:F2
| 姓名 | 部门 | 职务 | 班子成员 | 任职时间 | |
| | | | | 起 | 止 |
| 张甲 | 办公室 | 主任 | 是 | 2026-06-01 | 2026-07-01 |
""",
        "people",
    )
    (row,) = shaped.rows["people"]
    assert (row.number, row.date("from"), row.date("to")) == (4, date(2026, 6, 1), date(2026, 7, 1))
    assert (row.cell("from"), row.cell("to")) == ("E4", "F4")


@pytest.mark.parametrize(
    ("merged", "upper", "lower"),
    [
        ("D4:E4 F4:G4", "计划 | | 实际 | ", "日期 | 说明 | 日期 | 说明"),
        ("D4:F4", "日期 | | | ", "计划 | 延期到 | 实际 | "),
    ],
    ids=["parts of one name", "the part before its title"],
)
def test_titles_and_parts_that_are_headers_only_together(merged: str, upper: str, lower: str) -> None:
    shaped = read(
        f"""
== 活动台账
~ merged A4:A5 B4:B5 C4:C5 {merged}
| 记录号 | 活动类别 | 活动名称 | {upper} |
| | | | {lower} |
| | 培训 | 方法培训 | 2026-06-01 | 晚了 | 2026-06-02 | |
""",
        "schedule",
    )
    (row,) = shaped.rows["schedule"]
    assert (row.date("planned_on"), row.date("held_on")) == (date(2026, 6, 1), date(2026, 6, 2))
    assert list(row.extra.values()) == ["晚了"]


def test_a_comma_separated_file_with_one_table() -> None:
    rows: list[list[CellValue]] = [
        list(PEOPLE.headers(Lang.ZH)),
        ["", "张甲", "办公室", "", "是", "13800000000", "2026-06-01", ""],
    ]
    shaped = shape(Grid("名册.csv", (Sheet("名册", rows),)), (PEOPLE,), WINDOW)
    (row,) = shaped.rows["people"]
    assert row.date("from") == date(2026, 6, 1)


def test_hidden_lists_and_the_tools_own_sheets_are_never_tables() -> None:
    header: list[CellValue] = list(PEOPLE.headers(Lang.ZH))
    assert shape(Grid("甲.xlsx", (Sheet("_人员名册", [header]),)), (PEOPLE,), WINDOW).sheets == {}


def test_what_is_quoted_is_short() -> None:
    shaped = read(
        "== 人员名册\n| 记录号 | 姓名 | 部门 | 职务 | 班子成员 | 联系电话 | 任职起 | 任职止 |\n"
        "| | 张甲 | 办公室 | | {也许*200} |",
        "people",
    )
    assert len(shaped.findings[0].value) == LONGEST_SHOWN


def test_addresses_of_wide_sheets() -> None:
    header: list[CellValue] = [*[f"自加{number}" for number in range(30)], *PEOPLE.headers(Lang.ZH)]
    row: list[CellValue] = [*[""] * 31, "张甲", "办公室", "", "是"]
    shaped = shape(Grid("甲.xlsx", (Sheet("人员名册", [[], [], [], header, row]),)), (PEOPLE,), WINDOW)
    assert shaped.rows["people"][0].cell("name") == address(5, 32) == "AF5"
    assert shaped.rows["people"][0].cell(RECORD.key) == "AE5"
