"""What the value reader does not give of an OOXML workbook: the carriers of identity, and the time of the last change."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

from workbook_files.relations import open_package, workbook_part

_CONSTANT = re.compile(r'^"((?:[^"]|"")*)"$')


@dataclass(frozen=True)
class Properties:
    """Constant defined names, custom document properties, and the time of the last change."""

    names: dict[str, str] = field(default_factory=dict)
    custom: dict[str, str] = field(default_factory=dict)
    modified: datetime | None = None


def read_properties(path: Path) -> Properties:
    """The properties of an OOXML workbook. A part that is absent or damaged counts as empty: the values decide.

    A damaged package raises, in one of the many ways of `zipfile`.
    """
    with open_package(path) as archive:
        workbook = _part(archive, workbook_part(archive))
        names = dict(_constants(workbook)) if workbook is not None else {}
        return Properties(names, dict(_custom(archive)), _modified(archive))


def _part(archive: zipfile.ZipFile, name: str) -> ET.Element | None:
    return _parsed(_bytes(archive, name))


def _bytes(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        return archive.read(name)
    except Exception:  # zlib.error, EOFError, RuntimeError, struct.error …: each method of compression has its own
        return b""


def _parsed(data: bytes) -> ET.Element | None:
    # A document type is where entity bombs begin, and no spreadsheet program writes one.
    if not data or b"<!DOCTYPE" in data:
        return None
    try:
        return ET.fromstring(data)
    except (ET.ParseError, ValueError, LookupError):  # the last two for an encoding that there is not
        return None


def _local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _named(root: ET.Element, name: str) -> Iterator[ET.Element]:
    return (element for element in root.iter() if _local(element) == name)


def _constants(workbook: ET.Element) -> Iterator[tuple[str, str]]:
    for element in _named(workbook, "definedName"):
        match = _CONSTANT.match((element.text or "").strip())
        if match:
            yield element.get("name", ""), match.group(1).replace('""', '"')


def _custom(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    root = _part(archive, "docProps/custom.xml")
    if root is not None:
        for element in _named(root, "property"):
            yield element.get("name", ""), "".join(element.itertext()).strip()


def _modified(archive: zipfile.ZipFile) -> datetime | None:
    root = _part(archive, "docProps/core.xml")
    for element in _named(root, "modified") if root is not None else ():
        try:
            found = datetime.fromisoformat((element.text or "").strip())
            return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
        except (ValueError, OverflowError):
            return None
    return None
