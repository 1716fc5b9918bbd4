"""A workbook that is open in a host, checked: the same rules and the same words as `xingzhi check` and sync."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import xlwings

from addin.live_grid import live_grid
from addin.said import Stopped
from workbook_templates import sheet_names
from workbook_templates.explanations import read_explanations
from workbook_templates.grid_check import GridCheck, OfficeRules, check_grid
from workbook_templates.tables.registry import tables
from xingzhi.columns import Table
from xingzhi.findings import Finding
from xingzhi.grid import Grid
from xingzhi.identity import Identity, read_identity
from xingzhi.labels import Lang
from xingzhi.programme import Term


@dataclass(frozen=True)
class CheckedBook:
    """A unit's workbook with what was found in it; `term` are its rules. The findings bear what the unit says of them."""

    grid: Grid
    identity: Identity
    term: Term
    check: GridCheck
    findings: tuple[Finding, ...]

    @property
    def lang(self) -> Lang:
        """The language of the workbook."""
        return Lang(self.identity.lang)

    @property
    def tables(self) -> Mapping[str, Table]:
        """The tables of the workbook by their keys."""
        return {table.key: table for table in tables(self.term.programme.tables)}


def check_book(book: xlwings.Book, today: date, *, office: OfficeRules | None = None) -> CheckedBook:
    """Check an open workbook. Stopped where it is not a unit's workbook of a programme that we know."""
    grid = unit_grid(book)
    found = check_grid(grid, today, office=office)
    if found.identity is None or found.term is None:
        lang = language_of(found.identity)
        first = found.findings[0]
        raise Stopped("addin.not_ours", why=first.message(lang), remedy=first.remedy(lang))
    said = read_explanations(grid)
    findings = tuple(replace(each, explanation=said.get(each.key, "")) for each in found.findings)
    return CheckedBook(grid, found.identity, found.term, found, findings)


def unit_grid(book: xlwings.Book) -> Grid:
    """The values of a unit's workbook. Stopped where it is an office's master."""
    if any(sheet.name in sheet_names.OVERVIEW.both() for sheet in book.sheets):
        raise Stopped("addin.is_master")
    return live_grid(book)


def language_of(identity: Identity | None) -> Lang:
    """The language of a workbook, Chinese where it does not say."""
    return Lang(identity.lang) if identity else Lang.ZH


def book_identity(grid: Grid) -> tuple[Identity | None, Lang]:
    """Whose a workbook is, and its language."""
    identity, _ = read_identity(grid)
    return identity, language_of(identity)


def book_language(book: xlwings.Book) -> Lang:
    """The language of an open workbook, by the names of the sheets that the tool itself writes; Chinese where none is ours."""
    english = {sheet_names.GUIDE.en, sheet_names.FINDINGS.en, sheet_names.OVERVIEW.en}
    return Lang.EN if english & {sheet.name for sheet in book.sheets} else Lang.ZH
