"""A workbook that is open in LibreOffice: its cells as LibreOffice holds them, and as it shows them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from lxml import html
from support.uno_office import UnoOffice, option

from addin.hosts.file_contents import CellError
from workbook_files.package import Box
from xingzhi.grid import address

DATE, LOGICAL = 2, 1024
"""Flags of the types of number formats (com.sun.star.util.NumberFormat)."""

LAST_COLUMN = 16_383

Held = str | float | bool | datetime | CellError | None
"""What a cell holds, as Excel gives it through xlwings."""


class UnoDocument:
    """One open workbook; `sheets` are the names of its sheets when it was opened. Rows and columns are counted from 1, boxes are
    (top, left, bottom, right)."""

    def __init__(self, office: UnoOffice, path: Path) -> None:
        self.path = path
        self.model: Any = office.open(path)
        sheets = self.model.getSheets()
        self.sheets: list[str] = sheets.getElementNames()
        self._sheets = {name: sheets.getByName(name) for name in self.sheets}
        self._kinds = cache(self._kind)
        self._merged: dict[str, list[Box]] = {}

    def sheet(self, name: str) -> Any:
        """LibreOffice's sheet."""
        return self._sheets[name]

    def cells(self, name: str, box: Box) -> Any:
        """LibreOffice's range of cells."""
        top, left, bottom, right = box
        return self.sheet(name).getCellRangeByPosition(left - 1, top - 1, right - 1, bottom - 1)

    def used(self, name: str) -> Box:
        """From A1 to the last row and column that hold something."""
        cursor = self.sheet(name).createCursor()
        cursor.gotoEndOfUsedArea(False)
        _, _, bottom, right = box_of(cursor.getRangeAddress())
        return 1, 1, bottom, right

    def value(self, name: str, row: int, column: int) -> Held:
        """The value of one cell."""
        return self.values(name, (row, column, row, column))[0][0]

    def values(self, name: str, box: Box) -> list[list[Held]]:
        """The values of a range."""
        cells = self.cells(name, box)
        data = cells.getDataArray()
        # Whether a number is a day or a truth value, its format alone tells.
        formats = self._formats(cells) if any(isinstance(each, float) for row in data for each in row) else []
        return [
            [self._value(name, value, row, column, formats) for column, value in enumerate(line, start=box[1])]
            for row, line in enumerate(data, start=box[0])
        ]

    def _value(self, name: str, value: Any, row: int, column: int, formats: Sequence[tuple[Box, int]]) -> Held:
        if value is None:
            return CellError(str(self.sheet(name).getCellByPosition(column - 1, row - 1).getString()))
        if not isinstance(value, float):
            return str(value) or None
        kind = next((kind for box, kind in formats if within(row, column, box)), 0)
        if kind & DATE:
            # LibreOffice rounds a day to the same fraction that Excel does.
            return self._epoch + timedelta(milliseconds=round(value * 86_400_000))
        return bool(value) if kind & LOGICAL else value

    def _formats(self, cells: Any) -> list[tuple[Box, int]]:
        """The parts of a range that have one format each, with the flags of its type."""
        groups = cells.getUniqueCellFormatRanges()
        found = []
        for number in range(groups.getCount()):
            group = groups.getByIndex(number)
            kind = self._kinds(group.getPropertyValue("NumberFormat"))
            found += [(box_of(each), kind) for each in group.getRangeAddresses() if kind & (DATE | LOGICAL)]
        return found

    def _kind(self, key: int) -> int:
        return int(self.model.getNumberFormats().getByKey(key).getPropertyValue("Type"))

    @cached_property
    def _epoch(self) -> datetime:
        day = self.model.getPropertyValue("NullDate")
        return datetime(day["Year"], day["Month"], day["Day"])

    def typed(self, name: str, box: Box) -> list[list[str]]:
        """What was typed into each cell, a formula with its equals sign."""
        cells = self.cells(name, box)
        return [
            # Before a text that could be taken for something else stands an apostrophe.
            [
                text if text.startswith("=") or not isinstance(value, str) else value
                for text, value in zip(*pair, strict=True)
            ]
            for pair in zip(cells.getFormulaArray(), cells.getDataArray(), strict=True)
        ]

    def enter(self, name: str, box: Box, rows: Sequence[Sequence[str | float | None]]) -> None:
        """Write texts as they are, numbers and blanks."""
        self.cells(name, box).setDataArray([["" if each is None else each for each in row] for row in rows])

    def merged(self, name: str) -> list[Box]:
        """The merged ranges of a sheet, as they were when it was asked first."""
        if name not in self._merged:
            self._merged[name] = list(self._find_merged(name))
        return self._merged[name]

    def _find_merged(self, name: str) -> Iterator[Box]:
        sheet, found = self.sheet(name), set[Box]()
        groups = sheet.getCellFormatRanges()
        for number in range(groups.getCount()):
            part = groups.getByIndex(number)
            # Whether something is merged is of a cell's format, and of each merged range the first cell alone has it.
            if not part.getIsMerged():
                continue
            top, left, bottom, right = box_of(part.getRangeAddress())
            for row in range(top, bottom + 1):
                for column in range(left, right + 1):
                    cursor = sheet.createCursorByRange(self.cells(name, (row, column, row, column)))
                    cursor.collapseToMergedArea()
                    found.add(box_of(cursor.getRangeAddress()))
        yield from sorted(found)

    def hidden(self, name: str, top: int, bottom: int) -> int:
        """How many rows of a stretch do not show."""
        visible = self.sheet(name).getCellRangeByPosition(0, top - 1, LAST_COLUMN, bottom - 1).queryVisibleCells()
        boxes = [box_of(each) for each in visible.getRangeAddresses()]
        return bottom - top + 1 - len({row for box in boxes for row in range(box[0], box[2] + 1)})

    def colours(self) -> dict[str, dict[str, str]]:
        """The colour that each cell that shows has in the end, its conditional formats applied, by sheet and address. A cell
        without a colour is left out.

        UNO tells the format of a cell without what its conditions make of it; the HTML that LibreOffice writes has both.
        """
        with tempfile.TemporaryDirectory(prefix="xingzhi-uno-") as folder:
            target = Path(folder, "shown.html")
            self.model.storeToURL(target.as_uri(), [option("FilterName", "HTML (StarCalc)")])
            page = html.parse(str(target), html.HTMLParser(encoding="utf-8", huge_tree=True))
        found = {}
        for place, name in enumerate(self.sheets):
            for table in page.xpath(f"//a[@name='table{place}']/following::table[1]"):
                rows, columns = self._visible(name)
                found[name] = {address(rows[row], columns[column]): colour for row, column, colour in _coloured(table)}
        return found

    def _visible(self, name: str) -> tuple[list[int], list[int]]:
        """The rows and the columns in use that show."""
        visible = self.cells(name, self.used(name)).queryVisibleCells().getRangeAddresses()
        boxes = [box_of(each) for each in visible]
        rows = {row for top, _, bottom, _ in boxes for row in range(top, bottom + 1)}
        columns = {column for _, left, _, right in boxes for column in range(left, right + 1)}
        return sorted(rows), sorted(columns)

    def save_as(self, target: Path) -> None:
        """Write it as an .xlsx elsewhere."""
        self.model.storeToURL(target.resolve().as_uri(), [option("FilterName", "Calc MS Excel 2007 XML")])

    def close(self) -> None:
        """Close it; what was entered is lost."""
        self.model.close(True)


def _coloured(table: Any) -> Iterator[tuple[int, int, str]]:
    """(row, column, colour) of the cells of a table of HTML, counted from 0."""
    covered: set[tuple[int, int]] = set()
    for row, line in enumerate(table.xpath(".//tr")):
        column = 0
        for cell in line.xpath("./td"):
            while (row, column) in covered:
                column += 1
            height, width = int(cell.get("rowspan", 1)), int(cell.get("colspan", 1))
            covered |= {(row + down, column + over) for down in range(height) for over in range(width)}
            if cell.get("bgcolor"):
                yield row, column, cell.get("bgcolor").upper()


@contextmanager
def opened(office: UnoOffice, path: Path) -> Iterator[UnoDocument]:
    """A file, open while the block runs."""
    document = UnoDocument(office, path)
    try:
        yield document
    finally:
        document.close()


def box_of(given: dict[str, int]) -> Box:
    """A CellRangeAddress as a box."""
    return given["StartRow"] + 1, given["StartColumn"] + 1, given["EndRow"] + 1, given["EndColumn"] + 1


def within(row: int, column: int, box: Box) -> bool:
    """Whether a cell lies in a box."""
    return box[0] <= row <= box[2] and box[1] <= column <= box[3]
