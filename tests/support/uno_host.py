"""A workbook that is open in LibreOffice as the workbook of a command: an engine of xlwings over UNO.

It has the members that `check`, `clear_marks` and `next_finding` use, and refuses every other by its name. What it gives is
LibreOffice's own: values that it computes, tables, merged cells and hidden rows as it understood them from the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import xlwings
from support.uno_cells import UnoRange, UnoSheets
from support.uno_document import UnoDocument, box_of

from addin.hosts.file_app import FileEngine, Shown
from addin.hosts.rules import HostObject


class UnoApp(HostObject, kind="App"):
    """The office with one workbook. `shown` gathers what a command told its user."""

    __slots__ = ("_document", "engine", "shown")

    def __init__(self, document: UnoDocument) -> None:
        self._document, self.engine = document, ENGINE
        self.shown: list[Shown] = []

    @property
    def pid(self) -> int:
        """A number that no process has."""
        return 2_000_000_000

    def activate(self, steal_focus: bool = False) -> None:
        """Nothing: it is the only one."""

    @property
    def selection(self) -> UnoRange:
        """What is selected, a single range."""
        book = UnoBook(self, self._document)
        return UnoRange(book.sheets.active, box_of(self._document.model.getCurrentSelection().getRangeAddress()))

    def _set_status_bar(self, value: Any) -> None:
        if value not in (False, None):
            self.shown.append(Shown("status", str(value)))

    status_bar = property(None, _set_status_bar, None, "The text at the foot; False gives the foot back.")

    def alert(self, prompt: Any, title: Any, buttons: Any, mode: Any, callback: Any) -> str:
        """Note what was shown; 'ok'."""
        self.shown.append(Shown("alert", str(prompt), str(title or "")))
        return "ok"


class UnoApps(HostObject, kind="Apps"):
    """The application of each workbook that is open, the last one first."""

    __slots__ = ("opened",)

    def __init__(self) -> None:
        self.opened: list[UnoApp] = []

    def __iter__(self) -> Iterator[UnoApp]:
        return iter(self.opened)

    def __len__(self) -> int:
        return len(self.opened)


class UnoBook(HostObject, kind="Book"):
    """The workbook."""

    __slots__ = ("app", "document")

    def __init__(self, app: UnoApp, document: UnoDocument) -> None:
        self.app, self.document = app, document

    @property
    def name(self) -> str:
        """The file's name."""
        return self.document.path.name

    @property
    def sheets(self) -> UnoSheets:
        """Its sheets."""
        return UnoSheets(self)

    @property
    def names(self) -> UnoNames:
        """Its defined names."""
        return UnoNames(self)

    def activate(self) -> None:
        """Nothing: it is the only one."""


class UnoName(HostObject, kind="Name"):
    """One defined name."""

    __slots__ = ("_document", "_name")

    def __init__(self, document: UnoDocument, name: str) -> None:
        self._document, self._name = document, name

    @property
    def name(self) -> str:
        """The name."""
        return self._name

    @property
    def refers_to(self) -> str:
        """Its formula, addresses as LibreOffice writes them."""
        return f"={self._document.model.getPropertyValue('NamedRanges').getByName(self._name).getContent()}"


class UnoNames(HostObject, kind="Names"):
    """The defined names of a workbook."""

    __slots__ = ("_book",)

    def __init__(self, book: UnoBook) -> None:
        self._book = book

    def snapshot(self) -> list[tuple[str, UnoName]]:
        """(name, object) of each."""
        document = self._book.document
        names = document.model.getPropertyValue("NamedRanges").getElementNames()
        return [(each, UnoName(document, each)) for each in names]

    def __len__(self) -> int:
        return len(self.snapshot())


class UnoEngine(FileEngine):
    """What xlwings asks of an engine; values become those of a command as they do over a file."""

    name = "xingzhi-uno"

    def __init__(self) -> None:
        self.apps: Any = UnoApps()


ENGINE = UnoEngine()


@contextmanager
def uno_book(document: UnoDocument) -> Iterator[xlwings.Book]:
    """The workbook that a command is given; while the block runs, its engine is the active one of xlwings."""
    if ENGINE.name not in [each.name for each in xlwings.engines]:
        xlwings.engines.add(xlwings.Engine(impl=ENGINE))
    before = xlwings.engines.active
    xlwings.engines[ENGINE.name].activate()
    app = UnoApp(document)
    ENGINE.apps.opened.insert(0, app)
    try:
        yield xlwings.Book(impl=UnoBook(app, document))
    finally:
        ENGINE.apps.opened.remove(app)
        xlwings.engines.active = before
