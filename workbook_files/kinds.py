"""What a file is, told by its content: the name may say anything."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """A kind of file that can be read."""

    XLSX = "xlsx"
    XLSB = "xlsb"
    XLS = "xls"
    ODS = "ods"
    TEXT = "text"
    HTML = "html"
    XML_2003 = "xml_2003"
    WEB_ARCHIVE = "web_archive"


BARE = frozenset({Kind.TEXT, Kind.HTML, Kind.WEB_ARCHIVE})
"""Kinds whose files can carry no identity."""

SUFFIXES = {
    Kind.XLSX: (".xlsx", ".xlsm", ".xltx", ".xltm", ".et"),
    Kind.XLSB: (".xlsb",),
    Kind.XLS: (".xls", ".xlt", ".et", ".ett"),
    Kind.ODS: (".ods", ".ots"),
    Kind.TEXT: (".csv", ".tsv", ".tab", ".txt"),
    Kind.HTML: (".htm", ".html"),
    Kind.XML_2003: (".xml",),
    Kind.WEB_ARCHIVE: (".mht", ".mhtml"),
}
"""The endings that fit each kind. Programs of WPS name both of Excel's formats .et."""

_SIGNATURES = (
    (b"%PDF", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"BM", "picture"),
    (b"II*\x00", "picture"),
    (b"MM\x00*", "picture"),
    (b"Rar!\x1a\x07", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ\x00", "archive"),
    (b"\x28\xb5\x2f\xfd", "archive"),
    (b"{\\rtf", "word"),
    (b"SQLite format 3\x00", "database"),
    (b"\x00\x01\x00\x00Standard ", "database"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    # BIFF2, 3 and 4: a bare stream of records, from before Excel 5 of 1993.
    (b"\x09\x00\x04\x00", "old_excel"),
    (b"\x09\x02\x06\x00", "old_excel"),
    (b"\x09\x04\x06\x00", "old_excel"),
)


def foreign_kind(head: bytes) -> str:
    """What a file that is no workbook is, by its first bytes; the key of a text `kind.…`, '' where they tell nothing."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "picture"
    if head[4:8] == b"ftyp" or head[257:262] == b"ustar":
        return "media" if head[4:8] == b"ftyp" else "archive"
    return next((kind for signature, kind in _SIGNATURES if head.startswith(signature)), "")
