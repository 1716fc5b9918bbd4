"""Write the old binary files: OLE containers of streams, and in them small BIFF8 workbooks."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

SECTOR = 512
SMALLEST = 4096
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def container(streams: Mapping[str, bytes], *, storages: Sequence[str] = ()) -> bytes:
    """An OLE container of these streams and of empty storages; a stream is filled up with zeros to the smallest that
    has sectors of its own."""
    filled = {name: data + bytes(max(0, SMALLEST - len(data))) for name, data in streams.items()}
    entries = 1 + len(filled) + len(storages)
    directory_sectors = -(-entries // 4)
    counts = [-(-len(data) // SECTOR) for data in filled.values()]
    total = 1 + directory_sectors + sum(counts)
    fat_sectors = -(-total // (SECTOR // 4 - 1))
    fat = [FAT] * fat_sectors + chain(fat_sectors, directory_sectors)
    starts = []
    for count in counts:
        starts.append(len(fat))
        fat += chain(len(fat), count)
    fat += [FREE] * (fat_sectors * (SECTOR // 4) - len(fat))
    body = b"".join(data + bytes(-len(data) % SECTOR) for data in filled.values())
    table = struct.pack(f"<{len(fat)}I", *fat)
    return header(fat_sectors) + table + directory(filled, starts, storages, directory_sectors) + body


def chain(start: int, count: int) -> list[int]:
    """The FAT entries of sectors that follow one another."""
    return [*range(start + 1, start + count), END] if count else []


def header(fat_sectors: int, *, shift: int = 9, first_directory: int | None = None, first_difat: int = END) -> bytes:
    """The first 512 bytes; the FAT begins in the first sector, the directory after it."""
    at = fat_sectors if first_directory is None else first_directory
    places = [*range(fat_sectors)] + [FREE] * (109 - fat_sectors)
    counts = (0, fat_sectors, at, 0, SMALLEST, END, 0, first_difat, 0)
    fields = struct.pack("<HHHHH6x9I", 0x3E, 3, 0xFFFE, shift, 6, *counts)
    return MAGIC + bytes(16) + fields + struct.pack("<109I", *places)


def directory(streams: Mapping[str, bytes], starts: Sequence[int], storages: Sequence[str], sectors: int) -> bytes:
    """The entries of the root, of the streams and of the storages, as a list of right siblings."""
    count = len(streams) + len(storages)
    out = [entry("Root Entry", 5, END, 0, child=1 if count else FREE)]
    for number, (name, data) in enumerate(streams.items(), start=1):
        right = number + 1 if number < count else FREE
        out.append(entry(name, 2, starts[number - 1], len(data), right=right))
    for number, name in enumerate(storages, start=len(streams) + 1):
        out.append(entry(name, 1, 0, 0, right=number + 1 if number < count else FREE))
    out += [entry("", 0, 0, 0)] * (sectors * 4 - len(out))
    return b"".join(out)


def entry(name: str, kind: int, start: int, size: int, *, right: int = FREE, child: int = FREE) -> bytes:
    """One entry of the directory."""
    encoded = name.encode("utf-16-le")
    length = len(encoded) + 2 if name else 0
    return encoded.ljust(64, b"\0") + struct.pack(
        "<HBBIII16xI16xIQ", length, kind, 1, FREE, right, child, 0, start, size
    )


# --- BIFF8 ---

GLOBALS, PAGE = 0x0005, 0x0010


def record(kind: int, data: bytes = b"") -> bytes:
    """One record."""
    return struct.pack("<HH", kind, len(data)) + data


def begin(what: int, version: int = 0x0600) -> bytes:
    """BOF."""
    return record(0x0809, struct.pack("<HHHHII", version, what, 0x0DBB, 0x07CC, 0, 6))


def label(row: int, column: int, text: str) -> bytes:
    """A cell of text, row and column from 0."""
    return record(0x0204, struct.pack("<HHHHB", row, column, 15, len(text), 1) + text.encode("utf-16-le"))


def number(row: int, column: int, value: float) -> bytes:
    """A cell of a number."""
    return record(0x0203, struct.pack("<HHHd", row, column, 15, value))


EOF = record(0x000A)
CELLS = label(0, 0, "姓名") + label(0, 1, "人数") + label(1, 0, "石一") + number(1, 1, 3.5)
DIMENSIONS = record(0x0200, struct.pack("<IIHHH", 0, 2, 0, 2, 0))


def biff(cells: bytes = CELLS, *, early: bytes = b"", dimensions: bytes = DIMENSIONS, version: int = 0x0600) -> bytes:
    """The stream of a workbook of one sheet; `early` are records after the first BOF."""
    name = "名册"
    bound = struct.pack("<IBBBB", 0, 0, 0, len(name), 1) + name.encode("utf-16-le")
    codepage = record(0x0042, struct.pack("<H", 1200))
    formats = record(0x00E0, struct.pack("<HHHHIIHH", 0, 0, 0, 0, 0, 0, 0, 0)) * 16
    before = begin(GLOBALS, version) + early + codepage + formats
    start = len(before) + 4 + len(bound) + len(EOF)
    bound = struct.pack("<I", start) + bound[4:]
    return before + record(0x0085, bound) + EOF + begin(PAGE, version) + dimensions + cells + EOF


def workbook_file(stream: bytes | None = None, *, name: str = "Workbook", storages: Sequence[str] = ()) -> bytes:
    """A `.xls`: the small workbook, or another stream."""
    return container({name: biff() if stream is None else stream}, storages=storages)
