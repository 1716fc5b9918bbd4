"""Old binary workbooks (.xls) that are damaged, locked, cyclic or no workbooks."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from random import Random

from support.hostile_case import NAME, ROWS, Odd, bad, benign, either
from support.ole_file import (
    CELLS,
    END,
    EOF,
    FREE,
    GLOBALS,
    MAGIC,
    SECTOR,
    begin,
    biff,
    container,
    header,
    label,
    number,
    record,
    workbook_file,
)

BOUND = 0x0085


def with_fat(data: bytes, sector: int, follows: int) -> bytes:
    """A container in which one sector is followed by another one than it was."""
    out = bytearray(data)
    struct.pack_into("<I", out, SECTOR + 4 * sector, follows)
    return bytes(out)


def with_header(data: bytes, at: int, shape: str, *values: int) -> bytes:
    """A container with another number in its header."""
    out = bytearray(data)
    struct.pack_into(shape, out, at, *values)
    return bytes(out)


def with_entry(data: bytes, entry: int, at: int, shape: str, value: int) -> bytes:
    """A container with another number in one entry of its directory."""
    out = bytearray(data)
    struct.pack_into(shape, out, SECTOR * 2 + 128 * entry + at, value)
    return bytes(out)


def containers() -> Iterator[Odd]:
    """The container itself."""
    whole = workbook_file(biff(CELLS + b"".join(label(row, 0, NAME) for row in range(2, 600))))
    yield bad(
        "旧格式截断1.xls", "F101 F106", whole[: len(whole) // 10]
    )  # before the directory: nothing says what it was
    for tenth in range(2, 10):
        yield bad(f"旧格式截断{tenth}.xls", "F101", whole[: len(whole) * tenth // 10])
    whole = workbook_file()
    yield bad("旧格式仅标志.xls", "F101", MAGIC)
    yield bad("旧格式仅文件头.xls", "F101", header(0))
    yield bad("旧格式太小.xls", "F101", whole[:68])
    yield bad("旧格式全零.xls", "F101", MAGIC + bytes(20_000))
    yield bad("旧格式乱码.xls", "F101", MAGIC + Random(3).randbytes(20_000))
    yield bad("旧格式空容器.xls", "F101 F106", container({}))
    for shift in (0, 5, 31, 63, 0xFFFF):
        yield bad(f"扇区位移{shift}.xls", "F101", with_header(whole, 30, "<H", shift))
    yield bad("小扇区位移六三.xls", "F101 B101", with_header(whole, 32, "<H", 63))
    yield bad("目录起点越界.xls", "F101", with_header(whole, 48, "<I", 0x7FFFFFF0))
    yield bad("分配表数目巨大.xls", "F101 B101", with_header(whole, 44, "<I", 0x7FFFFFFF))
    yield bad("分配表越界.xls", "F101", with_header(whole, 76, "<I", 0x00FFFFFF))
    yield bad("双重表成环.xls", "F101 B101", with_header(whole, 68, "<II", 0, 0x7FFFFFFF))
    yield bad("双重表越界.xls", "F101 B101", with_header(whole, 68, "<II", 0x00FFFFFF, 5))
    yield bad("小流分配表成环.xls", "F101 B101", with_header(whole, 60, "<II", 1, 0x7FFFFFFF))
    yield bad("目录成环.xls", "F101 F105 B101", with_fat(whole, 1, 1))
    yield bad("流成环.xls", "F101 B101", with_fat(whole, 4, 3))
    yield bad("流自环.xls", "F101 B101", with_fat(whole, 2, 2))
    yield bad("流早断.xls", "F101 B101", with_fat(whole, 2, END))
    yield bad("流接空闲.xls", "F101 B101", with_fat(whole, 3, FREE))
    yield bad("流起点越界.xls", "F101", with_entry(whole, 1, 116, "<I", 0x00FFFFFF))
    yield bad("流长巨大.xls", "F101 F104 B101", with_entry(whole, 1, 120, "<Q", 0x7FFFFFFF))
    yield bad("流长六四位.xls", "F101 F104 B101", with_entry(whole, 1, 120, "<Q", 2**62))
    yield bad("目录树自环.xls", "F101 B101", with_entry(whole, 1, 72, "<I", 1))
    yield bad("目录名长越界.xls", "F101 F106 B101", with_entry(whole, 1, 64, "<H", 0xFFFF))
    yield bad("目录子越界.xls", "F101 F106 B101", with_entry(whole, 0, 76, "<I", 0x7FFFFFFF))


def strangers() -> Iterator[Odd]:
    """Other documents in the same container."""
    yield bad("文档.doc", "F106", container({"WordDocument": b"\xec\xa5\xc1\x00" + bytes(4000), "1Table": b""}))
    yield bad("文档改名.xls", "F106", container({"WordDocument": b"\xec\xa5\xc1\x00" + bytes(4000), "1Table": b""}))
    yield bad("演示.ppt", "F106", container({"PowerPoint Document": bytes(4096), "Current User": b"x"}))
    yield bad("邮件.msg", "F106", container({"__properties_version1.0": bytes(32)}))
    yield bad("未知容器.xls", "F101 F106", container({"Something": b"x"}))
    key = {"EncryptedPackage": Random(5).randbytes(5000), "EncryptionInfo": bytes((4, 0, 4, 0, 64, 0, 0, 0))}
    yield bad("加密工作簿.xlsx", "F103", container(key))
    yield bad("加密工作簿改名.xls", "F103", container(key))
    rights = {"EncryptedPackage": b"x", "\x06DataSpaces": b"x"}
    yield bad("权限保护.xlsx", "F103", container(rights))


def streams() -> Iterator[Odd]:
    """The stream of a workbook."""
    whole = biff()
    for name, at in (("开头", 40), ("表名处", whole.index(record(BOUND)[:2], 200) + 6), ("单元格处", len(whole) - 30)):
        yield bad(f"旧格式流断于{name}.xls", "F101", workbook_file(whole[:at]))
    rc4 = record(0x002F, struct.pack("<HHH", 1, 1, 1) + bytes(48))
    yield bad("旧格式密码.xls", "F103", workbook_file(biff(early=rc4)))
    yield bad(
        "旧格式强密码.xls", "F103", workbook_file(biff(early=record(0x002F, struct.pack("<HHH", 1, 4, 2) + bytes(190))))
    )
    yield bad("旧格式异或密码.xls", "F103", workbook_file(biff(early=record(0x002F, struct.pack("<HHH", 0, 7, 9)))))
    yield benign("旧格式写保护.xls", workbook_file(biff(early=record(0x0086))))
    yield benign("旧格式.xls", workbook_file())
    yield benign("旧格式名为.et", workbook_file())
    yield benign("旧格式大写流.xls", workbook_file(name="WORKBOOK"))
    yield benign("旧格式带宏.xls", workbook_file(storages=["_VBA_PROJECT_CUR"]))
    yield benign("旧格式后有杂字节.xls", workbook_file() + bytes(700))
    huge = record(0x0200, struct.pack("<IIHHH", 0, 0xFFFFFFFF, 0, 0xFFFF, 0))
    yield either("旧格式假维度.xls", "F101 F104 F105", workbook_file(biff(dimensions=huge)), **ROWS)
    full = record(0x0200, struct.pack("<IIHHH", 0, 65536, 0, 256, 0))
    yield benign("旧格式维度满表.xls", workbook_file(biff(dimensions=full)))
    yield benign("旧格式无维度.xls", workbook_file(biff(dimensions=b"")))
    far = CELLS + label(65535, 255, "远")
    yield benign("旧格式远角.xls", workbook_file(biff(far)), {**ROWS, "IV65536": "远"})
    wide = CELLS + number(65535, 65535, 1)
    yield either("旧格式列越界.xls", "F101 F104 F105", workbook_file(biff(wide)), **ROWS)
    yield from records()


def records() -> Iterator[Odd]:
    """Single records that lie."""
    long = struct.pack("<HHHHB", 1, 0, 15, 60_000, 1) + NAME.encode("utf-16-le")
    odd = {
        "文字过长": record(0x0204, long),
        "倒置多数": record(0x00BD, struct.pack("<HH", 3, 200) + bytes(6) + struct.pack("<H", 3)),
        "倒置多空": record(0x00BE, struct.pack("<HH", 3, 200) + bytes(2) + struct.pack("<H", 3)),
        "空数字": record(0x0203),
        "数字非数": number(3, 0, float("nan")),
        "共享串越界": record(0x00FD, struct.pack("<HHHI", 3, 0, 15, 0x7FFFFFFF)),
        "公式断": record(0x0006, bytes(9)),
        "合并巨大": record(0x00E5, struct.pack("<HHHHH", 0xFFFF, 0, 0xFFFF, 0, 0xFFFF)),
        "记录长越界": struct.pack("<HH", 0x0204, 0xFFFF),
        "续记录无主": record(0x003C, bytes(8000)),
        "未知记录": record(0xEEEE, bytes(100)),
        "重复单元格": label(1, 0, "乙"),
    }
    for name, more in odd.items():
        yield either(f"旧格式{name}.xls", "F101", workbook_file(biff(CELLS + more)), A1="姓名", B1="人数")
    early = {
        "共享串表巨大": record(0x00FC, struct.pack("<II", 0x7FFFFFFF, 0x7FFFFFFF)),
        "共享串表空": record(0x00FC),
        "代码页乱写": record(0x0042, struct.pack("<H", 60_001)),
        "格式断": record(0x041E, b"\xa4\x00\xff"),
        "名称断": record(0x0018, bytes(5)),
        "表指向越界": record(BOUND, struct.pack("<IBBBB", 0x7FFFFFFF, 0, 0, 1, 0) + b"x"),
        "表指向自己": record(BOUND, struct.pack("<IBBBB", 0, 0, 0, 1, 0) + b"x"),
        "表名过长": record(BOUND, struct.pack("<IBBBB", 0, 0, 0, 255, 1) + b"x"),
    }
    for name, more in early.items():
        yield either(f"旧格式{name}.xls", "F101", workbook_file(biff(early=more)))
    yield bad("旧格式没有表.xls", "F101 B101", workbook_file(begin(GLOBALS) + EOF))
    yield either("旧格式只有零.xls", "F101", workbook_file(bytes(5000)))
    yield either("旧格式版本乱写.xls", "F101", workbook_file(biff(version=0x0999)))
    yield bad("裸流四版.xls", "F101 F106 B101", struct.pack("<HHHHH", 0x0409, 6, 0, 0x10, 0) + EOF)
    yield bad("裸流二版.xls", "F101 F106 B101", struct.pack("<HHHH", 0x0009, 4, 2, 0x10) + EOF)
    yield either("裸流八版.xls", "F101 F106", biff(), **ROWS)


def files() -> Iterator[Odd]:
    """Every such workbook."""
    yield from containers()
    yield from strangers()
    yield from streams()
