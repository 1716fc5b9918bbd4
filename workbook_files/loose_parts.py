"""The parts of a package that is damaged, each as far as it unpacks, whatever the package says of it."""

from __future__ import annotations

import mmap
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED

from workbook_files.file_findings import Refused, hostile, too_large
from workbook_files.limits import LARGE, Limits
from workbook_files.package_guard import declares_type, is_outside, is_xml
from workbook_files.pictures import is_picture
from workbook_files.relations import open_package

_LOCAL, _DESCRIPTOR = b"PK\x03\x04", b"PK\x07\x08"
_HEADER = struct.Struct("<4s5H3I2H")
_ENCRYPTED, _FOLLOWED, _UTF8 = 0x1, 0x8, 0x800
_LONGEST_NAME = 1024
_CHUNK = 1 << 14
"""So little is unpacked at once that no more than some megabytes come of it."""


class State(StrEnum):
    """A part is whole by its checksum; cut where the file ends in it, what is there being as it was; or bad, and what is
    there of it may be wrong."""

    WHOLE = "whole"
    CUT = "cut"
    BAD = "bad"


@dataclass(frozen=True)
class Part:
    """What is there of a part."""

    content: bytes
    state: State


@dataclass(frozen=True)
class LooseParts:
    """The parts by name, pictures left out; the names of those that the package lists and that are not there, or may not
    be; and whether the list of parts is there, without which nobody knows what else there was."""

    parts: dict[str, Part]
    gone: tuple[str, ...]
    listed: bool


@dataclass(frozen=True)
class _Header:
    """What stands before a part: where the part begins, and what is said of it. `crc` is None where it follows it."""

    name: str
    start: int
    method: int
    packed: int
    crc: int | None


def loose_parts(path: Path, limits: Limits) -> LooseParts | None:
    """Every part of a package; None for a file that holds no part of any.

    Raises Refused for more than the limits allow, and for a document type, as the guard does.
    """
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if data.find(_LOCAL) < 0:
            return None
        return _Package(path, data, limits).read()


class _Package:
    """The reading of one file."""

    def __init__(self, path: Path, data: mmap.mmap, limits: Limits) -> None:
        self.path, self.data, self.limits = path, data, limits
        self.parts: dict[str, Part] = {}
        self.gone: list[str] = []
        self.unpacked = 0

    def read(self) -> LooseParts:
        """By the list of parts where it is there and true, else by what stands before each part."""
        listed = self._listed()
        heads = {at: _header(self.data, at) for at in listed or {}}
        if listed and all(head is not None and head.name == listed[at][0] for at, head in heads.items()):
            for at, (_, crc) in listed.items():
                head = heads[at]
                assert head is not None
                self._take(head, crc)
        else:
            self._walk()
        for at, (name, _) in (listed or {}).items():
            # A part that stands there under another name is not gone: it is the list that is wrong.
            head = heads[at]
            if (
                name not in self.parts
                and not is_picture(name)
                and name[-1:] != "/"
                and not (head and head.name in self.parts)
            ):
                self.gone.append(name)
        return LooseParts(self.parts, tuple(dict.fromkeys(self.gone)), listed is not None)

    def _listed(self) -> dict[int, tuple[str, int]] | None:
        """The (name, checksum) that the list at the package's end gives for each place; None where there is no list."""
        try:
            with open_package(self.path) as archive:
                return {part.header_offset: (part.filename, part.CRC) for part in archive.infolist()}
        except MemoryError:
            raise
        except Exception:  # BadZipFile, struct.error, NotImplementedError, KeyError …: damage shows in many ways
            return None

    def _walk(self) -> None:
        at = self.data.find(_LOCAL)
        while at >= 0:
            head = _header(self.data, at)
            # A part that does not unpack may hide the head of the next.
            end = self._take(head, head.crc) if head else at + len(_LOCAL)
            at = self.data.find(_LOCAL, end)

    def _take(self, head: _Header, crc: int | None) -> int:
        """Keep a part; return where the search for the next goes on."""
        if is_picture(head.name) or head.name.endswith("/"):
            return head.start
        if is_outside(head.name):
            self.gone.append(head.name)
            return head.start
        if len(self.parts) >= self.limits.parts:
            raise Refused(too_large(self.path.name, "parts", len(self.parts) + 1, self.limits.parts))
        part, end = self._unpack(head, crc)
        if is_xml(head.name) and declares_type(part.content):
            raise Refused(hostile(self.path.name, "doctype", detail=head.name[:80]))
        if head.name in self.parts:
            # The first of two is taken, and nobody knows whether it is the right one.
            part = Part(self.parts[head.name].content, State.BAD)
        self.parts[head.name] = part
        return end

    def _unpack(self, head: _Header, crc: int | None) -> tuple[Part, int]:
        if head.method == ZIP_STORED:
            return self._stored(head, crc)
        content = bytearray()
        stream = _Stream(self.data, head.start)
        for piece in stream.pieces():
            content += piece
            self._count(head, len(piece), len(content))
        if not stream.ended:
            return Part(bytes(content), State.BAD if stream.broken else State.CUT), head.start
        crc = _following(self.data, stream.at) if crc is None else crc
        if zlib.crc32(content) != crc:
            return Part(bytes(content), State.BAD), head.start
        return Part(bytes(content), State.WHOLE), stream.at

    def _stored(self, head: _Header, crc: int | None) -> tuple[Part, int]:
        if crc is None:
            end = self.data.find(_DESCRIPTOR, head.start)
            end, crc = (end, _following(self.data, end)) if end >= 0 else (len(self.data), None)
        else:
            end = head.start + head.packed
        content = self.data[head.start : end]
        self._count(head, len(content), len(content))
        if crc is not None and zlib.crc32(content) == crc:
            return Part(content, State.WHOLE), end
        return Part(content, State.CUT if end > len(self.data) else State.BAD), head.start

    def _count(self, head: _Header, more: int, size: int) -> None:
        self.unpacked += more
        if self.unpacked > self.limits.unpacked:
            raise Refused(too_large(self.path.name, "unpacked", self.unpacked, self.limits.unpacked))
        # What the part says of its packed size is not believed: it is no larger than the file.
        packed = max(min(head.packed, len(self.data)), 1)
        if size > LARGE and size > self.limits.ratio * packed:
            ratio = size // packed
            raise Refused(too_large(self.path.name, "ratio", ratio, self.limits.ratio, part=head.name[:60]))


