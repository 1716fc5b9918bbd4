"""Tables that a command makes longer or shorter in a file, and what the writer refuses."""

from __future__ import annotations

import shutil
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from support import ooxml_validator, table_book
from support.codes import covers
from support.table_book import SHEET, TABLE, part, sheet_of, values

from addin.hosts.file_host import open_book
from addin.hosts.rules import HostRefused, NotInEveryHost
from workbook_files.lint import lint

TEMPLATE = Path(__file__).parents[2] / "workbook_templates" / "files" / "tengxian-civil-affairs-2026-zh.xlsx"
FINDINGS = "校验结果"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return table_book.write(tmp_path / "book.xlsx")


def test_a_table_grows_over_the_rows_that_a_command_fills(book: Path) -> None:
    with open_book(book) as host:
        sheet = host.book.sheets[SHEET]
        table: Any = sheet.tables[TABLE]
        table.resize(table.range.resize(row_size=6))
        assert table.data_body_range.address == "$A$4:$E$8"
        table.data_body_range[3:, 0:2].value = [["R4", "赵六"], ["R5", "孙七"]]
        sheet["B4"].value = "张三丰"
        host.save()
        assert table.data_body_range.rows[4].value[:2] == ["R5", "孙七"]
    assert values(book, 6)[0] == ["R1", "张三丰", datetime(2026, 5, 1).date(), 3, "办公室的话"]
    assert [row[:2] for row in values(book, 6)[2:]] == [["R3", "王五"], ["R4", "赵六"], ["R5", "孙七"], [None, None]]
    assert 'ref="A3:E8"' in part(book, "xl/tables/table1.xml") and lint(book) == []
    # What follows the table follows it: the formula beside it, the name, the format.
    assert "SUM(D4:D8)" in part(book, table_book.PART) and "$D$4:$D$8" in part(book, "xl/workbook.xml")


def test_what_was_typed_below_a_table_comes_into_it(book: Path) -> None:
    page = openpyxl.load_workbook(book)
    page[SHEET]["B8"] = "钱八"
    page.save(book)
    with open_book(book) as host:
        table: Any = host.book.sheets[SHEET].tables[TABLE]
        table.resize(table.range.resize(row_size=7))
        host.book.sheets[SHEET]["A8"].value = "R8"
        host.save()
    assert [row[:2] for row in values(book, 6)[3:]] == [[None, None], ["R8", "钱八"], [None, None]]
    assert 'ref="A3:E9"' in part(book, "xl/tables/table1.xml")


def test_a_table_shrinks_by_rows_that_were_cleared(book: Path) -> None:
    with open_book(book) as host:
        sheet = host.book.sheets[SHEET]
        table: Any = sheet.tables[TABLE]
        old = table.data_body_range
        table.resize(table.range.resize(row_size=2))
        with pytest.raises(NotInEveryHost, match="A5 leaves people and was not cleared"):
            host.save()
        old[1:, :].clear_contents()
        sheet["B4"].value = "只有一个"
        host.save()
    assert values(book, 3) == [["R1", "只有一个", datetime(2026, 5, 1).date(), 3, "办公室的话"], [None] * 5, [None] * 5]
    assert 'ref="A3:E4"' in part(book, "xl/tables/table1.xml") and lint(book) == []


def test_cells_of_a_table_that_keeps_its_size_are_single_cells(book: Path) -> None:
    before = part(book, "xl/tables/table1.xml")
    with open_book(book) as host:
        table: Any = host.book.sheets[SHEET].tables[TABLE]
        table.data_body_range[1:, :].clear_contents()
        table.resize(table.range.resize(row_size=5))
        table.resize(table.range.resize(row_size=4))
        host.save()
    assert values(book, 3)[1:] == [[None] * 5] * 2 and part(book, "xl/tables/table1.xml") == before


