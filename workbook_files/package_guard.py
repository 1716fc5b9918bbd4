"""Guard for packages: what a ZIP file holds, counted while it is unpacked and never by what it says of itself."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo, is_zipfile

from workbook_files.file_findings import Refused, hostile, no_workbook, told, too_large
from workbook_files.kinds import Kind
from workbook_files.limits import LARGE, Limits
from workbook_files.pictures import is_picture
from workbook_files.relations import open_package
from xingzhi.findings import Finding, finding

_XML = re.compile(r"\.(xml|rels|vml)$", re.I)
_MANIFEST = "meta-inf/manifest.xml"
"""Old versions of OpenOffice wrote a document type here; nobody parses it with ours."""
_DOCTYPE = b"<!DOCTYPE"
_WIDE_DOCTYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in ("utf-16-le", "utf-16-be"))
_CHUNK = 1 << 18
_ENCRYPTED = 0x1
_WEB = re.compile(rb"WEBSERVICE\(|IMPORTDATA\(|IMPORTXML\(")
_ODS_LINKS = {"dde": (b":dde-link", b"DDE("), "links": (b"table:table-source", b"'file://")}
_DDE_SOURCE = re.compile(rb"""\|[^<|"&]{1,200}!""")
_DDE = re.compile(rb"""<(?:\w+:)?f(?: [^>]*)?>[^<|]*\|[^<|"&]{1,200}!""")
"""A formula such as cmd|'/c calc'!A0; the first part is looked for first, since it is found fast."""
_MAIN_TYPES = (
    ("spreadsheetml.sheet.main", Kind.XLSX),
    ("spreadsheetml.template.main", Kind.XLSX),
    ("ms-excel.sheet.macroEnabled.main", Kind.XLSX),
    ("ms-excel.template.macroEnabled.main", Kind.XLSX),
    ("ms-excel.addin.macroEnabled.main", Kind.XLSX),
    ("ms-excel.sheet.binary", Kind.XLSB),
)
_FOREIGN_TYPES = (("wordprocessingml", "word"), ("ms-word", "word"), ("presentationml", "slides"), ("visio", "drawing"))


@dataclass(frozen=True)
class Inspected:
    """The kind of a container's workbook, None where it may not be opened, and what is said of it."""

    kind: Kind | None
    findings: list[Finding] = field(default_factory=list)


def inspect_package(path: Path, limits: Limits) -> Inspected:
    """Unpack every part but pictures to nothing, counting. BadZipFile and its like for a package that is damaged."""
    if not is_zipfile(path):
        # The list of parts stands at a package's end.
        return Inspected(None, [hostile(path.name, "truncated")])
    with open_package(path) as archive:
        guard = _Guard(path, archive, limits)
        try:
            guard.check_listing()
            guard.check_content()
        except Refused as refused:
            return Inspected(None, [refused.found])
        kind, foreign = _kind(archive)
        if kind is Kind.ODS and _is_encrypted(archive):
            return Inspected(None, [finding("F103", file=path.name)])
        if kind is None:
            return Inspected(None, [no_workbook(path.name, foreign)])
        return Inspected(kind, [*told("F112", path.name, guard.inside()), *told("F113", path.name, guard.outside())])


