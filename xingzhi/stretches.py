"""The rows of a sheet that hold anything, each under the header that it stands below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from xingzhi.grid import CellValue, Sheet
from xingzhi.headers import Header, Spelled, read_header
from xingzhi.row_kinds import content_places, repeats_header
from xingzhi.second_headers import SecondHeaders

_EMPTY = frozenset({None, ""})


@dataclass
class Stretch:
    """The rows below one header, by their numbers, each as wide as the sheet.

    `other` is the table that they are of where it is not the one that the sheet is read for; `repeated` are the rows among
    them that are the header once more.
    """

    header: Header
    other: Spelled | None = None
    lines: list[tuple[int, Sequence[CellValue]]] = field(default_factory=list)
    repeated: set[int] = field(default_factory=set)


def stretches(sheet: Sheet, header: Header, spelling: Spelled, spellings: Sequence[Spelled]) -> list[Stretch]:
    """What stands under each header of a sheet, in order; `header` is the one that it was known by.

    A row that is a header of another table, or the table's own with its columns elsewhere, begins a stretch. What stands
    above every header are titles.
    """
    found: list[Stretch] = []
    main = Stretch(header)
    seconds = SecondHeaders(spelling, spellings)
    first = 1 if header.by_position else header.row
    above, below = (1, first - 1), (header.bottom + 1, len(sheet.rows))
    for span in (above, below):
        if span is below:
            # A header right above the sheet's own, with nothing between, is part of its title.
            found = [*(each for each in found if each.lines), main]
        for number, row in _filled(sheet, header, spelling, *span):
            other = seconds.table_of(row, header)
            if other is None or not _begins(sheet, number, row, spelling, other, found):
                for each in found[-1:]:
                    each.lines.append((number, row))
    return found


def _begins(
    sheet: Sheet, number: int, row: Sequence[CellValue], own: Spelled, spelling: Spelled, found: list[Stretch]
) -> bool:
    """Begin what stands under a further header; the one before once more goes on. False for a row that begins nothing."""
    before = found[-1] if found and not found[-1].other else None
    if before and repeats_header(sheet, before.header, row):
        return False
    header = read_header(sheet, number, spelling)
    if header is None:
        return False
    same = before and (before.header.columns, before.header.unknown) == (header.columns, header.unknown)
    if before and same and spelling is own:
        before.lines.append((number, row))
        before.repeated.add(number)
    else:
        found.append(Stretch(header, None if spelling is own else spelling))
    return True


def unnamed_places(sheet: Sheet, header: Header) -> list[int]:
    """The columns of a sheet that have no header."""
    return [place for place in range(1, _width(sheet, header) + 1) if place not in header.texts]


def _width(sheet: Sheet, header: Header) -> int:
    broken = max((place for _, place in (*sheet.errors, *sheet.uncached)), default=0)
    return max(*header.columns.values(), *header.texts, max(map(len, sheet.rows), default=0), broken)


def _filled(
    sheet: Sheet, header: Header, spelling: Spelled, first: int, last: int
) -> Iterator[tuple[int, Sequence[CellValue]]]:
    """The rows in which anything stands in a column that the unit fills in, or in one without a header."""
    places = [*content_places(header, spelling.table), *unnamed_places(sheet, header)]
    width = _width(sheet, header)
    padding = (None,) * width
    # Nearly all rows of a template are blank: they must cost nothing. The one more cell makes the getter give a tuple, and
    # a padded copy is made only of rows that the file cut short.
    content = itemgetter(*(place - 1 for place in places), -1)
    own = frozenset(places)
    # The self-check of a workbook that a program saved has a formula without a value in every blank row.
    broken = {row for row, place in (*sheet.errors, *sheet.uncached) if place in own}
    for number, cells in enumerate(sheet.rows[first - 1 : last], start=first):
        # A cell in the far corner makes a million blank rows, each as wide as the sheet, of nothing.
        if number not in broken and _EMPTY.issuperset(cells):
            continue
        row = cells if len(cells) >= width else (*cells, *padding)
        if number in broken or not _EMPTY.issuperset(content(row)[:-1]):
            yield number, row
