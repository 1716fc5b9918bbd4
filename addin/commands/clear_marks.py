"""清除标记: the findings go from 校验结果, and with them every mark; what the unit has explained stays."""

from __future__ import annotations

from datetime import date

import xlwings

from addin.checking import book_identity, unit_grid
from addin.findings_table import FindingsTable
from addin.said import Said
from xingzhi import messages


def clear_marks(book: xlwings.Book, today: date) -> Said:
    """Clear the marks of the workbook."""
    grid = unit_grid(book)
    _, lang = book_identity(grid)
    table = FindingsTable.of(book, grid, lang)
    table.clear(messages.text("findings.lead", lang))
    return Said(messages.text("addin.cleared", lang))
