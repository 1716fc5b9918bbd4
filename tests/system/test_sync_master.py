"""The master itself: deleted, damaged, older, held open, or written on where the tool writes."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from support.codes import covers
from support.office import (
    FIRST_UNIT,
    Bureau,
    codes,
    header_of,
    resave,
    sha256,
    statuses,
    tree_hash,
)
from system.office_work import NO_CHANGES, add_column, due, rebuild

from sync.ledger import Ledger
from sync.master import compose
from sync.office import OfficeError
from sync.state import State
from workbook_templates.master_workbook import MasterBook


@covers("O106")
def test_a_sheet_that_the_office_added_survives_and_the_whole_old_master_is_kept(office: Bureau) -> None:
    with office.at_work() as book:
        page = book.book.create_sheet("我的备忘")
        page["A1"], page["B2"], page["C3"] = "打电话给柳溪", 12.5, date(2026, 7, 3)
    before = sha256(office.master)
    result = office.sync(rebuild=True)
    (told,) = (each for each in result.findings if each.code == "O106")
    assert told.value == "我的备忘"
    assert before in {sha256(path) for path in office.folder.archive.glob("*.xlsx")}
    assert not office.sync().written
    rebuild(office, 2)
    with office.at_work() as book:
        page = book.sheet("我的备忘")
        assert (page["A1"].value, page["B2"].value) == ("打电话给柳溪", 12.5)
        assert page["C3"].value.date() == date(2026, 7, 3)


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


# --- the master cannot be put in its place ---


def test_a_master_that_is_opened_meanwhile_stops_the_run_and_nothing_is_lost(
    office: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = office.filled("T02", FIRST_UNIT, "T02.xlsx")
    before = tree_hash(office.root)

    def held(staged: Path, target: Path) -> None:
        if target == office.master:
            raise PermissionError(13, "used by another process", str(target))
        replace(staged, target)

    replace = os.replace

    with monkeypatch.context() as patch:
        patch.setattr("sync.publish.os.replace", held)
        with pytest.raises(OfficeError, match="close it and sync again"):
            office.sync()
    assert tree_hash(office.root) == before
    with office.at_work() as book:
        book.put("汇总_信息报送", 1, {"采用": "是"})  # what the office typed in it meanwhile counts
    result = office.sync()
    assert result.written and statuses(result)["T02"] == "accepted"
    assert office.line("汇总_信息报送", 单位代码="T01")["采用"] == "是"
    assert [sha256(path) for path in (office.folder.archive / "T02").iterdir()] == [sha256(sent)]


def test_what_the_office_saves_while_sync_runs_is_not_written_over(
    office: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    def compose_slowly(state: State, run: int) -> MasterBook:
        with office.at_work() as book:
            book.put("汇总_信息报送", 1, {"采用": "是"})
        return compose(state, run)

    office.filled("T02", FIRST_UNIT, "T02.xlsx")
    with monkeypatch.context() as patch:
        patch.setattr("sync.run.compose", compose_slowly)
        with pytest.raises(OfficeError, match="changed"):
            office.sync()
    office.sync()
    assert office.line("汇总_信息报送", 单位代码="T01")["采用"] == "是"


def test_a_ledger_that_cannot_keep_the_run_leaves_the_old_master(
    office: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(ledger: Ledger, *args: object, **more: object) -> Any:
        @contextmanager
        def run() -> Iterator[int]:
            with begin(ledger, *args, **more) as number:  # type: ignore[arg-type]
                yield number
                raise sqlite3.OperationalError("database or disk is full")

        return run()

    begin = Ledger.run
    office.filled("T02", FIRST_UNIT, "T02.xlsx")
    before = sha256(office.master)
    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "run", full_disk)
        with pytest.raises(sqlite3.OperationalError):
            office.sync()
    assert sha256(office.master) == before
    result = office.sync()
    assert result.changes["inserted"] == 6 and len(office.lines("汇总_人员名册")) == 6


# --- the master differs from what was written ---


def test_rows_deleted_from_the_master_and_cells_of_the_tool_come_back(office: Bureau) -> None:
    whole = {sheet: office.lines(sheet) for sheet in ("汇总_人员名册", "完成情况", "总体情况")}
    with office.at_work() as book:
        page = book.sheet("汇总_人员名册")
        page.delete_rows(header_of(page)[0] + 1, 2)
        book.put("汇总_人员名册", 1, {"单位名称": "改了名", "行状态": "已撤销", "单位代码": "T02"})
        book.put("完成情况", 1, {"单位名称": None})
    result = office.sync()
    assert result.written and result.changes == NO_CHANGES
    # The rows that come back stand at the end, as new ones do.
    found = {sheet: office.lines(sheet) for sheet in whole}
    found["汇总_人员名册"].sort(key=lambda line: str(line["记录号"]))
    assert found == whole
    assert not office.sync().written


def test_a_master_merely_opened_and_saved_is_left_alone(office: Bureau) -> None:
    resave(office.master)
    before = tree_hash(office.root)
    assert not office.sync().written
    assert tree_hash(office.root) == before


@covers("O112")
def test_a_sheet_without_its_header_is_written_anew_and_told(office: Bureau) -> None:
    with office.at_work() as book:
        book.put("汇总_信息报送", 1, {"采用": "是"})
    office.sync()
    with office.at_work() as book:
        page = book.sheet("汇总_信息报送")
        page.delete_rows(header_of(page)[0])
    result = office.sync()
    (told,) = (each for each in result.findings if each.code == "O112")
    assert told.sheet == "汇总_信息报送" and (office.folder.archive / told.file).exists()
    assert office.line("汇总_信息报送")["采用"] == "是"


@covers("O110")
def test_a_formula_of_the_office_s_stays_and_is_its_value_in_a_master_made_anew(office: Bureau) -> None:
    with office.at_work() as book:
        add_column(book, "汇总_人员名册", "工龄", "=2026-2001", 3)
        book.book.create_sheet("测算")["B2"] = "=1+1"
    assert "O110" not in codes(office.sync())
    with office.at_work() as book:
        assert book.cell("汇总_人员名册", 1, "工龄").value == "=2026-2001"
        assert (book.sheet("测算")["B2"].value, book.sheet("测算")["B2"].data_type) == ("=1+1", "f")
    result = office.sync(rebuild=True)
    told = {each.sheet: (each.cell, each.value) for each in result.findings if each.code == "O110"}
    assert [value for _, value in told.values()] == ["1", "1"] and told["测算"] == ("B2", "1")
    # LibreOffice and Excel save the value beside the formula; where there is none, the formula stands as text.
    assert [line["工龄"] for line in office.lines("汇总_人员名册")] == ["=2026-2001", 3, None]
    with office.at_work() as book:
        assert book.sheet("测算")["B2"].value == "=1+1" and book.sheet("测算")["B2"].data_type == "s"
    assert not office.sync().written


@covers("O111")
def test_what_the_office_writes_on_sheets_that_are_replaced_moves_to_one_of_its_own(office: Bureau) -> None:
    with office.at_work() as book:
        overview = book.sheet("总体情况")
        overview["N5"], overview["B40"] = "下周汇报", 12.5
        add_column(book, "数据变动", "核实人", "老李")
        book.add("数据变动", {"现在": "另记一行"})
    result = office.sync()
    told = {(each.sheet, each.value) for each in result.findings if each.code == "O111"}
    assert told == {("总体情况", "备注_总体情况"), ("数据变动", "备注_数据变动")}
    for number in (1, 2):
        rebuild(office, number)
        with office.at_work() as book:
            cells = {row[0].value: row[1].value for row in book.sheet("备注_总体情况").iter_rows(max_col=2)}
            # What stands beside the page is in nobody's way.
            assert cells["B40"] == 12.5 and "N5" not in cells and book.sheet("总体情况")["N5"].value == "下周汇报"
            moved = [cell.value for row in book.sheet("备注_数据变动").iter_rows() for cell in row]
            assert moved.count("老李") == moved.count("另记一行") == 1
    with office.at_work() as book:
        book.sheet("总体情况")["B40"] = "又一条"
    office.sync()
    with office.at_work() as book:
        notes = [row[1].value for row in book.sheet("备注_总体情况").iter_rows(max_col=2)]
        assert 12.5 in notes and "又一条" in notes and book.sheet("总体情况")["B40"].value != "又一条"


def test_a_sheet_that_bears_the_other_language_s_name_is_the_office_s_own(office: Bureau) -> None:
    with office.at_work() as book:
        for name in ("Settings", "Runs", "Overview", "All_People"):
            book.book.create_sheet(name)["A1"] = f"{name} 里的内容"
    for number in (1, 2):
        rebuild(office, number)
        with office.at_work() as book:
            for name in ("Settings", "Runs", "Overview", "All_People"):
                assert book.sheet(name)["A1"].value == f"{name} 里的内容"


# --- an older master in its place ---


@covers("O107")
def test_an_older_master_put_back_fills_blanks_and_takes_nothing_back(office: Bureau) -> None:
    old = office.master.read_bytes()
    with office.at_work() as book:
        book.put("汇总_信息报送", 1, {"采用": "是"})
        book.put("单位名册", 3, {"联系人": "王小月"})
        add_column(book, "汇总_人员名册", "分组", "甲组")
        book.add("汇总_人员名册", {"姓名": "待查人"})
        book.book.create_sheet("我的备忘")["A1"] = "新写的"
    newest = office.sync().run
    office.master.write_bytes(old)
    with office.at_work() as book:
        book.put("汇总_信息报送", 1, {"采用": "否", "算按时": "是"})
        book.put("单位名册", 3, {"联系电话": "13800000000"})
        book.add("单位名册", {"单位代码": "T04", "单位名称": "新设乡民政办"})
        book.book.create_sheet("旧的备忘")["A1"] = "旧写的"
    put_back = sha256(office.master)
    result = office.sync()
    (told,) = (each for each in result.findings if each.code == "O107")
    assert (told.value, dict(told.args)["other"]) == (str(newest - 1), str(newest))
    assert sha256(office.folder.archive / told.file) == put_back
    line = office.line("汇总_信息报送")
    assert (line["采用"], line["算按时"]) == ("是", "是")
    contact = office.line("单位名册", 单位代码="T03")
    assert (contact["联系人"], contact["联系电话"]) == ("王小月", "13800000000")
    assert office.line("单位名册", 单位代码="T04")["单位名称"] == "新设乡民政办"
    assert office.line("汇总_人员名册", 姓名="石一")["分组"] == "甲组"
    assert office.lines("汇总_人员名册", 姓名="待查人")
    with office.at_work() as book:
        assert book.sheet("我的备忘")["A1"].value == "新写的" and book.sheet("旧的备忘")["A1"].value == "旧写的"
    assert not office.sync().written


def test_a_row_entered_in_an_older_master_is_not_entered_twice(office: Bureau) -> None:
    row = {
        "单位代码": "T02",
        "所属月份": "2026-06",
        "信息类别": "动态",
        "标题": "先到的",
        "报送日期": date(2026, 6, 23),
    }
    with office.at_work() as book:
        book.add("汇总_信息报送", row)
    old = office.master.read_bytes()
    office.sync()
    office.master.write_bytes(old)
    result = office.sync()
    assert result.changes == NO_CHANGES and len(office.lines("汇总_信息报送", 标题="先到的")) == 1


def test_what_stands_in_no_record_outlasts_a_deleted_master(office: Bureau) -> None:
    with office.at_work() as book:
        book.add("汇总_人员名册", {"姓名": "待查人"})
        book.book.create_sheet("我的备忘")["A1"] = "打电话给柳溪"
    office.sync()
    office.master.unlink()
    office.sync()
    assert office.lines("汇总_人员名册", 姓名="待查人")
    with office.at_work() as book:
        assert book.sheet("我的备忘")["A1"].value == "打电话给柳溪"
