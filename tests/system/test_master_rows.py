"""The rows of a master that is changed in place: where they stand, and what the office hung on them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from support.codes import covers
from support.excel_work import Opened, Page, excel, type_cells
from support.monster_master import EVENTS, PEOPLE, REMINDERS, REPORTS, furnish
from support.office import FIRST_UNIT, TODAY, Bureau, codes, tree_hash, typing

from sync.office import OfficeError
from workbook_files.cell_values import Value
from workbook_files.package import box_of
from workbook_files.package_edit import PackageEdit
from workbook_files.raw_package import RawPackage
from workbook_templates.pen import Formula

NAMES = ("T01-RY-0001", "T01-RY-0002", "T01-RY-0003")


def send(office: Bureau, sheet: str, *records: dict[str, object]) -> None:
    """T01 adds records to its file."""
    with typing(office.folder.inbox / "T01.xlsx") as book:
        book.add(sheet, *records)


def person(name: str) -> dict[str, object]:
    return {"姓名": name, "部门": "办公室", "班子成员": "否"}


def report(title: str) -> dict[str, object]:
    return {"所属月份": "2026-06", "信息类别": "动态", "标题": title, "报送日期": date(2026, 6, 20)}


def places(office: Bureau, sheet: str = PEOPLE) -> Sequence[str]:
    """The numbers of the records of a sheet from the top."""
    return list(Page(office.master, sheet).rows)


def cell_of(office: Bureau, sheet: str, cell: str) -> object:
    row, column, _, _ = box_of(cell)
    return Page(office.master, sheet).sheet.value(row, column)


def hung(office: Bureau, sheet: str) -> list[str]:
    """The cells of a sheet on which comments hang."""
    with RawPackage(office.master) as raw:
        package = PackageEdit(raw)
        related = package.relations(package.sheet(sheet).part).values()
        parts = [part for kind, part in related if kind == "comments"]
        return [each.get("ref") for part in parts for each in package.tree(part).iter("comment")]


# --- where rows stand ---


def test_rows_keep_their_places_beside_what_the_office_wrote_and_new_ones_follow(office: Bureau) -> None:
    type_cells(office.master, PEOPLE, {"S3": "分组", "S5": "乙组"})
    office.filled("T02", FIRST_UNIT, "T02.xlsx")
    office.sync()
    send(office, "人员名册", person("石四"))
    office.sync()
    assert places(office) == [*NAMES, "T02-RY-0001", "T02-RY-0002", "T02-RY-0003", "T01-RY-0004"]
    assert (cell_of(office, PEOPLE, "S5"), cell_of(office, PEOPLE, "S10")) == ("乙组", None)


@pytest.mark.parametrize("note", [{"B8": "以上由王科长核对"}, {"B7": "合计", "D7": Formula("=COUNTA(D4:D6)", 3)}])
def test_a_note_or_a_total_below_the_table_stays_and_stops_the_run_that_would_reach_it(
    office: Bureau, note: dict[str, Value]
) -> None:
    type_cells(office.master, PEOPLE, note)
    if "B8" in note:
        send(office, "人员名册", person("石四"))
        office.sync()
        with excel(office.master) as book:
            assert book.tables["all_people"].last == 7, "the note is none of the table's rows"
    before = tree_hash(office.root)
    send(office, "人员名册", person("石五"), person("石六"))
    sent = tree_hash(office.root)
    with pytest.raises(OfficeError, match=next(iter(note))):
        office.sync()
    assert before != sent == tree_hash(office.root)
    type_cells(office.master, PEOPLE, dict.fromkeys(note))
    office.sync()
    assert len(places(office)) >= 5 and not office.sync().written


@covers("O120")
def test_a_row_entered_for_a_unit_is_known_by_its_name_and_told_where_it_is_nobody_s(office: Bureau) -> None:
    type_cells(office.master, PEOPLE, {"B7": "柳溪乡民政办", "D7": "柳一", "E7": "否", "F7": "办公室"})
    type_cells(office.master, PEOPLE, {"A8": "T99", "D8": "某人", "E8": "否", "F8": "办公室"})
    result = office.sync()
    (told,) = (each for each in result.findings if each.code == "O120")
    assert (told.sheet, told.cell, told.value) == (PEOPLE, "A8", "T99")
    assert [line["单位代码"] for line in office.lines(PEOPLE, 姓名="柳一")] == ["T02"]
    assert "O120" in codes(office.sync()) and len(office.lines(PEOPLE, 姓名="某人")) == 1


def test_a_row_of_totals_stays_the_last_and_is_no_record(office: Bureau) -> None:
    furnish(office.master)
    send(office, "信息报送", report("二"), report("三"))
    result = office.sync()
    assert result.changes["inserted"] == 2 and len(places(office, REPORTS)) == 3
    with excel(office.master) as book:
        table = book.tables["all_reports"]
        assert (table.first, table.last, table.totals) == (4, 6, 1)
        assert b"SUBTOTAL(103,all_reports[" in book.parts[table.sheet.part]
    assert cell_of(office, REPORTS, "A7") == "合计"
    office.sync(today=TODAY + timedelta(days=1))
    assert [line["单位代码"] for line in Page(office.master, REPORTS).lines()] == ["T01", "T01", "T01", "合计"]


def test_what_a_filter_hides_is_a_record_and_no_place(office: Bureau) -> None:
    furnish(office.master)
    hidden = places(office, EVENTS)[1]
    send(office, "活动台账", {"活动类别": "培训", "活动名称": "第三次", "计划日期": TODAY, "实际日期": TODAY})
    office.sync()
    book = Opened(office.master)
    rows = re.findall("<row ([^>]*)>", book.parts[book.part(EVENTS)].decode())
    at = Page(office.master, EVENTS).rows[hidden]
    assert [row.split()[0] for row in rows if 'hidden="1"' in row] == [f'r="{at}"']


# --- comments ---


def test_a_comment_keeps_the_line_of_what_is_settled_as_a_line_of_the_office_s(office: Bureau) -> None:
    with excel(office.master) as book:
        book.comment(REMINDERS, "D4", "已电话催过")
    before = Page(office.master, REMINDERS, key="编号").lines()[0]
    plan = {
        "文件类别": "实施方案",
        "文件名称": "青石镇实施方案",
        "版本": 1,
        "报送日期": date(2026, 6, 8),
        "盖章件": "是",
    }
    send(office, "方案制度", plan)
    for day in range(3):
        office.sync(today=TODAY + timedelta(days=day))
        line = Page(office.master, REMINDERS, key="编号").lines()[0]
        assert hung(office, REMINDERS) == ["D4"]
        assert (line["单位代码"], line["事项"], line["方案"]) == (before["单位代码"], before["事项"], None)
    lines = Page(office.master, REMINDERS, key="编号").lines()
    assert [line["方案"] for line in lines if line["事项"]].count(None) == 1


def test_a_comment_stays_with_its_line_when_lines_above_it_go(office: Bureau) -> None:
    with excel(office.master) as book:
        book.comment(REMINDERS, "D5", "下周再催")
    before = Page(office.master, REMINDERS, key="编号").lines()
    send(
        office,
        "方案制度",
        {"文件类别": "实施方案", "文件名称": "方案", "版本": 1, "报送日期": date(2026, 6, 8), "盖章件": "是"},
    )
    office.sync()
    after = Page(office.master, REMINDERS, key="编号").lines()
    assert hung(office, REMINDERS) == ["D5"] and after[1]["事项"] == before[1]["事项"]
    assert before[0]["编号"] not in [line["编号"] for line in after if line["单位代码"] == "T01"]
    assert len([line for line in after if line["方案"]]) == len(before) - 1


# --- cells ---


def test_a_calculated_column_reaches_the_rows_that_are_new(office: Bureau) -> None:
    furnish(office.master)
    send(office, "活动台账", {"活动类别": "培训", "活动名称": "第三次", "应到人数": 9, "实到人数": 7})
    office.sync()
    with excel(office.master) as book:
        text = book.parts[book.part(EVENTS)].decode()
    assert text.count("<f>all_schedule[[#This Row],[应到人数]]-all_schedule[[#This Row],[实到人数]]</f>") == 3
    assert not office.sync().written


def test_what_the_office_means_stays_as_it_was_typed(office: Bureau) -> None:
    Page(office.master, REPORTS).put("T01-BS-0001", {"采用": "√"})
    send(office, "信息报送", report("二"))
    office.sync()
    assert Page(office.master, REPORTS).value("T01-BS-0001", "采用") == "√"
    office.sync(rebuild=True)
    assert Page(office.master, REPORTS).value("T01-BS-0001", "采用") == "是"


# --- rows that go ---


def test_a_purge_takes_out_withdrawn_rows_alone_until_one_is_restored(office: Bureau) -> None:
    page = Page(office.master, PEOPLE)
    page.put(NAMES[1], {"待确认处理": "撤销"})
    office.sync()
    assert Page(office.master, PEOPLE).value(NAMES[1], "行状态") == "已撤销"
    office.sync(purge=True)
    assert places(office) == [NAMES[0], NAMES[2]]
    send(office, "信息报送", report("二"))
    office.sync()
    assert places(office) == [NAMES[0], NAMES[2]]
    with typing(office.folder.inbox / "T01.xlsx") as book:
        book.put("人员名册", 2, {"职务": "股长"})
    office.sync()
    assert sorted(places(office)) == list(NAMES)
    assert Page(office.master, PEOPLE).value(NAMES[1], "行状态") == "正常"


@pytest.mark.parametrize("hanging", ["legend", "table", "formula"])
def test_a_purge_moves_nothing_on_which_something_of_the_office_s_hangs(office: Bureau, hanging: str) -> None:
    types = {"legend": {"V4": "红", "V5": "黄", "V6": "绿"}, "table": {"V3": "色", "V4": "红", "V5": "黄", "V6": "绿"}}
    with excel(office.master) as book:
        for cell, text in types.get(hanging, {}).items():
            book.put(PEOPLE, cell, text)
        if hanging == "table":
            book.add_table(PEOPLE, "V3:V6", "colours", ["色"])
    if hanging == "formula":
        type_cells(office.master, "设置", {"H9": Formula(f"='{PEOPLE}'!D6", "石三")})
    Page(office.master, PEOPLE).put(NAMES[1], {"待确认处理": "撤销"})
    office.sync()
    office.sync(purge=True)
    assert places(office) == [NAMES[0], NAMES[2]]
    assert [cell_of(office, PEOPLE, f"D{row}") for row in (4, 5, 6)] == ["石一", None, "石三"]
    send(office, "人员名册", person("石四"))
    office.sync()
    assert sorted(places(office)) == [NAMES[0], NAMES[2], "T01-RY-0004"]
    assert (cell_of(office, PEOPLE, "D4"), cell_of(office, PEOPLE, "D6")) == ("石一", "石三")
    for cell, text in types.get(hanging, {}).items():
        assert cell_of(office, PEOPLE, cell) == text


def test_a_purge_keeps_the_order_in_which_the_office_sorted(office: Bureau) -> None:
    office.filled("T02", FIRST_UNIT, "T02.xlsx")
    office.sync()
    with typing(office.master) as book:
        page = book.sheet(PEOPLE)
        cells = [[cell.value for cell in row] for row in page.iter_rows(min_row=4, max_row=9)]
        for number, values in enumerate(reversed(cells), start=4):
            for place, value in enumerate(values, start=1):
                page.cell(number, place).value = value
    before = places(office)
    Page(office.master, PEOPLE).put(NAMES[1], {"待确认处理": "撤销"})
    office.sync(purge=True)
    assert places(office) == [each for each in before if each != NAMES[1]] and before != sorted(before)


@covers("W103")
@pytest.mark.parametrize("hindrance", ["merged", "table"])
def test_what_stands_in_the_way_of_new_rows_stops_the_run_and_nothing_is_kept(office: Bureau, hindrance: str) -> None:
    with excel(office.master) as book:
        if hindrance == "merged":
            part = book.part(PEOPLE)
            book.replace(
                part, "</sheetData>", '</sheetData><mergeCells count="1"><mergeCell ref="A7:C7"/></mergeCells>'
            )
        else:
            book.put(PEOPLE, "A7", "甲")
            book.put(PEOPLE, "B7", "乙")
            book.add_table(PEOPLE, "A7:B8", "own", ("甲", "乙"))
    send(office, "人员名册", person("石四"))
    before = tree_hash(office.root)
    with pytest.raises(OfficeError) as refused:
        office.sync()
    assert "总台账" in str(refused.value.message(office.folder.lang)) and refused.value.key == "refusal.master_kept"
    assert tree_hash(office.root) == before
    result = office.sync(rebuild=True)
    assert result.written and len(places(office)) == 4
    assert "O117" not in codes(result)


def test_lines_typed_right_under_a_table_go_with_it_when_it_shrinks_and_grows(office: Bureau) -> None:
    later = TODAY + timedelta(days=7)
    office.sync(today=later)
    row = Opened(office.master).tables["reminders"].last + 1
    type_cells(
        office.master,
        REMINDERS,
        {f"A{row}": "T01", f"M{row}": "另约时间", f"A{row + 1}": "T02", f"M{row + 1}": "口头催"},
    )
    for day in (TODAY, later, TODAY, later):
        office.sync(today=day)
        said = [line["回复"] for line in Page(office.master, REMINDERS, key="编号").lines() if line["回复"]]
        assert sorted(map(str, said)) == ["口头催", "另约时间"]
