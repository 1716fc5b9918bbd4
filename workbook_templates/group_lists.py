"""The hidden sheet by which a drop-down offers only what goes with another cell of its row: the members of a project.

One block of columns for each `xingzhi.columns.Narrowed`, one line for each row of the table that it looks at:

    number | key | entry | new | size | start | place | list

`key` and `entry` are the row's; `new` is 1 where the pair stands there for the first time. On the first line of each key,
`size` counts its new entries and `start` says where they begin in `list`, which holds them key by key, without a gap and
without a blank. So no group is too long, no number of groups too large, and a table may be sorted as one likes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xlsxwriter.worksheet import Worksheet

from workbook_templates import sheet_names
from workbook_templates.pen import Cell, Formula, Pen, Region
from xingzhi.columns import Narrowed, Table
from xingzhi.fulfilment import UnitRecords
from xingzhi.grid import column_letters
from xingzhi.labels import Lang

SPARE = 50
"""Rows that a clerk may add to the table before its last ones are no longer offered."""

_COLUMNS = ("number", "key", "entry", "new", "size", "start", "place", "list")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a block, as Python computes it."""

    key: str
    entry: str
    new: int
    size: int
    start: int
    place: int
    listed: str


class GroupLists:
    """Writes the sheet where a table has such a drop-down, and knows the formulas that offer its entries."""

    def __init__(
        self, pen: Pen, tables: tuple[Table, ...], records: UnitRecords, regions: Mapping[str, Region], lang: Lang
    ) -> None:
        self._pen, self._lang = pen, lang
        self._sheet = sheet_names.GROUPS.of(lang)
        self._tables = {table.key: table for table in tables}
        self._names: dict[tuple[str, str, str], str] = {}
        page: Worksheet | None = None
        for narrowed in (column.narrowed for table in tables for column in table.columns):
            if narrowed and narrowed.table in self._tables and _source(narrowed) not in self._names:
                page = page or pen.add_sheet(self._sheet, hidden=True)
                region = regions[narrowed.table]
                count = region.last - region.first + 1 + SPARE
                self._write(page, narrowed, lines(narrowed, records, count))

    def source(self, narrowed: Narrowed, on: str, everything: str) -> str | None:
        """The formula of a list: the entries of the key that stands in the cell `on`, else the list named `everything`.

        None where the programme has no such table. OFFSET, since a drop-down takes no range operator.
        """
        prefix = self._names.get(_source(narrowed))
        if prefix is None:
            return None
        size, start = (f"SUMPRODUCT(EXACT({prefix}_keys,{on})*{prefix}_{each})" for each in ("sizes", "starts"))
        return f"=IF({size}=0,{everything},OFFSET({prefix}_head,{start},0,{size},1))"

    def _write(self, page: Worksheet, narrowed: Narrowed, found: list[Line]) -> None:
        left, last = len(self._names) * len(_COLUMNS), len(found) + 1
        names = {name: column_letters(left + step) for step, name in enumerate(_COLUMNS, start=1)}
        for name, letters in names.items():
            # The formulas look at the header too, and no key begins so.
            page.write_string(f"{letters}1", f"#{name}", self._pen.format(bold=True))
        for row, line in enumerate(found, start=2):
            for step, cell in enumerate(self._line(narrowed, line, row, last, names)):
                self._pen.put(page, row - 1, left + step, cell, self._pen.format())
        prefix = f"{narrowed.table}_{narrowed.column}"
        if prefix in self._names.values():
            raise ValueError(f"{prefix} is narrowed by two columns")
        self._names[_source(narrowed)] = prefix
        for name, column in (("keys", "key"), ("sizes", "size"), ("starts", "start")):
            self._define(f"{prefix}_{name}", f"${names[column]}$2:${names[column]}${last}")
        self._define(f"{prefix}_head", f"${names['list']}$1")

    def _define(self, name: str, place: str) -> None:
        self._pen.book.define_name(name, f"='{self._sheet}'!{place}")

    def _line(self, narrowed: Narrowed, line: Line, row: int, last: int, names: Mapping[str, str]) -> list[Cell]:
        table = self._tables[narrowed.table]
        number, key, entry, new, size = (f"{names[name]}{row}" for name in _COLUMNS[:5])

        def column(name: str) -> str:
            return f"{names[name]}$2:{names[name]}${last}"

        def above(name: str) -> str:
            return f"{names[name]}$1:{names[name]}{row - 1}"

        def so_far(name: str) -> str:
            return f"{names[name]}$2:{names[name]}{row}"

        def held(key: str) -> str:
            return f"INDEX({table.key}[{table[key].label.of(self._lang)}],{number})"

        own = f"EXACT({column('key')},{key})"
        return [
            row - 1,
            Formula(f'=IFERROR(IF({held(narrowed.column)}="","",{held(narrowed.by)}&""),"")', line.key),
            Formula(f'=IF({key}="","",{held(narrowed.column)}&"")', line.entry),
            Formula(
                f'=IF({key}="",0,IF(SUMPRODUCT(EXACT({above("key")},{key})*EXACT({above("entry")},{entry}))>0,0,1))',
                line.new,
            ),
            Formula(
                f'=IF({key}="",0,IF(SUMPRODUCT(--EXACT({above("key")},{key}))>0,0,SUMPRODUCT({own}*{column("new")})))',
                line.size,
            ),
            Formula(f"=IF({size}=0,0,SUM({above('size')})+1)", line.start),
            Formula(
                f"=IF({new}=0,0,SUMPRODUCT({own}*{column('start')})"
                f"+SUMPRODUCT(EXACT({so_far('key')},{key})*{so_far('new')})-1)",
                line.place,
            ),
            Formula(f'=IFERROR(INDEX({column("entry")},MATCH({number},{column("place")},0)),"")', line.listed),
        ]


def lines(narrowed: Narrowed, records: UnitRecords, count: int) -> list[Line]:
    """The first `count` lines of a block."""
    rows = records.table(narrowed.table)[:count]
    whole = [(row.text(narrowed.by), row.text(narrowed.column)) for row in rows]
    pairs = [pair if all(pair) else ("", "") for pair in whole]
    groups: dict[str, list[str]] = {}
    for key, entry in dict.fromkeys(pair for pair in pairs if all(pair)):
        groups.setdefault(key, []).append(entry)
    listed = [entry for group in groups.values() for entry in group]
    found: list[Line] = []
    starts: dict[str, int] = {}
    seen: set[tuple[str, str]] = set()
    for number in range(count):
        key, entry = pair = pairs[number] if number < len(pairs) else ("", "")
        first = bool(key) and key not in starts
        if first:
            starts[key] = 1 + sum(len(groups[each]) for each in starts)
        new = bool(key) and pair not in seen
        seen.add(pair)
        found.append(
            Line(
                key=key,
                entry=entry,
                new=int(new),
                size=len(groups[key]) if first else 0,
                start=starts[key] if first else 0,
                place=starts[key] + groups[key].index(entry) if new else 0,
                listed=listed[number] if number < len(listed) else "",
            )
        )
    return found


def _source(narrowed: Narrowed) -> tuple[str, str, str]:
    return (narrowed.table, narrowed.column, narrowed.by)
