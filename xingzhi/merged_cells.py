"""Merged cells among the rows of a table: a value merged down over several rows counts for each of them."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection

from xingzhi.grid import Sheet, address


class MergedCells:
    """The ranges below a header that matter to the columns of one table (`places`).

    Looking a cell up costs a binary search in its own column, however far a range reaches and however many there are.
    Of a range merged across columns the first column alone counts.
    """

    def __init__(self, sheet: Sheet, places: Collection[int], after: int) -> None:
        self._spans: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self._across: dict[int, list[tuple[int, int]]] = defaultdict(list)
        wanted = frozenset(places)
        for top, left, bottom, right in sheet.merged:
            if top > after and bottom > top and left in wanted:
                self._spans[left].append((top, bottom))
            elif top > after and right > left:
                self._across[top].append((left, right))
        for spans in self._spans.values():
            spans.sort()
        self._used: dict[tuple[int, int], set[int]] = defaultdict(set)

    def source(self, row: int, place: int) -> int:
        """The row whose cell counts for this one: its own, but within a range merged down."""
        spans = self._spans.get(place)
        if not spans:
            return row
        before = bisect_right(spans, (row, row)) - 1
        if before < 0 or spans[before][1] < row:
            return row
        return spans[before][0]

    def note(self, top: int, place: int, row: int) -> None:
        """Keep in mind that a value was taken down to a row."""
        self._used[top, place].add(row)

    def used(self) -> list[tuple[int, int, str, int]]:
        """(first row, column, range, rows that it counts for) of every range whose value was taken down."""
        found = []
        for (top, place), rows in self._used.items():
            bottom = next(last for first, last in self._spans[place] if first == top)
            found.append((top, place, f"{address(top, place)}:{address(bottom, place)}", len(rows) + 1))
        return found

    def is_banner(self, row: int, place: int, columns: Collection[int]) -> bool:
        """Whether the cell is merged across most of the table: a heading between the records."""
        for left, right in self._across.get(row, ()):
            if left <= place <= right:
                return sum(left <= each <= right for each in columns) * 2 > len(columns)
        return False
