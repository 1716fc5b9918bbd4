"""Tables of a workbook that is open in LibreOffice, which holds those of an .xlsx as database ranges."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from support.uno_document import box_of

from addin.hosts.rules import HostObject

if TYPE_CHECKING:
    from support.uno_cells import UnoRange, UnoSheet


class UnoTable(HostObject, kind="Table"):
    """One table."""

    __slots__ = ("_name", "parent")

    def __init__(self, sheet: UnoSheet, name: str) -> None:
        self.parent, self._name = sheet, name

    @property
    def _held(self) -> Any:
        return self.parent.book.document.model.getPropertyValue("DatabaseRanges").getByName(self._name)

    @property
    def name(self) -> str:
        """Its name."""
        return self._name

    @property
    def range(self) -> UnoRange:
        """Its cells, the header among them."""
        top, left, bottom, right = box_of(self._held.getDataArea())
        return self.parent.range((top, left), (bottom, right))

    @property
    def header_row_range(self) -> UnoRange | None:
        """Its header, None where it has none."""
        if not self._held.getPropertyValue("ContainsHeader"):
            return None
        top, left, _, right = self.range.box
        return self.parent.range((top, left), (top, right))

    def resize(self, range: Any) -> None:
        """Give it other cells."""
        top, left, bottom, right = range.impl.box
        held = self._held
        area = {"StartRow": top - 1, "StartColumn": left - 1, "EndRow": bottom - 1, "EndColumn": right - 1}
        held.setDataArea({**held.getDataArea(), **area})


class UnoTables(HostObject, kind="Tables"):
    """The tables of a sheet, by name."""

    __slots__ = ("_sheet",)

    def __init__(self, sheet: UnoSheet) -> None:
        self._sheet = sheet

    def __iter__(self) -> Iterator[UnoTable]:
        document = self._sheet.book.document
        ranges = document.model.getPropertyValue("DatabaseRanges")
        place = document.sheets.index(self._sheet.name)
        for name in ranges.getElementNames():
            if ranges.getByName(name).getDataArea()["Sheet"] == place:
                yield UnoTable(self._sheet, name)

    def __len__(self) -> int:
        return len(list(iter(self)))
