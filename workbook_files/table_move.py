"""How a table's body changes in height, and what becomes of ranges that follow it."""

from __future__ import annotations

from dataclasses import dataclass

from workbook_files.package import Box
from workbook_files.ranges import Reference, box_or_none, range_name, replaced, same_sheet


@dataclass(frozen=True)
class TableMove:
    """A table whose body reached from `first` to `last` and will reach to `new_last`, with `totals` rows below it.

    A range follows if it spans the body's whole height in columns that the table has, from the first row or above it: then
    it ends with the table, or is stretched to the table's end where it would end before it. A range of a few rows, and one
    that reaches further down than the table will, stays.
    """

    sheet: str
    left: int
    right: int
    first: int
    last: int
    new_last: int
    totals: int = 0

    @property
    def steps(self) -> int:
        """By how many rows the body grows; below 0 where it shrinks."""
        return self.new_last - self.last

    def has_cell(self, box: Box) -> bool:
        """Whether a range is of one row of the body or the totals, in the table's columns."""
        top, left, bottom, right = box
        return self.first <= top == bottom <= self.last + self.totals and self.left <= left <= right <= self.right

    @property
    def new_rows(self) -> Box | None:
        """The cells that the table comes to cover, None where it does not grow."""
        first, last = self.last + self.totals + 1, self.new_last + self.totals
        return (first, self.left, last, self.right) if first <= last else None

    def follow(self, box: Box) -> Box:
        """The range as it will be."""
        return self._to_end(box) if box[0] <= self.first else box

    def follow_all(self, boxes: list[Box]) -> list[Box]:
        """The ranges of one list as they will be: one that is in pieces follows if its pieces begin and end as the body
        does, since a program cuts a range when a row in its midst is pasted over."""
        begun = [box for box in boxes if box[0] <= self.first <= box[2]]
        return [
            self._to_end(box) if any(each[1] <= box[1] and box[3] <= each[3] for each in begun) else box
            for box in boxes
        ]

    def _to_end(self, box: Box) -> Box:
        top, left, bottom, right = box
        if right < self.left or self.right < left or bottom < self.last or not self.steps:
            return box
        below = bottom - self.last
        if below == 0:
            end = self.new_last
        elif below == self.totals:
            end = self.new_last + self.totals
        else:
            end = max(bottom, self.new_last + self.totals)
        # A piece that lay in the rows that go stays where it is: no list may be left without a range.
        return (top, left, end, right) if end >= top else box

    def sqref(self, text: str) -> str:
        """A list of ranges, as `sqref` attributes hold it, as it will be."""
        words = text.split()
        boxes = [box_or_none(word) for word in words]
        moved = iter(self.follow_all([box for box in boxes if box]))
        made = []
        for word, box in zip(words, boxes, strict=True):
            new = next(moved) if box else None
            made.append(word if new is None or new == box else range_name(new))
        return " ".join(made) if made != words else text

    def formula(self, text: str, own: str, *, fixed: bool = False, singles: bool = False) -> str:
        """A formula of the sheet `own` ('' for none) with its ranges as they will be; of absolute ones only with `fixed`,
        of single cells too with `singles`."""

        def change(each: Reference) -> Box | None:
            if not same_sheet(own if each.sheet is None else each.sheet, self.sheet):
                return None
            if (fixed and not each.fixed) or (each.single and not singles):
                return None
            if each.box[0] == each.box[2] and each.box[1] != each.box[3]:
                # One row of several columns is a record, and no column of a table that has one row.
                return None
            return self.follow(each.box)

        return replaced(text, change)
