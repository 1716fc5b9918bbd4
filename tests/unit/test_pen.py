"""The pen loses nothing that a cell can hold, shows what it cannot hold, and writes no file that Excel refuses."""

from __future__ import annotations

import math
import zipfile
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import openpyxl
import pytest

from workbook_files.lint import lint
from workbook_files.reader import read_grid
from workbook_templates.pen import TEXT_LIMIT, Cell, Field, Look, Pen, fitting


def written(path: Path, *cells: Cell, look: Look = Look.TEXT, header: str = "栏") -> list[object]:
    """The cells of a column, written and read back."""
    with Pen(path) as pen:
        page = pen.add_sheet("表")
        pen.table(page, [Field(header, 12, look)], [[cell] for cell in cells], name="table_one", header_row=0)
    with zipfile.ZipFile(path) as archive:
        for part in archive.namelist():
            ET.fromstring(archive.read(part))
    assert lint(path) == []
    grid, findings = read_grid(path)
    assert grid is not None and findings == []
    return [grid.sheets[0].value(row, 1) for row in range(2, len(cells) + 2)]


def test_a_day_before_the_calendar_of_spreadsheets_is_written_as_text(tmp_path: Path) -> None:
    days = [date(1, 1, 1), date(1000, 1, 1), date(1899, 12, 31), date(1900, 2, 28)]
    assert written(tmp_path / "a.xlsx", *days, look=Look.DATE) == [day.isoformat() for day in days]


@pytest.mark.parametrize("day", [date(1900, 3, 1), date(2026, 6, 5), date(9999, 12, 31)])
def test_a_day_of_the_calendar_is_written_as_a_date(tmp_path: Path, day: date) -> None:
    assert written(tmp_path / "a.xlsx", day, look=Look.DATE) == [day]


def test_a_text_as_long_as_a_cell_is_written_whole_and_a_longer_one_shows_that_it_is_cut(tmp_path: Path) -> None:
    whole, longer = "长" * TEXT_LIMIT, "长" * (TEXT_LIMIT + 1)
    assert written(tmp_path / "a.xlsx", whole, longer) == [whole, "长" * (TEXT_LIMIT - 1) + "…"]


def test_length_is_counted_as_excel_counts_it() -> None:
    wide = "\U00020000" * 20_000
    cut = fitting(wide)
    assert len(cut.encode("utf-16-le")) // 2 <= TEXT_LIMIT and cut.endswith("…")
    assert wide.startswith(cut[:-1])
    assert fitting("\U00020000" * 16_383) == "\U00020000" * 16_383


def test_characters_that_xml_forbids_make_no_file_that_cannot_be_read(tmp_path: Path) -> None:
    odd = "甲\x00\x08\x0b\x1f\ufffe\uffff乙"
    path = tmp_path / "a.xlsx"
    read = written(path, odd, "丙\ud800丁", "_x0041_", "<r>粗</r>", header="栏\x07目")
    assert read[1:] == ["丙\ufffd丁", "_x0041_", "<r>粗</r> "]
    assert openpyxl.load_workbook(path)["表"]["A1"].value == "栏目"


def test_a_number_that_is_none_is_written_as_text(tmp_path: Path) -> None:
    assert written(tmp_path / "a.xlsx", math.nan, math.inf, 2.5, look=Look.NUMBER) == ["nan", "inf", 2.5]


def test_a_cell_beyond_the_sheet_is_a_failure_and_no_silent_loss(tmp_path: Path) -> None:
    with Pen(tmp_path / "a.xlsx") as pen:
        page = pen.add_sheet("表")
        with pytest.raises(ValueError, match="no cell"):
            pen.put(page, 1_048_576, 0, "字", pen.format())


def test_what_the_disk_refuses_is_raised_as_what_the_disk_said(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), Pen(tmp_path / "没有" / "a.xlsx") as pen:
        pen.add_sheet("表")
