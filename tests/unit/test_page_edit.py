"""A page is written as a whole in the corner of a sheet; what lies beside it, and a sheet that takes another's place."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from support import libreoffice, ooxml_validator
from support.table_book import part, patched, sheet_of

from workbook_files.lint import lint
from workbook_files.page_edit import PageEdit
from workbook_files.sheet_graft import SheetGraft
from workbook_files.workbook_edit import edit_workbook

PAGE, OTHER = "总体 情况", "别的"


def write(path: Path, lines: int, *, office: bool = False) -> Path:
    """A page with a merged title, lines and a chart of them; `office` adds what an office would."""
    book = xlsxwriter.Workbook(path)
    page, other = book.add_worksheet(PAGE), book.add_worksheet(OTHER)
    title = book.add_format({"bold": True, "border": 1, "font_size": 10 + lines})
    page.merge_range(0, 0, 0, 2, f"共 {lines} 行", title)
    for row in range(1, lines + 1):
        page.set_row(row, 20 + row)
        page.write_string(row, 0, f"第{row}行", title)
        page.write_number(row, 1, row)
    page.merge_range(lines + 1, 0, lines + 1, 1, "完", title)
    chart = book.add_chart({"type": "column"})
    series = {"categories": [PAGE, 1, 0, lines, 0], "values": [PAGE, 1, 1, lines, 1]}
    chart.add_series(series)
    page.insert_chart("E2", chart)
    page.print_area(0, 0, lines + 1, 2)
    if office:
        page.write("M3", "办公室的话")
        page.write_comment("M3", "批注")
        page.merge_range("M5:N6", "合并的")
        page.write("A40", "页下的话")
        mine = book.add_chart({"type": "pie"})
        mine.add_series({"values": [PAGE, 1, 1, 2, 1]})
        page.insert_chart("M8", mine)
        other.write_formula("A1", f"='{PAGE}'!B2", None, 1)
    book.close()
    return path


def replace(path: Path, source: Path) -> None:
    assert edit_workbook(path, [PageEdit(source, PAGE, 30, 12)]).written
    assert lint(path) == []
    if ooxml_validator.available() is None:
        assert ooxml_validator.validate([path]) == {path: []}


@pytest.mark.parametrize("lines", [2, 9])
def test_the_page_is_written_and_what_lies_beside_and_below_it_stays(lines: int, tmp_path: Path) -> None:
    path = write(tmp_path / "book.xlsx", 4, office=True)
    before = {name: part(path, name) for name in ("xl/drawings/drawing1.xml", "xl/comments1.xml")}
    replace(path, write(tmp_path / "new.xlsx", lines))
    sheet = sheet_of(path, PAGE)
    column = [sheet.value(row, 1) for row in range(1, 31)]
    assert column[: lines + 2] == [f"共 {lines} 行", *(f"第{row}行" for row in range(1, lines + 1)), "完"]
    assert not any(column[lines + 2 :])
    assert (sheet.value(3, 13), sheet.value(5, 13), sheet.value(40, 1)) == ("办公室的话", "合并的", "页下的话")
    assert before == {name: part(path, name) for name in before}
    book = openpyxl.load_workbook(path)
    merged = {str(each) for each in book[PAGE].merged_cells.ranges}
    assert merged == {"A1:C1", f"A{lines + 2}:B{lines + 2}", "M5:N6"}
    assert book[PAGE].print_area == f"'{PAGE}'!$A$1:$C${lines + 2}"
    assert book[PAGE]["A1"].font.sz == 10 + lines and book[PAGE].row_dimensions[2].height == 21


def test_our_chart_is_led_to_the_new_lines_and_the_office_s_is_not(tmp_path: Path) -> None:
    path = write(tmp_path / "book.xlsx", 4, office=True)
    replace(path, write(tmp_path / "new.xlsx", 9))
    with zipfile.ZipFile(path) as archive:
        charts = [archive.read(name).decode() for name in archive.namelist() if "/charts/chart" in name]
    ranges = sorted(re.findall("<c:f>([^<]*)</c:f>", chart) for chart in charts)
    assert ranges == [[f"'{PAGE}'!$A$2:$A$10", f"'{PAGE}'!$B$2:$B$10"], [f"'{PAGE}'!$B$2:$B$3"]]


@pytest.mark.parametrize(
    ("across", "code"),
    [
        (
            '<c r="K3"><f t="shared" ref="K3:M3" si="0">1+1</f><v>2</v></c><c r="M3"><f t="shared" si="0"/><v>2</v></c>',
            "W109",
        ),
        ('<c r="L3"><f t="array" ref="L3:M3">1+1</f><v>2</v></c><c r="M3"><v>2</v></c>', "W109"),
        ('<mergeCell ref="L9:M9"/>', "W113"),
    ],
)
def test_what_lies_across_the_edge_of_the_page_is_refused(across: str, code: str, tmp_path: Path) -> None:
    path, source = write(tmp_path / "book.xlsx", 4), write(tmp_path / "new.xlsx", 9)
    sheet = part(path, "xl/worksheets/sheet1.xml")
    row = next(found for found in re.findall('<row r="3".*?</row>', sheet))
    merged = re.search('<mergeCells count="2">', sheet)
    assert merged is not None
    before, after = (
        (row, row.replace("</row>", across + "</row>")) if "<c " in across else (merged[0], merged[0] + across)
    )
    patched(path, {"xl/worksheets/sheet1.xml": [(before, after)]})
    was = path.read_bytes()
    outcome = edit_workbook(path, [PageEdit(source, PAGE, 30, 12)])
    assert [each.code for each in outcome.findings] == [code] and path.read_bytes() == was


def test_a_sheet_that_takes_another_s_place_keeps_its_tab_and_what_names_it(tmp_path: Path) -> None:
    path = write(tmp_path / "book.xlsx", 4, office=True)
    source = write(tmp_path / "new.xlsx", 2)
    assert edit_workbook(path, [SheetGraft(source, PAGE, replace=True)]).written
    assert lint(path) == []
    if ooxml_validator.available() is None:
        assert ooxml_validator.validate([path]) == {path: []}
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == [PAGE, OTHER] and book[OTHER]["A1"].value == f"='{PAGE}'!B2"
    assert book[PAGE]["A1"].value == "共 2 行" and book[PAGE].print_area == f"'{PAGE}'!$A$1:$C$4"
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
    assert not [name for name in names if "comments" in name or "vmlDrawing" in name]
    assert len([name for name in names if name.startswith("xl/worksheets/sheet")]) == 2
    if libreoffice.available() is None:
        libreoffice.poison(path, tmp_path / "poisoned.xlsx")
        assert sheet_of(libreoffice.recalculate(tmp_path / "poisoned.xlsx", tmp_path / "out"), OTHER).value(1, 1) == 1
