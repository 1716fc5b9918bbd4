"""The styles part: it only ever gains, at the end of its lists. No index that a cell holds changes its meaning."""

from __future__ import annotations

import re

from workbook_files.package_edit import PackageEdit
from workbook_files.part_xml import Element, Splices, parse, unusual

_BUILT_IN_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
"""ECMA-376 part 1, 18.8.30: 27 to 36 and 50 to 58 are dates in Chinese and other eastern languages."""

_NOT_CODE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]', re.I)
_DATE_LETTER = re.compile("[ymdhs]", re.I)
_TRUE = ("1", "true")

GENERAL, DATE, DATE_TIME, TIME, DURATION = 0, 14, 22, 21, 46
"""Built-in number formats, which need no entry of their own; the dates look as the computer's region has it."""


class StyleSheet:
    """The cell formats (`cellXfs`) of a workbook, and those to be added."""

    def __init__(self, data: bytes, file: str) -> None:
        """Refused with W109 for a part that has no cell formats."""
        self._data = data
        self._root = parse(data, file)
        place = self._root.child("cellXfs")
        if place is None:
            raise unusual(file, "no_styles")
        self._place: Element = place
        self._formats = [data[each.start : each.end] for each in place.children]
        self._count = len(self._formats)
        self._codes = {
            int(each.get("numFmtId", "0")): each.get("formatCode")
            for listing in self._root.children
            if listing.name == "numFmts"
            for each in listing.children
        }
        self._made: dict[tuple[int, bool | None, int | None], int] = {}

    def variant(self, style: int | None, *, quoted: bool | None = None, number_format: int | None = None) -> int | None:
        """The index of a format that differs from `style` in this only: whether the cell's content is marked as text
        (`quotePrefix`; None leaves it), and its number format, where one for dates is given and `style` shows none, or GENERAL
        is given and `style` shows dates."""
        index = style if style is not None and style < len(self._formats) else 0
        key = index, quoted, number_format
        if key not in self._made:
            self._made[key] = self._variant(*key)
        made = self._made[key]
        return style if made == index else made

    def _variant(self, index: int, quoted: bool | None, number_format: int | None) -> int:
        if not self._formats:
            self._formats.append(b"<%bxf/>" % self._place.prefix.encode())
        old = self._formats[index]
        # Alone it lacks the namespaces that the prefixes stand for; the parser knows none and asks for none.
        tree, splices = parse(old), Splices(old)
        if quoted is not None and quoted != (tree.get("quotePrefix") in _TRUE):
            splices.set(tree, quotePrefix="1" if quoted else None)
        if number_format is not None and self.shows_date(tree) == (number_format == GENERAL):
            splices.set(tree, numFmtId=str(number_format), applyNumberFormat="1")
        new = splices.apply()
        if new == old:
            return index
        if new not in self._formats:
            self._formats.append(new)
        return self._formats.index(new)

    def shows_date(self, style: Element) -> bool:
        """Whether a format shows numbers as dates or times."""
        number = int(style.get("numFmtId", "0"))
        if number in self._codes:
            return _DATE_LETTER.search(_NOT_CODE.sub("", self._codes[number].split(";")[0])) is not None
        return number in _BUILT_IN_DATES

    def written(self) -> bytes:
        """The part with what was added."""
        added = self._formats[self._count :]
        if not added:
            return self._data
        splices = Splices(self._data)
        if self._place.get("count"):
            splices.set(self._place, count=str(len(self._formats)))
        splices.append(self._place, b"".join(added))
        return splices.apply()


class Styles:
    """The styles part, read when a cell first asks for it."""

    def __init__(self, package: PackageEdit) -> None:
        self.package = package
        related = package.relations(package.main).values()
        self.part = next((part for kind, part in related if kind == "styles"), "")
        self.sheet: StyleSheet | None = None

    def get(self) -> StyleSheet:
        """The styles; W109 where the workbook has none."""
        if self.sheet is None:
            if self.part not in self.package.parts:
                raise unusual(self.package.file, "no_styles")
            self.sheet = StyleSheet(self.package.read(self.part), self.package.file)
        return self.sheet

    def put(self) -> None:
        """Give the package what was added."""
        if self.sheet is not None:
            self.package.put(self.part, self.sheet.written())
