"""Older templates: each kind of declared step, and chains of them."""

from __future__ import annotations

from datetime import date

import pytest
from support.text_tables import grid

from workbook_templates.migration_steps import (
    MergedColumns,
    MovedColumn,
    RenamedChoice,
    RenamedHeader,
    RenamedSheet,
    SplitColumn,
    Step,
)
from workbook_templates.migrations import MIGRATIONS, OLDER, Migration, migrated, path
from workbook_templates.tables.members import MEMBERS
from workbook_templates.tables.people import PEOPLE
from xingzhi.grid import CellValue, Grid
from xingzhi.identity import TEMPLATE_VERSION
from xingzhi.labels import Label
from xingzhi.shape import shape
from xingzhi.windows import Window

WINDOW = Window(date(2026, 6, 1), date(2027, 1, 31))
SHEET = Label("干部名单", "Cadres")
CHAIN = (
    Migration(
        "甲",
        "乙",
        (
            RenamedSheet(SHEET, PEOPLE.label),
            RenamedHeader(PEOPLE.label, Label("叫什么", "Called"), PEOPLE["name"].label),
        ),
    ),
    Migration(
        "乙",
        "丙",
        (
            SplitColumn(
                PEOPLE.label,
                Label("部门职务", "Department and post"),
                (PEOPLE["department"].label, PEOPLE["post"].label),
                "/／",
            ),
            RenamedChoice(PEOPLE.label, PEOPLE["leadership"].label, Label("班子", "Leader"), Label("是", "Yes")),
        ),
    ),
)


def after(text: str, *steps: Step) -> Grid:
    return migrated(grid(text), "旧", (Migration("旧", "新", steps),), "新")


def cells(found: Grid, sheet: str, first: int = 4) -> list[list[CellValue]]:
    page = found.sheet(sheet)
    assert page is not None
    return [list(row) for row in page.rows[first - 1 :]]


def test_every_older_version_leads_to_the_current_one() -> None:
    assert {each.before for each in MIGRATIONS} == OLDER == {str(n) for n in range(1, int(TEMPLATE_VERSION))}
    assert path(TEMPLATE_VERSION) == [] and path("0") is None and path("") is None


def test_a_chain_that_turns_in_a_circle_leads_nowhere() -> None:
    chain = (Migration("a", "b"), Migration("b", "a"))
    assert path("a", chain, "c") is None
    whole = grid("== 人员名册\n| 姓名 |")
    assert migrated(whole, "a", chain, "c") is whole


def test_a_book_two_versions_old_is_read_like_a_new_one() -> None:
    old = grid(
        """
== 干部名单
| 记录号 | 叫什么 | 部门职务 | 班子成员 | 联系电话 | 任职起 | 任职止 |
| T01-RY-0001 | 张甲 | 办公室/主任 | 班子 | | 2026-06-01 |
| T01-RY-0002 | 李乙 | 救助股 | 否 |

== 干部名单 (2)
| 记录号 | 叫什么 | 部门职务 | 班子成员 | 联系电话 | 任职起 | 任职止 |
| T01-RY-0003 | 王丙 | 救助股／副股长／兼职 | 班子 |
"""
    )
    new = grid(
        """
== 人员名册
| 记录号 | 姓名 | 部门 | 职务 | 班子成员 | 联系电话 | 任职起 | 任职止 |
| T01-RY-0001 | 张甲 | 办公室 | 主任 | 是 | | 2026-06-01 |
| T01-RY-0002 | 李乙 | 救助股 | | 否 |
| T01-RY-0003 | 王丙 | 救助股 | 副股长／兼职 | 是 |
"""
    )
    read = shape(migrated(old, "甲", CHAIN, "丙"), (PEOPLE,), WINDOW)
    wanted = shape(new, (PEOPLE,), WINDOW)
    assert [row.values for row in read.rows["people"]] == [row.values for row in wanted.rows["people"]]
    assert [row.sheet for row in read.rows["people"]] == ["人员名册", "人员名册", "人员名册 (2)"]
    assert [each.code for each in read.findings] == ["B112"]
    half = shape(migrated(old, "乙", CHAIN, "丙"), (PEOPLE,), WINDOW)
    assert [row.extra["叫什么"] for row in half.rows["people"]] == ["张甲", "李乙", "王丙"]


def test_a_renamed_sheet_takes_no_name_that_another_has() -> None:
    found = after(
        "== 干部名单\n| 姓名 |\n\n== 人员名册\n| 姓名 |\n\n== Cadres\n| Name |", RenamedSheet(SHEET, PEOPLE.label)
    )
    assert [sheet.name for sheet in found.sheets] == ["干部名单", "人员名册", "People"]


