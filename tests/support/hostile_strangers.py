"""Files that are no spreadsheets, spreadsheets under a wrong name, and names that trouble a program."""

from __future__ import annotations

import gzip
import io
import json
import os
import struct
import tarfile
import zlib
from collections.abc import Iterator

from support import xlsb_file
from support.hostile_case import (
    HEAD,
    MAIN,
    Odd,
    bad,
    benign,
    book,
    content_types,
    package,
    parts,
    relations,
)
from support.hostile_ods import ods
from support.hostile_texts import CSV, TEXTS
from support.ole_file import workbook_file

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"


def office_document(part: str, kind: str) -> bytes:
    """A document of Word or PowerPoint."""
    types = content_types(kind).replace("/xl/workbook.xml", f"/{part}")
    return package(
        {
            "[Content_Types].xml": types,
            "_rels/.rels": relations(("officeDocument", part)),
            part: f'{HEAD}<x xmlns="{MAIN}"/>',
        }
    )


def png() -> bytes:
    """A picture of one pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(4))) + chunk(b"IEND", b"")


def jpeg() -> bytes:
    """The beginning and the end of a photograph."""
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + bytes(800) + b"\xff\xd9"


def tar() -> bytes:
    """A tape archive with a workbook in it."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        inner = tarfile.TarInfo("a.xlsx")
        inner.size = len(book())
        archive.addfile(inner, io.BytesIO(book()))
    return out.getvalue()


PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)


def others() -> Iterator[Odd]:
    """What is no spreadsheet, under its own name and under that of one."""
    document, slides = office_document("word/document.xml", WORD), office_document("ppt/presentation.xml", SLIDES)
    kinds: dict[str, bytes] = {
        "docx": document,
        "pptx": slides,
        "pdf": PDF,
        "png": png(),
        "jpg": jpeg(),
        "zip": package({"甲.xlsx": book(), "乙.xlsx": book()}),
        "rar": b"Rar!\x1a\x07\x01\x00" + bytes(300),
        "7z": b"7z\xbc\xaf\x27\x1c\x00\x04" + bytes(300),
        "gz": gzip.compress(book()),
        "tar": tar(),
        "exe": b"MZ\x90\x00" + bytes(60) + b"PE\x00\x00" + bytes(800),
        "ofd": package({"OFD.xml": f"{HEAD}<x/>", "Doc_0/Document.xml": f"{HEAD}<x/>"}),
        "rtf": b"{\\rtf1\\ansi " + b"\\par x" * 100 + b"}",
        "db": b"SQLite format 3\x00" + bytes(900),
        "json": json.dumps({"姓名": "石一", "人数": [1, 2]}, ensure_ascii=False).encode(),
        "bmp": b"BM" + struct.pack("<IHHI", 900, 0, 0, 54) + bytes(886),
        "mp4": b"\x00\x00\x00\x20ftypisom" + bytes(800),
        "elf": b"\x7fELF\x02\x01\x01" + bytes(900),
    }
    for ending, content in kinds.items():
        yield bad(f"不是表格.{ending}", "F106", content)
        yield bad(f"{ending}名为.xlsx", "F106 F101", content)
    yield bad("说明.txt", "F106 B101", "各乡镇：\n请于6月24日前报送。\n联系人 石一\n".encode())
    yield bad("说明名为.xlsx", "F101 F106 B101", "各乡镇：请于6月24日前报送。\n".encode())
    yield bad("空.xlsx", "F102", b"")
    yield bad("空.csv", "F102", b"")
    yield bad("空", "F102", b"")
    for byte in (b"P", b"\0", b"a", b"\xd0", b"<", b"\xff"):
        yield bad(f"一字节{byte.hex()}.xlsx", "F101 F106 B101", byte)
    yield bad("两字节.xlsx", "F101 F106", b"PK")
    yield bad("只有空字符.xlsx", "F101 F106", bytes(3000))
    yield bad("快捷方式.lnk", "F106", b"L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0F" + bytes(300))


def misnamed() -> Iterator[Odd]:
    """Spreadsheets whose name says that they are something else."""
    whole, old, binary = book(), workbook_file(), xlsb_file.book()
    yield benign("新格式名为.xls", whole)
    yield benign("新格式名为.csv", whole)
    yield benign("新格式名为.et", whole)
    yield benign("新格式大写.XLSX", whole)
    yield benign("新格式名为.docx", whole)
    yield benign("新格式无后缀", whole)
    yield benign("新格式.xlsx.bak", whole)
    yield benign("旧格式名为.xlsx", old)
    yield benign("旧格式名为.csv", old)
    yield benign("旧格式名为.ods", old)
    yield benign("开放格式名为.xlsx", ods())
    yield benign("开放格式名为.xls", ods())
    yield benign("二进制名为.xls", binary)
    yield benign("二进制名为.xlsx", binary)
    yield benign("文本名为.xlsx", CSV.encode(), TEXTS)
    yield benign("文本名为.xls", CSV.replace(",", "\t").encode("gbk"), TEXTS)
    yield benign("缺件开放格式名为.ods", book({name: content for name, content in parts().items()}))


def names() -> Iterator[Odd]:
    """Names that a file system allows; the content is as clear as can be."""
    whole = book()
    yield benign("长" * 83 + ".xlsx", whole)
    yield benign("x" * 250 + ".xlsx", whole)
    yield benign('=HYPERLINK("http:,,x","点").xlsx', whole)
    yield benign("@SUM(A1)+-.xlsx", whole)
    yield benign("{value} {0} %s %(x)s.xlsx", whole)
    yield benign("[red]甲[,red].xlsx", whole)
    yield benign("\u202exslx.甲.xlsx", whole)
    yield benign("\U0001f600\ufe0f甲.xlsx", whole)
    yield benign("e\u0301te\u0301.xlsx", whole)
    yield benign(" 前后空格 .xlsx", whole)
    yield benign("点.在.名.中..xlsx", whole)
    yield benign("-rf.xlsx", whole)
    yield benign("'单引号'.xlsx", whole)
    if os.name == "posix":
        yield benign("换\n行\t制表.xlsx", whole)
        yield benign("控制\x01\x1b[31m.xlsx", whole)
        yield benign("a\\b:c*d?e|f<g>.xlsx", whole)


def files() -> Iterator[Odd]:
    """Every such file."""
    yield from others()
    yield from misnamed()
    yield from names()
