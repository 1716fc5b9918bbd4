"""Marks of the binary formats: .xls by xlrd, .xlsb by pyxlsb. Neither tells of hidden rows; they are read like all others."""

from __future__ import annotations

import io
import posixpath
from pathlib import Path
from zipfile import ZipFile

import xlrd
from pyxlsb import biff12
from pyxlsb.reader import BIFF12Reader

from workbook_files.marks import ERROR_CODES, Marks
from workbook_files.relations import open_package, relations

_CELLS = range(biff12.BLANK, biff12.FORMULA_BOOLERR + 1)


def xls_marks(path: Path) -> dict[str, Marks] | None:
    """The error cells of a .xls, by sheet; None where they cannot be told."""
    found: dict[str, Marks] = {}
    try:
        book = xlrd.open_workbook(str(path), logfile=io.StringIO(), on_demand=True, ragged_rows=True)
        for sheet in book.sheets():
            marks = found.setdefault(sheet.name, Marks())
            for row in range(sheet.nrows):
                kinds = sheet.row_types(row)
                if xlrd.XL_CELL_ERROR not in kinds:
                    continue
                for column, kind in enumerate(kinds):
                    if kind == xlrd.XL_CELL_ERROR:
                        marks.errors[row + 1, column + 1] = ERROR_CODES.get(int(sheet.cell_value(row, column)), "#N/A")
    except Exception:  # xlrd is stricter than the reader of values, and raises a dozen different things
        return None
    return found


def xlsb_marks(path: Path) -> dict[str, Marks] | None:
    """The error cells and the reach of each sheet of a .xlsb, by name; None where they cannot be told."""
    found: dict[str, Marks] = {}
    try:
        with open_package(path) as archive:
            main = next(name for name in archive.namelist() if name.lower() == "xl/workbook.bin")
            related = relations(archive, main)
            for kind, record in _records(archive, main):
                if kind == biff12.SHEET and related[record.rId][1] in archive.namelist():
                    found[record.name] = _sheet_marks(archive, related[record.rId][1])
    except Exception:  # what pyxlsb makes of damaged records is not told by it
        return None
    return found


def _records(archive: ZipFile, part: str):  # type: ignore[no-untyped-def]
    return BIFF12Reader(fp=io.BytesIO(archive.read(posixpath.normpath(part))))


def _sheet_marks(archive: ZipFile, part: str) -> Marks:
    marks, row = Marks(), 0
    for kind, record in _records(archive, part):
        if kind == biff12.ROW:
            row = record.r + 1
        elif kind in _CELLS and kind != biff12.BLANK:
            marks.reach(row, record.c + 1)
            if kind in (biff12.BOOLERR, biff12.FORMULA_BOOLERR):
                marks.errors[row, record.c + 1] = ERROR_CODES.get(int(record.v, 16), "#N/A")
        elif kind == biff12.SHEETDATA_END:
            break
    return marks
