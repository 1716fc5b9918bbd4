"""The shared texts that cells hold: with them goes what a part of a text looks like."""

from __future__ import annotations

import re
from functools import cached_property
from xml.etree import ElementTree as ET

from workbook_files.package import text_of
from workbook_files.package_edit import PackageEdit
from workbook_files.relations import local
from workbook_files.sheet_part import Cell

_IS_SHARED = re.compile(rb"""\st\s*=\s*["']s["']""")


class CellTexts:
    """Reads the texts of cells of one sheet; `x` is the prefix of its elements."""

    def __init__(self, package: PackageEdit, x: bytes) -> None:
        self._package = package
        self._index = re.compile(rb"^\s*<%bv>\s*([0-9]+)\s*</%bv>\s*$" % (re.escape(x), re.escape(x)))

    def text(self, cell: Cell) -> str | None:
        """The shared text that a cell holds; None for a cell that holds anything else, whose bytes are as good anew."""
        found = self._index.match(cell.inner) if _IS_SHARED.search(cell.tag) else None
        if found is None or int(found[1]) >= len(self._shared):
            return None
        return self._shared[int(found[1])]

    @cached_property
    def _shared(self) -> list[str]:
        related = self._package.relations(self._package.main).values()
        part = next((part for kind, part in related if kind == "sharedStrings"), "")
        if part not in self._package.parts:
            return []
        root = ET.fromstring(self._package.read(part))
        return [text_of(each) for each in root if local(each.tag) == "si"]
