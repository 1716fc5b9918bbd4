"""What readers of values pass over: errors, formulas without a value, hidden rows, far cells; in every format."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from support import libreoffice
from support.codes import covers

from workbook_files.limits import MEGABYTE, Limits
from workbook_files.reader import read_grid
from xingzhi.grid import Grid, Sheet

needs_libreoffice = pytest.mark.skipif(libreoffice.available() is not None, reason=str(libreoffice.available()))
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def read(path: Path, limits: Limits | None = None) -> tuple[Grid, list[str]]:
    grid, findings = read_grid(path, limits)
    assert grid is not None, findings
    return grid, [each.code for each in findings]


def package(path: Path, body: str, change: Callable[[str, bytes], bytes] = lambda name, data: data) -> Path:
    """A workbook of one sheet with this XML for its sheetData and what follows; `change` may alter each part."""
    plain = path.with_suffix(".plain")
    openpyxl.Workbook().save(plain)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                data = f'<?xml version="1.0"?><worksheet xmlns="{MAIN}">{body}</worksheet>'.encode()
            new.writestr(name, change(name, data))
    plain.unlink()
    return path


def sheet(path: Path, body: str) -> Sheet:
    return read(package(path, body))[0].sheets[0]


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A workbook with errors, a hidden row and merged cells, as a program writes them."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(["=1/0", "=NA()", "文", None, date(2026, 6, 5)])
    page.append(["=1+1", True, 1.5, "=NOSUCH(1)"])
    page.merge_cells("A4:B5")
    page["A4"] = "并"
    page.row_dimensions[2].hidden = True
    path = tmp_path / "原.xlsx"
    book.save(path)
    return path


@needs_libreoffice
@pytest.mark.parametrize("ending", ["xlsx", "xls", "ods"])
def test_error_cells_are_found_in_each_format(saved: Path, tmp_path: Path, ending: str) -> None:
    grid, codes = read(libreoffice.convert(saved, ending, tmp_path / "out"))
    (page,) = grid.sheets
    assert page.errors == {(1, 1): "#DIV/0!", (1, 2): "#N/A", (2, 4): "#NAME?"} and codes == []
    assert page.value(2, 1) == 2 and page.value(1, 1) is None and page.value(4, 1) == "并"
    assert page.value(1, 5) in (date(2026, 6, 5), datetime(2026, 6, 5)) and page.value(2, 2) == 1
    assert page.uncached == frozenset()
    if ending != "xls":
        assert page.hidden_rows == {2}
    assert page.merged == ((4, 1, 5, 2),)


def test_a_formula_that_no_program_has_calculated(saved: Path) -> None:
    (page,) = read(saved)[0].sheets
    assert page.uncached == {(1, 1), (1, 2), (2, 1), (2, 4)} and page.hidden_rows == {2}


def test_the_cached_empty_text_of_a_formula_is_a_value(tmp_path: Path) -> None:
    body = '<sheetData><row r="1"><c r="A1" t="str"><f>""</f><v></v></c><c r="B1"><f>1</f></c></row></sheetData>'
    assert sheet(tmp_path / "表.xlsx", body).uncached == {(1, 2)}


def test_marks_of_cells_and_rows_without_references(tmp_path: Path) -> None:
    body = '<sheetData><row><c><v>1</v></c></row><row hidden="true"><c/><c t="e"><v>#REF!</v></c></row></sheetData>'
    page = sheet(tmp_path / "表.xlsx", body)
    assert page.errors == {(2, 2): "#REF!"} and page.hidden_rows == frozenset({2})


def test_a_cell_in_the_far_corner_costs_nothing_and_is_read(tmp_path: Path) -> None:
    body = (
        '<dimension ref="A1:B2"/><sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>2</v></c></row></sheetData>'
    )
    page = sheet(tmp_path / "表.xlsx", body)
    assert (page.value(1, 1), page.value(1_048_576, 16_384)) == (1, 2)
    assert page.rows[1000] == ()


@pytest.mark.parametrize("claimed", ["A1", "A1:XFD1048576", "ZZ9:A1"])
def test_what_a_sheet_says_of_its_size_is_not_believed(tmp_path: Path, claimed: str) -> None:
    rows = "".join(f'<row r="{row}"><c r="C{row}"><v>{row}</v></c></row>' for row in range(1, 4))
    page = sheet(tmp_path / "表.xlsx", f'<dimension ref="{claimed}"/><sheetData>{rows}</sheetData>')
    assert [page.value(row, 3) for row in range(1, 4)] == [1, 2, 3] and len(page.rows) == 3


@covers("F115")
def test_what_the_first_reader_cannot_take_is_read_by_the_second_and_told(tmp_path: Path) -> None:
    cells = '<c r="A1"><v>5</v></c><c r="B1" t="e"><v>#N/A</v></c><c r="C1" t="no such type"><v>1</v></c>'
    body = f'<sheetData><row r="1">{cells}</row></sheetData>'
    grid, codes = read(package(tmp_path / "表.xlsx", body))
    assert grid.sheets[0].value(1, 1) == 5 and grid.sheets[0].errors == {(1, 2): "#N/A"} and codes == ["F115"]


@pytest.mark.parametrize(("row", "column"), [(1, 1), (3, 1), (1, 4), (5, 7)])
def test_every_cell_stands_at_its_own_place(tmp_path: Path, row: int, column: int) -> None:
    book = openpyxl.Workbook()
    book.active.cell(row, column).value = "这里"  # type: ignore[union-attr]
    book.active.cell(row + 2, column + 1).value = 7  # type: ignore[union-attr]
    book.save(tmp_path / "表.xlsx")
    (page,) = read(tmp_path / "表.xlsx")[0].sheets
    assert (page.value(row, column), page.value(row + 2, column + 1)) == ("这里", 7)
    assert sum(value is not None for cells in page.rows for value in cells) == 2


@covers("F101")
@pytest.mark.parametrize("cell", ["XFE1", "A1048577", "A4294967297", "AAAA1", "A99999999999999999999"])
def test_a_cell_outside_the_sheet_is_told_with_its_address(tmp_path: Path, cell: str) -> None:
    path = package(tmp_path / "表.xlsx", f'<sheetData><row r="1"><c r="{cell}"><v>1</v></c></row></sheetData>')
    grid, (found,) = read_grid(path)
    assert grid is None and found.code == "F101" and cell in str(dict(found.args)["reason"])


def test_parts_in_utf_16_are_read_by_another_reader(tmp_path: Path) -> None:
    def widen(name: str, data: bytes) -> bytes:
        return data.decode().replace("?>", ' encoding="UTF-16"?>', 1).encode("utf-16") if "sheet1" in name else data

    body = '<sheetData><row r="2"><c r="B2" t="inlineStr"><is><t>文字</t></is></c></row></sheetData>'
    (page,) = read(package(tmp_path / "表.xlsx", body, widen))[0].sheets
    assert page.value(2, 2) == "文字"


def test_backslashes_between_folders_are_read(tmp_path: Path) -> None:
    path = package(tmp_path / "表.xlsx", '<sheetData><row r="1"><c r="A1" t="e"><v>#N/A</v></c></row></sheetData>')
    data = path.read_bytes()
    for name in zipfile.ZipFile(path).namelist():
        data = data.replace(name.encode(), name.replace("/", "\\").encode())
    path.write_bytes(data)
    assert read(path)[0].sheets[0].errors == {(1, 1): "#N/A"}


@covers("F112", "F113")
def test_macros_links_and_dde_are_told_and_nothing_of_them_is_taken(tmp_path: Path) -> None:
    path = package(
        tmp_path / "表.xlsm", "<sheetData><row r='1'><c r='A1'><f>cmd|'/c calc'!A0</f><v>7</v></c></row></sheetData>"
    )
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf")
        archive.writestr("xl/embeddings/oleObject1.bin", b"\xd0\xcf")
        archive.writestr("xl/externalLinks/externalLink1.xml", "<externalLink/>")
        archive.writestr("xl/connections.xml", "<connections/>")
    grid, findings = read_grid(path)
    assert grid is not None and grid.sheets[0].value(1, 1) == 7
    assert {each.code: each.value for each in findings} == {
        "F112": "宏、嵌入的对象",
        "F113": "引用别的工作簿的链接、动态数据交换（DDE）链接、外部数据连接",
    }


def test_a_formula_with_a_bar_in_its_text_is_no_dde(tmp_path: Path) -> None:
    body = '<sheetData><row r="1"><c r="A1" t="str"><f>"a|b"&amp;B1</f><v>a|b!</v></c></row></sheetData>'
    assert read(package(tmp_path / "表.xlsx", body))[1] == []


@covers("F104")
def test_each_limit_is_named_by_its_refusal(tmp_path: Path) -> None:
    path = package(tmp_path / "表.xlsx", '<sheetData><row r="9"><c r="J9"><v>1</v></c></row></sheetData>' + " " * 9000)
    refusals = {
        "size": Limits(size=100),
        "whole": Limits(whole=100),
        "unpacked": Limits(unpacked=5000),
        "parts": Limits(parts=3),
        "sheets": Limits(sheets=0),
    }
    said = {}
    for name, limits in refusals.items():
        grid, (found,) = read_grid(path, limits)
        assert grid is None and found.code == "F104"
        said[name] = dict(found.args)["value"]
    assert len(set(map(str, said.values()))) == len(refusals)


def test_a_workbook_full_of_photographs_is_read_as_without_them(saved: Path, tmp_path: Path) -> None:
    heavy = tmp_path / "照片.xlsx"
    heavy.write_bytes(saved.read_bytes())
    with zipfile.ZipFile(heavy, "a") as archive:
        for number in range(4):
            archive.writestr(f"xl/media/image{number}.jpeg", os.urandom(3 * MEGABYTE))
    assert read(heavy, Limits(size=MEGABYTE))[0].sheets == read(saved)[0].sheets
