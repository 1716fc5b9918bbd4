"""Our grid against a second reader, cell by cell, over a corpus of real files.

The second reader is openpyxl; LibreOffice converts what openpyxl does not read. Every difference is listed below with its
reason: one that is not in the list fails, and so does one in the list that is no longer there.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from support import corpora, libreoffice

from workbook_files.reader import read_grid
from workbook_files.workers import read_all
from xingzhi.findings import Finding
from xingzhi.grid import Grid, address

pytestmark = [
    pytest.mark.skipif(not corpora.spreadsheets(), reason=corpora.ABSENT),
    pytest.mark.skipif(libreoffice.available() is not None, reason=str(libreoffice.available())),
]

UNREADABLE = {
    "OOM_alloc3.xls": "F101",
    "issue252.xlsx": "F101",
    "issue_385.xls": "F103",
    "issue_594_dos.ods": "F104",
    "pass_protected.ods": "F103",
    "pass_protected.xlsb": "F103",
    "pass_protected.xlsx": "F103",
    "too_small.xls": "F106",
}
"""What we refuse, and why: damage, a password, 17 thousand million cells, no container."""

NOT_BY_OPENPYXL = (
    "empty_s_attribute.xlsx",
    "issue_419.xlsx",
    "minimal_package.xlsx",
    "pivots.xlsx",
    "strict_iso_paths.xlsx",
)
"""Workbooks (.xlsx) that openpyxl does not open or, being Strict, finds empty: LibreOffice converts them first."""

BY_NEITHER = {"issue_530.xlsx"}
"""What no second reader opens: its shared strings are named by a relation and are not there; no cell needs them."""

TRUTH = "LibreOffice keeps truth values as numbers, and writes them so"
COMPUTED = "LibreOffice computes a formula anew: an external file, a function that it does not know, its own path"
TRIMMED = "space around a text without xml:space=preserve does not count, as in Excel; the second reader keeps it"

DIFFERENCES: Mapping[str, tuple[list[str], str]] = {
    "biff5-rich-text-string.xls": (["Sheet1!H3"], "a code page is missing: characters from 80 to 9F are guessed"),
    "covered.ods": (["sheet1!A3"], "LibreOffice writes no value of a cell that a merged range covers"),
    "empty-string.xls": (["Sheet1!B1"], COMPUTED),
    "encoded_entities.xlsx": (["Sheet1!A2"], TRIMMED),
    "has_x000D_.xlsx": (["Sheet1!A1"], "openpyxl leaves _x000D_ as it is written; we read the character"),
    "has_x000D_inline.xlsx": (["Sheet1!A1"], "openpyxl leaves _x000D_ as it is written; we read the character"),
    "issue_646_unsupported_formula_function.xls": (["Sheet1!A1"], COMPUTED),
    "issues.ods": (["datatypes!A4", "issue6!A4"], TRUTH),
    "issues.xls": (["datatypes!A4", "issue6!A4"], TRUTH),
    "issues.xlsb": (["Sheet1!A2", "datatypes!A4", "issue6!A4"], f"{TRUTH}; {COMPUTED}"),
    "minimal_package.xlsx": (["2093 cells"], TRIMMED),
    "pivots.xlsx": (["83 cells"], f"LibreOffice draws up a pivot table anew, in its own words; {TRUTH}"),
    "ptgexp-truncated-operand.xls": (["Tab 1!A24"], COMPUTED),
    "richtext_issue.ods": (["issue6!A4"], TRUTH),
    "sheet_name_parsing.xls": (
        [f"Sheet1!{place}" for place in ("A1", "B1", "C1", "D1", "E1", "F1", "G1")],
        "known fault of calamine: it keeps the zero bytes of wide text in a workbook that names code page 1252",
    ),
    "whitespace_trim.xlsx": (
        ["SharedStrings!A1", "SharedStrings!A2", "SharedStrings!C1", "inlineStr!A1", "inlineStr!A2", "inlineStr!B1"],
        TRIMMED,
    ),
    "xls_formula_columns_beyond_z.xls": (
        ["Sheet1!A1", "Sheet1!A2"],
        "the file holds no value: LibreOffice computes one",
    ),
}
"""By file: the cells that differ, and why."""

MANY = 20

Cells = dict[str, dict[str, object]]
"""What the sheets of a workbook hold, by name and address."""


def meaning(value: object) -> object:
    """What a value says, whatever type a reader gives it."""
    match value:
        case None | "":
            return None
        case bool() | datetime() | timedelta():
            return value
        case int() | float():
            return float(value)
        case date():
            return datetime(value.year, value.month, value.day)
        case time():
            return timedelta(
                hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond
            )
        case str():
            return value.replace("\r\n", "\n")
    return value


def same(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-12)
    if isinstance(one, datetime) and isinstance(other, datetime):
        return abs(one - other) < timedelta(milliseconds=2)
    if isinstance(one, timedelta) and isinstance(other, timedelta):
        return abs(one - other) < timedelta(milliseconds=2)
    return type(one) is type(other) and one == other


def ours(grid: Grid) -> Cells:
    """A grid's cells; an error value is its text."""
    cells: Cells = {}
    for sheet in grid.sheets:
        found = cells[sheet.name] = {}
        for number, row in enumerate(sheet.rows, start=1):
            for column, value in enumerate(row, start=1):
                found[address(number, column)] = meaning(value)
        for place, error in sheet.errors.items():
            found[address(*place)] = error
    return cells


