"""A part of XML that is torn, kept up to its last whole element.

Nothing is guessed: a recovering parser closes what is open wherever the tear is, and half a number is a number too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from xml.parsers import expat

from workbook_files.package import column_number

_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_KINDS = {"b", "e", "n", "s", "str", "inlineStr", "d"}
_ATTRIBUTES = {"r", "s", "t", "cm", "vm", "ph"}


@dataclass(frozen=True)
class Kept:
    """What is kept of a part, well-formed again. `whole` tells that nothing was cut off; of a sheet `row` is the first row
    of which cells may be missing, 0 where all rows are there."""

    content: bytes
    whole: bool
    row: int = 0


def kept(content: bytes, depth: int, *, doubted: bool = False) -> Kept | None:
    """The part up to its last whole element that lies no deeper than `depth` (1 for a child of the root).

    `doubted` is asked of a sheet whose bytes may be wrong: it is also cut before what no program writes. None where there
    is nothing to keep, or where it is in an encoding of wide characters.
    """
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or not content:
        return None
    reader = _Reader(depth, doubted)
    whole = reader.read(content)
    if whole:
        return Kept(content, whole=True)
    if not reader.open:
        return None
    closing = "".join(f"</{name}>" for name in reversed(reader.open))
    return Kept(content[: reader.cut] + closing.encode(), whole=False, row=reader.row_at_cut)


class _Senseless(Exception):
    """Raised at an element that no program writes."""


class _Reader:
    """The reading of one part. `cut` is where its last whole element ended, `open` what was open there."""

    def __init__(self, depth: int, doubted: bool) -> None:
        self.depth, self.doubted = depth, doubted
        self.cut, self.open = 0, list[str]()
        self.row_at_cut = 0
        self._stack: list[str] = []
        self._ended = False
        self._row = self._column = 0
        self._rows: Literal["before", "in", "after"] = "before"
        self._value: str | None = None
        self._kind = ""

    def read(self, content: bytes) -> bool:
        """Whether all of it is well-formed."""
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        if self.doubted:
            self._parser.CharacterDataHandler = self._text
        try:
            self._parser.Parse(content, True)
        except (
            expat.ExpatError,
            _Senseless,
            ValueError,
            LookupError,
        ):  # the last two for an encoding that there is not
            return False
        return True

    def _settle(self) -> None:
        """What ended before this is whole: only where the next thing begins is it known where it ended."""
        if self._ended:
            self.cut, self.open = self._parser.CurrentByteIndex, list(self._stack)
            in_row = len(self._stack) == 3 and local_name(self._stack[2]) == "row"
            self.row_at_cut = 0 if self._rows == "after" else self._row + (not in_row)
            self._ended = False

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._settle()
        self._stack.append(tag)
        name, depth = local_name(tag), len(self._stack)
        if name == "sheetData" and depth == 2:
            self._rows = "in"
        elif name == "row" and depth == 3 and self._rows == "in":
            self._begin_row(attributes)
        elif name == "c" and depth == 4 and self._rows == "in":
            self._begin_cell(attributes)
        self._value = "" if name == "v" else None

    def _end(self, tag: str) -> None:
        self._settle()
        self._stack.pop()
        if self.doubted and self._value is not None and local_name(tag) == "v":
            self._check_value(self._value)
        self._value = None
        if local_name(tag) == "sheetData" and len(self._stack) == 1:
            self._rows = "after"
        self._ended = 0 < len(self._stack) <= self.depth

    def _text(self, text: str) -> None:
        self._value = None if self._value is None else self._value + text

    def _begin_row(self, attributes: dict[str, str]) -> None:
        given = attributes.get("r", "")
        number = int(given) if given.isdecimal() and len(given) < 8 else self._row + 1
        if self.doubted and (number <= self._row or (given and not given.isdecimal())):
            raise _Senseless
        self._row, self._column = number, 0

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        if not self.doubted:
            return
        self._kind = attributes.get("t", "n")
        place = _CELL.fullmatch(attributes.get("r", ""))
        column = column_number(place[1]) if place else self._column + 1
        known = self._kind in _KINDS and attributes.keys() <= _ATTRIBUTES and attributes.get("s", "0").isdecimal()
        misplaced = "r" in attributes and (place is None or int(place[2]) != self._row)
        if not known or misplaced or column <= self._column:
            raise _Senseless
        self._column = column

    def _check_value(self, text: str) -> None:
        if self._kind == "s" and not text.strip().isdecimal():
            raise _Senseless
        if self._kind == "n" and text.strip():
            float(text)


def local_name(tag: str) -> str:
    """The name of an element without its prefix."""
    return tag.rpartition(":")[2]


_TEXT_CELL = re.compile(
    rb"""(<((?:\w+:)?)c\b[^>]*?\st=)(["'])s\3([^>]*>\s*(?:<\2f\b[^>]*/>|<\2f\b[^>]*>[^<]*</\2f>)?\s*<\2v>)\s*([0-9]+)\s*(?=</)"""
)


def without_lost_texts(sheet: bytes, count: int) -> tuple[bytes, int]:
    """A sheet in which each cell whose text is none of the first `count` holds the error #N/A; and how many those are."""
    lost = 0

    def replaced(found: re.Match[bytes]) -> bytes:
        nonlocal lost
        if int(found[5]) < count:
            return found[0]
        lost += 1
        return found[1] + b'"e"' + found[4] + b"#N/A"

    return _TEXT_CELL.sub(replaced, sheet), lost


def texts_in(shared: bytes) -> int:
    """How many texts a part of shared texts holds."""
    return len(re.findall(rb"<(?:\w+:)?si\b", shared))


def uncounted(shared: bytes) -> bytes:
    """A part of shared texts that no longer says how many there are."""
    head = re.sub(rb"""\s(?:uniqueCount|count)=(?:"[^"<]*"|'[^'<]*')""", b"", shared[:1000])
    return head + shared[1000:]
