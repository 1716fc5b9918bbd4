"""Further headers on a sheet: a second table above or below the first, or the first one's header in another order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from xingzhi.grid import CellValue
from xingzhi.headers import Header, Spelled, folded
from xingzhi.row_kinds import is_blank
from xingzhi.stacked_headers import LONGEST_HEADER


class SecondHeaders:
    """Knows the rows that are headers of one of the tables. `own` is the table that the sheet is read for."""

    def __init__(self, own: Spelled, spellings: Sequence[Spelled]) -> None:
        self._ordered = [own, *(each for each in spellings if each.table.key != own.table.key)]
        self._names = {name for each in self._ordered for name in (*each.labels, *each.aliases)}
        self._own = own.table

    @cached_property
    def _offered(self) -> dict[str, set[str]]:
        """What the drop-downs of the sheet's table offer, by column."""
        return {
            column.key: {folded(text) for choice in column.choices for text in choice.spellings()}
            for column in self._own.columns
            if column.choices
        }

    def table_of(self, row: Sequence[CellValue], header: Header) -> Spelled | None:
        """The table whose header a row is: at least two of its cells name columns of it, and at least half of what it holds
        names columns. The sheet's own table counts first.

        A printed record number counts for nothing, and a word that the drop-down of its column offers stands in a record.
        """
        record = header.columns.get("record")
        filled = {place: raw for place, raw in enumerate(row, start=1) if place != record and not is_blank(raw)}
        texts: dict[int, str] = {}
        for seen, (place, value) in enumerate(filled.items(), start=1):
            text = folded(value) if isinstance(value, str) and len(value) <= LONGEST_HEADER else ""
            if text in self._names:
                texts[place] = text
            elif (seen - len(texts)) * 2 > len(filled):
                return None
        return self._best(texts, header) if len(texts) >= 2 else None

    def _best(self, texts: Mapping[int, str], header: Header) -> Spelled | None:
        keys = {place: key for key, place in header.columns.items()}
        names = [text for place, text in texts.items() if text not in self._offered.get(keys.get(place, ""), ())]
        best = max(self._ordered, key=lambda each: _named(names, each))
        return best if _named(names, best) >= 2 else None


def _named(texts: Sequence[str], spelling: Spelled) -> int:
    return sum(text in spelling.labels or text in spelling.aliases for text in texts)
