"""Marks of an OpenDocument spreadsheet."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

from lxml import etree

from workbook_files.marks import Marks

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_HIDDEN = ("collapse", "filter")
_MOST_ROWS, _MOST_COLUMNS = 1 << 20, 1 << 14


def ods_marks(path: Path) -> dict[str, Marks]:
    """Errors, hidden rows, merged ranges, formulas without a value and the reach of each sheet, by name.

    XMLSyntaxError for content that is no XML. Rows and cells that are repeated are counted, not made.
    """
    found: dict[str, Marks] = {}
    with ZipFile(path) as archive, archive.open("content.xml") as stream:
        sheet = Marks()
        row = 0
        events = etree.iterparse(
            stream,
            events=("start", "end"),
            tag=(f"{_TABLE}table", f"{_TABLE}table-row"),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
        )
        for event, element in events:
            if element.tag == f"{_TABLE}table" and event == "start":
                sheet, row = found.setdefault(element.get(f"{_TABLE}name", ""), Marks()), 0
            elif element.tag == f"{_TABLE}table-row" and event == "end":
                row = _row(element, row, sheet)
                element.clear()
    return found


def _row(element: etree._Element, before: int, sheet: Marks) -> int:
    """Mark a row that follows row `before`, and return the last of its repetitions."""
    repeated = _count(element, "number-rows-repeated")
    last = min(before + repeated, _MOST_ROWS)
    filled = False
    column = 0
    for cell in element.iterchildren(*_CELLS):
        wide = _count(cell, "number-columns-repeated")
        kind = cell.get(f"{_OFFICE}value-type") or cell.get(f"{_CALC}value-type")
        text = cell.find(f"{_TEXT}p")
        if kind or text is not None:
            filled = True
            sheet.reach(last, min(column + wide, _MOST_COLUMNS))
        if cell.get(f"{_CALC}value-type") == "error":
            said = "".join(str(part) for part in text.itertext()) if text is not None else ""
            sheet.errors[before + 1, column + 1] = said or "#N/A"
        elif cell.get(f"{_TABLE}formula") and not kind:
            sheet.uncached.add((before + 1, column + 1))
        high, across = _count(cell, "number-rows-spanned"), _count(cell, "number-columns-spanned")
        if high > 1 or across > 1:
            top, left = before + 1, column + 1
            bottom, right = min(before + high, _MOST_ROWS), min(column + across, _MOST_COLUMNS)
            sheet.merged.append((top, left, bottom, right))
        column += wide
    if filled and element.get(f"{_TABLE}visibility") in _HIDDEN:
        sheet.hidden.update(range(before + 1, min(last, before + 1000) + 1))
    return last


def _count(element: etree._Element, key: str) -> int:
    text = element.get(f"{_TABLE}{key}", "1")
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 10 else 1
