"""The tables of a file's sheet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from addin.hosts.file_edits import OpenTable
from addin.hosts.file_range import FileRange, box_of, range_of
from addin.hosts.rules import HostObject, HostRefused, NotInEveryHost

if TYPE_CHECKING:
    from addin.hosts.file_sheet import FileSheet


class FileTable(HostObject, kind="Table"):
    """One table."""

    __slots__ = ("_name", "_sheet")

    def __init__(self, sheet: FileSheet, name: str) -> None:
        self._sheet, self._name = sheet, name

    @property
    def parent(self) -> FileSheet:
        """Its sheet."""
        return self._sheet

    @property
    def _table(self) -> OpenTable:
        # Asked for each time: after a save it is another.
        return next(each for each in tables_of(self._sheet) if each.part.name == self._name)

    @property
    def name(self) -> str:
        """Its name."""
        return self._name

    @property
    def display_name(self) -> str:
        """The name that formulas use, which is the same."""
        return self._name

    @property
    def range(self) -> FileRange:
        """Its cells, header and totals among them."""
        return range_of(self._sheet, self._table.box)

    @property
    def header_row_range(self) -> FileRange | None:
        """Its header, None where it has none."""
        top, left, _, right = self._table.box
        headers = self._table.part.headers
        return range_of(self._sheet, (top, left, top + headers - 1, right)) if headers else None

    @property
    def data_body_range(self) -> FileRange | None:
        """Its rows, None where it has none but the blank one that Excel shows for them."""
        part, (_, left, bottom, right) = self._table.part, self._table.box
        if part.root.get("insertRow") in ("1", "true") and self._table.box == part.box:
            return None
        return range_of(self._sheet, (part.first, left, bottom - part.totals, right))

    @property
    def totals_row_range(self) -> FileRange | None:
        """Its totals, None where it has none."""
        _, left, bottom, right = self._table.box
        totals = self._table.part.totals
        return range_of(self._sheet, (bottom - totals + 1, left, bottom, right)) if totals else None

    def resize(self, range: Any) -> None:
        """Give it more rows or fewer; the cells stay where they are, as in Excel.

        NotInEveryHost for another first row or other columns, for no row at all, and for a table with totals.
        """
        part, old, new = self._table.part, self._table.box, box_of(range.impl)
        if (new[0], new[1], new[3]) != (old[0], old[1], old[3]) or new[2] < part.first:
            raise NotInEveryHost("Table.resize", f"of {part.name} only the number of rows may change, to one at least")
        if part.totals and new != old:
            raise NotInEveryHost("Table.resize", f"{part.name} has totals")
        self._table.box = new


def tables_of(sheet: FileSheet) -> list[OpenTable]:
    """The tables of a sheet. HostRefused, with the finding, where the file's tables could not be read."""
    contents = sheet.contents
    contents.check_open()
    if contents.unread:
        raise HostRefused([contents.unread])
    return [each for each in contents.tables if each.part.sheet.name == sheet.name]


class FileTables(HostObject, kind="Tables"):
    """The tables of a sheet."""

    __slots__ = ("_sheet",)

    def __init__(self, sheet: FileSheet) -> None:
        self._sheet = sheet

    def __call__(self, *args: Any) -> FileTable:
        """The table of a name or of a place from 1; KeyError where there is none."""
        (key,) = args
        for place, table in enumerate(tables_of(self._sheet), start=1):
            if table.part.name.casefold() == str(key).casefold() or key == place:
                return FileTable(self._sheet, table.part.name)
        raise KeyError(key)

    def __len__(self) -> int:
        return len(tables_of(self._sheet))

    def __iter__(self) -> Iterator[FileTable]:
        return (FileTable(self._sheet, each.part.name) for each in tables_of(self._sheet))

    def __contains__(self, key: object) -> bool:
        return any(each.part.name.casefold() == str(key).casefold() for each in tables_of(self._sheet))
