"""The sheets of a file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from addin.hosts.file_range import LAST_COLUMN, LAST_ROW, FileRange, box_of, range_of
from addin.hosts.file_table import FileTables
from addin.hosts.rules import HostObject, NotInEveryHost
from workbook_files.ranges import box_or_none, same_sheet

if TYPE_CHECKING:
    from addin.hosts.file_book import FileBook

VISIBLE, HIDDEN, VERY_HIDDEN = -1, 0, 2
"""What Excel gives on Windows; on a Mac xlwings gives True and False."""

_PLAIN = re.compile(r"[^\W\d]\w*")


class FileSheet(HostObject, kind="Sheet"):
    """One sheet."""

    __slots__ = ("_book", "_name", "contents")

    def __init__(self, book: FileBook, name: str) -> None:
        self._book, self.contents, self._name = book, book.contents, name

    @property
    def book(self) -> FileBook:
        """Its workbook."""
        return self._book

    @property
    def name(self) -> str:
        """The name on its tab."""
        return self._name

    @property
    def index(self) -> int:
        """Its place among the sheets of cells, from 1."""
        return [each.name for each in self.contents.grid.sheets].index(self._name) + 1

    @property
    def visible(self) -> int:
        """-1, 0 where it is hidden, 2 where only a program can show it: as on Windows, where neither `is True` nor mere truth
        tells that a sheet shows, but `in (True, -1)`."""
        if self._name in self.contents.very_hidden:
            return VERY_HIDDEN
        return VISIBLE if self.contents.sheet(self._name).visible else HIDDEN

    def range(self, arg1: Any, arg2: Any = None) -> FileRange:
        """The range of an address as A1 or A1:B2, of (row, column), of (row, column, rows, columns), or from one corner to
        another."""
        if isinstance(arg1, tuple) and len(arg1) == 4 and arg2 is None:
            return FileRange(self, *arg1)
        if arg2 is None:
            return self._corner(arg1)
        first, second = box_of(self._corner(arg1)), box_of(self._corner(arg2))
        pairs = list(zip(first, second, strict=True))
        return range_of(self, (min(pairs[0]), min(pairs[1]), max(pairs[2]), max(pairs[3])))

    def _corner(self, given: Any) -> FileRange:
        match given:
            case FileRange():
                return given
            case (int() as row, int() as column):
                return FileRange(self, row, column)
            case str() if box := box_or_none(given.replace("$", "").upper()):
                return range_of(self, box)
        raise NotInEveryHost("Sheet.range", f"{given!r} is neither an address such as A1:B2 nor (row, column)")

    @property
    def cells(self) -> FileRange:
        """All cells."""
        return FileRange(self, 1, 1, LAST_ROW, LAST_COLUMN)

    @property
    def used_range(self) -> FileRange:
        """The cells in use; it need not begin in A1, and in Excel it covers blank cells that have a format too."""
        return range_of(self, self.contents.used(self._name))

    @property
    def tables(self) -> FileTables:
        """Its tables."""
        return FileTables(self)

    def activate(self) -> None:
        """Make it the active sheet, which Excel does with one that shows alone."""
        if self.visible != VISIBLE:
            raise NotInEveryHost("Sheet.activate", f"{self._name} is hidden")
        self.contents.active = self._name
        self.book.app.select(None)

    @property
    def external_name(self) -> str:
        """The sheet as an external address names it."""
        name = f"[{self.book.name}]{self._name}"
        is_plain = all(_PLAIN.fullmatch(each) for each in (self.book.name.replace(".", "_"), self._name))
        return name if is_plain else "'" + name.replace("'", "''") + "'"


def quoted(name: str) -> str:
    """A sheet's name as it stands before an exclamation mark."""
    return name if _PLAIN.fullmatch(name) else "'" + name.replace("'", "''") + "'"


class FileSheets(HostObject, kind="Sheets"):
    """The sheets in the order of their tabs, hidden ones among them."""

    __slots__ = ("_book",)

    def __init__(self, book: FileBook) -> None:
        self._book = book

    def _names(self) -> list[str]:
        return [each.name for each in self._book.contents.grid.sheets]

    @property
    def active(self) -> FileSheet:
        """The sheet that shows."""
        return self(self._book.contents.active)

    def __call__(self, *args: Any) -> FileSheet:
        """The sheet of a name or of a place from 1. NotInEveryHost for one that there is not: what Excel raises, and when,
        differs from system to system."""
        (key,) = args
        for place, name in enumerate(self._names(), start=1):
            if (isinstance(key, str) and same_sheet(name, key)) or (not isinstance(key, str) and key == place):
                return FileSheet(self._book, name)
        raise NotInEveryHost("Sheets.__call__", f"there is no sheet {key!r}: go through the names first")

    def __len__(self) -> int:
        return len(self._names())

    def __iter__(self) -> Iterator[FileSheet]:
        return (FileSheet(self._book, name) for name in self._names())
