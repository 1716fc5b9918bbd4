"""Blank unit workbooks, for whoever only wants the spreadsheets; the committed ones are built here too."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from workbook_templates.macro_buttons import Macros
from workbook_templates.profiles import profile
from workbook_templates.unit_book import UnitBook
from workbook_templates.unit_workbook import build
from xingzhi.identity import TEMPLATE_VERSION, Identity
from xingzhi.labels import Lang
from xingzhi.programme import Term

FILES = Path(__file__).with_name("files")
COMMITTED_YEAR = 2026
"""The year of the committed files: another is one command away."""


def write_blank(path: Path, programme: str, year: int, lang: Lang, today: date, macros: Macros | None = None) -> None:
    """A workbook that belongs to no unit yet. KeyError for a programme that no profile has."""
    term = Term(programme=profile(programme), year=year)
    identity = Identity(TEMPLATE_VERSION, programme, year, lang=lang.value)
    build(UnitBook(term=term, identity=identity, today=today), path, macros)


def committed(programme: str, lang: Lang) -> Path:
    """Where the blank file of a programme and language is committed."""
    return FILES / f"{programme}-{COMMITTED_YEAR}-{lang.value}.xlsx"


def write_committed(folder: Path, programme: str, lang: Lang) -> Path:
    """Build a committed file anew into `folder`, as of the first day of its programme."""
    path = folder / committed(programme, lang).name
    term = Term(programme=profile(programme), year=COMMITTED_YEAR)
    write_blank(path, programme, COMMITTED_YEAR, lang, term.time.start)
    return path
