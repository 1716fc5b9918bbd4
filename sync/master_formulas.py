"""The formulas of a master, for what it says where they cannot stay."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from xingzhi.grid import Sheet, address

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook


def formulas_of(path: Path) -> dict[str, tuple[str, ...]]:
    """The addresses of the cells of a master that hold a formula, by sheet."""
    return addresses(read_formulas(path))


def addresses(formulas: Mapping[str, Mapping[tuple[int, int], str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(address(*place) for place in found) for name, found in formulas.items() if found}


_UNREADABLE = (TypeError, ValueError, KeyError, AttributeError, IndexError)
_CONSTANTS = ("=TRUE()", "=FALSE()")
"""As LibreOffice writes a mere yes or no."""


def read_formulas(path: Path) -> dict[str, dict[tuple[int, int], str]]:
    """The formulas of each sheet by (row, column)."""
    with zipfile.ZipFile(path) as archive:
        parts = (archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/"))
        if not any(b"<f>" in part or b"<f " in part for part in parts):
            return {}
    import openpyxl  # only here: it reads eleven times as slowly as the value reader

    with warnings.catch_warnings():
        # What openpyxl would lose if it wrote the file is no concern of the user's: it only reads.
        warnings.simplefilter("ignore")
        try:
            with closing(openpyxl.load_workbook(path, read_only=True)) as book:
                return _formulas_of(book)
        except _UNREADABLE:
            # Looks that it does not know: what is told of formulas is not worth a run.
            return {}


def _formulas_of(book: Workbook) -> dict[str, dict[tuple[int, int], str]]:
    return {
        page.title: {
            (number, column): str(getattr(cell.value, "text", cell.value))
            for number, row in enumerate(page.iter_rows(), start=1)
            for column, cell in enumerate(row, start=1)
            if cell.data_type == "f" and str(cell.value) not in _CONSTANTS
        }
        for page in book.worksheets
    }


def with_formulas(sheet: Sheet, formulas: Mapping[tuple[int, int], str]) -> Sheet:
    """A formula that has no value yet, or an error for one, stands as the text that was typed."""
    rows = [list(row) for row in sheet.rows]
    for (number, column), text in formulas.items():
        if sheet.value(number, column) is None:
            rows += [[] for _ in range(number - len(rows))]
            rows[number - 1] += [None] * (column - len(rows[number - 1]))
            rows[number - 1][column - 1] = text
    return replace(sheet, rows=rows)
