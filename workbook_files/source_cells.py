"""The cells of a sheet that XlsxWriter wrote, as they stand in another workbook: its texts in the cells, its styles."""

from __future__ import annotations

import re

from workbook_files.package_edit import PackageEdit
from workbook_files.part_xml import parse
from workbook_files.sheet_part import SheetPart, attributes_of, without
from workbook_files.style_graft import StyleGraft

_SHARED = re.compile(rb"^\s*<v>([0-9]+)</v>\s*$")
_TAG = re.compile(rb"<(/?)(?=[A-Za-z])")


class SourceCells:
    """Gives the rows' tags and the cells of `sheet`, a part of `source`, with the styles of the target."""

    def __init__(self, source: PackageEdit, sheet: SheetPart, looks: StyleGraft) -> None:
        self.sheet, self._looks = sheet, looks
        related = source.relations(source.main).values()
        part = next((part for kind, part in related if kind == "sharedStrings"), "")
        data = source.read(part) if part in source.parts else b""
        found = parse(data).children if data else ()
        self._texts = [data[each.open_end : each.close_start] for each in found if each.name == "si"]

    def tag(self, number: int) -> bytes:
        """The attributes of a row; b"" where there is none."""
        row = self.sheet.rows.get(number)
        return self._styled(row.tag) if row else b""

    def of(self, number: int, x: bytes = b"") -> dict[int, bytes]:
        """The cells of a row by column; `x` is the prefix of the target's elements."""
        made = {}
        for column, cell in self.sheet.cells(number).items():
            attributes, inner = self._styled(cell.tag), cell.inner
            shared = _SHARED.match(inner) if attributes_of(cell.tag).get("t") == "s" else None
            if shared:
                attributes = without(attributes, "t") + b' t="inlineStr"'
                inner = b"<is>" + self._texts[int(shared[1])] + b"</is>"
            whole = b"<c%b>%b</c>" % (attributes, inner) if inner else b"<c%b/>" % attributes
            made[column] = _TAG.sub(rb"<\1" + x, whole) if x else whole
        return made

    def _styled(self, tag: bytes) -> bytes:
        style = attributes_of(tag).get("s")
        return tag if style is None else without(tag, "s") + b' s="%d"' % self._looks.cells[int(style)]
