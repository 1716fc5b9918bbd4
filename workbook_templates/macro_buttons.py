"""Buttons on a sheet that run macros, and the VBA project that holds them."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xlsxwriter.worksheet import Worksheet

from workbook_templates.pen import Pen, display_width

_HEIGHT, _GAP = 30, 6
_LETTER, _MARGIN = 10, 24
_POINTS = 0.75
"""Of a pixel, as Excel counts them."""


@dataclass(frozen=True, slots=True)
class Button:
    """What stands on it, what it is for, and the macro that it runs."""

    label: str
    tip: str
    macro: str


@dataclass(frozen=True, slots=True)
class Macros:
    """The buttons of a workbook; `project` gives its vbaProject.bin for the code names of its sheets, in their order."""

    buttons: tuple[Button, ...]
    project: Callable[[Sequence[str]], bytes]


def write(page: Worksheet, buttons: Sequence[Button], row: int, column: int, width: float) -> None:
    """Buttons in one cell (counted from 0), whose column is `width` characters wide, in as many lines as they need: one that
    went over the edge of a column would be drawn wider or narrower with another font."""
    room = int(width * 7)
    left, top = 0, _GAP
    for each in buttons:
        size = display_width(each.label) * _LETTER + _MARGIN
        if left + size > room:
            left, top = 0, top + _HEIGHT + _GAP
        page.insert_button(
            row,
            column,
            {
                "macro": each.macro,
                "caption": each.label,
                "description": each.tip,
                "width": size,
                "height": _HEIGHT,
                "x_offset": left,
                "y_offset": top,
            },
        )
        left += size + _GAP
    page.set_row(row, (top + _HEIGHT + _GAP) * _POINTS)


def embed(pen: Pen, macros: Macros) -> None:
    """Put the VBA project into the workbook, once all its sheets are there."""
    names = [f"Sheet{number}" for number, _ in enumerate(pen.book.worksheets(), start=1)]
    for name, page in zip(names, pen.book.worksheets(), strict=True):
        page.set_vba_name(name)
    pen.book.add_vba_project(io.BytesIO(macros.project(names)), is_stream=True)
