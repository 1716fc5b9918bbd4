"""A file as the workbook of a command: the host that needs no Excel."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

import xlwings

from addin.hosts.file_app import IMPL, Shown, app_with
from addin.hosts.file_contents import FileContents, Reader
from addin.hosts.file_range import box_of
from workbook_files.ranges import range_name
from workbook_files.reader import read_grid
from xingzhi.findings import Finding
from xingzhi.grid import Grid


class FileHost:
    """An open file: `book` is what a command is given. While it is open, its engine is the active one of xlwings."""

    def __init__(self, contents: FileContents, read: Reader) -> None:
        self._contents = contents
        self._impl = app_with(contents, read)
        self._before = xlwings.engines.active
        xlwings.engines[IMPL.name].activate()
        self.book = xlwings.Book(impl=self._impl)

    @property
    def findings(self) -> list[Finding]:
        """What is said of the file: by the reader, and by the writer where it has something to tell."""
        return list(self._contents.findings)

    @property
    def grid(self) -> Grid:
        """The file as it was read last."""
        return self._contents.grid

    @property
    def said(self) -> list[Shown]:
        """What the command showed its user, in order."""
        return list(self._impl.app.shown)

    @property
    def selection(self) -> tuple[str, str]:
        """(sheet, address) of what is selected in the active workbook."""
        selected = self._impl.app.selection
        return selected.sheet.name, range_name(box_of(selected))

    def save(self, target: Path | None = None) -> None:
        """Write what the command entered, and read the file anew. HostRefused, with the finding, where it cannot be.

        A command that closed the workbook has saved it itself.
        """
        if not self._contents.closed:
            self._contents.save(target)

    def close(self) -> None:
        """Let go of the file; what was not saved is lost."""
        IMPL.apps.drop(self._impl.app)
        xlwings.engines.active = self._before

    def __enter__(self) -> FileHost:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_book(path: Path, read: Reader = read_grid) -> FileHost:
    """Open a file of any kind that can be read, as a workbook of xlwings: `with open_book(path) as host: …`.

    `read` gives the grid of a file and what is said of it; a file of unknown origin is read in a worker process.
    HostRefused, with the findings, where the file is not opened; OSError where the disk is at fault.
    """
    return FileHost(FileContents(path, read), read)
