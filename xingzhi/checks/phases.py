"""The checks in their phases: what one file can tell, and what takes all rows of a unit."""

from __future__ import annotations

import re
from collections.abc import Iterable

from xingzhi.checks import columns, foreign, rows, tables
from xingzhi.checks.context import Check, Context
from xingzhi.findings import Finding
from xingzhi.rows import RowsByTable

PER_FILE: tuple[Check, ...] = (*columns.CHECKS, *rows.CHECKS, *foreign.CHECKS)
"""True of each row alone, so a part-book is checked as it comes."""

PER_UNIT: tuple[Check, ...] = tables.CHECKS
"""True only of all rows of a unit, whatever files they came in."""

_CELL = re.compile("([A-Z]+)([0-9]+)")


def run(checks: Iterable[Check], rows: RowsByTable, context: Context) -> list[Finding]:
    """What the checks find, in the order in which a clerk goes through the workbook: sheet, row, column."""
    order = {table.key: place for place, table in enumerate(context.tables)}
    found = [each for check in checks for each in check(rows, context)]
    return sorted(found, key=lambda each: (order.get(each.table, len(order)), each.file, *_position(each), each.code))


def _position(found: Finding) -> tuple[int, int, str]:
    cell = _CELL.fullmatch(found.cell)
    return (int(cell[2]), len(cell[1]), cell[1]) if cell else (0, 0, "")
