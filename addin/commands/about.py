"""关于: the version, whose workbook this is, and where the log lies."""

from __future__ import annotations

import platform
from datetime import date
from importlib import metadata

import xlwings

from addin.checking import book_identity
from addin.live_grid import live_grid
from addin.log import log_file
from addin.said import Said
from xingzhi import messages
from xingzhi.identity import instance


def about(book: xlwings.Book, today: date) -> Said:
    """Tell of the program and of the workbook."""
    identity, lang = book_identity(live_grid(book))
    owner = messages.text("addin.nobodys", lang)
    if identity:
        owner = " ".join(filter(None, (instance(identity.programme, identity.year), identity.unit, identity.unit_name)))
    return Said(
        messages.text(
            "addin.about",
            lang,
            version=metadata.version("xingzhi"),
            python=platform.python_version(),
            xlwings=xlwings.__version__,
            workbook=book.name,
            owner=owner,
            template=identity.template_version if identity else "—",
            log=str(log_file()),
        )
    )
