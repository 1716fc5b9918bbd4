"""Codes of units and the record numbers that begin with them."""

from __future__ import annotations

import re
from functools import lru_cache

from xingzhi.columns import Table

UNIT_CODE = re.compile(r"[A-Za-z0-9]{1,12}")
"""What a unit's code may be: it is part of every record number and of file names."""

ADDED_RANGE = 4001
"""The first serial of those that the macro gives to rows a clerk added; below it are those that are printed."""

SYNC_RANGE = 5001
"""The first serial of those that sync gives: a number tells by whom it was given, and none is given twice."""


def unit_of(record: str, table: Table) -> str:
    """The code of the unit that a number of this table belongs to, '' for any other text."""
    found = _pattern(table.letters).fullmatch(record)
    return found[1] if found else ""


@lru_cache(maxsize=64)
def _pattern(letters: str) -> re.Pattern[str]:
    return re.compile(rf"({UNIT_CODE.pattern})-{letters}-[0-9]{{4,9}}", re.IGNORECASE)
