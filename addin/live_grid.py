"""A workbook that is open in a host as a grid of values: the same type as a file's.

Only what every host gives is asked of it: no formats, no `.api`. Excel has no cell without a value that a formula should have,
and gives no document properties: what is in a file beside that, its reader knows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import xlwings

from addin.said import Stopped
from workbook_files.limits import DEFAULTS
from xingzhi.cell_errors import UNCACHED
from xingzhi.grid import Box, CellValue, Grid, Sheet
from xingzhi.headers import is_self_check
from xingzhi.own_sheets import is_ours

_ERRORS = (
    *("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!"),
    *("#CONNECT!", "#UNKNOWN!", "#BUSY!"),
)
_EPOCHS = (date(1899, 12, 30), date(1899, 12, 31))
"""The days on which a time of day lies that Excel gives as a date."""

_BLOCK = 2_000
"""Rows that are read at once: a sheet that is formatted to its end is as long as Excel allows."""

_SEARCHED = 15
"""Rows in which a header is looked for."""

_BLANK_BLOCKS = 5
"""After so many blank ones nobody's rows follow."""


def live_grid(book: xlwings.Book) -> Grid:
    """The values of every sheet of an open workbook. Stopped where a sheet spans more cells than can be checked."""
    return Grid(book.name, tuple(_sheet(sheet) for sheet in book.sheets), names=dict(_names(book)))


def _names(book: xlwings.Book) -> Iterator[tuple[str, str]]:
    """The constant names: those of a range begin with its sheet."""
    for name in book.names:
        text = name.refers_to or ""
        if text.startswith('="') and text.endswith('"') and len(text) > 2:
            yield name.name, text[2:-1].replace('""', '"')


def _sheet(sheet: xlwings.Sheet) -> Sheet:
    last = sheet.used_range.last_cell
    height, width = last.row, last.column
    rows: list[tuple[CellValue, ...]] = []
    blank = 0
    for top in range(1, height + 1, _BLOCK):
        bottom = min(top + _BLOCK - 1, height)
        if bottom * width > DEFAULTS.area:
            raise Stopped("addin.too_large", sheet=sheet.name, cells=height * width)
        block = sheet.range((top, 1), (bottom, width)).options(ndim=2).value
        rows += [tuple(_value(cell) for cell in row) for row in block]
        blank = 0 if any(any(cell is not None for cell in row) for row in block) else blank + 1
        if blank == _BLANK_BLOCKS:
            break
    found = Sheet(
        sheet.name,
        rows,
        # Excel on Windows gives its own numbers here: 2 stands for very hidden.
        visible=sheet.visible in (True, -1),
    )
    # Of the sheets that the tool itself writes nothing but the values is asked.
    return found if is_ours(found) else _marked(sheet, found, width)


def _marked(sheet: xlwings.Sheet, found: Sheet, width: int) -> Sheet:
    """The same with its error values, merged ranges and hidden rows, and without the blank rows at its end."""
    rows = list(found.rows)
    errors = _errors(sheet, found, width)
    uncached = frozenset(cell for cell, error in errors.items() if error == UNCACHED)
    least = max((row for row, _ in errors), default=0)
    while len(rows) > least and all(cell is None for cell in rows[-1]):
        rows.pop()
    return replace(
        found,
        rows=rows,
        errors={cell: error for cell, error in errors.items() if cell not in uncached},
        uncached=uncached,
        merged=tuple(_merged(sheet, (1, 1, len(rows), width))) if rows else (),
        hidden_rows=frozenset(_hidden(sheet, 1, len(rows))) if rows else frozenset(),
    )


def _errors(sheet: xlwings.Sheet, found: Sheet, width: int) -> dict[tuple[int, int], str]:
    """The error values, and the formulas that a file holds no value for: they are read as blank, and so is a formula that
    gives no text. Each such cell is asked by itself: xlwings gives the errors of several rows on Windows alone."""
    ours = {
        column
        for row in found.rows[:_SEARCHED]
        for column, cell in enumerate(row, start=1)
        if isinstance(cell, str) and is_self_check(cell)
    }
    errors = {}
    for top in range(1, len(found.rows) + 1, _BLOCK):
        bottom = min(top + _BLOCK - 1, len(found.rows))
        typed = rows_of(sheet.range((top, 1), (bottom, width)).formula)
        for number, texts in enumerate(typed, start=top):
            for column, text in enumerate(texts, start=1):
                if text in (None, "") or column in ours or found.value(number, column) is not None:
                    continue
                error = sheet.range((number, column)).options(err_to_str=True).value
                if error in _ERRORS or error == UNCACHED:
                    errors[number, column] = str(error)
    return errors


def rows_of(found: Any) -> list[list[Any]]:
    """What a host gives of a range as rows: of one cell it gives that alone, of one row it may give that alone."""
    if not isinstance(found, list | tuple):
        return [[found]]
    return [list(row) for row in (found if isinstance(found[0], list | tuple) else [found])]


def _value(cell: Any) -> CellValue:
    if isinstance(cell, datetime):
        if cell.date() in _EPOCHS:
            return cell.time()
        return cell.date() if cell.time() == time() else cell
    # What is shown as money comes as a decimal from Excel on Windows.
    number = float(cell) if isinstance(cell, Decimal) else cell
    if isinstance(number, float) and number.is_integer():
        return int(number)
    return None if number == "" else number


def _merged(sheet: xlwings.Sheet, box: Box) -> Iterator[Box]:
    """The merged ranges, found by halving: a host tells of a whole range whether none, all or some of it is merged."""
    found: set[Box] = set()
    for cell in _parts(box, lambda part: sheet.range(part[:2], part[2:]).merge_cells):
        top, left, bottom, right = cell
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                if not any(_within(row, column, known) for known in found):
                    area = sheet.range((row, column)).merge_area
                    last = area.last_cell
                    found.add((area.row, area.column, last.row, last.column))
    yield from sorted(found)


def _hidden(sheet: xlwings.Sheet, top: int, bottom: int) -> Iterator[int]:
    boxes = _parts((top, 1, bottom, 1), lambda part: sheet.range(part[:2], part[2:]).rows.hidden)
    for first, _, last, _ in boxes:
        yield from range(first, last + 1)


def _parts(box: Box, asked: Callable[[Box], object]) -> Iterator[Box]:
    """The parts of a range of which something holds throughout: True where it does, False where it does nowhere. Where
    some of it holds, Windows says None, and a Mac a word of its own."""
    holds = asked(box)
    top, left, bottom, right = box
    if holds is False:
        return
    if holds is True or (top, left) == (bottom, right):
        yield box
        return
    if bottom - top >= right - left:
        middle = (top + bottom) // 2
        halves = (top, left, middle, right), (middle + 1, left, bottom, right)
    else:
        middle = (left + right) // 2
        halves = (top, left, bottom, middle), (top, middle + 1, bottom, right)
    for half in halves:
        yield from _parts(half, asked)


def _within(row: int, column: int, box: Box) -> bool:
    return box[0] <= row <= box[2] and box[1] <= column <= box[3]
