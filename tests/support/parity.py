"""The deadline sheet of a workbook as Python computed it, and as LibreOffice computes it anew."""

from __future__ import annotations

from pathlib import Path

from openpyxl import load_workbook

from workbook_templates import sheet_names
from workbook_templates.deadline_sheet import HEADER
from xingzhi.labels import Lang

Line = tuple[object, ...]


def deadline_lines(path: Path, lang: Lang = Lang.ZH) -> list[Line]:
    """Each row of 应报事项 as (requirement, period, due, asked, done, state, met, on time, soon from, waiting)."""
    book = load_workbook(path, data_only=True)
    sheet = book[sheet_names.DEADLINES.of(lang)]
    return [
        (row[0], row[3] or "", row[5], row[6], row[7], row[8] or "", row[11], row[12], row[13], row[14])
        for row in sheet.iter_rows(min_row=HEADER + 2, values_only=True)
        if row[0]
    ]


def project_cells(path: Path, lang: Lang = Lang.ZH) -> dict[str, object]:
    """The cells of the hidden sheet of projects, blanks as empty text."""
    book = load_workbook(path, data_only=True)
    sheet = book[sheet_names.PROGRESS.of(lang)]
    return {
        cell.coordinate: "" if cell.value is None else cell.value
        for row in sheet.iter_rows(min_row=2)
        for cell in row
        if cell.coordinate[0] != "A" or cell.coordinate[1].isalpha()
    }


def guide_cells(path: Path, lang: Lang = Lang.ZH) -> list[tuple[object, ...]]:
    """The lights of the guide sheet and its panel of what is due, with the hidden rank; blanks as empty text."""
    book = load_workbook(path, data_only=True)
    rows = book[sheet_names.GUIDE.of(lang)].iter_rows(min_col=3, max_col=9, values_only=True)
    return [tuple("" if cell is None else cell for cell in row) for row in rows]
