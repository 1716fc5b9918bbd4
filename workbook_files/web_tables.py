"""HTML tables, often named .xls by the systems that write them, and the web archives that Excel saves."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from pathlib import PurePath

from lxml import etree, html

from workbook_files.delimited import shown_value
from workbook_files.file_findings import Refused, hostile, no_workbook, too_large
from workbook_files.limits import LONGEST, WIDEST, Limits
from workbook_files.text_file import decode
from workbook_files.web_rows import WebTable, joined
from xingzhi.grid import Box, CellValue, Sheet

_SHEET_NAMES = re.compile(r"<x:ExcelWorksheet>.*?<x:Name>([^<]{1,100})</x:Name>", re.DOTALL | re.IGNORECASE)
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_SHOWN_NUMBER = re.compile(r"-?[0-9][0-9,]*(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_CUT_OFF = frozenset({"ERR_INTERNAL_ERROR", "ERR_NAME_TOO_LONG", "ERR_RESOURCE_LIMIT"})
"""What libxml2 says where it stops reading: all behind it would be missing without a word."""


def read_web_tables(file: str, text: str, limits: Limits) -> tuple[Sheet, ...]:
    """A sheet for each table of a page that holds data. A cell over several rows or columns is the value of its first
    one, and a merged range. Raises Refused where there is no table, or too much."""
    tables = joined(_root(file, text))
    if not tables:
        raise Refused(no_workbook(file, "page"))
    if len(tables) > limits.sheets:
        raise Refused(too_large(file, "sheets", len(tables), limits.sheets))
    named = [name.strip() for name in _SHEET_NAMES.findall(text[:262_144])]
    sheets = []
    area = 0
    for name, table in zip(_names(file, tables, named), tables, strict=True):
        sheet, cells = _sheet(file, name, table, limits.area - area)
        area += cells
        sheets.append(sheet)
    return tuple(sheets)


def read_web_archive(file: str, data: bytes, limits: Limits) -> tuple[Sheet, ...]:
    """The tables of each page in a web archive (MHTML). Raises Refused where there is none."""
    sheets: list[Sheet] = []
    for part in email.message_from_bytes(data).walk():
        if part.get_content_type() != "text/html":
            continue
        content = part.get_payload(decode=True)
        decoded = decode(content) if isinstance(content, bytes) else None
        page = PurePath(str(part.get("Content-Location", "")).rpartition("/")[2] or file).name
        try:
            sheets += read_web_tables(page, decoded.text if decoded else "", limits)
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


def _root(file: str, text: str) -> html.HtmlElement | None:
    parser = html.HTMLParser(no_network=True, remove_comments=True, huge_tree=False, recover=True)
    # A declaration of the encoding would contradict a text that is decoded already.
    try:
        root = html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    if any(entry.type_name in _CUT_OFF for entry in parser.error_log):
        raise Refused(hostile(file, "too_deep"))
    return root


def _names(file: str, tables: list[WebTable], named: list[str]) -> list[str]:
    if len(named) == len(tables):
        return named
    if len(tables) == 1:
        return [tables[0].caption[:31] or PurePath(file).stem[:31]]
    return [table.caption[:31] or f"表{number}" for number, table in enumerate(tables, start=1)]


def _sheet(file: str, name: str, table: WebTable, room: int) -> tuple[Sheet, int]:
    rows: list[list[CellValue]] = []
    merged: list[Box] = []
    taken: dict[int, int] = {}
    area = 0
    for number, cells in enumerate(table.rows, start=1):
        values: list[CellValue] = []
        column = 0
        for cell in cells:
            column += 1
            while taken.get(column, 0) >= number:
                column += 1
            wide, high = _span(cell, "colspan", WIDEST), _span(cell, "rowspan", LONGEST)
            last = column + wide - 1
            area += wide
            if last > WIDEST or area > room:
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
    """A cell's text; the number that Excel wrote beside it where it shows a number, since it shows long ones as 1.38E+10:
    what it shows as a date has a number beside it too."""
    for line_end in cell.iter("br"):
        line_end.tail = "\n" + (line_end.tail or "")
    for script in cell.iter("script", "style"):
        script.text = None
    text = cell.text_content().strip()
    number = (cell.get("x:num") or "").strip()
    if _NUMBER.fullmatch(number) and _SHOWN_NUMBER.fullmatch(text):
        return float(number)
    return shown_value(text) or None
