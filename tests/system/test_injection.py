"""What a unit types never becomes a formula, a link or a macro in a workbook that we write."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell import Cell
from support.codes import covers
from support.office import PEOPLE, SCHEDULE, Bureau, codes, fresh_office, statuses, typing

PAYLOADS = ("=HYPERLINK(1)注", "+1+cmd|注", "-2+3注", "@SUM(1)注", "\t=1+1注", "=cmd|'/c calc'!A0注", "＝1+1注")


@pytest.fixture
def office(tmp_path: Path) -> Bureau:
    return fresh_office(tmp_path / "行动办")


def cells(path: Path) -> Iterator[tuple[str, Cell]]:
    book = openpyxl.load_workbook(path)
    for page in book.worksheets:
        for row in page.iter_rows():
            for cell in row:
                if isinstance(cell, Cell) and cell.value is not None:
                    yield page.title, cell


def hostile_workbook(office: Bureau) -> Path:
    """A unit's workbook with what begins like a formula in texts, long texts, titles, references, own columns, cells that
    must be mended, and explanations; stored as text, as a clerk's apostrophe does."""
    people = [
        {"姓名": text, "部门": text, "职务": text, "班子成员": text, "联系电话": text, "任职起": text}
        for text in PAYLOADS
    ]
    activities = [
        {"活动类别": "培训", "活动名称": text, "地点": text, "主持人": text, "活动结果": text, "计划日期": text}
        for text in PAYLOADS
    ]
    path = office.filled("T01", {PEOPLE: people, SCHEDULE: activities})
    with typing(path) as book:
        page = book.sheet(PEOPLE)
        for step, text in enumerate(PAYLOADS):
            page.cell(4, page.max_column + 1).value = text
            page.cell(5 + step, page.max_column).value = text
        for sheet in (PEOPLE, SCHEDULE):
            for row in book.sheet(sheet).iter_rows():
                for cell in row:
                    if isinstance(cell.value, str) and cell.value.endswith("注"):
                        cell.data_type = "s"
    return path


def test_what_begins_like_a_formula_stays_text_in_the_master_and_in_what_units_get(office: Bureau) -> None:
    hostile_workbook(office)
    result = office.sync()
    assert statuses(result)["T01"] == "accepted"
    office.issue("T01")
    # What the unit typed in its own file stays as it is stored there.
    (own,) = office.folder.feedback.glob("T01*.xlsx")
    written = [office.master, office.issued("T01"), own]
    for path in written:
        seen = set()
        for sheet, cell in cells(path):
            text = str(cell.value)
            if cell.data_type == "f":
                assert not any(payload.strip() in text for payload in PAYLOADS), (path.name, sheet, cell.coordinate)
            elif text.endswith("注"):
                seen.add(text)
                assert cell.data_type == "s" and cell.hyperlink is None, (path.name, sheet, cell.coordinate)
                if text.startswith(("=", "+", "-", "@", "\t", "＝")) and cell.row > 4 and path != own:
                    assert cell.quotePrefix, (path.name, sheet, cell.coordinate, text)
        assert len(seen) >= len(PAYLOADS), path.name


@covers("F112", "F113")
def test_macros_and_links_of_a_received_file_are_told_and_go_to_nobody_else(office: Bureau) -> None:
    path = office.filled("T01", {PEOPLE: [{"姓名": "石一", "部门": "办公室", "班子成员": "是"}]}, "青石镇民政办.xlsm")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0")
        archive.writestr(
            "xl/externalLinks/externalLink1.xml", "<externalLink><ddeLink ddeService='cmd'/></externalLink>"
        )
    result = office.sync()
    assert statuses(result)["T01"] == "accepted" and {"F112", "F113"} <= set(codes(result, "T01"))
    assert office.line("汇总_人员名册", 姓名="石一")
    office.issue()
    for made in (office.master, *office.folder.issued.glob("*.xlsx")):
        names = zipfile.ZipFile(made).namelist()
        assert not any(part in name for name in names for part in ("vba", "externalLink", "embeddings", "connections"))
