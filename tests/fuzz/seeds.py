"""The valid files that the fuzzing begins with: small ones of every kind, and one that a unit could have sent."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from support import xlsb_file
from support.hostile_case import SHEET, Trap, book, book_of, row, sheet, text_cell
from support.hostile_cells import with_cell
from support.hostile_ods import ods, trailing
from support.hostile_parts import strict, with_connection, with_links, with_macros
from support.hostile_texts import CSV, HTML, XML_ROWS, mhtml, page, spreadsheet
from support.ole_file import workbook_file

from workbook_templates.pen import Field, Pen

NOWHERE = Trap(9, Path("nowhere"))


@cache
def seeds() -> dict[str, bytes]:
    """The files by name."""
    strings = sheet(
        row(1, text_cell("A1", "姓名")) + row(2, '<c r="A2" t="s"><v>0</v></c><c r="C2" s="1"><v>46180</v></c>')
    )
    merged = '<mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells><autoFilter ref="A1:B2"/>'
    return {
        "small.xlsx": book(),
        "strings.xlsx": book({SHEET: strings}),
        "merged.xlsx": book_of(row(1, text_cell("A1", "甲")) + '<row r="2" hidden="1"/>', after=merged),
        "formula.xlsx": with_cell('<c r="B2" t="e"><f>A1/0</f><v>#DIV/0!</v></c><c r="D2"><f>SUM(A1)</f></c>'),
        "linked.xlsx": with_links(NOWHERE),
        "connected.xlsx": with_connection(NOWHERE),
        "strict.xlsx": strict(),
        "macros.xlsm": with_macros(),
        "unit.xlsx": unit_workbook(),
        "small.xlsb": xlsb_file.book(),
        "small.xls": workbook_file(),
        "macros.xls": workbook_file(storages=["_VBA_PROJECT_CUR"]),
        "small.ods": ods(),
        "trailing.ods": trailing(),
        "small.csv": CSV.encode("gbk"),
        "quoted.csv": '姓名,人数\r\n"石,一\r\n""甲""",=1+1\r\n'.encode(),
        "tabs.csv": CSV.replace(",", "\t").encode("utf-16"),
        "page.xls": page(HTML),
        "spans.html": page(f'<tr><td colspan=2>x</td></tr>{HTML}<tr><td rowspan="2">y</td></tr>', encoding="utf-8"),
        "table.xml": spreadsheet(XML_ROWS),
        "page.mht": mhtml(NOWHERE),
    }


def unit_workbook() -> bytes:
    """A workbook with an identity and a sheet that a programme asks for."""
    with tempfile.TemporaryDirectory(prefix="xingzhi-fuzz-") as folder:
        path = Path(folder, "unit.xlsx")
        with Pen(path) as pen:
            for key, value in (
                ("version", "1"),
                ("programme", "tengxian-civil-affairs"),
                ("year", "2026"),
                ("unit", "T01"),
            ):
                pen.book.set_custom_property(f"xingzhi.{key}", value)
            fields = [Field(name, 12) for name in ("姓名", "部门", "班子成员", "联系电话", "任职起")]
            lines = [["石一", "办公室", "是", "13900000001", "2026年6月5日"], ["石二", "救助股", "否", "", "6月"]]
            pen.table(pen.add_sheet("人员名册"), fields, lines, name="people", header_row=0)
        return path.read_bytes()
