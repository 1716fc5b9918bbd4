"""Ranges of cells as files write them: in attributes, in lists, in formulas. Rows and columns count from 1."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from workbook_files.package import Box, box_of
from xingzhi.grid import address, column_letters

MOST_ROWS = 1_048_576
_CORNER = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)([0-9]{1,7})")
_PIECE = re.compile(
    r"""
      (?P<string>"(?:[^"]|"")*")
    | (?P<bracket>\[(?:'.|[^\[\]']|\[(?:'.|[^\[\]'])*\])*\])
    | (?P<ref>(?:(?P<sheet>'(?:[^']|'')*'|[\w.]+)!)?
        \$?[A-Za-z]{1,3}\$?[0-9]{1,7}(?::\$?[A-Za-z]{1,3}\$?[0-9]{1,7})?(?![\w.\\?(!\[]))
    | (?P<word>'(?:[^']|'')*'|[\w.\\?$]+)
    | .
    """,
    re.VERBOSE | re.DOTALL,
)


def range_name(box: Box) -> str:
    """Return the A1 text of a range, one address for a single cell."""
    first, last = address(box[0], box[1]), address(box[2], box[3])
    return first if first == last else f"{first}:{last}"


def box_or_none(ref: str) -> Box | None:
    """The range of an A1 text; None for what is none, whole rows and columns among it."""
    try:
        return box_of(ref)
    except ValueError:
        return None


def meet(a: Box, b: Box) -> bool:
    """Whether two ranges share a cell."""
    return a[0] <= b[2] and b[0] <= a[2] and a[1] <= b[3] and b[1] <= a[3]


@dataclass(frozen=True)
class Reference:
    """A range in a formula. `sheet` is None where the formula names none; `fixed` tells that its rows are absolute, and
    `single` that it is written as one cell."""

    start: int
    end: int
    text: str
    sheet: str | None
    box: Box
    fixed: bool
    single: bool


def references(formula: str) -> Iterator[Reference]:
    """The ranges of cells that a formula names, in order; those of other workbooks, of several sheets, and whole rows and
    columns are left out."""
    for found in _PIECE.finditer(formula):
        if found["ref"] is None:
            continue
        before = formula[found.start() - 1 : found.start()]
        sheet = found["sheet"]
        # `[1]Sheet!A1` is another workbook's, and `First:Last!A1` and `A1:B!C2` span more than one sheet's range.
        if before in ("]", ":") or (sheet and "[" in sheet) or formula[found.end() : found.end() + 1] == ":":
            continue
        name = sheet[1:-1].replace("''", "'") if sheet and sheet[0] == "'" else sheet
        text = found["ref"].rpartition("!")[2]
        corners = [_CORNER.fullmatch(corner) for corner in text.split(":")]
        fixed = all(corner is not None and corner[3] == "$" for corner in corners)
        yield Reference(found.end() - len(text), found.end(), text, name, box_of(text), fixed, len(corners) == 1)


def with_box(text: str, box: Box) -> str:
    """A range's text with other corners and its own dollar signs."""
    corners = [_CORNER.fullmatch(corner) for corner in text.split(":")]
    first, last = corners[0], corners[-1]
    assert first is not None and last is not None
    made = [
        f"{corner[1]}{column_letters(column)}{corner[3]}{row}"
        for corner, row, column in ((first, box[0], box[1]), (last, box[2], box[3]))
    ]
    return made[0] if len(corners) == 1 and made[0] == made[1] else ":".join(made)


def replaced(formula: str, change: Callable[[Reference], Box | None]) -> str:
    """The formula with other ranges; `change` gives None for one that stays."""
    pieces, at = [], 0
    for each in references(formula):
        box = change(each)
        if box is not None and box != each.box:
            pieces += [formula[at : each.start], with_box(each.text, box)]
            at = each.end
    return "".join([*pieces, formula[at:]])


def shifted(formula: str, steps: int) -> str | None:
    """The formula as it reads when its cell is copied some rows down, None where it would leave the sheet."""
    pieces, at = [], 0
    for each in references(formula):
        corners = []
        for found in map(_CORNER.fullmatch, each.text.split(":")):
            assert found is not None
            row = int(found[4]) + (0 if found[3] else steps)
            if not 1 <= row <= MOST_ROWS:
                return None
            corners.append(f"{found[1]}{found[2]}{found[3]}{row}")
        pieces += [formula[at : each.start], ":".join(corners)]
        at = each.end
    return "".join([*pieces, formula[at:]])


def same_sheet(a: str, b: str) -> bool:
    """Whether two names are one sheet's to Excel."""
    return a.casefold() == b.casefold()
