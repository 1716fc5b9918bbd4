"""What may change from one version of the template to the next, each as a step from a grid of the one to a grid of the other.

No step moves a cell that stays, so that findings name it where its clerk sees it: a column that is new is put beside the
others. What a step cannot place stays where it is, and is read as a column of the unit's own. A copied sheet is changed
like its original, and one under a name that no table bears where there is no other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from workbook_templates.tables.registry import TABLES
from xingzhi.cleaning import cell_text, typed, unpadded
from xingzhi.columns import ROLE_SEPARATORS
from xingzhi.grid import Box, CellValue, Grid, Sheet
from xingzhi.headers import folded
from xingzhi.labels import Label
from xingzhi.sheets import plain_name

_SCANNED_ROWS = 30
_TABLES = frozenset(folded(text) for table in TABLES for text in table.label.both())


@dataclass(frozen=True)
class RenamedSheet:
    """A table's sheet has another name."""

    before: Label
    after: Label

    def apply(self, grid: Grid) -> Grid:
        """The grid with the sheet, and every copy of it, under the new name."""
        taken = {sheet.name for sheet in grid.sheets}
        sheets = []
        for sheet in grid.sheets:
            old = _same(plain_name(sheet.name), self.before)
            if old:
                new = self.after.zh if old == self.before.zh else self.after.en
                name = sheet.name.replace(old, new, 1) if old in sheet.name else new
                if name not in taken:
                    taken.add(name)
                    sheet = replace(sheet, name=name)
            sheets.append(sheet)
        return replace(grid, sheets=tuple(sheets))


@dataclass(frozen=True)
class RenamedHeader:
    """A column of a sheet has another header."""

    sheet: Label
    before: Label
    after: Label

    def apply(self, grid: Grid) -> Grid:
        """The grid with the new header."""
        return _each(grid, self.sheet, (self.before,), self._change)

    def _change(self, page: _Page) -> None:
        row, place = page.find(self.before)
        page.put(row, place, _in_language(page.text(row, place), self.before, self.after))


@dataclass(frozen=True)
class SplitColumn:
    """A column became several: its text is cut at the first of `separators`, and again for each further part."""

    sheet: Label
    before: Label
    into: tuple[Label, ...]
    separators: str

    def apply(self, grid: Grid) -> Grid:
        """The grid with the first part in the old column and the others beside the table."""
        return _each(grid, self.sheet, (self.before,), self._change)

    def _change(self, page: _Page) -> None:
        row, place = page.find(self.before)
        old = page.text(row, place)
        places = [place, *(page.add(like=place) for _ in self.into[1:])]
        for each, label in zip(places, self.into, strict=True):
            page.put(row, each, _in_language(old, self.before, label))
        cut = re.compile(f"[{re.escape(self.separators)}]")
        for number in page.below(row):
            value = page.value(number, place)
            parts = cut.split(value, maxsplit=len(places) - 1) if isinstance(value, str) else []
            for each, part in zip(places, parts, strict=False) if len(parts) > 1 else ():
                page.put(number, each, part.strip() or None)


@dataclass(frozen=True)
class MergedColumns:
    """Several columns became one: their texts, in order, with `separator` between them."""

    sheet: Label
    before: tuple[Label, ...]
    into: Label
    separator: str

    def apply(self, grid: Grid) -> Grid:
        """The grid with the first column holding all, the others without a header and blank."""
        return _each(grid, self.sheet, self.before, self._change)

    def _change(self, page: _Page) -> None:
        found = [page.find(label) for label in self.before]
        (row, first), *others = found
        page.put(row, first, _in_language(page.text(row, first), self.before[0], self.into))
        for number in page.below(row):
            values = [value for _, place in found if typed(value := page.value(number, place))]
            joined = self.separator.join(map(cell_text, values)) if len(values) > 1 else next(iter(values), None)
            if joined is not None:
                page.put(number, first, joined)
            for _, place in others:
                page.take_over(number, place, first)
        for line, place in others:
            page.put(line, place, None)


@dataclass(frozen=True)
class MovedColumn:
    """A column moved to another sheet: to the rows there that hold the same in the column `by`."""

    sheet: Label
    header: Label
    to: Label
    by: Label

    def apply(self, grid: Grid) -> Grid:
        """The grid with each value in its new row; one that has none stays in the old column."""
        values: dict[str, CellValue] = {}
        for page in _pages(grid, self.sheet, (self.header, self.by)):
            for key, number in _keys(page, self.by):
                value = page.value(number, page.find(self.header)[1])
                if typed(value):
                    values.setdefault(key, value)
        placed: set[str] = set()

        def give(page: _Page) -> None:
            row, _ = page.find(self.by)
            place = page.add()
            page.put(row, place, _in_language(page.text(*page.find(self.by)), self.by, self.header))
            for key, number in _keys(page, self.by):
                if key in values:
                    page.put(number, place, values[key])
                    placed.add(key)

        def take(page: _Page) -> None:
            row, place = page.find(self.header)
            for key, number in _keys(page, self.by):
                if key in placed and page.value(number, place) == values[key]:
                    page.put(number, place, None)
            if not any(typed(page.value(number, place)) for number in page.below(row)):
                page.put(row, place, None)

        grid = _each(grid, self.to, (self.by,), give) if values else grid
        return _each(grid, self.sheet, (self.header, self.by), take) if placed or not values else grid


