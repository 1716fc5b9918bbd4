"""Reading by openpyxl what the first reader cannot: sheets with a cell in a far corner, and parts in UTF-16."""

from __future__ import annotations

import warnings
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from workbook_files.file_findings import Refused, too_large
from workbook_files.limits import Limits
from xingzhi.grid import CellValue

_EMPTY: tuple[CellValue, ...] = ()


def read_sparse(path: Path, names: set[str], limits: Limits) -> dict[str, list[tuple[CellValue, ...]]]:
    """The rows of these sheets, each cut after its last value; blank rows share one empty tuple.

    Raises Refused where the values themselves are too many.
    """
    found: dict[str, list[tuple[CellValue, ...]]] = {}
    cells = 0
    # By its path openpyxl would go by the name, and refuse a workbook whose name ends otherwise.
    with warnings.catch_warnings(), path.open("rb") as stream:
        warnings.simplefilter("ignore")
        book = load_workbook(stream, read_only=True, data_only=True)
        try:
            for name in names:
                sheet = book[name]
                assert isinstance(sheet, ReadOnlyWorksheet)
                # What the file says of its size is not believed: it would be filled up to.
                sheet.reset_dimensions()
                rows = found.setdefault(name, [])
                for row in sheet.iter_rows(values_only=True):
                    values = _cut(row)  # type: ignore[arg-type]
                    cells += len(values)
                    if cells > limits.area:
                        raise Refused(too_large(path.name, "area", cells, limits.area, sheet=name))
                    rows.append(values)
        finally:
            book.close()
    for rows in found.values():
        while rows and not rows[-1]:
            rows.pop()
    return found


def _cut(row: tuple[CellValue, ...]) -> tuple[CellValue, ...]:
    end = len(row)
    while end and row[end - 1] is None:
        end -= 1
    return row[:end] if end else _EMPTY
