"""Marks of the sheets of an OOXML workbook: looked for in the bytes, and parsed only where there is something."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree as ET

from workbook_files.file_findings import Refused, hostile
from workbook_files.marks import Marks
from workbook_files.package import column_number
from workbook_files.relations import local, open_package, relation_id, relations, workbook_part

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
_PREFIX = re.compile(rb"<(\w+:)?worksheet\b")
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*\bencoding=["']([A-Za-z0-9_.-]+)["']""")
_CELL = re.compile(r"\$?([A-Za-z]{1,7})\$?([0-9]{1,10})")


class _Patterns:
    """What is looked for in the bytes of a sheet whose elements have this prefix. Each begins with letters that are found
    fast; a sheet that holds none of it is not parsed."""

    def __init__(self, prefix: bytes) -> None:
        x = re.escape(prefix)
        self.row = re.compile(rb"""<%brow\b[^>]*?\br=["']([0-9]+)["']""" % x)
        self.letters = re.compile(rb"""<%bc\b[^>]*?\br=["']\$?([A-Za-z]+)\$?[0-9]""" % x)
        self.far_cell = re.compile(rb"""<%bc\b[^>]*?\br=["']\$?[A-Za-z]+\$?([0-9]{5,})["']""" % x)
        self.merge = b"<%bmergeCell " % prefix
        # A formula with no value behind it, or an empty one, but for that of text, which is the text "".
        self.uncached = re.compile(
            rb"""<%bc\b(?![^>]*\bt=["']str["'])[^>]*>\s*(?:<%bf\b[^>]*>[^<]*</%bf>|<%bf\b[^>]*/>)\s*"""
            rb"""(?:<%bv\s*/>|<%bv>\s*</%bv>)?\s*</%bc>""" % (x, x, x, x, x, x, x, x)
        )

        self.error = re.compile(
            rb"""<%bc\b(?=[^>]*\bt=["']e["'])[^>]*(?<!/)>(?:(?!</%bc>).)*?(?:<%bv>([^<]*)</%bv>)?\s*</%bc>"""
            % (x, x, x, x, x),
            re.DOTALL,
        )
        self.hidden = re.compile(rb"""<%brow\b(?=[^>]*\bhidden=["'](?:1|true)["'])[^>]*>""" % x)
        self.bare = re.compile(rb"""<%b(?:c|row)\b(?![^>]*\br=)""" % x)


@lru_cache(maxsize=16)
def _patterns(prefix: bytes) -> _Patterns:
    return _Patterns(prefix)


@dataclass(frozen=True)
class Listing:
    """The sheets of a workbook with their marks, by name. `wide` tells that a part is in UTF-16 or another encoding that
    the reader of values does not know; `merges` counts the merged ranges."""

    marks: dict[str, Marks]
    wide: bool
    merges: int


def xlsx_marks(path: Path) -> Listing:
    """The marks of every sheet. Raises Refused for a cell outside the sheet; ParseError and KeyError for damage."""
    found: dict[str, Marks] = {}
    wide, merges = False, 0
    with open_package(path) as archive:
        main = workbook_part(archive)
        parts = set(archive.namelist())
        related = relations(archive, main)
        data = archive.read(main)
        wide = _is_wide(data)
        for element in ET.fromstring(data).iter():
            kind, part = related.get(relation_id(element), ("", "")) if local(element.tag) == "sheet" else ("", "")
            if kind != "worksheet" or part not in parts:
                continue
            content = archive.read(part)
            wide = wide or _is_wide(content)
            prefixed = _PREFIX.search(content[:4096])
            patterns = _patterns((prefixed and prefixed[1]) or b"")
            merges += content.count(patterns.merge)
            found[element.get("name", "")] = _marks(content, patterns, path.name, element.get("name", ""))
        shared = next((part for kind, part in related.values() if kind == "sharedStrings"), "")
        if shared in parts:
            with archive.open(shared) as stream:
                wide = wide or _is_wide(stream.read(200))
    return Listing(found, wide, merges)


def _is_wide(data: bytes) -> bool:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or data[:4].count(0) >= 2:
        return True
    named = _ENCODING.match(data[:200])
    return named is not None and named[1].lower() not in (b"utf-8", b"us-ascii", b"ascii", b"utf8")


def _marks(content: bytes, patterns: _Patterns, file: str, sheet: str) -> Marks:
    marks = Marks()
    rows = max(map(int, patterns.row.findall(content)), default=0)
    far = max(map(int, set(patterns.far_cell.findall(content))), default=0)
    columns = max(
        (column_number(letters[:8].decode()) for letters in set(patterns.letters.findall(content))), default=0
    )
    if columns > MOST_COLUMNS or max(rows, far) > MOST_ROWS:
        raise Refused(hostile(file, "coordinate", detail=f"{sheet} {_outside(content)}"))
    if columns:
        marks.reach(max(rows, far), columns)
    uncached = [found[0] for found in patterns.uncached.finditer(content)]
    errors = list(patterns.error.finditer(content)) if b't="e"' in content or b"t='e'" in content else []
    hidden = patterns.hidden.findall(content) if b"hidden=" in content else []
    if (uncached or errors or hidden) and patterns.bare.search(content):
        # Rows and cells that do not say where they are must be counted.
        _parse(content, marks)
        return marks
    marks.uncached.update(_place(element) for element in uncached)
    marks.errors.update((_place(found[0]), (found[1] or b"#N/A").decode("utf-8", "replace")) for found in errors)
    marks.hidden.update(_place(element)[0] for element in hidden)
    return marks


_PLACE = re.compile(rb"""\br=["']\$?([A-Za-z]*)\$?([0-9]+)["']""")


def _place(element: bytes) -> tuple[int, int]:
    """The (row, column) that an element names; column 0 for a row."""
    found = _PLACE.search(element)
    return (int(found[2]), column_number(found[1].decode())) if found else (0, 0)


def _outside(content: bytes) -> str:
    """The first cell or row that is outside a sheet, as the file names it."""
    for found in re.finditer(rb"""<(?:\w+:)?(?:c|row)\b[^>]*?\br=["']([^"']{1,40})["']""", content):
        letters, digits = re.fullmatch(rb"([A-Za-z$]*)(.*)", found[1], re.DOTALL).groups()  # type: ignore[union-attr]
        too_low = digits.isdigit() and int(digits) > MOST_ROWS
        if too_low or column_number(letters.replace(b"$", b"").decode()) > MOST_COLUMNS:
            return found[1].decode("ascii", "replace")
    return "?"


def _parse(content: bytes, marks: Marks) -> None:
    row = 0
    for _, element in ET.iterparse(io.BytesIO(content)):
        if local(element.tag) != "row":
            continue
        given = element.get("r", "")
        row = int(given) if given.isdecimal() else row + 1
        if element.get("hidden") in ("1", "true"):
            marks.hidden.add(row)
        column = 0
        for cell in element:
            place = _CELL.fullmatch(cell.get("r", ""))
            column = column_number(place[1]) if place else column + 1
            at = (int(place[2]) if place else row, column)
            _mark_cell(cell, at, marks)
        element.clear()


def _mark_cell(cell: ET.Element, at: tuple[int, int], marks: Marks) -> None:
    value = next((child.text or "" for child in cell if local(child.tag) == "v"), None)
    kind = cell.get("t")
    if kind == "e":
        marks.errors[at] = value or "#N/A"
    # An empty <v> of a string cell is the value "", which is what Excel writes for it.
    elif not value and kind != "str" and kind != "inlineStr" and any(local(child.tag) == "f" for child in cell):
        marks.uncached.add(at)