def test_a_header_is_renamed_in_its_language_and_in_its_sheet_alone() -> None:
    step = RenamedHeader(PEOPLE.label, Label("科室名", "Office name"), PEOPLE["department"].label)
    text = "== {0} @2\n| {1} |\n| 科室名 |\n\n== 小组成员\n| 科室名 |"
    assert cells(after(text.format("人员名册", "科室 名*"), step), "人员名册", 2) == [["部门"], ["科室名"]]
    english = after(text.format("People", "Office name"), step)
    assert cells(english, "People", 2) == [["Department"], ["科室名"]]
    assert cells(english, "小组成员") == [["科室名"]]


def test_a_sheet_under_a_name_that_no_table_bears_is_changed_where_there_is_no_other() -> None:
    step = RenamedHeader(PEOPLE.label, Label("科室名", "Office name"), PEOPLE["department"].label)
    found = after("== 我们的人\n| 科室名 |\n\n== 小组成员\n| 科室名 |", step)
    assert cells(found, "我们的人") == [["部门"]] and cells(found, "小组成员") == [["科室名"]]


def test_what_is_not_there_is_left_as_it_is() -> None:
    whole = "== 人员名册\n| 姓名 |\n| 张甲 |"
    steps: list[Step] = [
        RenamedHeader(PEOPLE.label, Label("甲", "A"), Label("乙", "B")),
        SplitColumn(PEOPLE.label, Label("甲", "A"), (Label("乙", "B"), Label("丙", "C")), "/"),
        MergedColumns(PEOPLE.label, (Label("甲", "A"), Label("姓名", "Name")), Label("乙", "B"), " "),
        MovedColumn(PEOPLE.label, Label("甲", "A"), MEMBERS.label, Label("姓名", "Name")),
        RenamedChoice(PEOPLE.label, Label("甲", "A"), Label("一", "1"), Label("二", "2")),
    ]
    assert after(whole, *steps) == grid(whole)


def test_a_split_column_keeps_what_it_cannot_cut() -> None:
    step = SplitColumn(PEOPLE.label, Label("部门职务", "DP"), (PEOPLE["department"].label, PEOPLE["post"].label), "/")
    found = after(
        "== 人员名册\n~ merged A5:A6\n| 部门职务 | 民族 |\n| 办公室/ 主任 | 汉 |\n| |\n| 12 |\n| #REF! |\n| =? |", step
    )
    assert cells(found, "人员名册") == [
        ["部门", "民族", "职务"],
        ["办公室", "汉", "主任"],
        [None],
        [12],
        [None],
        [None],
    ]
    (page,) = found.sheets
    assert page.errors == {(8, 1): "#REF!"} and page.uncached == {(9, 1)}
    assert page.merged == ((5, 1, 6, 1), (5, 3, 6, 3))


def test_merged_columns_hold_all_that_stood_in_them() -> None:
    step = MergedColumns(PEOPLE.label, (Label("姓", "Surname"), Label("名", "Given")), PEOPLE["name"].label, "")
    found = after(
        "== 人员名册\n| 姓 | 部门 | 名 |\n| 张 | 办公室 | 甲 |\n| | | 乙 |\n| 2026-06-01 |\n| 王 | | #N/A |", step
    )
    assert cells(found, "人员名册") == [
        ["姓名", "部门", None],
        ["张甲", "办公室", None],
        ["乙", None, None],
        [date(2026, 6, 1), None, None],
        ["王", None, None],
    ]
    assert found.sheets[0].errors == {(8, 1): "#N/A"}


def test_a_moved_column_leaves_what_has_no_row_to_go_to() -> None:
    step = MovedColumn(MEMBERS.label, Label("手机号", "Mobile"), PEOPLE.label, PEOPLE["name"].label)
    text = """
== 小组成员
| 姓名 | 手机号 |
| 张甲 | 1 |
| 李乙 | 2 |
| 张甲 | 3 |

== 人员名册
| 姓名 | 部门 |
| 张甲 | 办公室 |
| 王丙 | 办公室 |
"""
    found = after(text, step)
    assert cells(found, "人员名册") == [["姓名", "部门", "手机号"], ["张甲", "办公室", 1], ["王丙", "办公室"]]
    assert cells(found, "小组成员") == [["姓名", "手机号"], ["张甲", None], ["李乙", 2], ["张甲", 3]]
    whole = after(text.replace("| 李乙 | 2 |\n| 张甲 | 3 |\n", ""), step)
    assert cells(whole, "小组成员") == [["姓名", None], ["张甲", None]]


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("骨干", "核心学员"),
        (" 骨 干 ", "核心学员"),
        ("Backbone", "Core member"),
        ("组长、骨干", "组长、核心学员"),
        ("骨干分子", "骨干分子"),
    ],
)
def test_a_renamed_choice(typed: str, wanted: str) -> None:
    step = RenamedChoice(
        MEMBERS.label, MEMBERS["role"].label, Label("骨干", "Backbone"), Label("核心学员", "Core member")
    )
    found = after(f"== 小组成员\n| 小组角色 |\n| '{typed} |\n| 5 |", step)
    assert [row[0] for row in cells(found, "小组成员", 5)] == [wanted, 5]
