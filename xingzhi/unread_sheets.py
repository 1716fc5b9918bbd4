"""Sheets that are read for no table: a unit's own, a table that lost its header, a list with some of a table's columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from xingzhi.cleaning import typed
from xingzhi.columns import Table
from xingzhi.findings import Finding, Severity, finding
from xingzhi.grid import Sheet
from xingzhi.headers import Header, Spelled
from xingzhi.notes import is_note
from xingzhi.record_numbers import unit_of
from xingzhi.row_kinds import content_places, is_blank


@dataclass(frozen=True, slots=True)
class Unread:
    """A sheet that is read for no table. `named` is the table whose name it bears, `like` the one that most of its headers
    are of, with its header."""

    sheet: Sheet
    named: Spelled | None = None
    like: Spelled | None = None
    header: Header | None = None


def told(file: str, unread: Unread, tables: Sequence[Table]) -> Iterator[Finding]:
    """B116 where rows of a table seem to be left out, else B115 where the sheet holds anything."""
    sheet, spelling = unread.sheet, unread.named or unread.like
    begin = unread.header.bottom if unread.header else 0
    sizes = [sum(1 for text in row if not _is_printed(text, tables)) for row in _texts(sheet, begin)]
    rows = sum(size > 1 for size in sizes) or sum(size > 0 for size in sizes)
    if not rows:
        return
    if spelling is None:
        yield finding("B115", file=file, sheet=sheet.name, value=sheet.name)
        return
    sure = unread.named is not None and max(sizes) > 1
    yield finding(
        "B116",
        severity=None if sure else Severity.WARNING,
        file=file,
        sheet=sheet.name,
        table=spelling.table.key,
        value=sheet.name,
        name=spelling.table.label,
        count=str(rows),
    )


def by_position(sheet: Sheet, first: Sheet, header: Header, table: Table) -> Header | None:
    """The header of a table's first sheet for another that has lost its own, where the column of its record numbers holds
    that unit's numbers of the table and nothing else; None where the columns may be others."""
    place = header.columns.get("record")
    numbers = _column(sheet, place, table) if place else {}
    own = [number for number, unit in numbers.items() if unit]
    units = {unit.casefold() for unit in (*numbers.values(), *_column(first, place or 0, table).values()) if unit}
    if not own or len(units) != 1 or any(not unit for number, unit in numbers.items() if number > own[0]):
        return None
    content = content_places(header, table)
    above = range(1, own[0])
    typed_above = (n for n in above if sum(not is_blank(sheet.value(n, each)) for each in content) > 1)
    start = next(typed_above, own[0])
    return replace(header, row=start - 1, bottom=start - 1, lower=frozenset(), by_position=True)


def _column(sheet: Sheet, place: int, table: Table) -> dict[int, str]:
    """What stands in a column, notes aside: by row, the unit whose number of the table it is, '' for another text."""
    texts = {number: typed(sheet.value(number, place)) for number in range(1, len(sheet.rows) + 1)}
    return {number: unit_of(text, table) for number, text in texts.items() if text and not is_note(text)}


def _texts(sheet: Sheet, begin: int) -> Iterator[list[str]]:
    return ([typed(raw) for raw in row if not is_blank(raw)] for row in sheet.rows[begin:])


def _is_printed(text: str, tables: Sequence[Table]) -> bool:
    return any(unit_of(text, table) for table in tables)
