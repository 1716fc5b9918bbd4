"""A sheet that is missing is added with all that belongs to it, and nothing that was there changes."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from support import libreoffice, monster, ooxml_validator, table_book
from support.codes import covers
from support.table_book import part, patched, sheet_of

from workbook_files.lint import lint
from workbook_files.owned import kind_of, stays
from workbook_files.package_edit import PackageEdit
from workbook_files.raw_package import RawPackage
from workbook_files.sheet_graft import SheetGraft
from workbook_files.table_edit import TableEdit
from workbook_files.workbook_edit import Outcome, edit_workbook
from xingzhi.labels import Lang

NEW = "应报 事项"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "generated.xlsx"
    book = xlsxwriter.Workbook(path)
    book.add_worksheet("别的")
    sheet = book.add_worksheet(NEW)
    title = book.add_format({"bold": True, "font_size": 16, "font_name": "宋体", "font_color": "#1F3864"})
    day = book.add_format({"num_format": 'yyyy"年"m"月"', "border": 1, "bg_color": "#E2EFDA"})
    wrap = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    red = book.add_format({"bg_color": "#FFC7CE", "num_format": "0.0"})
    sheet.set_column(0, 0, 20, wrap)
    sheet.set_row(0, 28, title)
    sheet.write("A1", "应报事项 <&>", title)
    columns = [{"header": "事项", "header_format": title}, {"header": "日期", "format": day}, {"header": "数"}]
    sheet.add_table("A3:C6", {"name": "due", "columns": columns})
    for row in range(3):
        sheet.write_string(3 + row, 0, f"第{row}项", wrap)
        sheet.write_datetime(3 + row, 1, date(2026, 5, row + 1), day)
        sheet.write_number(3 + row, 2, row)
    sheet.write_rich_string("E1", "一", title, "二", "三")
    sheet.write_formula("E2", "=SUM(due[数])", None, 3)
    sheet.write_url("E3", "https://example.org/a?b=c&d", string="链接")
    sheet.write_comment("E4", "说明")
    sheet.insert_image("G2", "pixel.png", {"image_data": BytesIO(monster.picture())})
    sheet.conditional_format("C4:C6", {"type": "cell", "criteria": ">", "value": 1, "format": red})
    sheet.data_validation("A4:A6", {"validate": "list", "source": "=各项"})
    sheet.repeat_rows(0, 2)
    sheet.print_area("A1:C6")
    sheet.hide()
    book.define_name("各项", f"='{NEW}'!$A$4:$A$6")
    chart = book.add_chart({"type": "pie"})
    chart.add_series({"values": f"='{NEW}'!$C$4:$C$6"})
    sheet.insert_chart("G8", chart)
    book.close()
    return path


def graft(path: Path, source: Path) -> Outcome:
    return edit_workbook(path, [SheetGraft(source, NEW)])


def untouched(before: dict[str, bytes], path: Path) -> None:
    with RawPackage(path) as raw:
        package = PackageEdit(raw)
        for name, content in before.items():
            if name != "xl/calcChain.xml" and raw.read(name) != content:
                assert stays(kind_of(name, package.content_type(name)), content, raw.read(name)), name


def parts_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def looks(path: Path) -> dict[str, tuple[object, ...]]:
    """How each cell of the sheet looks, as another program reads it."""
    book = openpyxl.load_workbook(path)
    return {
        cell.coordinate: (cell.font.b, cell.font.sz, cell.font.name, cell.number_format, cell.fill.fgColor.rgb,
                          cell.border.left.style, cell.alignment.wrap_text, cell.alignment.vertical)
        for row in book[NEW].iter_rows() for cell in row
    }  # fmt: skip


def sound(path: Path) -> None:
    assert lint(path) == []
    if ooxml_validator.available() is None:
        assert ooxml_validator.validate([path]) == {path: []}


@pytest.mark.parametrize("kind", ["monster", "written", "saved"])
def test_a_sheet_is_added_with_its_looks_tables_charts_and_names(kind: str, source: Path, tmp_path: Path) -> None:
    path = tmp_path / "office.xlsm"
    if kind == "monster":
        monster.write(path)
    else:
        table_book.write(path)
        if kind == "saved":
            # As another program saves it: other parts, other styles, no shared number formats.
            book = openpyxl.load_workbook(path)
            book.save(path)
    before = parts_of(path)
    outcome = graft(path, source)
    assert (outcome.written, outcome.findings) == (True, [])
    assert sheet_of(path, NEW).rows == sheet_of(source, NEW).rows
    assert not sheet_of(path, NEW).visible
    wanted, found = looks(source), looks(path)
    assert {cell: found[cell] for cell in wanted} == wanted
    untouched(before, path)
    workbook = part(path, "xl/workbook.xml")
    index = workbook[: workbook.index("</sheets>")].count("<sheet ") - 1
    assert re.search(f'localSheetId="{index}"[^>]*>{re.escape(chr(39) + NEW + chr(39))}!\\$A\\$1:\\$C\\$6<', workbook)
    assert f">'{NEW}'!$A$4:$A$6</definedName>" in workbook
    book = openpyxl.load_workbook(path)
    page = book[NEW]
    assert (
        list(page.tables) == ["due"] and len({t.id for each in book for t in getattr(each, "tables", {}).values()}) == 2
    )
    (rules,) = [rule for rules in page.conditional_formatting for rule in rules.rules]
    assert rules.dxf.fill.bgColor.rgb == "FFFFC7CE" and rules.dxf.numFmt.formatCode == "0.0"
    assert page["E3"].hyperlink and page["E3"].hyperlink.target == "https://example.org/a?b=c&d"
    assert page["E4"].comment and "说明" in page["E4"].comment.text
    sound(path) if kind != "saved" else None
    assert edit_workbook(path, [TableEdit("due", ["事项"], [["甲"], ["乙"], ["丙"], ["丁"]])]).written
    assert sheet_of(path, NEW).value(7, 1) == "丁"


def test_libreoffice_reads_the_added_sheet(source: Path, tmp_path: Path) -> None:
    if reason := libreoffice.available():
        pytest.skip(reason)
    path = table_book.write(tmp_path / "office.xlsx")
    assert graft(path, source).written
    done = libreoffice.recalculate(path, tmp_path / "out")
    assert sheet_of(done, NEW).value(2, 5) == 3
    assert sheet_of(done, NEW).value(5, 2) == date(2026, 5, 2)


@covers("W111")
def test_a_name_that_is_taken_is_never_taken_again(source: Path, tmp_path: Path) -> None:
    path = table_book.write(tmp_path / "office.xlsx")
    for edits in (
        {"xl/workbook.xml": [('name="统计 表"', f'name="{NEW}"')]},
        {"xl/workbook.xml": [('name="一格"', 'name="各项"')]},
        {"xl/tables/table1.xml": [('displayName="people"', 'displayName="DUE"')]},
        {
            "xl/workbook.xml": [
                ("schemas.openxmlformats.org/spreadsheetml/2006/main", "purl.oclc.org/ooxml/spreadsheetml/main")
            ]
        },
        {"xl/workbook.xml": [("<workbookPr ", '<workbookPr date1904="1" ')]},
    ):
        table_book.write(path)
        patched(path, edits)
        before = path.read_bytes()
        outcome = graft(path, source)
        assert [each.code for each in outcome.findings] == ["W111"] and not outcome.written
        assert "{" not in outcome.findings[0].message(Lang.ZH) + outcome.findings[0].message(Lang.EN)
        assert path.read_bytes() == before


def test_the_same_looks_are_added_once(source: Path, tmp_path: Path) -> None:
    path = table_book.write(tmp_path / "office.xlsx")
    assert graft(path, source).written
    other = tmp_path / "second.xlsx"
    patched_source = other.write_bytes(source.read_bytes())
    assert patched_source
    text = part(path, "xl/styles.xml")
    edits = {
        "xl/workbook.xml": [(f'<sheet name="{NEW}"', '<sheet name="第二"'), ('name="各项"', 'name="又一"')],
        "xl/tables/table1.xml": [('displayName="due"', 'displayName="due_2"')],
        "xl/worksheets/sheet2.xml": [("<formula1>各项", "<formula1>又一"), ("SUM(due[", "SUM(due_2[")],
    }
    patched(other, edits)
    with zipfile.ZipFile(other) as archive:
        assert archive.testzip() is None
    names = part(other, "xl/workbook.xml").replace(f"'{NEW}'!", "第二!")
    patched(other, {"xl/workbook.xml": [(part(other, "xl/workbook.xml"), names)]})
    chart = part(other, "xl/charts/chart1.xml")
    patched(other, {"xl/charts/chart1.xml": [(chart, chart.replace(f"'{NEW}'!", "第二!"))]})
    assert edit_workbook(path, [SheetGraft(other, "第二")]).written
    assert part(path, "xl/styles.xml") == text
    sound(path)
