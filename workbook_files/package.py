"""Read what a lint needs of an OOXML workbook: parts, sheets, tables, names, formulas.

It reads the XML as it lies in the package, because a spreadsheet library hides the very defects
that the lint looks for. Elements are matched by local name, so that Strict files are read too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal
from xml.etree import ElementTree as ET
from zipfile import ZipFile

from workbook_files.relations import local, relation_id, relations, workbook_part

Kind = Literal["cell", "format", "x14 format", "validation", "x14 validation", "name", "other"]
Box = tuple[int, int, int, int]

_X14 = "{http://schemas.microsoft.com/office/spreadsheetml/2009/9/main}"
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]+)")


@dataclass(frozen=True)
class Formula:
    """A formula text, with what holds it and where."""

    text: str
    kind: Kind
    part: str
    where: str


@dataclass(frozen=True)
class Name:
    """A defined name; `sheet` is the index of its sheet, or None for the whole workbook."""

    name: str
    sheet: int | None
    text: str


@dataclass(frozen=True)
class Table:
    """A table part. Column names are decoded; `box` is the ref, `headers` whether it has any."""

    part: str
    name: str
    ref: str
    box: Box
    headers: bool
    columns: tuple[str, ...]


@dataclass
class Sheet:
    """One sheet of the workbook, read in a single pass."""

    name: str
    part: str
    tables: list[Table] = field(default_factory=list)
    formulas: list[Formula] = field(default_factory=list)
    uncached: list[str] = field(default_factory=list)
    merges: list[str] = field(default_factory=list)
    literal_lists: list[tuple[str, str]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    # Text of the cells where the tables have their headers; None where the cell holds no text.
    headers: dict[tuple[int, int], str | None] = field(default_factory=dict)


@dataclass
class Book:
    """A workbook's sheets and names."""

    part: str
    sheets: list[Sheet]
    names: list[Name]
    missing: list[str]


