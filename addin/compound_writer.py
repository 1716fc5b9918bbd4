"""Write a compound file ([MS-CFB], version 3): streams in a root and in storages below it, with no time and no class."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

SECTOR, MINI = 512, 64
CUTOFF = 4096
"""Smaller streams stand in the mini stream."""

_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_ROOT, _STORAGE, _STREAM = 5, 1, 2
_RED, _BLACK = 0, 1
_FATS_IN_HEADER = 109
_LONGEST_NAME = 31


@dataclass
class _Entry:
    """One entry of the directory; the links are indexes into it."""

    name: str
    kind: int
    data: bytes = b""
    children: list[_Entry] = field(default_factory=list)
    colour: int = _BLACK
    left: int = _FREE
    right: int = _FREE
    child: int = _FREE
    start: int = 0
    size: int = 0

    def packed(self) -> bytes:
        """Its 128 bytes."""
        name = self.name.encode("utf-16-le")
        links = struct.pack("<HBBIII", len(name) + 2, self.kind, self.colour, self.left, self.right, self.child)
        return name.ljust(64, b"\0") + links + bytes(36) + struct.pack("<IQ", self.start, self.size)


_UNUSED = bytes(68) + struct.pack("<III", _FREE, _FREE, _FREE) + bytes(48)


def compound_file(streams: Mapping[str, bytes]) -> bytes:
    """A compound file of these streams; `VBA/dir` is the stream `dir` in the storage `VBA`. ValueError for names over 31
    characters and for more than the header's own list of sectors can hold (about 7 MB)."""
    entries = _directory(streams)
    small = [each for each in entries if each.kind == _STREAM and 0 < len(each.data) < CUTOFF]
    large = [each for each in entries if each.kind == _STREAM and len(each.data) >= CUTOFF]
    mini_fat: list[int] = []
    for each in small:
        each.start, each.size = len(mini_fat), len(each.data)
        mini_fat += _chain(len(mini_fat), -(-len(each.data) // MINI))
    mini_stream = b"".join(_padded(each.data, MINI) for each in small)
    mini_table = _padded(_numbers(mini_fat), SECTOR, b"\xff")

    sizes = [len(entries) * 128, len(mini_table), len(mini_stream), *(len(each.data) for each in large)]
    counts = [-(-size // SECTOR) for size in sizes]
    fats = -(-sum(counts) // (SECTOR // 4 - 1))
    if fats > _FATS_IN_HEADER:
        raise ValueError(f"{sum(counts)} sectors are more than one header can list")
    fat, starts = [_FAT] * fats, []
    for count in counts:
        starts.append(len(fat) if count else _END)
        fat += _chain(len(fat), count)
    for each, start, size in zip([entries[0], *large], starts[2:], sizes[2:], strict=True):
        each.start, each.size = start, size
    directory = b"".join(each.packed() for each in entries)
    directory += _UNUSED * (-len(entries) % (SECTOR // 128))

    counted = (0, fats, starts[0], 0, CUTOFF, starts[1], counts[1], _END, 0)
    header = _MAGIC + bytes(16) + struct.pack("<HHHHH6x9I", 0x3E, 3, 0xFFFE, 9, 6, *counted)
    header += _numbers([*range(fats), *[_FREE] * (_FATS_IN_HEADER - fats)])
    body = [directory, mini_table, mini_stream, *(each.data for each in large)]
    return header + _padded(_numbers(fat), SECTOR, b"\xff") + b"".join(_padded(data, SECTOR) for data in body)


def _directory(streams: Mapping[str, bytes]) -> list[_Entry]:
    """The root and all below it, linked."""
    root = _Entry("Root Entry", _ROOT)
    storages: dict[str, _Entry] = {}
    for path, data in streams.items():
        folder, _, name = path.rpartition("/")
        if len(name) > _LONGEST_NAME:
            raise ValueError(f"{name!r} is longer than {_LONGEST_NAME} characters")
        if folder and folder not in storages:
            storages[folder] = _Entry(folder, _STORAGE)
            root.children.append(storages[folder])
        (storages[folder] if folder else root).children.append(_Entry(name, _STREAM, data, start=_END))
    entries = [root]
    for parent in (root, *storages.values()):
        entries += parent.children
    places = {id(entry): place for place, entry in enumerate(entries)}
    for parent in (root, *storages.values()):
        ordered = sorted(parent.children, key=lambda each: (len(each.name), each.name.upper()))
        top = _tree(ordered, places, _height(len(ordered)))
        parent.child = places[id(top)] if top else _FREE
    return entries


def _height(count: int) -> int:
    """How many levels of a balanced tree of `count` are full."""
    return (count + 1).bit_length() - 1


def _tree(ordered: Sequence[_Entry], places: Mapping[int, int], levels: int) -> _Entry | None:
    """Link a balanced red-black tree: the last level is red where it is not full."""
    if not ordered:
        return None
    middle = len(ordered) // 2
    top = ordered[middle]
    top.colour = _BLACK if levels > 0 else _RED
    left, right = _tree(ordered[:middle], places, levels - 1), _tree(ordered[middle + 1 :], places, levels - 1)
    top.left, top.right = (places[id(each)] if each else _FREE for each in (left, right))
    return top


def _chain(start: int, count: int) -> list[int]:
    """The entries of sectors that follow one another."""
    return [*range(start + 1, start + count), _END] if count else []


def _numbers(values: Sequence[int]) -> bytes:
    return struct.pack(f"<{len(values)}I", *values)


def _padded(data: bytes, unit: int, filler: bytes = b"\0") -> bytes:
    return data + filler * (-len(data) % unit)