class _Guard:
    """The examination of one package. What refuses it is raised as `Refused`."""

    def __init__(self, path: Path, archive: ZipFile, limits: Limits) -> None:
        self.file, self.size = path.name, path.stat().st_size
        self.archive, self.limits = archive, limits
        self.parts = archive.infolist()
        self.names = [part.filename.lower() for part in self.parts]
        self.suspects: list[str] = []
        self.unpacked = 0

    def check_listing(self) -> None:
        """Names, number and methods of the parts, and the file's size without its pictures."""
        read = [part for part in self.parts if not is_picture(part.filename)]
        size = self.size - sum(part.compress_size for part in self.parts if is_picture(part.filename))
        if size > self.limits.size:
            raise Refused(too_large(self.file, "size", size, self.limits.size))
        if len(read) > self.limits.parts:
            raise Refused(too_large(self.file, "parts", len(read), self.limits.parts))
        seen: set[str] = set()
        for part in self.parts:
            name = part.filename.lower()
            if is_outside(name):
                raise Refused(hostile(self.file, "part_outside", detail=part.filename[:80]))
            if name in seen:
                raise Refused(hostile(self.file, "part_twice", detail=part.filename[:80]))
            seen.add(name)
        for part in read:
            if part.compress_size > self.size:
                raise Refused(hostile(self.file, "wrong_size", detail=part.filename[:80]))
            if part.flag_bits & _ENCRYPTED:
                raise Refused(finding("F103", file=self.file))
            if part.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
                detail = f"{part.filename[:60]}: {part.compress_type}"
                raise Refused(hostile(self.file, "damaged", detail=detail))

    def check_content(self) -> None:
        """Unpack each part to its real end, whatever length the listing gives; checksums are compared."""
        for part in self.parts:
            if is_picture(part.filename) or (part.is_dir() and not part.compress_size):
                continue
            declared, part.file_size = part.file_size, 1 << 62
            try:
                size = sum(len(chunk) for chunk in self._chunks(part))
            finally:
                part.file_size = declared
            if size != declared:
                raise Refused(hostile(self.file, "wrong_size", detail=part.filename[:80]))

    def _chunks(self, part: ZipInfo) -> Iterator[bytes]:
        name, size, tail = part.filename.lower(), 0, b""
        parsed = is_xml(name)
        suspect = False
        with self.archive.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                self.unpacked += len(chunk)
                if self.unpacked > self.limits.unpacked:
                    raise Refused(too_large(self.file, "unpacked", self.unpacked, self.limits.unpacked))
                if size > LARGE and size > self.limits.ratio * part.compress_size:
                    ratio = size // max(part.compress_size, 1)
                    raise Refused(too_large(self.file, "ratio", ratio, self.limits.ratio, part=part.filename[:60]))
                if parsed and (declares_type(chunk) or declares_type(tail + chunk[:20])):
                    raise Refused(hostile(self.file, "doctype", detail=part.filename[:80]))
                if parsed and ("/worksheets/" in name or name == "content.xml"):
                    suspect = suspect or _DDE_SOURCE.search(chunk) is not None or _WEB.search(chunk) is not None
                tail = chunk[-20:]
                yield chunk
        if suspect:
            self.suspects.append(part.filename)

    def inside(self) -> Iterator[str]:
        """What might run: the keys of texts."""
        bases = {posixpath.basename(name) for name in self.names}
        if "vbaproject.bin" in bases or any(name.startswith(("basic/", "scripts/")) for name in self.names):
            yield "macros"
        if any("/macrosheets/" in name for name in self.names):
            yield "macro_sheets"
        if any(mark in name for name in self.names for mark in ("/embeddings/", "/activex/")):
            yield "objects"

    def outside(self) -> Iterator[str]:
        """What might fetch something from elsewhere: the keys of texts."""
        links = [name for name in self.archive.namelist() if re.search(r"/externallinks/[^/]+\.(xml|bin)$", name, re.I)]
        if links:
            yield "dde" if any(b"ddeLink" in self.archive.read(name) for name in links) else "links"
        for name in self.suspects:
            data = self.archive.read(name)
            yield from (key for key, mark in (("dde", _DDE), ("web", _WEB)) if mark.search(data))
        if "content.xml" in self.names:
            content = self.archive.read("content.xml")
            yield from (key for key, marks in _ODS_LINKS.items() if any(mark in content for mark in marks))
        if any(posixpath.basename(name) in ("connections.xml", "connections.bin") for name in self.names):
            yield "connections"


def is_outside(name: str) -> bool:
    """Whether the name of a part points to elsewhere than into the package."""
    return name.startswith("/") or ":" in name.split("/")[0] or ".." in name.split("/")


def is_xml(name: str) -> bool:
    """Whether a part is XML that our parsers may be given."""
    return _XML.search(name) is not None and name.lower() != _MANIFEST


def declares_type(data: bytes) -> bool:
    """Whether XML has a document type, which is where entity bombs begin."""
    return _DOCTYPE in data or (b"\0" in data and any(mark in data for mark in _WIDE_DOCTYPES))


def _kind(archive: ZipFile) -> tuple[Kind | None, str]:
    """The kind of workbook, or None and what else it is."""
    names = {name.lower(): name for name in archive.namelist()}
    if "mimetype" in names:
        mimetype = archive.read(names["mimetype"])[:100].decode("latin-1").strip()
        if mimetype.startswith("application/vnd.oasis.opendocument.spreadsheet"):
            return Kind.ODS, ""
        if mimetype.startswith("application/vnd.oasis.opendocument."):
            return None, "slides" if "presentation" in mimetype else "word"
    if "[content_types].xml" in names:
        types = archive.read(names["[content_types].xml"]).decode("utf-8", "replace")
        for mark, kind in _MAIN_TYPES:
            if mark in types:
                return kind, ""
        for mark, foreign in _FOREIGN_TYPES:
            if mark in types:
                return None, foreign
    if any(name.startswith("xl/") for name in names):
        return (Kind.XLSB if "xl/workbook.bin" in names else Kind.XLSX), ""
    if "content.xml" in names and _MANIFEST in names:
        return Kind.ODS, ""
    return None, "numbers" if any(name.endswith(".iwa") for name in names) else "archive"


def _is_encrypted(archive: ZipFile) -> bool:
    manifest = next((name for name in archive.namelist() if name.lower() == _MANIFEST), None)
    return manifest is not None and b":encryption-data" in archive.read(manifest)
