"""The defined names of a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from addin.hosts.file_range import FileRange, range_of
from addin.hosts.file_sheet import FileSheet, quoted
from addin.hosts.rules import HostObject, NotInEveryHost
from workbook_files.package_edit import DefinedName
from workbook_files.ranges import references, same_sheet

if TYPE_CHECKING:
    from addin.hosts.file_book import FileBook

_BUILT_IN = "_xlnm."


class FileName(HostObject, kind="Name"):
    """One defined name."""

    __slots__ = ("_book", "_defined")

    def __init__(self, book: FileBook, defined: DefinedName) -> None:
        self._book, self._defined = book, defined

    @property
    def name(self) -> str:
        """The name, after its sheet where it is defined for one alone."""
        return full_name(self._defined)

    @property
    def refers_to(self) -> str:
        """Its formula."""
        return f"={self._defined.text}"

    @property
    def refers_to_range(self) -> FileRange:
        """The range that it names. NotInEveryHost where it names none: what Excel raises differs from system to system."""
        text, book = self._defined.text, self._book
        found = list(references(text))
        if len(found) == 1 and found[0].end == len(text):
            each = found[0]
            sheet = next((one for one in book.sheets if same_sheet(one.name, each.sheet or "")), None)
            if sheet and text[: each.start] in (f"{quoted(sheet.name)}!", f"'{sheet.name}'!", f"{sheet.name}!"):
                return range_of(FileSheet(book, sheet.name), each.box)
        raise NotInEveryHost("Name.refers_to_range", f"{self.name} names no range: {text!r}")


class FileNames(HostObject, kind="Names"):
    """The defined names of a workbook, in the order of the file."""

    __slots__ = ("_book",)

    def __init__(self, book: FileBook) -> None:
        self._book = book

    def _all(self) -> list[FileName]:
        self._book.contents.check_open()
        return [FileName(self._book, each) for each in self._book.contents.names]

    def snapshot(self) -> list[tuple[str, FileName]]:
        """(name, object) of each."""
        return [(each.name, each) for each in self._all()]

    def contains(self, name_or_index: object) -> bool:
        """Whether there is a name of this kind."""
        return any(each.name.casefold() == str(name_or_index).casefold() for each in self._all())

    def __call__(self, *args: Any) -> FileName:
        """The name. NotInEveryHost where there is none: ask first whether there is."""
        (key,) = args
        for each in self._all():
            if each.name.casefold() == str(key).casefold():
                return each
        raise NotInEveryHost("Names.__call__", f"there is no name {key!r}: ask first with `in`")

    def __len__(self) -> int:
        return len(self._all())


def full_name(defined: DefinedName) -> str:
    """The name as Excel gives it."""
    own = defined.name.removeprefix(_BUILT_IN)
    return f"{quoted(defined.sheet)}!{own}" if defined.sheet else own
