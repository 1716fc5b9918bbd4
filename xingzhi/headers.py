"""Header rows: which row of a sheet names a table's columns, and what each header means."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from xingzhi.cleaning import cell_text, typed, unpadded
from xingzhi.columns import Column, Owner, Table
from xingzhi.grid import CellValue, Sheet
from xingzhi.labels import Label

SELF_CHECK = Label("自查", "Self-check")
"""The header of the formula that a template adds to each row; it is nobody's data and is passed over."""

_SCANNED_ROWS = 30
_LONGEST_HEADER = 60
_MARKS = ("*", "※", "(必填)", "(选填)", "(required)")


@dataclass(frozen=True, slots=True)
class Header:
    """The header row of a table in a sheet, rows and columns counted from 1.

    `columns` gives the position of each column that was found. `aliased` are those found by another name, `repeated`
    the headers that stand for a column already found, and `unknown` the unit's own, with their texts.
    """

    row: int
    columns: dict[str, int]
    aliased: dict[str, int]
    repeated: dict[int, str]
    unknown: dict[int, str]
    unit_columns: int
    required_share: float
    unit_share: float

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


Scan = Sequence[dict[int, str]]
"""The folded texts of the first rows of a sheet, by column."""


def scan(sheet: Sheet) -> Scan:
    """The rows of a sheet among which its header is looked for."""
    return [_texts(row) for row in sheet.rows[:_SCANNED_ROWS]]


def find_header(sheet: Sheet, scanned: Scan, spelling: Spelled) -> Header | None:
    """The row that names most columns of the table, the first of equals; None where none names two."""
    best: Header | None = None
    for number, texts in enumerate(scanned, start=1):
        if sum(text in spelling.labels or text in spelling.aliases for text in texts.values()) < 2:
            continue
        header = _read(number, sheet.rows[number - 1], texts, spelling)
        if header.unit_columns >= 2 and (best is None or header.unit_columns > best.unit_columns):
            best = header
    return best


def _texts(row: Sequence[CellValue]) -> dict[int, str]:
    short = ((place, value) for place, value in enumerate(row, start=1) if isinstance(value, str) and value)
    found = {place: folded(value) for place, value in short if len(value) <= _LONGEST_HEADER}
    return {place: text for place, text in found.items() if text}


def _read(number: int, row: Sequence[CellValue], texts: dict[int, str], spelling: Spelled) -> Header:
    columns: dict[str, int] = {}
    repeated: dict[int, str] = {}
    for place, text in texts.items():
        key = spelling.labels.get(text)
        if key and key in columns:
            repeated[place] = key
        elif key:
            columns[key] = place
    aliased: dict[str, int] = {}
    # A column's own header beats another name for it, which is then a column of the unit's own.
    for place, text in texts.items():
        key = spelling.aliases.get(text)
        if key and key in aliased:
            repeated[place] = key
        elif key and key not in columns:
            aliased[key] = place
    known = {*columns.values(), *aliased.values(), *repeated}
    own = {folded(text) for text in SELF_CHECK.both()}
    unknown = {
        place: unpadded(cell_text(value))
        for place, value in enumerate(row, start=1)
        if place not in known and typed(value) and texts.get(place) not in own
    }
    unit = spelling.table.owned_by(Owner.UNIT)
    found = columns.keys() | aliased.keys()
    return Header(
        row=number,
        columns=columns | aliased,
        aliased=aliased,
        repeated=repeated,
        unknown=_distinct(unknown),
        unit_columns=sum(column.key in found for column in unit),
        required_share=_share([column for column in unit if column.required], found),
        unit_share=_share(unit, found),
    )


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
