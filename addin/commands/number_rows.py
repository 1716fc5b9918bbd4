"""补编号: rows that a clerk added are given record numbers, of the range that is the macro's own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import xlwings

from addin.checking import CheckedBook, check_book
from addin.said import Said, Stopped
from xingzhi import messages
from xingzhi.columns import RECORD, Table, record_number
from xingzhi.record_numbers import ADDED_RANGE, SYNC_RANGE


def number_rows(book: xlwings.Book, today: date) -> Said:
    """Number the filled rows of the workbook that have no number. Stopped in a blank template, which is no unit's."""
    checked = check_book(book, today)
    planned = numbers(checked)
    for (sheet, cell), number in planned.items():
        book.sheets[sheet].range(cell).value = f"'{number}"
    key = "addin.numbered" if planned else "addin.all_numbered"
    return Said(messages.text(key, checked.lang, count=len(planned)))


def numbers(checked: CheckedBook) -> dict[tuple[str, str], str]:
    """The numbers to be given, by sheet and cell."""
    found: dict[tuple[str, str], str] = {}
    for key, rows in (checked.check.rows or {}).items():
        table = checked.tables[key]
        without = [row for row in rows if not row.record and row.cell(RECORD.key)]
        serials = _following(checked, table)
        if len(without) > len(serials):
            raise Stopped("addin.numbers_used_up", table=table.label)
        for row, serial in zip(without, serials, strict=False):
            found[row.sheet, row.cell(RECORD.key)] = record_number(checked.identity.unit, table.letters, serial)
    return found


def next_number(checked: CheckedBook, table: Table) -> str:
    """A number of the macro's range that no cell of the workbook holds. Stopped where there is none left, and in a blank
    template."""
    for serial in _following(checked, table):
        return record_number(checked.identity.unit, table.letters, serial)
    raise Stopped("addin.numbers_used_up", table=table.label)


def _following(checked: CheckedBook, table: Table) -> Sequence[int]:
    """The serials after the highest that stands anywhere in the workbook: a row may have been moved to another sheet.
    Stopped in a blank template, which is no unit's."""
    if not checked.identity.unit:
        raise Stopped("addin.no_unit")
    start = record_number(checked.identity.unit, table.letters, 0)[:-4]
    last = ADDED_RANGE - 1
    for sheet in checked.grid.sheets:
        for row in sheet.rows:
            for cell in row:
                if isinstance(cell, str) and cell.startswith(start):
                    tail = cell[len(start) :].strip()
                    serial = int(tail) if tail.isascii() and tail.isdigit() and len(tail) < 10 else 0
                    last = max(last, serial) if serial < SYNC_RANGE else last
    return range(last + 1, SYNC_RANGE)
