"""Guard: decide from a file's bytes, not its name, whether it may be opened at all."""

from __future__ import annotations

import zipfile
from enum import StrEnum
from pathlib import Path

from xingzhi import messages
from xingzhi.findings import Finding, finding

SIZE_LIMIT = 20 * 1024 * 1024
UNPACKED_LIMIT = 200 * 1024 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


class Kind(StrEnum):
    """What a readable file is."""

    OOXML = "ooxml"
    OTHER = "other"


def sniff(path: Path) -> tuple[Kind | None, list[Finding]]:
    """The kind of file, or None with the finding that refuses it.

    OSError where it cannot be read at all; a damaged package raises, in one of the many ways of `zipfile`.
    """
    name, size = path.name, path.stat().st_size
    if size == 0:
        return None, [finding("F102", file=name)]
    if size > SIZE_LIMIT:
        return None, [_too_large(name, size, SIZE_LIMIT)]
    with path.open("rb") as stream:
        head = stream.read(8)
        if head == _OLE:
            stream.seek(0)
            if _ENCRYPTED in stream.read():
                return None, [finding("F103", file=name)]
            return Kind.OTHER, []
    if not head.startswith(b"PK") and path.suffix.lower() in (".xlsx", ".xlsm"):
        return None, [finding("F101", file=name, reason=messages.label("reason.no_workbook"))]
    if not head.startswith(b"PK"):
        return None, [finding("F106", file=name, value=path.suffix or name)]
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    if unpacked > UNPACKED_LIMIT:
        return None, [_too_large(name, unpacked, UNPACKED_LIMIT)]
    ooxml = any(part.filename == "[Content_Types].xml" for part in parts)
    return (Kind.OOXML if ooxml else Kind.OTHER), []


def _too_large(name: str, size: int, limit: int) -> Finding:
    return finding("F104", file=name, value=_megabytes(size), limit=_megabytes(limit))


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.0f} MB"