@dataclass(frozen=True)
class RenamedChoice:
    """A choice of a column has another label; in a cell that holds several, each counts."""

    sheet: Label
    header: Label
    before: Label
    after: Label

    def apply(self, grid: Grid) -> Grid:
        """The grid with the new label in every cell that held the old one."""
        return _each(grid, self.sheet, (self.header,), self._change)

    def _change(self, page: _Page) -> None:
        row, place = page.find(self.header)
        cut = re.compile(f"([{re.escape(ROLE_SEPARATORS)}])")
        for number in page.below(row):
            value = page.value(number, place)
            if isinstance(value, str):
                parts = [self._renamed(part) for part in cut.split(value)]
                page.put(number, place, "".join(parts))

    def _renamed(self, part: str) -> str:
        return _in_language(unpadded(part), self.before, self.after) if _same(folded(part), self.before) else part


Step = RenamedSheet | RenamedHeader | SplitColumn | MergedColumns | MovedColumn | RenamedChoice


@dataclass
class _Page:
    """A sheet that is being changed; rows and columns count from 1."""

    sheet: Sheet
    rows: list[list[CellValue]]
    errors: dict[tuple[int, int], str]
    uncached: set[tuple[int, int]]
    merged: list[Box]

    @classmethod
    def of(cls, sheet: Sheet) -> _Page:
        rows = [list(row) for row in sheet.rows]
        return cls(sheet, rows, dict(sheet.errors), set(sheet.uncached), list(sheet.merged))

    def done(self) -> Sheet:
        return replace(
            self.sheet,
            rows=self.rows,
            errors=self.errors,
            uncached=frozenset(self.uncached),
            merged=tuple(self.merged),
        )

    def has(self, label: Label) -> bool:
        return self._find(label) is not None

    def find(self, label: Label) -> tuple[int, int]:
        found = self._find(label)
        assert found is not None
        return found

    def _find(self, label: Label) -> tuple[int, int] | None:
        wanted = {folded(text) for text in label.both()}
        for number, row in enumerate(self.rows[:_SCANNED_ROWS], start=1):
            for place, value in enumerate(row, start=1):
                if isinstance(value, str) and value and folded(value) in wanted:
                    return number, place
        return None

    def value(self, row: int, place: int) -> CellValue:
        cells = self.rows[row - 1]
        return cells[place - 1] if place <= len(cells) else None

    def text(self, row: int, place: int) -> str:
        return typed(self.value(row, place))

    def put(self, row: int, place: int, value: CellValue) -> None:
        cells = self.rows[row - 1]
        cells += [None] * (place - len(cells))
        cells[place - 1] = value

    def below(self, row: int) -> Iterator[int]:
        return iter(range(row + 1, len(self.rows) + 1))

    def add(self, like: int = 0) -> int:
        """The number of a new column, merged down where the column `like` is."""
        place = max(map(len, self.rows)) + 1
        self.merged += [(top, place, bottom, place) for top, left, bottom, _ in self.merged if left == like]
        for cells in self.rows[:1]:
            cells += [None] * (place - len(cells))
        return place

    def take_over(self, row: int, place: int, first: int) -> None:
        """Empty a cell whose value now stands in another; an error and a formula without a value go there too."""
        self.put(row, place, None)
        if error := self.errors.pop((row, place), ""):
            self.errors[row, first] = error
        if (row, place) in self.uncached:
            self.uncached.remove((row, place))
            self.uncached.add((row, first))


def _each(grid: Grid, name: Label, headers: Sequence[Label], change: Callable[[_Page], None]) -> Grid:
    """The grid with every sheet of this name that has all the headers changed."""
    pages = {page.sheet.name: page for page in _pages(grid, name, headers)}
    for page in pages.values():
        change(page)
    return replace(grid, sheets=tuple(pages[s.name].done() if s.name in pages else s for s in grid.sheets))


def _pages(grid: Grid, name: Label, headers: Sequence[Label]) -> list[_Page]:
    named = [sheet for sheet in grid.sheets if _same(plain_name(sheet.name), name)]
    others = (sheet for sheet in grid.sheets if sheet.name[:1] != "_" and plain_name(sheet.name) not in _TABLES)
    pages = [_Page.of(sheet) for sheet in named or others]
    return [page for page in pages if all(map(page.has, headers))]


def _keys(page: _Page, by: Label) -> Iterator[tuple[str, int]]:
    row, place = page.find(by)
    for number in page.below(row):
        if key := folded(cell_text(page.value(number, place))):
            yield key, number


def _same(text: str, label: Label) -> str:
    """The text of the label that a folded text is, '' where it is neither."""
    return next((each for each in label.both() if folded(each) == text), "")


def _in_language(text: str, before: Label, after: Label) -> str:
    return after.en if _same(folded(text), before) == before.en != before.zh else after.zh
