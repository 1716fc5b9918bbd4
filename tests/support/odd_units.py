"""A unit's workbook, as odd as one can be that must be taken with every row."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Callable, Mapping

import openpyxl
from support.hostile_case import (
    BOOK,
    BOOK_RELATIONS,
    RELATIONS,
    TYPES,
    Part,
    Parts,
    package,
    row,
    sheet,
    text_cell,
)
from support.hostile_parts import MACROS, OLE
from support.office import PEOPLE

Oddity = Callable[[Parts], bytes]
FAR_SHEET = "xl/worksheets/far.xml"


def unpacked(data: bytes) -> Parts:
    """The parts of a workbook."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def edited(content: Parts, part: str, before: str, after: str) -> Parts:
    """The parts, with a text of one of them replaced once."""
    text = as_bytes(content[part])
    assert before.encode() in text, f"{before} is not in {part}"
    return {**content, part: text.replace(before.encode(), after.encode(), 1)}


def page_of(content: Parts, name: str) -> str:
    """The part of a sheet."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        number = openpyxl.load_workbook(io.BytesIO(package(content)), read_only=True).sheetnames.index(name)
    return f"xl/worksheets/sheet{number + 1}.xml"


def as_bytes(content: Part) -> bytes:
    """The bytes of a part."""
    return content.encode() if isinstance(content, str) else content


def with_part(content: Parts, relation: str, target: str, part: Part) -> Parts:
    """One more part, related to the workbook."""
    line = f'<Relationship Id="odd1" Type="{RELATIONS}/{relation}" Target="{target}"/></Relationships>'
    return {**edited(content, BOOK_RELATIONS, "</Relationships>", line), f"xl/{target}": part}


def stored(content: Parts) -> bytes:
    return package(content, compression=zipfile.ZIP_STORED)


def with_mark(content: Parts) -> bytes:
    return package(
        {name: b"\xef\xbb\xbf" + as_bytes(part) if name.endswith(".xml") else part for name, part in content.items()}
    )


def with_macros(content: Parts) -> bytes:
    types = as_bytes(content[TYPES]).decode()
    begin = types.index('ContentType="', types.index("/xl/workbook.xml")) + len('ContentType="')
    types = types[:begin] + MACROS + types[types.index('"', begin) :]
    return package({**with_part(content, "vbaProject", "vbaProject.bin", OLE + bytes(3000)), TYPES: types})


def with_program(content: Parts) -> bytes:
    return package(
        {**content, "xl/embeddings/oleObject1.bin": OLE + bytes(900), "xl/embeddings/a.exe": b"MZ" + bytes(900)}
    )


def with_false_dimension(content: Parts) -> bytes:
    page = page_of(content, PEOPLE)
    text = as_bytes(content[page]).decode()
    at = text.index('<dimension ref="')
    return package({**content, page: text[:at] + '<dimension ref="A1:XFD1048576"/>' + text[text.index("/>", at) + 2 :]})


def without_dimension(content: Parts) -> bytes:
    page = page_of(content, PEOPLE)
    text = as_bytes(content[page]).decode()
    at = text.index("<dimension")
    return package({**content, page: text[:at] + text[text.index("/>", at) + 2 :]})


def with_sheet(content: Parts, page: str) -> bytes:
    """One more sheet, as a clerk adds one for notes."""
    more = with_part(content, "worksheet", "worksheets/far.xml", page)
    listed = f'<sheet xmlns:r="{RELATIONS}" name="随手记" sheetId="9999" r:id="odd1"/></sheets>'
    kind = 'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"'
    more = edited(more, BOOK, "</sheets>", listed)
    return package(edited(more, TYPES, "</Types>", f'<Override PartName="/{FAR_SHEET}" {kind}/></Types>'))


def with_merged_sheet(content: Parts) -> bytes:
    return with_sheet(content, sheet(after='<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'))


def with_far_cell(content: Parts) -> bytes:
    return with_sheet(content, sheet(row(1, text_cell("A1", "备忘")) + row(1048576, text_cell("XFD1048576", " "))))


def with_far_cell_below(content: Parts) -> bytes:
    """A stray blank at the far corner of a sheet that is filled in."""
    page = page_of(content, PEOPLE)
    return package(edited(content, page, "</sheetData>", row(1048576, text_cell("XFD1048576", " ")) + "</sheetData>"))


def with_long_notes(content: Parts) -> bytes:
    cells = "".join(text_cell("", "同上") for _ in range(10))
    return with_sheet(content, sheet("".join(row(number, cells) for number in range(1, 20_001))))


def with_pictures(content: Parts) -> bytes:
    """Photographs, which no packing makes smaller."""
    noise = b"".join((number * 2654435761 % 2**32).to_bytes(4, "big") for number in range(1_500_000))
    return package({**content, **{f"xl/media/image{number}.jpeg": noise for number in range(90, 96)}})


def with_tail(content: Parts) -> bytes:
    out = io.BytesIO(package(content))
    with zipfile.ZipFile(out, "a") as archive:
        archive.comment = b"checked by the mail gateway"
    return out.getvalue()


ODDITIES: Mapping[str, tuple[str, Oddity]] = {
    "未压缩": ("xlsx", stored),
    "带BOM": ("xlsx", with_mark),
    "带宏": ("xlsm", with_macros),
    "带程序": ("xlsx", with_program),
    "假维度": ("xlsx", with_false_dimension),
    "无维度": ("xlsx", without_dimension),
    "整表合并": ("xlsx", with_merged_sheet),
    "远角有格": ("xlsx", with_far_cell),
    "本表远角有空格": ("xlsx", with_far_cell_below),
    "长备忘": ("xlsx", with_long_notes),
    "照片": ("xlsx", with_pictures),
    "名为旧格式": ("xls", package),
    "名为文本": ("csv", package),
    "包有注释": ("xlsx", with_tail),
}
"""What is odd, the ending of the file's name, and how it is made."""