def column_number(letters: str) -> int:
    """Return 1 for A, 16384 for XFD."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def box_of(ref: str) -> Box:
    """Return (first row, first column, last row, last column) of an A1 range, from 1."""
    corners = [_CELL.fullmatch(corner) for corner in ref.split(":")]
    rows = [int(corner[2]) for corner in corners if corner]
    columns = [column_number(corner[1]) for corner in corners if corner]
    if len(rows) != len(corners):
        raise ValueError(f"not a range: {ref}")
    return min(rows), min(columns), max(rows), max(columns)


def decode(text: str) -> str:
    """Undo the _xHHHH_ escapes of an ST_Xstring."""
    return _ESCAPED.sub(lambda m: chr(int(m[1], 16)), text) if "_x" in text else text


def read(archive: ZipFile) -> Book:
    """Read the workbook that an open package holds."""
    parts = set(archive.namelist())
    root = workbook_part(archive)
    related = relations(archive, root)
    book = Book(root, [], [], [])
    for element in ET.fromstring(archive.read(root)).iter():
        tag = local(element.tag)
        if tag == "sheet":
            part = related.get(relation_id(element), ("", ""))[1]
            sheet = Sheet(element.get("name", ""), part)
            book.sheets.append(sheet)
            if part not in parts:
                book.missing.append(f"sheet {sheet.name}: {part or relation_id(element)}")
        elif tag == "definedName":
            index = element.get("localSheetId")
            name = Name(
                element.get("name", ""),
                None if index is None else int(index),
                element.text or "",
            )
            book.names.append(name)
    shared: list[str] | None = None
    for sheet in book.sheets:
        if sheet.part not in parts:
            continue
        strings = _read_sheet(archive, sheet, parts)
        if strings and shared is None:
            shared = _shared_strings(archive, related, parts)
        for cell, index_ in strings.items():
            sheet.headers[cell] = shared[index_] if shared and index_ < len(shared) else None
    return book


def _read_table(archive: ZipFile, part: str, sheet: Sheet) -> Table:
    root = ET.fromstring(archive.read(part))
    ref = root.get("ref", "")
    columns: list[str] = []
    for element in root.iter():
        tag = local(element.tag)
        if tag == "tableColumn":
            columns.append(decode(element.get("name", "")))
        elif tag in ("calculatedColumnFormula", "totalsRowFormula") and element.text:
            sheet.formulas.append(Formula(element.text, "other", part, tag))
    return Table(
        part,
        root.get("displayName", ""),
        ref,
        box_of(ref),
        root.get("headerRowCount", "1") != "0",
        tuple(columns),
    )


def _read_sheet(archive: ZipFile, sheet: Sheet, parts: set[str]) -> dict[tuple[int, int], int]:
    """Fill in a sheet; return the header cells whose text is a shared string."""
    related = relations(archive, sheet.part)
    wanted: set[tuple[int, int]] = set()
    for kind, part in related.values():
        if part not in parts:
            sheet.missing.append(f"{kind}: {part}")
        elif kind == "table":
            table = _read_table(archive, part, sheet)
            sheet.tables.append(table)
            if table.headers:
                top, left, _, right = table.box
                wanted |= {(top, column) for column in range(left, right + 1)}
    shared: dict[tuple[int, int], int] = {}
    row = 0
    with archive.open(sheet.part) as stream:
        for _, element in ET.iterparse(stream):
            tag = local(element.tag)
            if tag == "row":
                row = int(element.get("r", row + 1))
                _read_row(element, row, sheet, wanted, shared)
                element.clear()
            elif tag == "conditionalFormatting":
                _read_format(element, sheet)
            elif tag == "dataValidation":
                _read_validation(element, sheet)
            elif tag == "mergeCell":
                sheet.merges.append(element.get("ref", ""))
            elif tag == "tablePart" and relation_id(element) not in related:
                sheet.missing.append(f"tablePart: {relation_id(element)}")
            elif tag == "sparkline":
                sheet.formulas += [
                    Formula(child.text, "other", sheet.part, "sparkline")
                    for child in element
                    if local(child.tag) == "f" and child.text
                ]
    return shared


def _read_row(
    element: ET.Element,
    row: int,
    sheet: Sheet,
    wanted: set[tuple[int, int]],
    shared: dict[tuple[int, int], int],
) -> None:
    column = 0
    for cell in element:
        ref = cell.get("r")
        place = _CELL.fullmatch(ref) if ref else None
        column = column_number(place[1]) if place else column + 1
        here = row, column
        formula = value = None
        for child in cell:
            tag = local(child.tag)
            if tag == "f":
                formula = child
            elif tag == "v":
                value = child.text or ""
        if formula is not None:
            where = ref or f"row {row} column {column}"
            if formula.text:
                sheet.formulas.append(Formula(formula.text, "cell", sheet.part, where))
            # An empty <v> of a string cell is the cached "", which is what Excel writes for it.
            if value is None or (value == "" and cell.get("t") != "str"):
                sheet.uncached.append(where)
        if here in wanted:
            kind = cell.get("t")
            sheet.headers[here] = None
            if kind == "s" and value and value.strip().isdecimal():
                shared[here] = int(value)
            elif kind == "str":
                sheet.headers[here] = decode(value or "")
            elif kind == "inlineStr":
                sheet.headers[here] = "".join(text_of(child) for child in cell)


def _read_format(element: ET.Element, sheet: Sheet) -> None:
    kind: Kind = "x14 format" if element.tag.startswith(_X14) else "format"
    where = _range(element)
    for child in element.iter():
        tag = local(child.tag)
        text = child.text if tag in ("formula", "f") else None
        if tag == "cfvo":
            text = child.get("val")
        if text:
            sheet.formulas.append(Formula(text, kind, sheet.part, where))


def _read_validation(element: ET.Element, sheet: Sheet) -> None:
    kind: Kind = "x14 validation" if element.tag.startswith(_X14) else "validation"
    where = _range(element)
    for child in element:
        tag = local(child.tag)
        text = "".join(child.itertext()).strip() if tag in ("formula1", "formula2") else ""
        if text:
            sheet.formulas.append(Formula(text, kind, sheet.part, where))
        if tag == "formula1" and element.get("type") == "list" and text.startswith('"'):
            sheet.literal_lists.append((where, text[1:-1].replace('""', '"')))


def _range(element: ET.Element) -> str:
    """Return the cells of a format or validation: an attribute, in x14 a child."""
    child = next((child.text for child in element if local(child.tag) == "sqref"), None)
    return element.get("sqref") or child or ""


def text_of(element: ET.Element) -> str:
    """Return the text of an <si> or <is>, without its phonetic runs."""
    pieces: list[str] = []
    for child in element:
        tag = local(child.tag)
        if tag == "t":
            pieces.append(child.text or "")
        elif tag == "r":
            pieces += [t.text or "" for t in child if local(t.tag) == "t"]
    return decode("".join(pieces))


def _shared_strings(archive: ZipFile, related: dict[str, tuple[str, str]], parts: set[str]) -> list[str]:
    part = next((part for kind, part in related.values() if kind == "sharedStrings"), "")
    strings: list[str] = []
    if part in parts:
        with archive.open(part) as stream:
            for _, element in ET.iterparse(stream):
                if local(element.tag) == "si":
                    strings.append(text_of(element))
                    element.clear()
    return strings