def theirs(path: Path) -> Cells:
    """The same as openpyxl reads it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(path, data_only=True)
    cells: Cells = {}
    for sheet in book.worksheets:
        assert isinstance(sheet, Worksheet)
        # Not by rows: of a sheet with a cell in its far corner there are too many.
        held = sheet._cells.values()
        cells[sheet.title] = {cell.coordinate: meaning(cell.value) for cell in held}
    return cells


def differing(one: Cells, other: Cells) -> list[str]:
    """The sheets and cells that are not the same, many as their number. A sheet that the other alone has is a chart that
    was converted."""
    wrong = [name for name in one if name not in other]
    for name in one.keys() & other.keys():
        places = {*one[name], *other[name]}
        wrong += [f"{name}!{place}" for place in places if not same(one[name].get(place), other[name].get(place))]
    return sorted(wrong) if len(wrong) <= MANY else [f"{len(wrong)} cells"]


@pytest.fixture(scope="module")
def grids() -> dict[Path, Grid | str]:
    """Every file of the corpus: our grid of it, or the code of the finding that refuses it."""
    found: dict[Path, Grid | str] = {}
    for path, read in read_all(corpora.spreadsheets(), read_grid, workers=2):
        assert not isinstance(read, Finding), read
        grid, findings = read
        found[path] = grid or findings[0].code
    return found


@pytest.fixture(scope="module")
def second(grids: dict[Path, Grid | str], tmp_path_factory: pytest.TempPathFactory) -> dict[Path, Cells]:
    """The cells of each readable file as the second reader has them."""
    folder = tmp_path_factory.mktemp("converted")
    readable = [path for path, grid in grids.items() if not isinstance(grid, str) and path.name not in BY_NEITHER]
    plain = [path for path in readable if path.suffix in (".xlsx", ".xlsm") and path.name not in NOT_BY_OPENPYXL]
    books = {path: path for path in plain}
    for kind in (".xls", ".xlsb", ".ods", ".xlsx"):
        others = [path for path in readable if path.suffix == kind and path not in books]
        books |= dict(zip(others, libreoffice.convert_many(others, "xlsx", folder / kind[1:]), strict=True))
    return {path: theirs(book) for path, book in books.items()}


def test_what_cannot_be_read_is_listed(grids: dict[Path, Grid | str]) -> None:
    assert {path.name: grid for path, grid in grids.items() if isinstance(grid, str)} == UNREADABLE


def test_two_readers_agree_on_every_cell_but_the_listed_ones(
    grids: dict[Path, Grid | str], second: dict[Path, Cells]
) -> None:
    found = {}
    compared = 0
    for path, other in second.items():
        grid = grids[path]
        assert isinstance(grid, Grid)
        cells = ours(grid)
        compared += sum(len(each) for each in cells.values())
        places = differing(cells, other)
        if places:
            found[path.name] = places
    assert found == {name: sorted(places) for name, (places, _) in DIFFERENCES.items()}
    assert len(second) > 100 and compared > 10_000


def test_a_workbook_that_no_second_reader_opens_is_still_read(grids: dict[Path, Grid | str]) -> None:
    read = {path.name: grid for path, grid in grids.items() if path.name in BY_NEITHER}
    assert read.keys() == BY_NEITHER and all(isinstance(grid, Grid) for grid in read.values())
