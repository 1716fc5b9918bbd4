"""What the value reader does not give of an OOXML workbook: identity carriers, time of change, error cells."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

_CONSTANT = re.compile(r'^"((?:[^"]|"")*)"$')
_CELL = re.compile(r"^([A-Z]{1,3})([0-9]{1,7})$")


@dataclass(frozen=True)
class Properties:
    """Constant defined names, custom document properties, the time of the last change, error cells by sheet name."""

    names: dict[str, str] = field(default_factory=dict)
    custom: dict[str, str] = field(default_factory=dict)
    modified: datetime | None = None
    errors: dict[str, dict[tuple[int, int], str]] = field(default_factory=dict)


def read_properties(path: Path) -> Properties:
    """The properties of an OOXML workbook. A part that is absent or damaged counts as empty: the values decide.

    A damaged package raises, in one of the many ways of `zipfile`.
    """
    with zipfile.ZipFile(path) as archive:
        workbook = _part(archive, "xl/workbook.xml")
        names = dict(_constants(workbook)) if workbook is not None else {}
        errors = {name: found for name, part in _sheets(archive, workbook) if (found := _error_cells(archive, part))}
        return Properties(names, dict(_custom(archive)), _modified(archive), errors)


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


def _sheets(archive: zipfile.ZipFile, workbook: ET.Element | None) -> Iterator[tuple[str, str]]:
    relations = _part(archive, "xl/_rels/workbook.xml.rels")
    if workbook is None or relations is None:
        return
    targets = {element.get("Id"): element.get("Target", "") for element in relations}
    for element in _named(workbook, "sheet"):
        link = next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == "id"), None)
        target = targets.get(link, "")
        if target:
            yield element.get("name", ""), posixpath.normpath(posixpath.join("xl", target)).lstrip("/")


def _error_cells(archive: zipfile.ZipFile, part: str) -> dict[tuple[int, int], str]:
    """The value reader returns an error cell as blank, so they are looked for here, in the few sheets that have any."""
    data = _bytes(archive, part)
    root = _parsed(data) if b't="e"' in data else None
    found: dict[tuple[int, int], str] = {}
    for cell in _named(root, "c") if root is not None else ():
        place = _CELL.match(cell.get("r", ""))
        if cell.get("t") == "e" and place:
            value = next((child.text for child in cell if _local(child) == "v"), None)
            found[int(place.group(2)), _column(place.group(1))] = value or "#N/A"
    return found


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
