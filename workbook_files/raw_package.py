"""A package whose unchanged parts are copied as they lie in the file: their compressed bytes, never unpacked.

The layout is that of PKWARE's APPNOTE 6.3 (sections 4.3.7, 4.3.12 and 4.3.16). Sizes stand in the headers, so that no data
descriptor is needed, and nothing is written that depends on the time: the same changes give the same file.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import IO, NamedTuple
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from workbook_files.relations import open_package

DAMAGE = (BadZipFile, ParseError, ExpatError, LookupError, ValueError, struct.error, zlib.error)
"""What readers raise for a package that is not as it should be."""

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_LOCAL_MARK, _CENTRAL_MARK, _END_MARK = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_ENCRYPTED, _DESCRIPTOR, _UTF8 = 0x1, 0x8, 0x800
_ZIP64 = 0x0001
_MOST_BYTES, _MOST_PARTS = 0xFFFFFFFF, 0xFFFF
_DEFLATE_VERSION = 20
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_CHUNK = 1 << 20


class _Entry(NamedTuple):
    """A part as it stands in the new file; `content` is None where its compressed bytes are copied from the old one."""

    info: ZipInfo
    name: bytes
    crc: int
    packed: int
    size: int
    method: int
    content: bytes | None


class RawPackage:
    """An open package. `parts` are the names of its parts in the order of the file, with slashes whatever it has."""

    def __init__(self, path: Path) -> None:
        """OSError where the disk is at fault; BadZipFile, and its like, for a file that is no package."""
        self.path = path
        self.archive: ZipFile = open_package(path)
        self.parts: tuple[str, ...] = tuple(part.filename for part in self.archive.infolist())

    def __enter__(self) -> RawPackage:
        return self

    def __exit__(self, *_: object) -> None:
        self.archive.close()

    def read(self, part: str) -> bytes:
        """The content of a part; KeyError for one that there is not."""
        return self.archive.read(part)

    def write(self, target: IO[bytes], changed: Mapping[str, bytes], dropped: Collection[str] = ()) -> None:
        """Write the package to `target`, which is empty, with other content for some parts and without others.

        The parts keep their order, and what is new follows in the order of `changed`. BadZipFile for parts that are
        encrypted or whose header is not where the listing says; ValueError for more than a package without ZIP64 holds.
        """
        kept = [info for info in self.archive.infolist() if info.filename not in dropped]
        entries = [_entry(info, changed.get(info.filename)) for info in kept]
        entries += [_entry(_new(name), content) for name, content in changed.items() if name not in self.parts]
        if len(entries) >= _MOST_PARTS:
            raise ValueError(f"{len(entries)} parts")
        listing = []
        with self.path.open("rb") as source:
            for entry in entries:
                at = target.tell()
                if at + entry.packed >= _MOST_BYTES or entry.size >= _MOST_BYTES:
                    raise ValueError(f"{entry.info.filename} ends beyond 4 GB")
                target.write(_local(entry))
                if entry.content is None:
                    _copy(source, entry.info, target)
                else:
                    target.write(entry.content)
                listing.append(_central(entry, at))
        at, central = target.tell(), b"".join(listing)
        count, comment = len(listing), self.archive.comment
        target.write(central + _END.pack(_END_MARK, 0, 0, count, count, len(central), at, len(comment)) + comment)


def _new(name: str) -> ZipInfo:
    info = ZipInfo(name, _FIRST_DAY)
    info.flag_bits = 0 if name.isascii() else _UTF8
    # The system's own marks would make two machines write two files.
    info.create_system, info.external_attr = 0, 0
    return info


def _entry(info: ZipInfo, content: bytes | None) -> _Entry:
    if content is None:
        if info.flag_bits & _ENCRYPTED:
            raise BadZipFile(f"{info.filename} is encrypted")
        return _Entry(info, _name(info), info.CRC, info.compress_size, info.file_size, info.compress_type, None)
    packer = zlib.compressobj(zlib.Z_DEFAULT_COMPRESSION, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = packer.compress(content) + packer.flush()
    return _Entry(info, _name(info), zlib.crc32(content), len(packed), len(content), ZIP_DEFLATED, packed)


def _name(info: ZipInfo) -> bytes:
    """The name as the file has it, with the backslashes that some systems write: a listing that others could read, they can
    still read."""
    return info.orig_filename.encode("utf-8" if info.flag_bits & _UTF8 else "cp437")


def _flags(entry: _Entry) -> int:
    # The method's own bits 1 and 2 tell how a deflated part was made; they are true of copied bytes only.
    kept = _UTF8 if entry.content is not None else 0xFFFF & ~_DESCRIPTOR
    return entry.info.flag_bits & kept


def _day(info: ZipInfo) -> tuple[int, int]:
    year, month, day, hour, minute, second = info.date_time
    return hour << 11 | minute << 5 | second // 2, max(year - 1980, 0) << 9 | month << 5 | day


def _version(entry: _Entry) -> int:
    return _DEFLATE_VERSION if entry.content is not None else max(entry.info.extract_version, 10)


def _local(entry: _Entry) -> bytes:
    time, day = _day(entry.info)
    head = (_LOCAL_MARK, _version(entry), _flags(entry), entry.method, time, day, entry.crc, entry.packed, entry.size)
    return _LOCAL.pack(*head, len(entry.name), 0) + entry.name


def _central(entry: _Entry, at: int) -> bytes:
    info, extra = entry.info, _without_zip64(entry.info.extra)
    time, day = _day(info)
    made = info.create_system << 8 | info.create_version & 0xFF
    head = (_CENTRAL_MARK, made, _version(entry), _flags(entry), entry.method, time, day)
    sizes = (entry.crc, entry.packed, entry.size, len(entry.name), len(extra), len(info.comment))
    return (
        _CENTRAL.pack(*head, *sizes, 0, info.internal_attr, info.external_attr, at) + entry.name + extra + info.comment
    )


def _without_zip64(extra: bytes) -> bytes:
    """The extra fields of a part without the one for large sizes, which the headers hold themselves."""
    kept, at = b"", 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind != _ZIP64:
            kept += extra[at : at + 4 + length]
        at += 4 + length
    return kept


def _copy(source: IO[bytes], info: ZipInfo, target: IO[bytes]) -> None:
    source.seek(info.header_offset)
    head = source.read(_LOCAL.size)
    if len(head) < _LOCAL.size or head[:4] != _LOCAL_MARK:
        raise BadZipFile(f"{info.filename} is not where the listing says")
    name, extra = struct.unpack_from("<2H", head, _LOCAL.size - 4)
    source.seek(name + extra, 1)
    left = info.compress_size
    while left:
        chunk = source.read(min(left, _CHUNK))
        if not chunk:
            raise BadZipFile(f"{info.filename} is cut off")
        target.write(chunk)
        left -= len(chunk)
