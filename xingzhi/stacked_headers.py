"""Headers of two rows: a title merged over its parts (`任职时间` over `起` and `止`), with or without the merge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xingzhi.cleaning import typed
from xingzhi.grid import Box, CellValue, Sheet

LONGEST_HEADER = 60
"""A longer text is no header."""


@dataclass(frozen=True, slots=True)
class Stack:
    """A row and the one below it that may be one header.

    `children` are the texts of the lower row by column, `parents` what each stands under. `sure` tells that the merged
    ranges prove it; else every child must be a header that the table knows, since the lower row may be a record.
    """

    children: Mapping[int, str]
    parents: Mapping[int, str]
    sure: bool


def find_stacks(sheet: Sheet, rows: int) -> dict[int, Stack]:
    """The stacks among the first rows of a sheet, by the number of their upper row."""
    boxes: dict[int, list[Box]] = {}
    for box in sheet.merged:
        if box[0] <= rows:
            boxes.setdefault(box[0], []).append(box)
    found: dict[int, Stack] = {}
    for number in range(1, min(rows, len(sheet.rows))):
        upper, lower = sheet.rows[number - 1], sheet.rows[number]
        if _may_stack(upper, lower, boxes.get(number, ())) and (stack := _stack(number, upper, lower, boxes)):
            found[number] = stack
    return found


def _may_stack(upper: Sequence[CellValue], lower: Sequence[CellValue], boxes: Sequence[Box]) -> bool:
    """A look at the first cells, which nearly every pair of rows fails: a name or a printed number stands under a header
    of its own, and a part of a title is seldom alone."""
    filled = [place for place, value in enumerate(lower, start=1) if value is not None and value != ""]
    # One text alone above a header is a title.
    if not filled or (len(filled) < 2 and not boxes) or len(upper) - upper.count(None) < 2:
        return False
    first = filled[0]
    if any(box[1] <= first <= box[3] and box[3] > box[1] for box in boxes):
        return True
    return not (_holds(upper, first) and _holds(upper, first + 1))


def _holds(row: Sequence[CellValue], place: int) -> bool:
    return place <= len(row) and row[place - 1] is not None and row[place - 1] != ""


def _stack(
    number: int, upper: Sequence[CellValue], lower: Sequence[CellValue], merged: Mapping[int, Sequence[Box]]
) -> Stack | None:
    boxes = merged.get(number, ())
    children: dict[int, str] = {}
    for place, value in enumerate(lower, start=1):
        if value is None or value == "":
            continue
        if not isinstance(value, str) or len(value) > LONGEST_HEADER:
            return None
        if text := typed(value):
            children[place] = text
    parents = _by_merges(upper, number, children, boxes)
    if parents is not None:
        return Stack(children, parents, sure=any(box[2] > number for box in boxes))
    parents = _by_blanks(upper, children)
    return Stack(children, parents, sure=False) if parents else None


def _by_merges(
    upper: Sequence[CellValue], number: int, children: Mapping[int, str], boxes: Sequence[Box]
) -> dict[int, str] | None:
    """What each child stands under by the ranges merged across; None where they do not explain every child."""
    groups = [box for box in boxes if box[2] == number and box[3] > box[1]]
    parents: dict[int, str] = {}
    for place in children:
        group = next((box for box in groups if box[1] <= place <= box[3]), None)
        if group is None and _text(upper, place):
            return None
        parents[place] = _text(upper, group[1]) if group else ""
    return parents if any(parents.values()) else None


def _by_blanks(upper: Sequence[CellValue], children: Mapping[int, str]) -> dict[int, str] | None:
    """The same where the merge is not known: the title stands over the first child, nothing over the others."""
    parents: dict[int, str] = {}
    for place in children:
        if _text(upper, place):
            continue
        first = next((left for left in range(place - 1, 0, -1) if _text(upper, left)), 0)
        if first not in children:
            return None
        parents[first] = parents[place] = _text(upper, first)
    return parents if parents.keys() == children.keys() else None


def _text(row: Sequence[CellValue], place: int) -> str:
    return typed(row[place - 1]) if 1 <= place <= len(row) else ""
