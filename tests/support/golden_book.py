"""A golden case as a real workbook: what its text says as the cells, formulas, names and properties of an .xlsx.

Where the case says nothing of whose it is, it is the workbook of `UNIT` in the shipped programme of 2026. It has a 校验结果
as a template has it, so that what is found can be written into it, unless the case brings one.
"""

from __future__ import annotations

import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path

from support.office import PROGRAMME
from xlsxwriter.worksheet import Worksheet

from workbook_templates import findings_sheet, sheet_names
from workbook_templates.pen import Pen
from workbook_templates.profiles import profile
from workbook_templates.tables.registry import tables
from xingzhi.grid import CellValue, Grid, Sheet
from xingzhi.identity import META_SHEET, TEMPLATE_VERSION, Identity
from xingzhi.labels import Lang

UNIT = "T01"
_NO_VALUE = "?no value?"
"""What XlsxWriter writes as the value of a formula that is to have none."""

_FORMATS = ((datetime, "yyyy-mm-dd hh:mm:ss"), (date, "yyyy-mm-dd"), (time, "hh:mm:ss"), (timedelta, "[h]:mm:ss"))


def write(grid: Grid, folder: Path, *, owned: bool = True) -> Path:
    """Write a case's grid as a workbook of its name in `folder`. With `owned` one that carries no identity is given one."""
    path = folder / f"{Path(grid.file).stem}.xlsx"
    has_identity = grid.sheet(META_SHEET) or grid.names or grid.properties
    with Pen(path) as pen:
        pages = [_sheet(pen, sheet) for sheet in grid.sheets]
        if grid.sheet(sheet_names.FINDINGS.zh) is None:
            findings_sheet.write(pen, (), tables(profile(PROGRAMME).tables), Lang.ZH, "")
        if owned and not has_identity:
            _identity(pen, Identity(TEMPLATE_VERSION, PROGRAMME, 2026, UNIT))
        for key, value in grid.names.items():
            pen.book.define_name(key, f'="{value}"')
        for key, value in grid.properties.items():
            pen.book.set_custom_property(key, value, "text")
        shown = [page for page, sheet in zip(pages, grid.sheets, strict=True) if sheet.visible]
        if shown:
            shown[0].activate()
            shown[0].set_first_sheet()
    _without_values(path)
    return path


def _sheet(pen: Pen, sheet: Sheet) -> Worksheet:
    page = pen.book.add_worksheet(sheet.name)
    for number, row in enumerate(sheet.rows):
        for column, value in enumerate(row):
            _cell(pen, page, number, column, value)
    for (number, column), error in sheet.errors.items():
        page.write_formula(number - 1, column - 1, "=1/0", None, error)
    for number, column in sheet.uncached:
        page.write_formula(number - 1, column - 1, "=TODAY()-TODAY()", None, _NO_VALUE)
    # By its list: `merge_range` would write over what stands in the range.
    page.merge.extend([top - 1, left - 1, bottom - 1, right - 1] for top, left, bottom, right in sheet.merged)
    for number in sheet.hidden_rows:
        page.set_row(number - 1, None, None, {"hidden": True})
    if not sheet.visible:
        page.hide()
    return page


def _cell(pen: Pen, page: Worksheet, row: int, column: int, value: CellValue) -> None:
    form = next((pen.format(num_format=code) for kind, code in _FORMATS if isinstance(value, kind)), None)
    match value:
        case None:
            return
        case bool():
            page.write_boolean(row, column, value)
        case str():
            page.write_string(row, column, value)
        case int() | float():
            page.write_number(row, column, value)
        case _:
            page.write_datetime(row, column, value, form)


def _identity(pen: Pen, identity: Identity) -> None:
    page = pen.book.add_worksheet(META_SHEET)
    for number, (key, value) in enumerate(identity.items().items()):
        page.write_row(number, 0, (key, value))
    page.very_hidden()


def _without_values(path: Path) -> None:
    """Take the values of the formulas away that are to have none."""
    value = f"<v>{_NO_VALUE}</v>".encode()
    with zipfile.ZipFile(path) as archive:
        parts = [(each, archive.read(each)) for each in archive.infolist()]
    if any(value in data for _, data in parts):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for each, data in parts:
                archive.writestr(each, data.replace(value, b"").replace(b' t="str"><f>=TODAY', b"><f>TODAY"))