def test_only_the_number_of_a_table_s_rows_may_change(tmp_path: Path) -> None:
    path = table_book.write(tmp_path / "totals.xlsx", totals=True)
    with open_book(path) as host:
        sheet = host.book.sheets[SHEET]
        table: Any = sheet.tables[TABLE]
        assert table.totals_row_range.value[0] == "合计" and table.data_body_range.address == "$A$4:$E$6"
        for wrong in ("A3:F7", "A2:E7", "B3:E7", "A3:E3", "A3:E9"):
            with pytest.raises(NotInEveryHost, match=r"Table\.resize"):
                table.resize(sheet[wrong])
        with pytest.raises(KeyError):
            _ = sheet.tables["没有"]


@covers("W113", "W103")
def test_what_the_writer_refuses_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    path = table_book.write(tmp_path / "book.xlsx")
    with open_book(path) as host:
        host.book.sheets[SHEET]["A3"].value = "另一个表头"
        with pytest.raises(HostRefused) as raised:
            host.save()
    assert [(each.code, each.cell) for each in raised.value.findings] == [("W113", "A3")]
    assert sheet_of(path).value(3, 1) == "记录号"
    merged = '</sheetData><mergeCells count="1"><mergeCell ref="B8:C8"/></mergeCells>'
    table_book.patched(path, {table_book.PART: [("</sheetData>", merged)]})
    with open_book(path) as host:
        table: Any = host.book.sheets[SHEET].tables[TABLE]
        table.resize(table.range.resize(row_size=7))
        with pytest.raises(HostRefused) as raised:
            host.save()
    assert [each.code for each in raised.value.findings] == ["W103"]


@covers("W108")
def test_a_signed_workbook_says_why_its_tables_are_not_there(book: Path) -> None:
    with zipfile.ZipFile(book, "a") as archive:
        archive.writestr("_xmlsignatures/sig1.xml", "<a/>")
    with open_book(book) as host:
        assert host.book.sheets[SHEET]["B4"].value == "张三"
        with pytest.raises(HostRefused) as raised:
            list(host.book.sheets[SHEET].tables)
    assert [each.code for each in raised.value.findings] == ["W108"]


def test_the_findings_of_a_template_are_replaced_in_one_matrix(tmp_path: Path) -> None:
    path = Path(shutil.copy(TEMPLATE, tmp_path / "青石镇.xlsx"))
    with zipfile.ZipFile(path) as archive:
        before = {each: archive.read(each) for each in archive.namelist()}
    with open_book(path) as host:
        sheet = host.book.sheets[FINDINGS]
        table: Any = sheet.tables["findings"]
        rows, width = 80, len(table.range.columns)
        table.resize(table.range.resize(row_size=rows + 1))
        line = [
            "必改",
            "M103",
            "人员名册",
            "'B7",
            None,
            "姓名",
            "'001",
            "请补上",
            "填写姓名",
            None,
            None,
            "'x|姓名|E",
            "键",
            None,
        ]
        assert width == len(line)
        table.data_body_range.value = [line] * rows
        host.save()
        assert table.data_body_range.rows[79].value == [each.removeprefix("'") if each else None for each in line]
    page = openpyxl.load_workbook(path)[FINDINGS]
    assert page.tables["findings"].ref == "A3:N83" and page["G83"].value == "001" and page["A84"].value is None
    assert lint(path) == []
    if ooxml_validator.available() is None:
        assert ooxml_validator.validate([path]) == {path: []}
    with zipfile.ZipFile(path) as archive:
        after = {each: archive.read(each) for each in archive.namelist()}
    changed = {each for each in after if after[each] != before.get(each)}
    assert len([each for each in changed if each.startswith("xl/worksheets/sheet")]) == 1
    assert {each for each in changed if "worksheets" not in each} <= {
        "xl/workbook.xml", "xl/styles.xml", *(each for each in changed if each.startswith("xl/tables/"))
    }  # fmt: skip
    assert len([each for each in changed if each.startswith("xl/tables/")]) == 1
