"""Header rows: which row of a sheet names a table's columns, and what each header means."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from xingzhi.cleaning import cell_text, typed, unpadded
from xingzhi.columns import Column, Owner, Table
from xingzhi.grid import CellValue, Sheet, column_letters
from xingzhi.labels import Label
from xingzhi.stacked_headers import LONGEST_HEADER, Stack, find_stacks

SELF_CHECK = Label("自查", "Self-check")
"""The header of the formula that a template adds to each row; it is nobody's data and is passed over."""

HEADER_ROW = 4
"""Where a template prints the header of a table, below its title."""

_SCANNED_ROWS = 30
_FURTHER_ROWS = 500
_MARKS = ("*", "※", "(必填)", "(选填)", "(required)")


@dataclass(frozen=True, slots=True)
class Header:
    """The header row of a table in a sheet, rows and columns counted from 1.

    `bottom` is the lower row of a header of two, `lower` the columns whose header stands in it. `texts` are the headers
    as they stand, a part of a merged one after its title (`任职时间 起`). `columns` gives the position of each column that
    was found. `aliased` are those found by another name, `repeated` the headers that stand for a column already found,
    and `unknown` the unit's own, with their texts. `by_position` tells that the sheet has no header, and that this is
    another's, of the sheet's row `row` at most by chance.
    """

    row: int
    bottom: int
    lower: frozenset[int]
    texts: dict[int, str]
    columns: dict[str, int]
    aliased: dict[str, int]
    repeated: dict[int, str]
    unknown: dict[int, str]
    unit_columns: int
    required_share: float
    unit_share: float
    by_position: bool = False

    @property
    def fits(self) -> bool:
        """Sure enough to take a sheet of another name for the table."""
        return self.required_share > 0.5 and self.unit_share >= 0.5 and self.unit_columns >= 2

    @property
    def fits_named(self) -> bool:
        """Sure enough for a sheet that bears the table's name."""
        return self.unit_columns >= 2 and (self.required_share > 0.5 or self.unit_share >= 1 / 3)


@dataclass(frozen=True, slots=True)
class Spelled:
    """A table with its column keys by header: by the columns' own labels, and by their aliases."""

    table: Table
    labels: dict[str, str]
    aliases: dict[str, str]

    @property
    def unit_keys(self) -> frozenset[str]:
        """The keys of the columns that the unit fills in."""
        return frozenset(column.key for column in self.table.owned_by(Owner.UNIT))


def spelled(table: Table) -> Spelled:
    """The table with every header spelling, folded."""
    labels = {folded(text): column.key for column in table.columns for text in column.label.both()}
    aliases = {folded(text): column.key for column in reversed(table.columns) for text in column.aliases}
    return Spelled(table, labels, {text: key for text, key in aliases.items() if text not in labels})


@lru_cache(maxsize=8192)
def folded(text: str) -> str:
    """A header or sheet name for comparing: without spaces, widths, case and the marks of a required column."""
    text = "".join(unicodedata.normalize("NFKC", unpadded(text)).split()).casefold()
    trimmed = True
    while trimmed:
        trimmed = False
        for mark in _MARKS:
            if len(text) > len(mark) and (text.endswith(mark) or text.startswith(mark)):
                text = text.removesuffix(mark).removeprefix(mark)
                trimmed = True
    return text


_SELF_CHECKS = frozenset(folded(text) for text in SELF_CHECK.both())


def is_self_check(text: str) -> bool:
    """Whether a header is that of the formula that a template adds to each row."""
    return folded(text) in _SELF_CHECKS


@dataclass(frozen=True, slots=True)
class Scan:
    """The first rows of a sheet: their folded texts by column, and the pairs of rows that may be one header."""

    rows: Sequence[dict[int, str]]
    stacks: dict[int, Stack]


@dataclass(frozen=True, slots=True)
class _Head:
    """One header: what it may be called, folded, the surest name first, and how it is shown."""

    names: tuple[str, ...]
    shown: str


def scan(sheet: Sheet, spellings: Sequence[Spelled]) -> Scan:
    """The rows of a sheet among which its header is looked for: further down where none of the first names a table."""
    first = _scan(sheet, _SCANNED_ROWS)
    if len(sheet.rows) <= _SCANNED_ROWS or any(find_header(sheet, first, each) for each in spellings):
        return first
    return _scan(sheet, _FURTHER_ROWS)


def _scan(sheet: Sheet, rows: int) -> Scan:
    return Scan([_texts(row) for row in sheet.rows[:rows]], find_stacks(sheet, rows))


