"""Buttons on a sheet that run macros, and the VBA project that holds them."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xlsxwriter.worksheet import Worksheet

from workbook_templates.pen import Pen, display_width

ROW_HEIGHT = 32
"""Of the row in which the buttons stand, in points."""

_HEIGHT, _TOP, _GAP = 30, 6, 8
_LETTER, _MARGIN = 8, 32


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


def write(page: Worksheet, buttons: Sequence[Button], row: int) -> None:
    """Buttons beside one another from the left edge, in a row of their own (from 0)."""
    page.set_row(row, ROW_HEIGHT)
    left = 0
    for each in buttons:
        width = display_width(each.label) * _LETTER + _MARGIN
        page.insert_button(
            row,
            0,
            {
                "macro": each.macro,
                "caption": each.label,
                "description": each.tip,
                "width": width,
                "height": _HEIGHT,
                "x_offset": left,
                "y_offset": _TOP,
            },
        )
        left += width + _GAP


def embed(pen: Pen, macros: Macros) -> None:
    """Put the VBA project into the workbook, once all its sheets are there."""
    names = [f"Sheet{number}" for number, _ in enumerate(pen.book.worksheets(), start=1)]
    for name, page in zip(names, pen.book.worksheets(), strict=True):
        page.set_vba_name(name)
    pen.book.add_vba_project(io.BytesIO(macros.project(names)), is_stream=True)
