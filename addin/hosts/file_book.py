"""A workbook that is a file, and the workbooks that are open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from addin.hosts.file_contents import FileContents
from addin.hosts.file_name import FileNames
from addin.hosts.file_sheet import FileSheets
from addin.hosts.rules import HostObject, NotInEveryHost

if TYPE_CHECKING:
    from addin.hosts.file_app import FileApp


class FileBook(HostObject, kind="Book"):
    """One open workbook."""

    __slots__ = ("_app", "contents")

    def __init__(self, app: FileApp, contents: FileContents) -> None:
        self._app, self.contents = app, contents

    @property
    def app(self) -> FileApp:
        """The application in which it is open."""
        return self._app

    @property
    def name(self) -> str:
        """The file's name."""
        return self.contents.path.name

    @property
    def fullname(self) -> str:
        """The file's path."""
        return str(self.contents.path)

    @property
    def sheets(self) -> FileSheets:
        """Its sheets."""
        self.contents.check_open()
        return FileSheets(self)

    @property
    def names(self) -> FileNames:
        """Its defined names."""
        return FileNames(self)

    def save(self, path: Any = None, password: Any = None) -> None:
        """Write what was entered; see `FileContents.save`."""
        if password is not None:
            raise NotInEveryHost("Book.save", "no file is saved with a password")
        self.contents.save(Path(path) if path else None)

    def close(self) -> None:
        """Close it; what was entered and not saved is lost."""
        self.contents.closed = True
        self.app.opened.remove(self.contents)

    def activate(self) -> None:
        """Bring it before the others."""
        self.contents.check_open()
        self.app.opened.remove(self.contents)
        self.app.opened.insert(0, self.contents)


class FileBooks(HostObject, kind="Books"):
    """The open workbooks, the active one first."""

    __slots__ = ("_app",)

    def __init__(self, app: FileApp) -> None:
        self._app = app

    @property
    def app(self) -> FileApp:
        """The application in which they are open."""
        return self._app

    @property
    def active(self) -> FileBook:
        """The workbook that is in front. NotInEveryHost where none is open."""
        for each in self:
            return each
        raise NotInEveryHost("Books.active", "no workbook is open")

    def __call__(self, *args: Any) -> FileBook:
        """The workbook of a name, or of a place from 1; KeyError where there is none."""
        (key,) = args
        for place, each in enumerate(self, start=1):
            if each.name.casefold() == str(key).casefold() or key == place:
                return each
        raise KeyError(key)

    def __len__(self) -> int:
        return len(self.app.opened)

    def __iter__(self) -> Iterator[FileBook]:
        return iter([FileBook(self.app, each) for each in self.app.opened])

    def open(self, fullname: str, *args: Any) -> FileBook:
        """Open another file, which is then the active one. HostRefused as `FileContents`."""
        if any(each is not None for each in args):
            raise NotInEveryHost("Books.open", "a file is opened by its path alone")
        contents = FileContents(Path(fullname), self.app.read)
        self.app.opened.insert(0, contents)
        return FileBook(self.app, contents)
