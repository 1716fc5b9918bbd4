"""What a row below a header is: a record, a note, or nothing of the table."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from xingzhi.cell_errors import is_broken
from xingzhi.cleaning import cell_text, typed
from xingzhi.columns import Owner, Table
from xingzhi.grid import CellValue, Sheet
from xingzhi.headers import Header
from xingzhi.merged_cells import MergedCells
from xingzhi.notes import is_note


class Kind(Enum):
    """`NOTE` is a subtotal, a heading, a foot or the header once more; `BESIDE` a row that holds nothing but in columns
    without a header."""

    BLANK = "blank"
    BESIDE = "beside"
    NOTE = "note"
    RECORD = "record"


class RowKinds:
    """The rows under one header of a sheet."""

    def __init__(self, sheet: Sheet, header: Header, table: Table, merged: MergedCells, unnamed: Sequence[int]) -> None:
        self._sheet, self._header, self._merged = sheet, header, merged
        self._content = content_places(header, table)
        self._record = header.columns.get("record")
        self._leading = sorted({*self._content, *([self._record] if self._record else [])})
        self._required = [
            header.columns[column.key]
            for column in table.owned_by(Owner.UNIT)
            if column.required and column.key in header.columns
        ]
        self._unnamed = unnamed

    def kind(self, number: int, row: Sequence[CellValue]) -> Kind:
        """What a row is; `row` is as wide as the sheet."""
        filled = self._filled(number, row)
        if not filled:
            return Kind.BESIDE if self.beside(number, row) else Kind.BLANK
        if repeats_header(self._sheet, self._header, row) or self._is_banner(number, filled):
            return Kind.NOTE
        if not any(is_note(cell_text(row[place - 1])) for place in self._first_cells(row)):
            return Kind.RECORD
        # A foot may be spread over the columns (填表人：… 审核人：…), else a row with every required value is a record.
        foot = all(is_note(cell_text(row[place - 1])) for place in filled)
        is_record = not foot and self._required and filled.issuperset(self._required)
        return Kind.RECORD if is_record else Kind.NOTE

    def note_place(self, number: int, row: Sequence[CellValue]) -> int:
        """The column of the cell that tells what a note says."""
        filled = self._filled(number, row)
        if self._is_banner(number, filled):
            return next(iter(filled))
        first = self._first_cells(row)
        return next((place for place in first if is_note(cell_text(row[place - 1]))), first[0])

    def beside(self, number: int, row: Sequence[CellValue]) -> list[int]:
        """The columns without a header in which a row holds anything."""
        return [place for place in self._unnamed if self._holds(number, place, row)]

    def _filled(self, number: int, row: Sequence[CellValue]) -> set[int]:
        return {place for place in self._content if self._holds(number, place, row)}

    def _first_cells(self, row: Sequence[CellValue]) -> list[int]:
        # A template has printed a record number before the text that a clerk wrote.
        filled = [place for place in self._leading if not is_blank(row[place - 1])]
        return filled[: 2 if filled[:1] == [self._record] else 1]

    def _holds(self, number: int, place: int, row: Sequence[CellValue]) -> bool:
        return not is_blank(row[place - 1]) or is_broken(self._sheet, number, place)

    def _is_banner(self, number: int, filled: set[int]) -> bool:
        return len(filled) == 1 and self._merged.is_banner(number, next(iter(filled)), self._content)


def repeats_header(sheet: Sheet, header: Header, row: Sequence[CellValue]) -> bool:
    """Whether a row is the header once more: most of it, or its lower row."""
    places = header.columns.values()
    if header.by_position:
        return False
    upper = [row[place - 1] == sheet.value(header.row, place) for place in places]
    if sum(upper) >= 2 and sum(upper) * 2 > len(places):
        return True
    filled = [place for place in places if not is_blank(row[place - 1])] if header.bottom > header.row else []
    return len(filled) >= 2 and all(row[place - 1] == sheet.value(header.bottom, place) for place in filled)


def content_places(header: Header, table: Table) -> list[int]:
    """The columns in which the unit writes: the table's and its own."""
    own = [header.columns[column.key] for column in table.owned_by(Owner.UNIT) if column.key in header.columns]
    return sorted([*own, *header.unknown])


def is_blank(raw: CellValue) -> bool:
    """Whether a cell holds nothing that is seen."""
    # Only text that begins oddly can be nothing but spaces.
    return raw is None or raw == "" or (isinstance(raw, str) and not raw[0].isalnum() and not typed(raw))
