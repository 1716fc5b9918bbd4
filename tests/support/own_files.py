"""A unit's own workbook as a clerk dresses it up, and what of it stays when it comes back as feedback."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from support import ooxml_validator
from support.office import FIRST_UNIT, PEOPLE, REPORTS, SCHEDULE, Bureau, header_of, read_lines, typing

from workbook_files.lint import lint
from workbook_files.owned import kind_of, stays
from workbook_files.package_edit import PackageEdit
from workbook_files.raw_package import RawPackage

OWN_SHEET, OWN_COLUMN, OWN_NOTE = "本办自用", "内部备注", "石一的电话已核"
LAUNCH = {"活动类别": "启动仪式", "活动名称": "启动", "实际日期": date(2026, 6, 12), "应到人数": "四十"}


def dress(path: Path) -> None:
    """Give a filled workbook a sheet with a chart, a comment, a colour and a column of the unit's own."""
    with typing(path) as typed:
        page = typed.sheet(PEOPLE)
        row, columns = header_of(page)
        page.cell(row + 1, columns["姓名"]).comment = Comment(OWN_NOTE, "办事员")
        page.cell(row + 2, columns["部门"]).fill = PatternFill("solid", "FFC000")
        place = max(columns.values()) + 1
        for step, text in enumerate((OWN_COLUMN, "请假", "=1+1")):
            page.cell(row + step, place).value = text
        own = typed.book.create_sheet(OWN_SHEET)
        for number in range(1, 6):
            own.append([f"第{number}周", number * 3])
        chart = BarChart()
        chart.add_data(Reference(own, min_col=2, min_row=1, max_row=5))
        own.add_chart(chart, "D2")
        own["B6"] = "=SUM(B1:B5)"


def dressed(
    office: Bureau,
    name: str = "T01.xlsx",
    records: Mapping[str, Sequence[Mapping[str, object]]] | None = None,
) -> Path:
    """T01's own workbook in the inbox, with an activity in which something is wrong."""
    mistaken = {PEOPLE: FIRST_UNIT[PEOPLE], SCHEDULE: [LAUNCH], REPORTS: FIRST_UNIT[REPORTS]}
    path = office.filled("T01", records or mistaken, name)
    dress(path)
    return path


def changed_parts(old: Path, new: Path) -> set[str]:
    """The parts that differ between two workbooks; AssertionError where one differs in more than the tool owns."""
    with RawPackage(old) as raw:
        package = PackageEdit(raw)
        types = {part: package.content_type(part) for part in package.parts}
    with zipfile.ZipFile(old) as before, zipfile.ZipFile(new) as after:
        assert set(before.namelist()) - set(after.namelist()) <= {"xl/calcChain.xml"}
        assert set(after.namelist()) <= set(before.namelist())
        changed = {name for name in after.namelist() if before.read(name) != after.read(name)}
        for name in changed:
            assert stays(kind_of(name, types[name]), before.read(name), after.read(name)), name
    return changed


def sheet_parts(path: Path) -> dict[str, str]:
    """The part of each sheet by its name."""
    with RawPackage(path) as raw:
        return {sheet.name: sheet.part for sheet in PackageEdit(raw).sheets()}


def is_as_sound(old: Path, new: Path) -> None:
    """No lint finds in the new workbook what it does not find in the old one, and the validator finds no more."""
    found = Counter((each.rule, each.part) for each in lint(new) if each.rule != "uncached-formula")
    assert not found - Counter((each.rule, each.part) for each in lint(old))
    if ooxml_validator.available() is None:
        said = ooxml_validator.validate([old, new])
        assert len(said[new]) <= len(said[old]), said[new]


FEEDBACK = "T01_青石镇民政办_反馈.xlsx"


def feedback(office: Bureau) -> Path:
    """The feedback of T01."""
    return office.folder.feedback / FEEDBACK


def said(path: Path) -> set[str]:
    """The codes of what a feedback says."""
    return {str(line["代码"]) for line in read_lines(path, "校验结果") if line["代码"]}


def finding_line(path: Path, code: str) -> dict[str, Any]:
    """The one line of 校验结果 with a code."""
    (line,) = (each for each in read_lines(path, "校验结果") if each["代码"] == code)
    return line


def is_own(path: Path) -> bool:
    """Whether a feedback is made of the file that the unit dressed up."""
    return OWN_SHEET in openpyxl.load_workbook(path, read_only=True).sheetnames


def names(office: Bureau) -> dict[str, str]:
    """The record numbers of the people in the master, by their names."""
    return {str(line["姓名"]): str(line["记录号"]) for line in office.lines("汇总_人员名册")}


def meta(path: Path) -> dict[str, str]:
    """What a workbook says of itself in its hidden sheet."""
    page = openpyxl.load_workbook(path)["_meta"]
    return {str(key): str(value) for key, value in page.iter_rows(max_col=2, values_only=True)}


def approve(office: Bureau, value: str = "是") -> None:
    """The office says whether T01's report counts as on time."""
    with office.at_work() as book:
        book.put("汇总_信息报送", 1, {"算按时": value})
