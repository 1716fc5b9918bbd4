"""How one cell is read.

- `outcome(raw, column, window=ONE_YEAR) -> (value, the codes of what is told, parted by spaces)`
"""

from __future__ import annotations

from datetime import date
from typing import Any

from xingzhi.cleaning import Raw
from xingzhi.columns import Column
from xingzhi.normalise import normalise
from xingzhi.windows import Window

ONE_YEAR = Window(date(2026, 6, 1), date(2027, 1, 31))
TWO_YEARS = Window(date(2026, 5, 1), date(2027, 7, 31))


def outcome(raw: Raw, column: Column, window: Window = ONE_YEAR) -> tuple[Any, str]:
    """The value of a cell in a column, and the codes of its notes and its fault."""
    read = normalise(raw, column, window)
    codes = [code for code, _ in (*read.notes, *([read.fault] if read.fault else []))]
    return read.value, " ".join(codes)
