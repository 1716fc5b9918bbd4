"""Workbooks whose ZIP archive is damaged, lies, or is put together as no spreadsheet program does."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
from collections.abc import Iterator
from random import Random

from support.hostile_case import (
    BOOK,
    SHEET,
    STRINGS,
    TYPES,
    Odd,
    Parts,
    Trap,
    bad,
    benign,
    book,
    either,
    package,
    parts,
    sheet,
)

LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
IN_LOCAL = {"version": 4, "flags": 6, "method": 8, "crc": 14, "packed": 18, "size": 22}
IN_CENTRAL = {"version": 6, "flags": 8, "method": 10, "crc": 16, "packed": 20, "size": 24, "offset": 42}


def with_field(data: bytes, part: str, field: str, value: int, *, local: bool = True) -> bytes:
    """An archive in which one field of a part's headers says something else, in the directory alone unless `local`."""
    out = bytearray(data)
    shape = "<H" if field in ("version", "flags", "method") else "<I"
    at = out.rindex(CENTRAL, 0, out.rindex(part.encode()))
    struct.pack_into(shape, out, at + IN_CENTRAL[field], value)
    if local and field in IN_LOCAL:
        at = out.rindex(LOCAL, 0, out.index(part.encode()))
        struct.pack_into(shape, out, at + IN_LOCAL[field], value)
    return bytes(out)


def with_second(name: str, content: str, changed: Parts | None = None) -> bytes:
    """The small workbook with one more member at the end, whatever it is called."""
    out = io.BytesIO(package(parts(dict(changed or {}))))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        archive.writestr(name, content)
    return out.getvalue()


def overlapping(copies: int) -> bytes:
    """One packed sheet that many entries of the directory share."""
    data = book()
    end = data.rindex(END)
    count, size, offset = struct.unpack_from("<HII", data, end + 10)
    directory = data[offset : offset + size]
    at = directory.rindex(CENTRAL, 0, directory.index(SHEET.encode()))
    entry = directory[at : directory.index(CENTRAL, at + 4)]
    more = b"".join(
        entry.replace(SHEET.encode(), f"xl/worksheets/shee{number:02}.xml".encode()[: len(SHEET)])
        for number in range(copies)
    )
    closing = bytearray(data[end:])
    struct.pack_into("<HHII", closing, 8, count + copies, count + copies, size + len(more), offset)
    return data[:offset] + directory + more + bytes(closing)


def streamed() -> bytes:
    """Sizes after the data, as programs write that cannot seek."""

    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def tell(self) -> int:
            raise OSError

    out = Pipe()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts().items():
            archive.writestr(name, part)
    return out.getvalue()


def with_folders() -> bytes:
    """Folders have entries of their own, as WinZip writes them."""
    return package({"xl/": "", "_rels/": "", "xl/worksheets/": "", **parts()})


def huge_zip64() -> bytes:
    """A ZIP64 record that promises more than any disk holds."""
    whole = bytearray(book())
    end = whole.rindex(END)
    struct.pack_into("<HHII", whole, end + 8, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF)
    record = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, 2**62, 2**62, 2**62, 2**62)
    return bytes(whole[:end] + record + struct.pack("<4sIQI", b"PK\x06\x07", 0, end, 1) + whole[end:])


def renamed(old: str, new: str) -> bytes:
    """A member under another name, the rest of the package unaware of it."""
    return package({new if name == old else name: part for name, part in parts().items()})


def torn_stream() -> bytes:
    """The packed sheet overwritten."""
    data = bytearray(book())
    at = data.index(SHEET.encode()) + len(SHEET)
    data[at : at + 60] = bytes([0xFF]) * 60
    return bytes(data)


def absolute(trap: Trap) -> bytes:
    return with_second(f"{trap.folder.as_posix()}/absolute.txt", "caught")


def climbing(trap: Trap) -> bytes:
    return with_second("../" * 12 + f"{trap.folder.as_posix().lstrip('/')}/climbed.txt", "caught")


def back_climbing(trap: Trap) -> bytes:
    return with_second("..\\..\\..\\climbed.txt", "caught")


