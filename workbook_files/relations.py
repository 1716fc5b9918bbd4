"""The parts of a package, and which stands for what: its relationships."""

from __future__ import annotations

import posixpath
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote
from xml.etree import ElementTree as ET
from zipfile import ZipFile


class Parts(Protocol):
    """Anything that gives the content of a part: an open package, or one in which parts have been changed."""

    def read(self, name: str, /) -> bytes:
        """The content; KeyError for a part that there is not."""


def open_package(path: Path) -> ZipFile:
    """Open a package with the names of its parts as they are meant: some systems write them with backslashes.

    BadZipFile, and its like, for a file that is none.
    """
    archive = ZipFile(path)
    for part in archive.filelist:
        if "\\" in part.filename:
            del archive.NameToInfo[part.filename]
            part.filename = part.filename.replace("\\", "/")
            archive.NameToInfo[part.filename] = part
    return archive


def local(tag: str) -> str:
    """Return an element's name without its namespace."""
    return tag[tag.rfind("}") + 1 :]


def relation_id(element: ET.Element) -> str:
    """Return the r:id of an element, in whatever namespace, '' where it has none."""
    return next((value for key, value in element.items() if local(key) == "id" and key != "id"), "")


def relations(archive: Parts, part: str) -> dict[str, tuple[str, str]]:
    """Map relationship ids of a part to (last word of the type, target part); external targets are left out.

    ParseError where the relationships are no XML.
    """
    try:
        return targets(archive.read(relations_part(part)), part)
    except KeyError:
        return {}


def relations_part(part: str) -> str:
    """The name of the part that holds the relationships of a part, '' being the package."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", name + ".rels")


def targets(data: bytes, part: str) -> dict[str, tuple[str, str]]:
    """The same of the XML of the relationships."""
    found: dict[str, tuple[str, str]] = {}
    for element in ET.fromstring(data):
        if element.get("TargetMode") == "External":
            continue
        target = posixpath.join("/" + posixpath.dirname(part), unquote(element.get("Target", "")))
        kind = element.get("Type", "").rpartition("/")[2]
        found[element.get("Id", "")] = kind, posixpath.normpath(target).lstrip("/")
    return found


def workbook_part(archive: Parts) -> str:
    """The name of the workbook's main part, by the package's relationships, else where every program writes it."""
    return next(
        (target for kind, target in relations(archive, "").values() if kind == "officeDocument"), "xl/workbook.xml"
    )
