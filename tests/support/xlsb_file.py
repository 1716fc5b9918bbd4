"""Write a small .xlsb: the small workbook in the binary records of Excel 2007."""

from __future__ import annotations

import struct
from collections.abc import Mapping

from support.hostile_case import COUNT, NAME, ROOT_RELATIONS, TYPES, Part, package, relations

BOOK, SHEET, RELATIONS = "xl/workbook.bin", "xl/worksheets/sheet1.bin", "xl/_rels/workbook.bin.rels"
_BASE = "application/vnd.ms-excel"
CONTENT = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/{BOOK}" ContentType="{_BASE}.sheet.binary.macroEnabled.main"/>'
    f'<Override PartName="/{SHEET}" ContentType="{_BASE}.worksheet"/></Types>'
)


def record(kind: int, data: bytes = b"", *, size: int | None = None) -> bytes:
    """One record; `size` is what it says of its length, where that is not true."""
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    return head + variable(len(data) if size is None else size) + data


def variable(value: int) -> bytes:
    """A length, seven bits a byte."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def text(value: str) -> bytes:
    """A wide string."""
    return struct.pack("<I", len(value)) + value.encode("utf-16-le")


def row(number: int) -> bytes:
    """The head of a row, from 0."""
    return record(0, struct.pack("<III", number, 0, 300) + bytes(5))


def text_cell(column: int, value: str) -> bytes:
    """A cell of text."""
    return record(6, struct.pack("<II", column, 0) + text(value))


def number_cell(column: int, value: float) -> bytes:
    """A cell of a number."""
    return record(5, struct.pack("<IId", column, 0, value))


ROWS = row(0) + text_cell(0, "姓名") + text_cell(1, "人数") + row(1) + text_cell(0, NAME) + number_cell(1, COUNT)


def sheet(rows: bytes = ROWS, *, box: tuple[int, int, int, int] = (0, 1, 0, 1)) -> bytes:
    """A sheet part."""
    return record(129) + record(148, struct.pack("<IIII", *box)) + record(145) + rows + record(146) + record(130)


def workbook(name: str = "名册") -> bytes:
    """The workbook part."""
    bundle = record(156, struct.pack("<II", 0, 1) + text("rId1") + text(name))
    return record(131) + record(143) + bundle + record(144) + record(132)


def book(changed: Mapping[str, Part] | None = None) -> bytes:
    """The small workbook, some of its parts changed."""
    whole: dict[str, Part] = {
        TYPES: CONTENT,
        ROOT_RELATIONS: relations(("officeDocument", BOOK)),
        BOOK: workbook(),
        RELATIONS: relations(("worksheet", "worksheets/sheet1.bin")),
        SHEET: sheet(),
    }
    return package({**whole, **(changed or {})})
