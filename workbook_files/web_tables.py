"""HTML tables, often named .xls by the systems that write them, and the web archives that Excel saves."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from pathlib import PurePath

from lxml import etree, html

from workbook_files.delimited import shown_value
from workbook_files.file_findings import Refused, hostile, no_workbook, too_large
from workbook_files.limits import Limits
from workbook_files.text_file import decoded
from xingzhi.grid import Box, CellValue, Sheet

_WIDEST, _LONGEST = 16_384, 1_048_576
_SHEET_NAMES = re.compile(r"<x:ExcelWorksheet>.*?<x:Name>([^<]{1,100})</x:Name>", re.DOTALL | re.IGNORECASE)
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?")


def read_web_tables(file: str, text: str, limits: Limits) -> tuple[Sheet, ...]:
    """A sheet for each table of a page that holds no other table. A cell over several rows or columns is the value of
    its first one, and a merged range. Raises Refused where there is no table, or too much."""
    tables = list(_tables(file, text))
    if not tables:
        raise Refused(no_workbook(file, "page"))
    if len(tables) > limits.sheets:
        raise Refused(too_large(file, "sheets", len(tables), limits.sheets))
    named = [name.strip() for name in _SHEET_NAMES.findall(text[:262_144])]
    names = _names(file, tables, named)
    sheets = []
    area = 0
    for name, table in zip(names, tables, strict=True):
        sheet, cells = _sheet(file, name, table, limits.area - area)
        area += cells
        sheets.append(sheet)
    return tuple(sheets)


def read_web_archive(file: str, data: bytes, limits: Limits) -> tuple[Sheet, ...]:
    """The tables of each page in a web archive (MHTML). Raises Refused where there is none."""
    message = email.message_from_bytes(data)
    sheets: list[Sheet] = []
    for part in message.walk():
        if part.get_content_type() == "text/html":
            content = part.get_payload(decode=True)
            text = decoded(content) if isinstance(content, bytes) else None
            try:
                sheets += read_web_tables(file, text or "", limits)
            except Refused as refused:
                if refused.found.code != "F106":
                    raise
    if not sheets:
        raise Refused(no_workbook(file, "page"))
    return tuple(_distinct(sheets))


def _distinct(sheets: list[Sheet]) -> Iterator[Sheet]:
    seen: dict[str, int] = {}
    for sheet in sheets:
        seen[sheet.name] = seen.get(sheet.name, 0) + 1
        count = seen[sheet.name]
        yield sheet if count == 1 else Sheet(f"{sheet.name} ({count})", sheet.rows, merged=sheet.merged)


def _tables(file: str, text: str) -> Iterator[html.HtmlElement]:
    parser = html.HTMLParser(no_network=True, remove_comments=True, huge_tree=False, recover=True)
    # A declaration of the encoding would contradict a text that is decoded already.
    try:
        root = html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return
    if any(entry.type_name in _CUT_OFF for entry in parser.error_log):
        raise Refused(hostile(file, "too_deep"))
    for table in root.iter("table"):
        if next(table.iterdescendants("table"), None) is None and next(table.iter("tr"), None) is not None:
            yield table


_CUT_OFF = frozenset({"ERR_INTERNAL_ERROR", "ERR_NAME_TOO_LONG", "ERR_RESOURCE_LIMIT"})
"""What libxml2 says where it stops reading: all behind it would be missing without a word."""


def _names(file: str, tables: list[html.HtmlElement], named: list[str]) -> list[str]:
    if len(named) == len(tables):
        return named
    if len(tables) == 1:
        caption = tables[0].find("caption")
        text = " ".join(caption.text_content().split()) if caption is not None else ""
        return [text[:31] or PurePath(file).stem[:31]]
    return [f"表{number}" for number in range(1, len(tables) + 1)]


def _sheet(file: str, name: str, table: html.HtmlElement, room: int) -> tuple[Sheet, int]:
    rows: list[list[CellValue]] = []
    merged: list[Box] = []
    taken: dict[int, int] = {}
    area = 0
    for number, row in enumerate(table.iter("tr"), start=1):
        values: list[CellValue] = []
        column = 0
        for cell in row.iterchildren("td", "th"):
            column += 1
            while taken.get(column, 0) >= number:
                column += 1
            wide, high = _span(cell, "colspan", _WIDEST), _span(cell, "rowspan", _LONGEST)
            last = column + wide - 1
            area += wide
            if last > _WIDEST or area > room:
                raise Refused(too_large(file, "area", max(area, last), room, sheet=name))
            values += [None] * (column - 1 - len(values))
            values.append(_value(cell))
            if wide > 1 or high > 1:
                merged.append((number, column, number + high - 1, last))
            if high > 1:
                taken.update(dict.fromkeys(range(column, last + 1), number + high - 1))
            column = last
        rows.append(values)
    return Sheet(name, rows, merged=tuple(merged)), area


def _span(cell: html.HtmlElement, key: str, most: int) -> int:
    text = cell.get(key, "1").strip()
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 1
    return min(max(number, 1), most)


def _value(cell: html.HtmlElement) -> CellValue:
    """A cell's text; the number that Excel wrote beside it, since it shows long ones as 1.38E+10."""
    number = cell.get("x:num")
    if number and _NUMBER.fullmatch(number.strip()):
        return float(number)
    for line_end in cell.iter("br"):
        line_end.tail = "\n" + (line_end.tail or "")
    for script in cell.iter("script", "style"):
        script.text = None
    return shown_value(cell.text_content().strip()) or None
