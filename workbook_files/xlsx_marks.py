"""Marks of the sheets of an OOXML workbook: looked for in the bytes, and parsed only where there is something."""

from __future__ import annotations

import io
import re
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree as ET

from workbook_files.file_findings import Refused, hostile
from workbook_files.limits import LONGEST, WIDEST
from workbook_files.marks import Marks
from workbook_files.package import box_of, column_number
from workbook_files.pictures import is_picture
from workbook_files.relations import local, open_package, relation_id, relations, workbook_part
from xingzhi.grid import Box

_PREFIX = re.compile(rb"<(\w+:)?worksheet\b")
MOST_MERGES = 20_000
"""Of more merged ranges than this no sheet of a person's making needs any."""

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
        self.merge = re.compile(rb"""<%bmergeCell\b[^>]*?\bref=["']([A-Z$0-9:]{2,30})["']""" % x)
        # A formula with no value behind it, or an empty one, but for that of text, which is the text "".
        self.uncached = re.compile(
            rb"""<%bc\b(?![^>]*\bt=["']str["'])[^>]*>\s*(?:<%bf\b[^>]*>[^<]*</%bf>|<%bf\b[^>]*/>)\s*"""
            rb"""(?:<%bv\s*/>|<%bv>\s*</%bv>)?\s*</%bc>""" % (x, x, x, x, x, x, x, x)
        )

        # Text that has no value at all is no empty text.
        self.uncached_text = re.compile(
            rb"""<%bc\b(?=[^>]*\bt=["']str["'])[^>]*>\s*(?:<%bf\b[^>]*>[^<]*</%bf>|<%bf\b[^>]*/>)\s*</%bc>"""
            % (x, x, x, x, x)
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
    the reader of values does not know, or says of itself what would be its end."""

    marks: dict[str, Marks]
    wide: bool


def xlsx_marks(path: Path) -> Listing:
    """The marks of every sheet. Raises Refused for a cell outside the sheet; ParseError and KeyError for damage."""
    found: dict[str, Marks] = {}
    wide = False
    with open_package(path) as archive:
        main = workbook_part(archive)
        parts = set(archive.namelist())
        related = relations(archive, main)
        data = archive.read(main)
        wide = _is_wide(data)
        # Pictures are not unpacked by the guard.
        odd = next((part for kind, part in related.values() if kind != "image" and is_picture(part)), None)
        if odd:
            raise Refused(hostile(path.name, "odd_part", detail=odd[:80]))
        for element in ET.fromstring(data).iter():
            kind, part = related.get(relation_id(element), ("", "")) if local(element.tag) == "sheet" else ("", "")
            if kind != "worksheet" or part not in parts:
                continue
            if element.get("name", "") in found:
                raise Refused(hostile(path.name, "sheet_twice", detail=element.get("name", "")))
            content = archive.read(part)
            wide = wide or _is_wide(content)
            prefixed = _PREFIX.search(content[:4096])
            patterns = _patterns((prefixed and prefixed[1]) or b"")
            found[element.get("name", "")] = _marks(content, patterns, path.name, element.get("name", ""))
        shared = next((part for kind, part in related.values() if kind == "sharedStrings"), "")
        if shared in parts:
            with archive.open(shared) as stream:
                head = stream.read(1000)
            wide = wide or _is_wide(head) or _promises_too_much(head, archive.getinfo(shared).file_size)
    return Listing(found, wide)


def _promises_too_much(head: bytes, size: int) -> bool:
    """Whether a part claims more texts than it has room for: the reader of values would make room for them."""
    claimed = [int(number) for number in re.findall(rb"""uniqueCount=["']([0-9]{1,18})["']""", head)]
    return any(number > 1000 and number * _SHORTEST_TEXT > size for number in claimed)


_SHORTEST_TEXT = len("<si/>")


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
    if columns > WIDEST or max(rows, far) > LONGEST:
        raise Refused(hostile(file, "coordinate", detail=f"{sheet} {_outside(content)}"))
    if columns:
        marks.reach(max(rows, far), columns)
    marks.merged, marks.unmerged = _merges(content, patterns)
    uncached = [
        found[0] for pattern in (patterns.uncached, patterns.uncached_text) for found in pattern.finditer(content)
    ]
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
        too_low = digits.isdigit() and int(digits) > LONGEST
        if too_low or column_number(letters.replace(b"$", b"").decode()) > WIDEST:
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
    elif (value is None or (not value and kind != "str")) and any(local(child.tag) == "f" for child in cell):
        marks.uncached.add(at)


def _merges(content: bytes, patterns: _Patterns) -> tuple[list[Box], bool]:
    """The merged ranges of a sheet, and whether they are too many to be anybody's work."""
    refs = patterns.merge.findall(content)
    if len(refs) > MOST_MERGES:
        return [], True
    found = []
    for ref in refs:
        with suppress(ValueError):
            found.append(box_of(ref.decode()))
    return found, False
