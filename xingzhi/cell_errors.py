"""Cells that hold an error, or a formula without a value."""

from __future__ import annotations

import math
import re

from xingzhi.grid import CellValue, Sheet

UNCACHED = "=?"
"""What stands for the value of a formula that the file holds no value for, here and in every workbook made from it."""

_ERROR_TEXT = re.compile(r"#(REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!)|Err:[0-9]{3}")


def cell_error(sheet: Sheet, number: int, place: int, raw: CellValue) -> str:
    """The error of a cell as a user sees it, `UNCACHED` for a formula without a value, '' where there is none."""
    error = sheet.errors.get((number, place))
    if error:
        return error
    if raw == UNCACHED or (number, place) in sheet.uncached:
        return UNCACHED
    if isinstance(raw, str):
        return raw.strip() if raw[:1] in "#E \u3000" and _ERROR_TEXT.fullmatch(raw.strip()) else ""
    return "#NUM!" if isinstance(raw, float) and not math.isfinite(raw) else ""


def is_broken(sheet: Sheet, number: int, place: int) -> bool:
    """Whether a cell that looks blank holds an error or a formula without a value."""
    return (number, place) in sheet.errors or (number, place) in sheet.uncached


def error_code(error: str) -> str:
    """The code of the finding on such a cell."""
    return "S110" if error == UNCACHED else "S109"
