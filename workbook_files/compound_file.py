"""Guard for compound files (OLE): .xls and .et, and what else comes in such a container."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from pathlib import Path

import olefile

from workbook_files.file_findings import no_workbook, told, too_large
from workbook_files.kinds import Kind
from workbook_files.limits import Limits
from workbook_files.package_guard import Inspected
from xingzhi.findings import Finding, finding

_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_FOREIGN = (
    ("worddocument", "word"),
    ("powerpoint document", "slides"),
    ("visiodocument", "drawing"),
    ("__properties_version1.0", "mail"),
)
_FILEPASS, _SUPBOOK, _PICTURES, _CONTINUE = 0x002F, 0x01AE, 0x00EB, 0x003C
_OWN_BOOKS = (b"\x01\x04", b"\x01\x3a")
"""How a SUPBOOK record names the workbook itself, and the functions of add-ins: no other workbook."""


def inspect_compound_file(path: Path, limits: Limits) -> Inspected:
    """What a compound file holds. One whose directory cannot be read goes to the reader as an .xls: it knows more ways
    to read it, and says what is wrong."""
    data = path.read_bytes() if path.stat().st_size <= limits.whole else b""
    try:
        with olefile.OleFileIO(io.BytesIO(data), raise_defects=olefile.DEFECT_FATAL) as container:
            names = {"/".join(entry).lower(): entry for entry in container.listdir(streams=True, storages=True)}
            stream = next((names[name] for name in ("workbook", "book") if name in names), None)
            records = container.openstream(stream).read() if stream else b""
    except Exception:  # olefile raises OSError, ValueError, struct.error, RecursionError … for damaged directories
        if _ENCRYPTED_PACKAGE in data:
            return Inspected(None, [finding("F103", file=path.name)])
        refusal = _over_size(path.name, len(data), limits)
        return Inspected(None, [refusal]) if refusal else Inspected(Kind.XLS)
    if "encryptedpackage" in names:
        return Inspected(None, [finding("F103", file=path.name)])
    if stream is None:
        foreign = next((kind for name, kind in _FOREIGN if name in names), "container")
        return Inspected(None, [no_workbook(path.name, foreign)])
    seen = _Records(records)
    if seen.encrypted:
        return Inspected(None, [finding("F103", file=path.name)])
    refusal = _over_size(path.name, len(data) - seen.pictures, limits)
    if refusal:
        return Inspected(None, [refusal])
    inside = [
        key
        for key, found in (
            ("macros", any(name.startswith("_vba_project_cur") for name in names)),
            ("objects", any(name.startswith("mbd") for name in names)),
        )
        if found
    ]
    outside = ["links"] if seen.links else []
    return Inspected(Kind.XLS, [*told("F112", path.name, inside), *told("F113", path.name, outside)])


def _over_size(file: str, size: int, limits: Limits) -> Finding | None:
    return too_large(file, "size", size, limits.size) if size > limits.size else None


class _Records:
    """What the records of a workbook stream tell beside cells: a password, links, and how many bytes are pictures."""

    def __init__(self, stream: bytes) -> None:
        self.encrypted = self.links = False
        self.pictures = 0
        before = 0
        for kind, start, length in _records(stream):
            if kind == _FILEPASS:
                self.encrypted = True
                return
            if kind == _SUPBOOK and stream[start + 2 : start + 4] not in _OWN_BOOKS:
                self.links = True
            if kind == _PICTURES or (kind == _CONTINUE and before == _PICTURES):
                self.pictures += length
                kind = _PICTURES
            before = kind


def _records(stream: bytes) -> Iterator[tuple[int, int, int]]:
    """(kind, start of the content, its length) of each record, up to the first that the stream cuts off."""
    at = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        if at + 4 + length > len(stream):
            return
        yield kind, at + 4, length
        at += 4 + length
