"""Single cells are set, and a file is replaced only by one that holds what was asked."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from support import ooxml_validator, table_book
from support.codes import covers
from support.table_book import PART, SHEET, WRITTEN, part, patched, sheet_of

from workbook_files import workbook_edit
from workbook_files.cell_edit import CellsEdit, edit_cells
from workbook_files.cell_values import EditError, Value
from workbook_files.lint import lint
from workbook_files.package_edit import PackageEdit
from workbook_files.table_edit import TableEdit
from workbook_files.workbook_edit import edit_workbook, set_cells

OTHER = "统计 表"


def test_cells_are_set_where_there_were_some_and_where_there_were_none(tmp_path: Path) -> None:
    path = table_book.write(tmp_path / "book.xlsx")
    wanted: dict[str, Value] = {"D4": 9, "C5": date(2026, 7, 1), "K2": "=1+1", "A20": "新的", "XFD9": True, "H4": None}
    assert set_cells(path, {SHEET: wanted, OTHER: {"A4": "不算了"}}).written
    sheet = sheet_of(path)
    assert (sheet.value(4, 4), sheet.value(5, 3), sheet.value(2, 11)) == (9, date(2026, 7, 1), "=1+1")
    assert (sheet.value(20, 1), sheet.value(9, 16384), sheet.value(4, 8)) == ("新的", True, None)
    assert sheet.value(4, 2) == "张三" and sheet_of(path, OTHER).value(4, 1) == "不算了"
    assert '<c r="D4" s="3">' in part(path, PART) and 'ref="A1:XFD20"' in part(path, PART)
    assert [each for each in lint(path)] == []
    if ooxml_validator.available() is None:
        assert ooxml_validator.validate([path]) == {path: []}


def test_cells_and_rows_of_a_table_are_changed_at_once(tmp_path: Path) -> None:
    path = table_book.write(tmp_path / "book.xlsx")
    target = tmp_path / "new.xlsx"
    before = path.read_bytes()
    rows: list[list[Value]] = [["R9", "赵六", None, 1]] * 5
    edits: list[workbook_edit.Edit] = [TableEdit("people", WRITTEN, rows), CellsEdit(SHEET, {"E8": "办公室"})]
    assert edit_workbook(path, edits, target).written
    assert path.read_bytes() == before
    assert sheet_of(target).rows[7] == ["R9", "赵六", None, 1, "办公室"]


@covers("W113", "W101")
def test_a_cell_that_is_a_part_of_another_is_refused(tmp_path: Path) -> None:
    path = table_book.write(tmp_path / "book.xlsx")
    patched(path, {PART: [("</sheetData>", '</sheetData><mergeCells count="1"><mergeCell ref="A1:C1"/></mergeCells>')]})
    before = path.read_bytes()
    for address in ("B1", "C3"):
        outcome = set_cells(path, {SHEET: {"A1": "好", address: "x"}})
        assert [(each.code, each.cell) for each in outcome.findings] == [("W113", address)]
    assert [each.code for each in set_cells(path, {"没有": {"A1": 1}}).findings] == ["W101"]
    assert path.read_bytes() == before and list(tmp_path.iterdir()) == [path]
    assert set_cells(path, {SHEET: {"A1": "标题"}}).written
    with pytest.raises(EditError):
        set_cells(path, {SHEET: {"A0": 1}})


@covers("W110")
def test_a_file_that_does_not_read_back_takes_no_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = table_book.write(tmp_path / "book.xlsx")
    before = path.read_bytes()

    def forgetful(package: PackageEdit, edit: CellsEdit) -> None:
        edit_cells(package, CellsEdit(edit.sheet, {address: "别的" for address in edit.values}))

    monkeypatch.setattr(workbook_edit, "edit_cells", forgetful)
    outcome = set_cells(path, {SHEET: {"K1": "x"}})
    assert not outcome.written and [each.code for each in outcome.findings] == ["W110"]

    def defective(package: PackageEdit, edit: CellsEdit) -> None:
        edit_cells(package, edit)
        table = package.read("xl/tables/table1.xml")
        package.put("xl/tables/table1.xml", table.replace(b'displayName="people"', b'displayName="T01"'))

    monkeypatch.setattr(workbook_edit, "edit_cells", defective)
    outcome = set_cells(path, {SHEET: {"K1": "x"}})
    assert not outcome.written and [each.code for each in outcome.findings] == ["W110"]
    assert path.read_bytes() == before and list(tmp_path.iterdir()) == [path]


def test_a_target_that_is_held_stays_and_nothing_is_left_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = table_book.write(tmp_path / "book.xlsx")
    before = path.read_bytes()

    def held(*_: object) -> None:
        raise PermissionError("held")

    monkeypatch.setattr(os, "replace", held)
    with pytest.raises(PermissionError):
        set_cells(path, {SHEET: {"K1": "x"}})
    assert path.read_bytes() == before and list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 and no more", b"a,b\n1,2\n"])
def test_what_is_no_package_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(content)
    outcome = set_cells(path, {SHEET: {"K1": "x"}})
    assert not outcome.written and [each.code for each in outcome.findings] == ["W109"]
    assert path.read_bytes() == content and list(tmp_path.iterdir()) == [path]