class _Stream:
    """A deflated stream, unpacked to its real end. `ended` tells that it was reached, `at` where, `broken` that the stream
    makes no sense from somewhere on."""

    def __init__(self, data: mmap.mmap, start: int) -> None:
        self.data, self.at = data, start
        self.ended = self.broken = False

    def pieces(self) -> Iterator[bytes]:
        """What comes of it, piece by piece, as far as it goes."""
        machine = zlib.decompressobj(-zlib.MAX_WBITS)
        while not machine.eof and self.at < len(self.data):
            packed = self.data[self.at : self.at + _CHUNK]
            before = machine.copy()
            try:
                piece = machine.decompress(packed)
            except zlib.error:
                self.broken = True
                yield from _bytewise(before, packed)
                return
            self.at += len(packed) - len(machine.unused_data)
            yield piece
        self.ended = machine.eof


def _bytewise(machine: zlib._Decompress, packed: bytes) -> Iterator[bytes]:
    """What comes of a piece before its error: the error takes all that was unpacked with it."""
    for number in range(len(packed)):
        try:
            yield machine.decompress(packed[number : number + 1])
        except zlib.error:
            return


def _header(data: mmap.mmap, at: int) -> _Header | None:
    """The head of a part; None for what cannot be one."""
    if at < 0 or at + _HEADER.size > len(data) or data[at : at + 4] != _LOCAL:
        return None
    _, _, flags, method, _, _, crc, packed, _, length, extra = _HEADER.unpack_from(data, at)
    start = at + _HEADER.size + length + extra
    if method not in (ZIP_STORED, ZIP_DEFLATED) or flags & _ENCRYPTED or not 0 < length <= _LONGEST_NAME:
        return None
    raw = data[at + _HEADER.size : at + _HEADER.size + length]
    name = raw.decode("utf-8" if flags & _UTF8 else "cp437", "replace").partition("\0")[0].replace("\\", "/")
    followed = flags & _FOLLOWED and not crc
    return _Header(name, start, method, len(data) if followed else packed, None if followed else crc)


def _following(data: mmap.mmap, at: int) -> int | None:
    """The checksum that follows a part; None where the file ends before it."""
    skip = len(_DESCRIPTOR) if data[at : at + 4] == _DESCRIPTOR else 0
    found = data[at + skip : at + skip + 4]
    return int.from_bytes(found, "little") if len(found) == 4 else None