def find_header(sheet: Sheet, scanned: Scan, spelling: Spelled) -> Header | None:
    """The row that names most columns of the table, the first of equals; None where none names two.

    Two rows are one header where together they name no fewer columns than the upper row alone, and more than the lower.
    """
    best: Header | None = None
    for number, texts in enumerate(scanned.rows, start=1):
        stack = scanned.stacks.get(number)
        if stack:
            header = _read_stack(number, sheet.rows[number - 1], stack, spelling)
            if header and (best is None or _size(header) > _size(best)):
                best = header
        if sum(text in spelling.labels or text in spelling.aliases for text in texts.values()) < 2:
            continue
        header = _read(number, (), _heads(sheet.rows[number - 1], texts), spelling)
        lower = best is not None and number == best.bottom > best.row
        if header.unit_columns >= 2 and (
            best is None or _size(header) > _size(best) or (lower and _size(header) == _size(best))
        ):
            best = header
    return best


def read_header(sheet: Sheet, number: int, spelling: Spelled) -> Header | None:
    """One row as the header of a table; None where it names fewer than two of its columns."""
    row = sheet.rows[number - 1]
    header = _read(number, (), _heads(row, _texts(row)), spelling)
    return header if header.unit_columns >= 2 else None


def with_unnamed(header: Header, places: Iterable[int]) -> Header:
    """The header with columns that have none under made-up ones (`J列`, `column J`), as columns of the unit's own."""
    english = sum(text.isascii() for text in header.texts.values()) * 2 > len(header.texts)
    made = {place: f"column {column_letters(place)}" if english else f"{column_letters(place)}列" for place in places}
    return replace(header, unknown=_distinct(dict(sorted((header.unknown | made).items()))))


def _size(header: Header) -> tuple[int, int]:
    return (header.unit_columns, len(header.columns))


def _texts(row: Sequence[CellValue]) -> dict[int, str]:
    short = ((place, value) for place, value in enumerate(row, start=1) if isinstance(value, str) and value)
    found = {place: folded(value) for place, value in short if len(value) <= LONGEST_HEADER}
    return {place: text for place, text in found.items() if text}


def _heads(row: Sequence[CellValue], texts: dict[int, str]) -> dict[int, _Head]:
    return {
        place: _Head((texts[place],) if place in texts else (), unpadded(cell_text(value)))
        for place, value in enumerate(row, start=1)
        if typed(value)
    }


def _read_stack(number: int, upper: Sequence[CellValue], stack: Stack, spelling: Spelled) -> Header | None:
    """The header that two rows make; None where they may well be a header and a record."""
    texts = [folded(text) for text in stack.children.values()]
    heads = _heads(upper, _texts(upper))
    for place, text in stack.children.items():
        parent, child = folded(stack.parents[place]), folded(text)
        # Two titles may have parts of one name (起 and 止 of a plan and of its execution): alone, they mean neither.
        names = (parent + child, child + parent, *([child] if texts.count(child) == 1 else []))
        known = any(name in spelling.labels or name in spelling.aliases for name in names)
        if not known and not stack.sure:
            return None
        heads[place] = _Head(names if parent else (child,), unpadded(f"{stack.parents[place]} {text}"))
    header = _read(number, stack.children, dict(sorted(heads.items())), spelling)
    return header if header.unit_columns >= 2 else None


def _read(row: int, lower: Iterable[int], heads: dict[int, _Head], spelling: Spelled) -> Header:
    columns: dict[str, int] = {}
    repeated: dict[int, str] = {}
    for place, head in heads.items():
        key = _key(head, spelling.labels)
        if key and key in columns:
            repeated[place] = key
        elif key:
            columns[key] = place
    aliased: dict[str, int] = {}
    # A column's own header beats another name for it, which is then a column of the unit's own.
    for place, head in heads.items():
        key = _key(head, spelling.aliases) if place not in columns.values() and place not in repeated else ""
        if key and key in aliased:
            repeated[place] = key
        elif key and key not in columns:
            aliased[key] = place
    known = {*columns.values(), *aliased.values(), *repeated}
    unknown = {
        place: head.shown
        for place, head in heads.items()
        if place not in known and not _SELF_CHECKS.intersection(head.names)
    }
    unit = spelling.table.owned_by(Owner.UNIT)
    found = columns.keys() | aliased.keys()
    below = frozenset(lower)
    return Header(
        row=row,
        bottom=row + bool(below),
        lower=below,
        texts={place: head.shown for place, head in heads.items()},
        columns=columns | aliased,
        aliased=aliased,
        repeated=repeated,
        unknown=_distinct(unknown),
        unit_columns=sum(column.key in found for column in unit),
        required_share=_share([column for column in unit if column.required], found),
        unit_share=_share(unit, found),
    )


def _key(head: _Head, names: dict[str, str]) -> str:
    return next((names[name] for name in head.names if name in names), "")


def _share(columns: Sequence[Column], found: set[str]) -> float:
    return sum(column.key in found for column in columns) / len(columns) if columns else 1.0


def _distinct(unknown: dict[int, str]) -> dict[int, str]:
    distinct: dict[int, str] = {}
    for place, text in unknown.items():
        name, count = text, 1
        while name in distinct.values():
            count += 1
            name = f"{text}（{count}）"
        distinct[place] = name
    return distinct
