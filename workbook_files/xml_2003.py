"""XML Spreadsheet 2003, the format that many systems write and name .xls."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from lxml import etree

from workbook_files.file_findings import Refused, damaged, hostile, no_workbook, too_large
from workbook_files.limits import Limits
from xingzhi.grid import Box, CellValue, Grid, Sheet

_SS = "{urn:schemas-microsoft-com:office:spreadsheet}"
_WIDEST, _LONGEST = 16_384, 1_048_576


def read_xml_2003(file: str, text: str, limits: Limits) -> Grid:
    """The sheets and custom properties of a workbook. Raises Refused where it is damaged, has a document type, or is too
    much."""
    if "<!DOCTYPE" in text:
        raise Refused(hostile(file, "doctype", detail=file))
    sheets: list[Sheet] = []
    properties: dict[str, str] = {}
    area = 0
    # The text is decoded already, whatever encoding its first line names.
    source = io.BytesIO(_undeclared(text).encode("utf-8", "surrogatepass"))
    tags = (f"{_SS}Worksheet", "{urn:schemas-microsoft-com:office:office}CustomDocumentProperties")
    try:
        for _, element in etree.iterparse(
            source, tag=tags, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        ):
            if element.tag == tags[0]:
                page = _Page(file, element.get(f"{_SS}Name", ""), limits.area - area)
                sheets.append(page.read(element))
                area += page.area
                if len(sheets) > limits.sheets:
                    raise Refused(too_large(file, "sheets", len(sheets), limits.sheets))
            else:
                properties |= {etree.QName(child).localname: (child.text or "").strip() for child in element}
            element.clear()
    except etree.XMLSyntaxError as error:
        raise Refused(damaged(file, error)) from error
    if not sheets:
        raise Refused(no_workbook(file, "markup"))
    return Grid(file, tuple(sheets), properties=properties)


def _undeclared(text: str) -> str:
    text = text.lstrip("\ufeff \t\r\n")
    return text[text.index("?>") + 2 :] if text.startswith("<?xml") and "?>" in text else text


@dataclass
class _Page:
    """One worksheet as it is read, row by row."""

    file: str
    name: str
    room: int
    area: int = 0
    rows: list[list[CellValue]] = field(default_factory=list)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    uncached: set[tuple[int, int]] = field(default_factory=set)
    merged: list[Box] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)

    def read(self, sheet: etree._Element) -> Sheet:
        """The sheet with its marks."""
        number = 0
        for row in sheet.iterfind(f"{_SS}Table/{_SS}Row"):
            number = self._place(row, number, _LONGEST)
            self._spend(number - len(self.rows))
            self.rows += [[] for _ in range(number - len(self.rows))]
            if row.get(f"{_SS}Hidden") == "1":
                self.hidden.add(number)
            column = 0
            for cell in row.iterfind(f"{_SS}Cell"):
                column = self._place(cell, column, _WIDEST)
                values = self.rows[number - 1]
                self._spend(column - len(values))
                values += [None] * (column - len(values))
                values[column - 1] = self._value(cell, number, column)
                across, down = _whole(cell.get(f"{_SS}MergeAcross")), _whole(cell.get(f"{_SS}MergeDown"))
                if across or down:
                    end = min(number + down, _LONGEST), min(column + across, _WIDEST)
                    self.merged.append((number, column, *end))
                column += across
        return Sheet(
            self.name,
            self.rows,
            errors=self.errors,
            uncached=frozenset(self.uncached),
            merged=tuple(self.merged),
            hidden_rows=frozenset(self.hidden),
        )

    def _place(self, element: etree._Element, before: int, most: int) -> int:
        place = _whole(element.get(f"{_SS}Index")) or before + 1
        if not before < place <= most:
            raise Refused(hostile(self.file, "coordinate", detail=f"{self.name} Index={place}"))
        return place

    def _spend(self, cells: int) -> None:
        self.area += max(cells, 0)
        if self.area > self.room:
            raise Refused(too_large(self.file, "area", self.area, self.room, sheet=self.name))

    def _value(self, cell: etree._Element, row: int, column: int) -> CellValue:
        data = cell.find(f"{_SS}Data")
        if data is None:
            if cell.get(f"{_SS}Formula"):
                self.uncached.add((row, column))
            return None
        text, kind = "".join(_texts(data)), data.get(f"{_SS}Type", "String")
        if kind == "Error":
            self.errors[row, column] = text.strip() or "#N/A"
            return None
        return _typed(text, kind) if text else None


def _texts(data: etree._Element) -> Iterator[str]:
    return (str(text) for text in data.itertext())


def _typed(text: str, kind: str) -> CellValue:
    """The value of a Data element; what does not fit its type stays text, for the checks to tell."""
    try:
        match kind:
            case "Number":
                return float(text)
            case "Boolean":
                return text.strip() in ("1", "true")
            case "DateTime":
                return datetime.fromisoformat(text.strip())
    except ValueError:
        pass
    return text


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
