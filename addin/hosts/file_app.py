"""The engine of xlwings that works on files, and the application as a command sees it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import count
from typing import Any, NamedTuple

import xlwings

from addin.hosts.file_book import FileBook, FileBooks
from addin.hosts.file_contents import CellError, FileContents, Reader
from addin.hosts.file_range import FileRange
from addin.hosts.rules import HostObject, NotInEveryHost

ENGINE = "xingzhi-file"
_NUMBERS = count(1_000_000_000)
"""Numbers by which xlwings tells applications apart: beyond those of any process."""


class Shown(NamedTuple):
    """What a user would have been shown; `where` is 'alert' or 'status'."""

    where: str
    text: str
    title: str = ""


class FileApp(HostObject, kind="App"):
    """One application with its open workbooks, the active one first in `opened`. `shown` gathers what it told its user."""

    __slots__ = ("_number", "_selected", "_states", "opened", "read", "shown")

    def __init__(self, read: Reader) -> None:
        self.read, self._number = read, next(_NUMBERS)
        self.opened: list[FileContents] = []
        self.shown: list[Shown] = []
        self._selected: FileRange | None = None
        self._states = {"screen_updating": True, "display_alerts": True}

    @property
    def engine(self) -> FileEngine:
        """The engine that it belongs to."""
        return IMPL

    @property
    def pid(self) -> int:
        """A number that no other application has, and no process."""
        return self._number

    @property
    def books(self) -> FileBooks:
        """The open workbooks."""
        return FileBooks(self)

    def activate(self, steal_focus: bool = False) -> None:
        """Bring it before the others."""
        IMPL.apps.to_front(self)

    @property
    def selection(self) -> FileRange:
        """What is selected in the active workbook: its active sheet's first cell to begin with."""
        active = self.books.active.sheets.active
        chosen = self._selected
        if chosen is not None and (chosen.sheet.contents, chosen.sheet.name) == (active.contents, active.name):
            return chosen
        return FileRange(active, 1, 1)

    def select(self, cells: FileRange | None) -> None:
        """Remember what is selected."""
        self._selected = cells

    @property
    def screen_updating(self) -> bool:
        """Whether the screen follows; remembered alone."""
        return self._states["screen_updating"]

    @screen_updating.setter
    def screen_updating(self, value: bool) -> None:
        self._states["screen_updating"] = value

    @property
    def display_alerts(self) -> bool:
        """Whether Excel asks before it overwrites; remembered alone."""
        return self._states["display_alerts"]

    @display_alerts.setter
    def display_alerts(self, value: bool) -> None:
        self._states["display_alerts"] = value

    def _set_status_bar(self, value: Any) -> None:
        if value not in (False, None):
            self.shown.append(Shown("status", str(value)))

    status_bar = property(None, _set_status_bar, None, "The text at the foot; False gives the foot back to Excel.")

    def calculate(self) -> None:
        """Nothing: whoever opens the file computes it."""

    def alert(self, prompt: Any, title: Any, buttons: Any, mode: Any, callback: Any) -> str:
        """Note what was shown; 'ok'. NotInEveryHost for a question, which nobody would answer."""
        if buttons not in (None, "ok") or callback is not None:
            raise NotInEveryHost("App.alert", "nobody answers a question")
        if mode not in (None, "info", "critical"):
            raise NotInEveryHost("App.alert", f"no host has the mode {mode!r}")
        self.shown.append(Shown("alert", str(prompt or ""), str(title or "")))
        return "ok"


class FileApps(HostObject, kind="Apps"):
    """The applications, the active one first."""

    __slots__ = ("_apps",)

    def __init__(self) -> None:
        self._apps: list[FileApp] = []

    def to_front(self, app: FileApp) -> None:
        """Make it the active one."""
        self.drop(app)
        self._apps.insert(0, app)

    def drop(self, app: FileApp) -> None:
        """Take it out."""
        self._apps = [each for each in self._apps if each is not app]

    def __iter__(self) -> Iterator[FileApp]:
        return iter(self._apps)

    def __len__(self) -> int:
        return len(self._apps)


class FileEngine:
    """What xlwings asks of an engine: where its applications are, and what it makes of values."""

    name = ENGINE
    type = "desktop"

    def __init__(self) -> None:
        self.apps = FileApps()

    @staticmethod
    def prepare_xl_data_element(value: Any, options: Any) -> Any:
        """A value before it is written: `FileRange.raw_value` judges it."""
        return value

    @staticmethod
    def clean_value_data(
        data: Sequence[Sequence[Any]], day: Any, blank: Any, number: Any, errors_as_text: bool
    ) -> list[list[Any]]:
        """Values as a command is given them, by its options."""
        return [[_clean(value, day, blank, number, errors_as_text) for value in row] for row in data]


def _clean(value: Any, day: Any, blank: Any, number: Any, errors_as_text: bool) -> Any:
    match value:
        case None:
            return blank
        case CellError():
            return value.text if errors_as_text else None
        case datetime():
            parts = {name: getattr(value, name) for name in ("year", "month", "day", "hour", "minute", "second")}
            return day(**parts, microsecond=value.microsecond, tzinfo=None)
        case float() if number is not None:
            return number(value)
        case _:
            return value


IMPL = FileEngine()


def app_with(book: FileContents, read: Reader) -> FileBook:
    """A new application, in front of the others, in which a file is open."""
    if ENGINE not in [each.name for each in xlwings.engines]:
        xlwings.engines.add(xlwings.Engine(impl=IMPL))
    app = FileApp(read)
    app.opened.append(book)
    IMPL.apps.to_front(app)
    return FileBook(app, book)
