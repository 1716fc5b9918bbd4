"""Feedback is the file that the unit sent, with what the office has to say written into it, and all else as it was."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from support import libreoffice, parity
from support.codes import covers
from support.office import (
    FIRST_UNIT,
    PEOPLE,
    REPORTS,
    SCHEDULE,
    TODAY,
    Bureau,
    codes,
    header_of,
    read_lines,
    sha256,
    statuses,
    typing,
)
from support.own_files import (
    LAUNCH,
    OWN_COLUMN,
    OWN_NOTE,
    OWN_SHEET,
    approve,
    changed_parts,
    dressed,
    feedback,
    finding_line,
    is_as_sound,
    is_own,
    meta,
    names,
    said,
    sheet_parts,
)
from system.office_work import JULY, LATER, NO_CHANGES, first_file
from system.test_sync_shapes import text_file

from workbook_files.workbook_edit import set_cells

PERSON = {"姓名": "石四", "部门": "救助股", "班子成员": "否"}


@pytest.fixture
def told(fresh: Bureau) -> Bureau:
    """T01 has sent a workbook that it dressed up, with an error in it."""
    dressed(fresh)
    fresh.sync()
    return fresh


# What stays


def test_all_that_the_unit_made_of_its_workbook_is_in_the_feedback_byte_for_byte(told: Bureau) -> None:
    own, sent = feedback(told), first_file(told)
    changed = changed_parts(sent, own)
    parts = sheet_parts(sent)
    # The sheets on which the office has nothing to write, the unit's own among them, are copied as they lie.
    for name in (OWN_SHEET, "填报说明", "_选项"):
        assert parts[name] not in changed
    assert not [part for part in changed if "chart" in part or "comment" in part or "drawing" in part]
    is_as_sound(sent, own)
    page = openpyxl.load_workbook(own)[PEOPLE]
    row, columns = header_of(page)
    comment = page.cell(row + 1, columns["姓名"]).comment
    assert comment is not None and comment.text == OWN_NOTE
    assert page.cell(row + 2, columns["部门"]).fill.fgColor.rgb == "00FFC000"
    assert [page.cell(row + step, columns[OWN_COLUMN]).value for step in (1, 2)] == ["请假", "=1+1"]


def test_findings_stand_at_the_cells_of_the_file_as_it_was_received(told: Bureau) -> None:
    own = feedback(told)
    line = finding_line(own, "C105")
    assert openpyxl.load_workbook(own)[SCHEDULE][str(line["单元格"])].value == "四十"
    assert line["标记"] == "T01-HD-0001|应到人数|E"
    page = openpyxl.load_workbook(own)["校验结果"]
    # A row that is higher than it was, for a text of several lines.
    assert page.row_dimensions[4].height > 20
    (check,) = (each["自查"] for each in read_lines(own, SCHEDULE) if each["活动名称"])
    assert "应到人数" in check


def test_what_is_owed_is_told_by_live_formulas(told: Bureau, tmp_path: Path) -> None:
    if libreoffice.available() is not None:
        pytest.skip(str(libreoffice.available()))
    own = tmp_path / "own.xlsx"
    assert set_cells(feedback(told), {"应报事项": {"F3": TODAY}}, own).written
    poisoned = tmp_path / "poisoned.xlsx"
    assert libreoffice.poison(own, poisoned) > 100
    again = libreoffice.recalculate(poisoned, tmp_path / "out")
    assert parity.deadline_lines(again) == parity.deadline_lines(own)
    states = {line[0]: line[5] for line in parity.deadline_lines(again)}
    assert states["T01"] == "逾期"


def test_numbers_offices_cells_and_self_checks_are_put_back(fresh: Bureau) -> None:
    path = dressed(fresh)
    with typing(path) as book:
        book.put(PEOPLE, 2, {"记录号": "T01-RY-0001", "自查": "好"})
        book.put(PEOPLE, 3, {"记录号": None})
        book.put(REPORTS, 1, {"算按时": "是"})
    fresh.sync()
    lines = [line for line in read_lines(feedback(fresh), PEOPLE) if line["姓名"]]
    assert [line["记录号"] for line in lines] == [names(fresh)[name] for name in ("石一", "石二", "石三")]
    assert len({line["记录号"] for line in lines}) == 3
    assert all(line["自查"] != "好" for line in lines)
    formulas = openpyxl.load_workbook(feedback(fresh))[PEOPLE]
    row, columns = header_of(formulas)
    assert all(str(formulas.cell(row + n, columns["自查"]).value).startswith("=IFERROR(") for n in range(1, 101))
    (report,) = (line for line in read_lines(feedback(fresh), REPORTS) if line["标题"])
    # The unit cannot approve its own: M104 says so, and the cell is blank again.
    assert report["算按时"] is None and "M104" in said(feedback(fresh))
    assert report["收到日期"] == TODAY


def test_it_says_of_which_run_it_is(told: Bureau) -> None:
    assert meta(feedback(told))["base_run"] == str(told.line("汇总记录", 操作="汇总")["批次"])
    assert meta(first_file(told))["base_run"] != meta(feedback(told))["base_run"]


def test_a_workbook_with_macros_keeps_them_and_its_ending(fresh: Bureau) -> None:
    path = dressed(fresh)
    as_macros(path)
    path.rename(path.with_suffix(".xlsm"))
    fresh.sync()
    (own,) = fresh.folder.feedback.iterdir()
    assert own.suffix == ".xlsm"
    assert "xl/vbaProject.bin" not in changed_parts(path.with_suffix(".xlsm"), own)
    assert "C105" in said(own)


def as_macros(path: Path) -> None:
    from support.lint_book import patch

    main = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    types = "[Content_Types].xml"
    target = path.with_name("macros.xlsx")
    patch(path, target, {types: [(main, "application/vnd.ms-excel.sheet.macroEnabled.main+xml")]}).replace(path)


# Going on in it


def test_rows_and_cells_of_another_copy_are_in_it_and_come_back_as_they_are(told: Bureau) -> None:
    second = told.receive(told.issued("T01"), "第二份.xlsx")
    with typing(second) as book:
        book.add(PEOPLE, *({**PERSON, "姓名": f"新{number}"} for number in range(3)))
    told.sync()
    # The newer file is the second clerk's: the first clerk's rows follow in it.
    own = feedback(told)
    listed = [line["姓名"] for line in read_lines(own, PEOPLE) if line["姓名"]]
    assert listed == ["新0", "新1", "新2", "石一", "石二", "石三"]
    lines = [line for line in read_lines(own, PEOPLE) if line["姓名"]]
    assert {line["姓名"]: line["记录号"] for line in lines} == names(told)
    told.receive(own, "合.xlsx")
    assert told.sync().changes == NO_CHANGES
    assert len(told.lines("汇总_人员名册")) == 6
    assert {line["行状态"] for line in told.lines("汇总_人员名册")} == {"正常"}


def test_a_cell_that_another_copy_changed_is_not_changed_back(told: Bureau) -> None:
    told.receive(feedback(told), "甲.xlsx")
    told.receive(feedback(told), "乙.xlsx")
    told.sync()
    with typing(told.folder.inbox / "甲.xlsx") as book:
        book.put(PEOPLE, 1, {"职务": "主任"})
    told.sync(LATER)
    with typing(told.folder.inbox / "乙.xlsx") as book:
        book.put(PEOPLE, 2, {"职务": "干事"})
    told.sync(LATER)
    posts = {line["姓名"]: line["职务"] for line in read_lines(feedback(told), PEOPLE) if line["姓名"]}
    assert posts == {"石一": "主任", "石二": "干事", "石三": None}
    told.receive(feedback(told), "丙.xlsx")
    assert told.sync(JULY).changes == NO_CHANGES
    assert told.line("汇总_人员名册", 姓名="石一")["职务"] == "主任"


def test_rows_typed_past_the_end_of_a_table_become_its_own(fresh: Bureau) -> None:
    path = dressed(fresh)
    people = [{**PERSON, "姓名": f"后{number}"} for number in range(3)]
    with typing(path) as book:
        for step, person in enumerate(people):
            book.put(PEOPLE, 101 + step, person)
        book.put(PEOPLE, 100, {**PERSON, "姓名": "末行"})
    fresh.sync()
    own = feedback(fresh)
    assert is_own(own)
    assert openpyxl.load_workbook(own)[PEOPLE].tables["people"].ref.endswith("107")
    lines = {line["姓名"]: line["记录号"] for line in read_lines(own, PEOPLE) if line["姓名"]}
    assert lines == names(fresh) and len(lines) == 7
    is_as_sound(path, own)
    with fresh.at_work() as book:
        book.add("汇总_人员名册", {"单位代码": "T01", **PERSON, "姓名": "代录"})
    fresh.sync()
    assert openpyxl.load_workbook(own)[PEOPLE].tables["people"].ref.endswith("108")
    checks = openpyxl.load_workbook(own)[PEOPLE]
    _, columns = header_of(checks)
    assert checks.cell(108, columns["姓名"]).value == "代录"
    assert str(checks.cell(108, columns["自查"]).value).startswith("=IFERROR(")
    fresh.receive(own, "T01.xlsx")
    assert fresh.sync().changes == NO_CHANGES


def test_explanations_and_what_the_unit_wrote_beside_its_findings_stay_with_them(told: Bureau) -> None:
    path = told.receive(feedback(told), "T01.xlsx")
    with typing(path) as book:
        page = book.sheet("校验结果")
        row, columns = header_of(page)
        number = book.record("校验结果", 代码="C105")
        book.put("校验结果", number, {"单位说明": "四十人"})
        page.cell(row + 59, columns["问题"]).value = "自己记的一行"
        book.put(PEOPLE, 2, {"班子成员": "或许"})
    told.sync(LATER)
    own = feedback(told)
    assert finding_line(own, "C105")["单位说明"] == "四十人"
    assert "自己记的一行" in [line["问题"] for line in read_lines(own, "校验结果")]
    assert is_own(own)


# Where it cannot be


@covers("W115")
@pytest.mark.parametrize("spoil", ["columns", "sheet", "merged"])
def test_a_file_that_cannot_be_edited_gives_way_to_a_workbook_built_anew_that_says_why(
    fresh: Bureau, spoil: str
) -> None:
    path = dressed(fresh)
    with typing(path) as book:
        SPOILS[spoil](book.book)
    result = fresh.sync()
    assert not is_own(feedback(fresh))
    assert "W115" in codes(result, "T01")
    assert {"C105", "W115"} <= said(feedback(fresh))
    assert "T01.xlsx" in finding_line(feedback(fresh), "W115")["问题"]
    assert not fresh.sync().written
    path = fresh.receive(feedback(fresh), "T01.xlsx")
    assert fresh.sync().changes == NO_CHANGES


def _rename_a_column(book: openpyxl.Workbook) -> None:
    page = book["校验结果"]
    page.tables["findings"].tableColumns[1].name = page.cell(3, 2).value = "编码"


def _merge_numbers(book: openpyxl.Workbook) -> None:
    del book[PEOPLE].tables["people"]
    book[PEOPLE].merge_cells("A5:A6")


SPOILS: dict[str, Callable[[openpyxl.Workbook], None]] = {
    "columns": _rename_a_column,
    "sheet": lambda book: book.remove(book["学习台账"]),
    "merged": _merge_numbers,
}


def test_a_file_that_is_gone_gives_way_too(told: Bureau) -> None:
    first_file(told).unlink()
    shutil.rmtree(told.folder.archive)
    with told.at_work() as book:
        book.put("汇总_信息报送", 1, {"算按时": "是"})
    told.sync()
    assert not is_own(feedback(told)) and "W115" in said(feedback(told))


def test_a_file_that_was_tidied_away_is_taken_from_the_archive(told: Bureau) -> None:
    first_file(told).unlink()
    approve(told)
    told.sync()
    assert is_own(feedback(told)) and "W115" not in said(feedback(told))


def test_a_table_in_a_file_of_text_brings_a_workbook_built_anew_without_a_word_of_it(fresh: Bureau) -> None:
    text_file(fresh, "T01", [{**PERSON, "班子成员": "或许"}], "青石镇民政办.csv")
    result = fresh.sync()
    assert statuses(result)["T01"] == "accepted"
    assert feedback(fresh).exists() and "W115" not in said(feedback(fresh))


def test_the_whole_of_it_comes_out_the_same_twice(told: Bureau) -> None:
    before = sha256(feedback(told))
    approve(told)
    told.sync()
    approve(told, "")
    told.sync()
    page = read_lines(feedback(told), REPORTS)
    assert sha256(feedback(told)) != before and [line["算按时"] for line in page if line["标题"]] == [None]
    assert date(2026, 6, 12) in {line["实际日期"] for line in read_lines(feedback(told), SCHEDULE)}
    assert LAUNCH["活动名称"] in {line["活动名称"] for line in read_lines(feedback(told), SCHEDULE)}
    assert len([line for line in read_lines(feedback(told), PEOPLE) if line["姓名"]]) == len(FIRST_UNIT[PEOPLE])
