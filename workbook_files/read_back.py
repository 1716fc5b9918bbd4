"""Does a file hold what was written? Asked of the reader that reads every received file, not of what wrote it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path

from workbook_files.cell_values import Value, day_as_text
from workbook_files.file_findings import Refused
from workbook_files.limits import OWN
from workbook_files.reader import read_grid
from workbook_templates.pen import Formula, Link
from xingzhi import messages
from xingzhi.findings import finding
from xingzhi.grid import CellValue, Grid, address

_EPOCH = datetime(1899, 12, 30)
_TO_1904 = 1462
_FIRST_SURE, _LAST_DAY = 61, 2_958_465
"""From 1 March 1900 to the end of 9999: programs differ by the 29 February 1900 that there never was."""
_TOLERANCE = 1e-6
"""In days: a tenth of a second, since a file holds a moment as a fraction of days."""


def check_values(path: Path, file: str, values: Mapping[tuple[str, int, int], Value]) -> Grid:
    """The grid of a file that was written. Refused with W110 where a cell, by (sheet, row, column), does not read as what it
    should hold. `file` is the name by which the user knows the file."""
    grid, findings = read_grid(path, OWN)
    if grid is None:
        raise _refused(file, "unreadable", findings[0].code if findings else "?")
    sheets = {sheet.name: sheet for sheet in grid.sheets}
    for (name, row, column), value in values.items():
        sheet = sheets.get(name)
        if sheet is None or not reads_as(value, sheet.value(row, column)):
            raise _refused(file, "lost_value", f"{name}!{address(row, column)}")
    return grid


def reads_as(written: Value, read: CellValue) -> bool:
    """Whether a cell that was given a value reads as it: a formula as the value it came with, a number in a column of
    dates as the date that it is shown as."""
    if isinstance(written, Formula):
        written = written.value
    elif isinstance(written, Link):
        written = written.text
    if written is None or written == "":
        return read is None or read == ""
    if isinstance(written, bool) or isinstance(read, bool):
        return written is read
    if isinstance(written, str):
        return written == read
    if isinstance(written, date) and isinstance(read, str):
        return day_as_text(written) == read
    days, found = _days(written), _days(read)
    if days is None or found is None:
        return False
    if not isinstance(written, date) and not isinstance(read, int | float):
        # A number or a time in a column of dates is a day of the workbook's own calendar, where that has it.
        if not _FIRST_SURE <= days <= _LAST_DAY:
            return True
        return any(math.isclose(days + start, found, abs_tol=_TOLERANCE) for start in (0, _TO_1904))
    return math.isclose(days, found, rel_tol=1e-12, abs_tol=_TOLERANCE)


def _days(value: object) -> float | None:
    """A number, or a date or time as days, in the way of a workbook that counts from 1900."""
    match value:
        case datetime():
            return (value.replace(tzinfo=None) - _EPOCH) / timedelta(days=1)
        case date():
            return float((value - _EPOCH.date()).days)
        case time():
            return (value.hour * 3600 + value.minute * 60 + value.second) / 86_400
        case timedelta():
            return value / timedelta(days=1)
        case int() | float():
            return float(value)
        case _:
            return None


def _refused(file: str, key: str, detail: str) -> Refused:
    return Refused(finding("W110", file=file, reason=messages.label(f"write.{key}", detail=detail)))
