"""Read a workbook of any kind that calamine knows into a grid of values with addresses."""

from __future__ import annotations

import errno
from pathlib import Path

from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from workbook_files.properties import Properties, read_properties
from workbook_files.sniff import Kind, sniff
from xingzhi import messages
from xingzhi.findings import Finding, finding
from xingzhi.grid import CellValue, Grid, Sheet

DISK_ERRORS = (errno.EACCES, errno.EPERM, errno.ENOENT, errno.EIO, errno.ELOOP)
"""Errors that tell of the disk, and not of what the file holds."""


def read_grid(path: Path) -> tuple[Grid | None, list[Finding]]:
    """The grid of a file, or None with the findings that say why it cannot be read.

    Call it in a worker process for a file of unknown origin: a damaged one can end the process. OSError where the
    disk, and not what the file holds, is at fault.
    """
    try:
        return _read(path)
    except PasswordError:
        return None, [finding("F103", file=path.name)]
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:
        if isinstance(error, OSError) and error.errno in DISK_ERRORS:
            raise
        # Damaged bytes make the parsers raise a dozen different things, and a panic in Rust is not even an Exception.
        said = " ".join(str(error).split()) or type(error).__name__
        return None, [finding("F101", file=path.name, reason=messages.label("reason.damaged", detail=said[:80]))]


def _read(path: Path) -> tuple[Grid | None, list[Finding]]:
    kind, findings = sniff(path)
    if kind is None:
        return None, findings
    properties = read_properties(path) if kind is Kind.OOXML else Properties()
    with CalamineWorkbook.from_path(str(path)) as book:
        sheets = tuple(
            Sheet(
                name=each.name,
                rows=[[_value(cell) for cell in row] for row in _rows(book, each.name)],
                visible=each.visible is SheetVisibleEnum.Visible,
                errors=properties.errors.get(each.name, {}),
            )
            for each in book.sheets_metadata
            if each.typ is SheetTypeEnum.WorkSheet
        )
    return (
        Grid(
            file=path.name,
            sheets=sheets,
            names=properties.names,
            properties=properties.custom,
            modified=properties.modified,
        ),
        [],
    )


def _rows(book: CalamineWorkbook, name: str) -> list[list[object]]:
    return book.get_sheet_by_name(name).to_python(skip_empty_area=False)  # type: ignore[return-value]


def _value(cell: object) -> CellValue:
    return None if cell == "" else cell  # type: ignore[return-value]
