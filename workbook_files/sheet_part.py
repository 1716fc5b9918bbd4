"""A worksheet's part: its rows with the places of their cells, and the rest as a tree.

Only rows that change are written anew, and in them the cells that do not change keep their bytes. The rows are found by
patterns, not by a parser that calls Python for each of a million cells; what the patterns do not take in full is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from workbook_files.package import column_number
from workbook_files.part_xml import Element, Splices, parse, unusual
from xingzhi.grid import address

_ATTRIBUTES = rb"""(?:\s+[^\s=<>]+\s*=\s*(?:"[^"]*"|'[^']*'))*"""
_ATTRIBUTE = re.compile(rb"""\s+([^\s=<>]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_REF = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]+)[0-9]+["']""")
_STYLE = re.compile(rb"""\ss\s*=\s*["']([0-9]+)["']""")
_SHEET_DATA = re.compile(rb"<((?:[^\s<>/:]+:)?)sheetData" + _ATTRIBUTES + rb"\s*(/?)>")


@lru_cache(maxsize=1024)
def _number(letters: bytes) -> int:
    return column_number(letters.decode())


def attributes_of(tag: bytes) -> dict[str, str]:
    """The attributes of a start tag that hold no entities: addresses, numbers, names of types."""
    return {found[1].decode(): (found[2] or found[3] or b"").decode() for found in _ATTRIBUTE.finditer(tag)}


class Cell(NamedTuple):
    """A cell as it is written. `tag` is what stands between `<c` and `>`, `inner` between the tags."""

    column: int
    tag: bytes
    inner: bytes
    raw: bytes

    @property
    def style(self) -> int | None:
        """The index of its style, None where it names none."""
        found = _STYLE.search(self.tag)
        return int(found[1]) if found else None


@dataclass(frozen=True)
class Row:
    """A row: `tag` is what stands between `<row` and `>`; `start` and `end` are its place among the rows' bytes."""

    number: int
    tag: bytes
    inner: bytes
    start: int
    end: int


class SheetPart:
    """A worksheet. `x` is the prefix of its elements with the colon, `root` the tree of all but its rows."""

    def __init__(self, data: bytes, file: str) -> None:
        """Refused with W109 for a form that is not changed; ExpatError for what is no XML."""
        self.file = file
        found = _SHEET_DATA.search(data)
        if found is None:
            raise unusual(file, "no_rows")
        self.x = found[1]
        closing = b"</" + self.x + b"sheetData"
        end = found.end() if found[2] else data.rfind(closing)
        after = end if found[2] else data.find(b">", end) + 1
        if end < found.end():
            raise unusual(file, "no_rows")
        self.rows_data = data[found.end() : end]
        self._opening = data[found.start() : found.end() - len(found[2]) - 1] + b">"
        # A tree of the whole would hold every cell; of the rows it holds the empty element alone.
        self.skeleton = data[: found.start()] + b"<" + self.x + b"sheetData/>" + data[after:]
        self.root: Element = parse(self.skeleton, file)
        place = self.root.child("sheetData")
        if place is None or place.start != found.start():
            raise unusual(file, "no_rows")
        self._place = place
        self._row = self._pattern(b"row")
        self._cell = self._pattern(b"c")
        self._content = re.compile(
            rb"<%b(?:is\b|f\b)|<%bv(?:\s[^>]*)?(?<!/)>(?!</)" % (re.escape(self.x), re.escape(self.x))
        )
        self.formula = re.compile(
            rb"<%bf(%b)\s*(?:/>|>(.*?)</%bf\s*>)" % (re.escape(self.x), _ATTRIBUTES, re.escape(self.x)), re.DOTALL
        )

    def _pattern(self, name: bytes) -> re.Pattern[bytes]:
        x = re.escape(self.x)
        return re.compile(
            rb"<%b%b(?=[\s/>])(%b)\s*(?:/>|>(.*?)</%b%b\s*>)" % (x, name, _ATTRIBUTES, x, name), re.DOTALL
        )

    @cached_property
    def rows(self) -> dict[int, Row]:
        """The rows by number, in order. W109 where they do not say where they are, or are not in order."""
        if b"<!" in self.rows_data:
            raise unusual(self.file, "comments")
        found: dict[int, Row] = {}
        at = before = 0
        for match in self._row.finditer(self.rows_data):
            number = attributes_of(match[1]).get("r", "")
            if self.rows_data[at : match.start()].strip() or not number.isdecimal() or int(number) <= before:
                raise unusual(self.file, "no_addresses")
            before, at = int(number), match.end()
            found[before] = Row(before, match[1], match[2] or b"", match.start(), match.end())
        if self.rows_data[at:].strip():
            raise unusual(self.file, "no_addresses")
        return found

    def cells(self, number: int) -> dict[int, Cell]:
        """The cells of a row by column. W109 where they do not say where they are."""
        row = self.rows.get(number)
        found: dict[int, Cell] = {}
        at = before = 0
        for match in self._cell.finditer(row.inner) if row else ():
            cell = match[1]
            ref = _REF.search(cell)
            column = _number(ref[1]) if ref else 0
            if row is None or row.inner[at : match.start()].strip() or column <= before:
                raise unusual(self.file, "no_addresses")
            before, at = column, match.end()
            found[column] = Cell(column, cell, match[2] or b"", match[0])
        if row and row.inner[at:].strip():
            raise unusual(self.file, "no_addresses")
        return found

    def holds(self, cell: Cell | None) -> bool:
        """Whether a cell has a value or a formula, and not only a look."""
        return cell is not None and self._content.search(cell.inner) is not None

    def formula_of(self, cell: Cell) -> tuple[dict[str, str], bytes] | None:
        """The attributes and the text, still escaped, of a cell's formula."""
        found = self.formula.search(cell.inner)
        return (attributes_of(found[1]), found[2] or b"") if found else None

    def arrays(self) -> list[tuple[str, str]]:
        """(type, range) of every formula that fills a range: of arrays and data tables."""
        found = []
        for match in self.formula.finditer(self.rows_data):
            attributes = attributes_of(match[1])
            if attributes.get("t") in ("array", "dataTable") and attributes.get("ref"):
                found.append((attributes["t"], attributes["ref"]))
        return found

    def shared_left(self, replaced: Callable[[int, Cell], bool]) -> str:
        """The address of a cell whose formula others share that are not replaced with it; '' where there is none."""
        if b"shared" not in self.rows_data:
            return ""
        masters: dict[str, str] = {}
        kept: set[str] = set()
        for number in self.rows:
            for cell in self.cells(number).values():
                formula = self.formula_of(cell) if b"shared" in cell.inner else None
                if formula is None or formula[0].get("t") != "shared":
                    continue
                name = formula[0].get("si", "")
                if not replaced(number, cell):
                    kept.add(name)
                elif formula[1]:
                    masters[name] = address(number, cell.column)
        return next((masters[name] for name in sorted(masters.keys() & kept)), "")

    def row(self, number: int, tag: bytes, cells: Mapping[int, bytes]) -> bytes:
        """A row's bytes with its number in place of the one that `tag` has, and its cells in order."""
        tag = without(tag, "r").rstrip()
        first, _, last = attributes_of(tag).get("spans", "").partition(":")
        if not (
            cells and first.isdecimal() and last.isdecimal() and int(first) <= min(cells) <= max(cells) <= int(last)
        ):
            # A hint for reading, and a wrong one is worse than none.
            tag = without(tag, "spans").rstrip()
        opening = b'<%brow r="%d"%b' % (self.x, number, tag)
        if not cells:
            return opening + b"/>"
        inner = b"".join(cells[column] for column in sorted(cells))
        return b"%b>%b</%brow>" % (opening, inner, self.x)

    def written(self, rows: Mapping[int, bytes], splices: Splices) -> bytes:
        """The part with other rows, b"" for one that goes, and with the splices of the skeleton."""
        pieces, at = [], 0
        new = sorted(number for number in rows if number not in self.rows)
        for row in self.rows.values():
            while new and new[0] < row.number:
                pieces += [self.rows_data[at : row.start], rows[new.pop(0)]]
                at = row.start
            if row.number in rows:
                pieces += [self.rows_data[at : row.start], rows[row.number]]
                at = row.end
        if self.rows:
            last = max(row.end for row in self.rows.values())
            pieces.append(self.rows_data[at:last])
            at = last
        pieces += [rows[number] for number in new]
        pieces.append(self.rows_data[at:])
        return self.with_rows_data(b"".join(pieces), splices)

    def with_rows_data(self, data: bytes, splices: Splices) -> bytes:
        """The part with other bytes for all its rows, and with the splices of the skeleton."""
        closing = b"</%bsheetData>" % self.x
        splices.replace(self._place.start, self._place.end, self._opening + data + closing)
        return splices.apply()


def without(tag: bytes, name: str) -> bytes:
    """A tag's attributes without one of them."""
    return _ATTRIBUTE.sub(lambda found: b"" if found[1] == name.encode() else found[0], tag)


def readdressed(cell: Cell, x: bytes, address: str) -> bytes:
    """A cell's bytes at another place."""
    tag = _ATTRIBUTE.sub(lambda found: b' r="%b"' % address.encode() if found[1] == b"r" else found[0], cell.tag)
    return cell.raw.replace(b"<%bc%b" % (x, cell.tag), b"<%bc%b" % (x, tag), 1)


def restyled(cell: Cell, x: bytes, style: int) -> Cell:
    """A cell with another style."""
    tag = without(cell.tag, "s") + b' s="%d"' % style
    return cell._replace(tag=tag, raw=cell.raw.replace(b"<%bc%b" % (x, cell.tag), b"<%bc%b" % (x, tag), 1))
