"""A workbook with a table that much refers to, as an office would have it: the tests of writing in place change it."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

from workbook_files.reader import read_grid
from xingzhi.grid import CellValue, Sheet

SHEET, TABLE, PART = "人员汇总", "people", "xl/worksheets/sheet1.xml"
HEADERS = ("记录号", "姓名", "入职", "人数", "备注")
HEADER, FIRST = 3, 4
ROWS = (
    ("R1", "张三", date(2026, 5, 1), 3, "办公室的话"),
    ("R2", "李四", date(2026, 5, 2), 4, None),
    ("R3", "王五", date(2026, 5, 3), 5, "待核"),
)
WRITTEN = HEADERS[:4]
"""The columns that are written; 备注 is the office's."""


def write(path: Path, *, rows: int = 3, totals: bool = False, below: bool = False, **options: Any) -> Path:
    """The workbook with so many of ROWS. `options` go to the table; `below` puts a note two rows under it."""
    book = xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"})
    sheet, other = book.add_worksheet(SHEET), book.add_worksheet("统计 表")
    text, day = book.add_format({"num_format": "@", "border": 1}), book.add_format({"num_format": "yyyy-mm-dd"})
    whole = book.add_format({"num_format": "0", "bg_color": "#FFF2CC"})
    sheet.write("A1", "人员汇总（办公室）")
    last = HEADER + max(rows, 1)
    columns: list[dict[str, Any]] = [{"header": header} for header in HEADERS]
    if totals:
        columns[3]["total_function"] = "sum"
        columns[3]["total_value"] = sum(row[3] for row in ROWS[:rows] if isinstance(row[3], int))
        columns[0]["total_string"] = "合计"
    end = last + (1 if totals else 0)
    sheet.add_table(HEADER - 1, 0, end - 1, 4, {"name": TABLE, "columns": columns, "total_row": totals, **options})
    for number in range(max(rows, 1)):
        values = ROWS[number] if number < rows else (None,) * 5
        for column, form in enumerate((text, text, day, whole, text)):
            sheet.write(HEADER + number, column, values[column], form)
    sheet.write("H4", "旁注")
    sheet.write_formula("H5", f"=SUM(D{FIRST}:D{last})", None, 12)
    if below:
        sheet.write(end + 1, 1, "下方的说明")
    body = f"D{FIRST}:D{last}"
    sheet.conditional_format(body, {"type": "cell", "criteria": ">", "value": 4, "format": whole})
    # An icon set with hidden icons is written in the extension that came with Excel 2010.
    sheet.conditional_format(body, {"type": "data_bar", "data_bar_2010": True, "bar_solid": True})
    sheet.data_validation(f"B{FIRST}:B{last}", {"validate": "length", "criteria": "<", "value": 20})
    sheet.data_validation(f"E{FIRST}:E{last}", {"validate": "list", "source": ["待核", "办公室的话"]})
    sheet.print_area(0, 0, last - 1, 4)
    sheet.repeat_rows(0, HEADER - 1)
    book.define_name("人数", f"={SHEET}!$D${FIRST}:$D${last}")
    book.define_name("一格", f"={SHEET}!$D${FIRST}")
    other.write_formula("A1", f"=SUM({SHEET}!D{FIRST}:D{last})", None, 12)
    other.write_formula("A2", "=SUM(人数)", None, 12)
    other.write_formula("A3", f"=SUM({TABLE}[人数])", None, 12)
    other.write_formula("A4", f"={SHEET}!D{FIRST}*2", None, 6)
    chart = book.add_chart({"type": "column"})
    chart.add_series(
        {
            "name": f"={SHEET}!$D${HEADER}",
            "categories": f"={SHEET}!$B${FIRST}:$B${last}",
            "values": f"={SHEET}!$D${FIRST}:$D${last}",
        }
    )
    other.insert_chart("D2", chart)
    book.close()
    # XlsxWriter leaves out the table's name, which Excel writes and LibreOffice needs.
    return patched(path, {PART: [("SUBTOTAL(109,[", f"SUBTOTAL(109,{TABLE}[")]}) if totals else path


def part(path: Path, name: str) -> str:
    """The text of a part."""
    with zipfile.ZipFile(path) as archive:
        return archive.read(name).decode()


def sheet_of(path: Path, name: str = SHEET) -> Sheet:
    """A sheet as the reader gives it."""
    grid, findings = read_grid(path)
    assert grid is not None, findings
    found = grid.sheet(name)
    assert found is not None
    return found


def values(path: Path, rows: int, *, first: int = FIRST, width: int = 5, name: str = SHEET) -> list[list[CellValue]]:
    """The values of so many rows from `first` on."""
    sheet = sheet_of(path, name)
    return [[sheet.value(row, column) for column in range(1, width + 1)] for row in range(first, first + rows)]


def patched(path: Path, edits: Mapping[str, list[tuple[str, str]]]) -> Path:
    """The workbook with texts in its parts replaced, in its own place."""
    from support.lint_book import patch

    target = path.with_name("patched.xlsx")
    patch(path, target, dict(edits)).replace(path)
    return path