def truncated() -> Iterator[Odd]:
    """The small workbook, made longer by noise, cut at each tenth of its length."""
    whole = package({**parts(), "xl/media/image1.png": Random(4).randbytes(6000)})
    for tenth in range(1, 10):
        yield bad(f"压缩包截断{tenth}.xlsx", "F101", whole[: len(whole) * tenth // 10])


def files() -> Iterator[Odd]:
    """Every such workbook."""
    whole, size = book(), len(sheet().encode())
    yield from truncated()
    yield bad("缺末一字节.xlsx", "F101", whole[:-1])
    yield bad("包内声明偏小.xlsx", "F101", with_field(whole, SHEET, "size", size // 2))
    yield bad("包内声明偏大.xlsx", "F101", with_field(whole, SHEET, "size", size * 3))
    yield bad("目录声明偏小.xlsx", "F101", with_field(whole, SHEET, "size", size // 2, local=False))
    yield bad("包内声明四吉.xlsx", "F101 F104", with_field(whole, SHEET, "size", 0xFFFFFFF0))
    yield bad("压缩长度偏小.xlsx", "F101", with_field(whole, SHEET, "packed", 10))
    yield either("压缩长度偏大.xlsx", "F101", with_field(whole, SHEET, "packed", 2_000_000))
    yield bad("校验码不符.xlsx", "F101", with_field(whole, SHEET, "crc", 0x12345678))
    yield bad("字符串校验码不符.xlsx", "F101", with_field(whole, STRINGS, "crc", 1))
    yield bad("未知压缩法.xlsx", "F101", with_field(whole, SHEET, "method", 97))
    yield bad("声明未压缩.xlsx", "F101", with_field(whole, SHEET, "method", 0))
    yield bad("高版本压缩包.xlsx", "F101", with_field(whole, BOOK, "version", 99))
    yield bad("包内加密标志.xlsx", "F101 F103", with_field(whole, SHEET, "flags", 1))
    yield bad("成员越界.xlsx", "F101", with_field(whole, SHEET, "offset", 0x7FFFFFFF))
    yield bad("成员错位.xlsx", "F101", with_field(whole, SHEET, "offset", 5))
    yield bad("成员重叠.xlsx", "F101 F104", overlapping(40))
    yield bad("压缩数据损坏.xlsx", "F101", torn_stream())
    yield bad("假六四位目录.xlsx", "F101 F104", huge_zip64())
    yield bad("仅目录结尾.xlsx", "F101 F106", package({}))
    yield bad("仅文件头.xlsx", "F101", LOCAL)
    yield bad("部件重名.xlsx", "F101", with_second(SHEET, sheet("")))
    yield bad("工作簿部件重名.xlsx", "F101", with_second(BOOK, "<workbook/>"))
    yield bad("部件仅大小写不同.xlsx", "F101", with_second("XL/Worksheets/Sheet1.XML", sheet("")))
    yield bad("部件斜杠重名.xlsx", "F101", with_second("xl\\worksheets\\sheet1.xml", sheet("")))
    yield bad("部件路径上溯.xlsx", "F101", climbing)
    yield bad("部件反斜杠上溯.xlsx", "F101", back_climbing)
    yield bad("部件绝对路径.xlsx", "F101", absolute)
    yield bad("部件盘符路径.xlsx", "F101", with_second("C:\\Windows\\Temp\\caught.txt", "caught"))
    yield either("部件名含空字符.xlsx", "F101", whole.replace(STRINGS.encode(), STRINGS.encode()[:-1] + b"\x00"))
    yield either("部件名反斜杠.xlsx", "F101", renamed(SHEET, SHEET.replace("/", "\\")))
    yield either("部件名大写.xlsx", "F101", renamed(SHEET, SHEET.upper()))
    yield either("前有杂字节.xlsx", "F101 F106", b"MZ\x90\x00" * 50 + whole)
    yield either("后有杂字节.xlsx", "F101", whole + b"\r\n--mail--\r\n")
    yield benign("带注释的包.xlsx", with_comment())
    yield benign("不压缩.xlsx", package(parts(), compression=zipfile.ZIP_STORED))
    yield bad("LZMA压缩.xlsx", "F101", package(parts(), compression=zipfile.ZIP_LZMA))
    yield bad("BZIP2压缩.xlsx", "F101", package(parts(), compression=zipfile.ZIP_BZIP2))
    yield benign("流式压缩.xlsx", streamed())
    yield benign("带文件夹项.xlsx", with_folders())
    yield benign("内容类型在末尾.xlsx", package({**parts({TYPES: None}), TYPES: parts()[TYPES]}))


def with_comment() -> bytes:
    """An archive with a comment that a mail gateway left."""
    out = io.BytesIO(book())
    with zipfile.ZipFile(out, "a") as archive:
        archive.comment = "已由邮件网关检查".encode()
    return out.getvalue()
