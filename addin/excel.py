"""The macros in Excel: what `RunPython` calls."""

from __future__ import annotations

import atexit
import sys
from collections.abc import Callable
from datetime import date
from importlib import import_module

import xlwings

from addin.checking import book_language
from addin.log import log_failure, log_file
from addin.said import Level, Said, Stopped
from xingzhi import messages
from xingzhi.labels import Lang

_STATUS_LENGTH = 250
"""Characters: Excel takes no more there."""

Command = Callable[[xlwings.Book, date], Said]


def run(name: str) -> None:
    """Run a command on the workbook that the user looks at. What it says, and what went wrong, is told in a message box;
    what went wrong is in the log too. Only where no workbook is found, and so no Excel to show a box, the error is raised."""
    spare_excel()
    try:
        book = xlwings.Book.caller()
    except Exception as error:
        log_failure(name, error)
        raise
    present(book, name, date.today())


def present(book: xlwings.Book, name: str, today: date) -> None:
    """Run a command and tell what it says."""
    app, lang = book.app, Lang.ZH
    try:
        lang = book_language(book)
        app.status_bar = messages.text("addin.working", lang)
        said = command(name)(book, today)
    except Stopped as stopped:
        said = Said(stopped.text(lang), Level.WARNING)
    except Exception as error:
        log_failure(name, error)
        why = f"{type(error).__name__}: {error}"[:300]
        said = Said(messages.text("addin.failed", lang, why=why, log=str(log_file())), Level.WARNING)
    # On a Mac xlwings clears the status bar when this process ends.
    if said.passing and sys.platform != "darwin":
        app.status_bar = said.text[:_STATUS_LENGTH]
        return
    app.status_bar = False
    app.alert(said.text, title=messages.text("addin.title", lang), mode=said.level.value)


def command(name: str) -> Command:
    """The command of this name; ValueError for what is none."""
    if not name.isidentifier() or name.startswith("_"):
        raise ValueError(f"no command: {name}")
    try:
        found: Command = getattr(import_module(f"addin.commands.{name}"), name)
    except (ImportError, AttributeError) as error:
        raise ValueError(f"no command: {name}") from error
    return found


def spare_excel() -> None:
    """Keep xlwings from ending Excel when this process ends: on Windows its exit handler kills every Excel without a
    window, and that may be the one that another program of the user's is at work in."""
    if sys.platform.startswith("win"):
        from xlwings import _xlwindows

        atexit.unregister(_xlwindows.cleanup)
