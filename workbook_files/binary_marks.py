"""Marks of the binary formats: .xls by xlrd, .xlsb by pyxlsb. Neither tells of hidden rows; they are read like all others."""

from __future__ import annotations

import io
import posixpath
import struct
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, ClassVar
from zipfile import ZipFile

import xlrd
from pyxlsb import biff12
from pyxlsb.handlers import Handler
from pyxlsb.reader import BIFF12Reader

from workbook_files.marks import ERROR_CODES, Marks
from workbook_files.relations import open_package, relations
from xingzhi.grid import CellValue

_MERGED = 0x01B0
"""BrtMergeCell (MS-XLSB 2.4.703, number 176), which pyxlsb does not know; it counts the two bytes of a number as they are."""

_CELLS = range(biff12.BLANK, biff12.FORMULA_BOOLERR + 1)


def xls_marks(path: Path) -> dict[str, Marks] | None:
    """The error cells and the reach of each sheet of a .xls, by name; None where they cannot be told."""
    found: dict[str, Marks] = {}
    try:
        book = xlrd.open_workbook(str(path), logfile=io.StringIO(), on_demand=True, ragged_rows=True)
        for sheet in book.sheets():
            marks = found.setdefault(sheet.name, Marks())
            if sheet.nrows:
                marks.reach(sheet.nrows, sheet.ncols)
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


def xls_values(path: Path, names: set[str]) -> dict[str, list[tuple[CellValue, ...]]]:
    """The rows of these sheets of a .xls by xlrd, each cut after its last value: for sheets with a cell in a far corner."""
    book = xlrd.open_workbook(str(path), logfile=io.StringIO(), on_demand=True, ragged_rows=True)
    return {
        name: [
            tuple(map(partial(_value, book.datemode), sheet.row_types(row), sheet.row_values(row)))
            for row in range(sheet.nrows)
        ]
        for name in names
        for sheet in (book.sheet_by_name(name),)
    }


def _value(datemode: Any, kind: int, value: Any) -> CellValue:
    """A cell as the first reader gives it; an error as a blank, since its mark tells of it."""
    match kind:
        case xlrd.XL_CELL_TEXT:
            return str(value) or None
        case xlrd.XL_CELL_NUMBER:
            return float(value)
        case xlrd.XL_CELL_BOOLEAN:
            return bool(value)
        case xlrd.XL_CELL_DATE:
            moment = xlrd.xldate_as_datetime(value, datemode)
            return moment if value >= 1 else moment.time()
    return None


def xlsb_marks(path: Path) -> dict[str, Marks] | None:
    """The error cells and the reach of each sheet of a .xlsb, by name; None where they cannot be told."""
    found: dict[str, Marks] = {}
    try:
        with open_package(path) as archive:
            main = next(name for name in archive.namelist() if name.lower() == "xl/workbook.bin")
            related = relations(archive, main)
            for kind, record in _records(archive, main):
                if kind == biff12.SHEET and related[record.rId][1] in archive.namelist():
                    found[record.name] = sheet_marks(archive, related[record.rId][1])
    except Exception:  # what pyxlsb makes of damaged records is not told by it
        return None
    return found


class _MergedRange(Handler):  # type: ignore[misc]
    """Reads a merged range: first and last row, first and last column, from 0."""

    def read(self, reader: Any, recid: int, reclen: int) -> tuple[int, int, int, int]:
        """The four numbers of the record."""
        return struct.unpack("<4I", reader.read(16))


class _Reader(BIFF12Reader):  # type: ignore[misc]
    handlers: ClassVar[dict[int, Any]] = {**BIFF12Reader.handlers, _MERGED: _MergedRange()}


def _records(archive: ZipFile, part: str) -> Iterator[tuple[int, Any]]:
    return iter(_Reader(fp=io.BytesIO(archive.read(posixpath.normpath(part)))))


def sheet_marks(archive: ZipFile, part: str) -> Marks:
    """The marks of one sheet part of a .xlsb."""
    marks, row = Marks(), 0
    for kind, record in _records(archive, part):
        if kind == biff12.ROW:
            row = record.r + 1
        elif kind in _CELLS and kind != biff12.BLANK:
            marks.reach(row, record.c + 1)
            if kind in (biff12.BOOLERR, biff12.FORMULA_BOOLERR):
                marks.errors[row, record.c + 1] = ERROR_CODES.get(int(record.v, 16), "#N/A")
        elif kind == _MERGED and record:
            top, bottom, left, right = record
            marks.merged.append((top + 1, left + 1, bottom + 1, right + 1))
    return marks
