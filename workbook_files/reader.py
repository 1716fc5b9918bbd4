"""Read a workbook of any kind into a grid of values with addresses."""

from __future__ import annotations

import errno
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from workbook_files.delimited import read_delimited
from workbook_files.file_findings import Refused, damaged, told, too_large
from workbook_files.kinds import BARE, Kind
from workbook_files.limits import Limits
from workbook_files.marks import Marks
from workbook_files.pictures import without_pictures
from workbook_files.properties import Properties, read_properties
from workbook_files.sniff import OLE, Sniffed, sniff
from workbook_files.xlsx_marks import xlsx_marks
from xingzhi.findings import Finding, finding
from xingzhi.grid import Box, CellValue, Grid, Sheet

DISK_ERRORS = (errno.EACCES, errno.EPERM, errno.ENOENT, errno.EIO, errno.ELOOP)
"""Errors that tell of the disk, and not of what the file holds."""

_EMPTY: tuple[CellValue, ...] = ()


def read_grid(path: Path, limits: Limits | None = None) -> tuple[Grid | None, list[Finding]]:
    """The grid of a file and what is said of the file; None with the findings that say why it cannot be read.

    Call it in a worker process for a file of unknown origin: a damaged one can end the process. OSError where the
    disk, and not what the file holds, is at fault; MemoryError where it takes more memory than there is.
    """
    try:
        return _read(path, limits or Limits())
    except Refused as refused:
        return None, [refused.found]
    except PasswordError:
        return None, [finding("F103", file=path.name)]
    except (KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError):
        raise
    except BaseException as error:
        if isinstance(error, OSError) and error.errno in DISK_ERRORS:
            raise
        # Damaged bytes make the parsers raise a dozen different things, and a panic in Rust is not even an Exception.
        return None, [damaged(path.name, error)]


def read_salvaged(path: Path, limits: Limits) -> tuple[Grid | None, list[Finding]]:
    """The same, and of a damaged package what can be saved of it, with an F117 for each thing that is lost."""
    grid, findings = read_grid(path, limits)
    if grid is not None or [each.code for each in findings] != ["F101"] or _is_compound(path):
        return grid, findings
    from workbook_files.salvage import salvaged

    with tempfile.TemporaryDirectory(prefix="xingzhi-") as folder:
        try:
            saved = salvaged(path, limits, Path(folder))
        except Refused as refused:
            return None, [refused.found]
        if saved is None:
            return None, findings
        copy, losses = saved
        grid, more = read_grid(copy, limits)
    return grid, [*losses, *more] if grid is not None else more


def _is_compound(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(len(OLE)) == OLE


def _read(path: Path, limits: Limits) -> tuple[Grid | None, list[Finding]]:
    sniffed = sniff(path, limits)
    if sniffed.kind is None:
        return None, sniffed.findings
    grid, findings = _grid(path, sniffed.kind, sniffed, limits)
    return replace(grid, bare=grid.bare or sniffed.kind in BARE), [*sniffed.findings, *findings]


def _grid(path: Path, kind: Kind, sniffed: Sniffed, limits: Limits) -> tuple[Grid, list[Finding]]:
    # What only rare formats need is loaded for them alone: it would double the memory of every worker.
    match kind:
        case Kind.TEXT:
            sheet, findings = read_delimited(path.name, sniffed.text, limits)
            return Grid(path.name, (sheet,)), findings
        case Kind.HTML:
            from workbook_files.web_tables import read_web_tables

            return Grid(path.name, read_web_tables(path.name, sniffed.text, limits)), []
        case Kind.WEB_ARCHIVE:
            from workbook_files.web_tables import read_web_archive

            return Grid(path.name, read_web_archive(path.name, path.read_bytes(), limits)), []
        case Kind.XML_2003:
            from workbook_files.xml_2003 import read_xml_2003

            return read_xml_2003(path.name, sniffed.text, limits)
        case Kind.XLSX:
            return _Values(path, limits).xlsx()
        case _:
            return _Values(path, limits).other(kind)


def _marks_of(kind: Kind, path: Path) -> dict[str, Marks] | None:
    if kind is Kind.ODS:
        from workbook_files.ods_marks import ods_marks

        return ods_marks(path)
    from workbook_files.binary_marks import xls_marks, xlsb_marks

    return xls_marks(path) if kind is Kind.XLS else xlsb_marks(path)


def _xls_values(path: Path, names: set[str]) -> dict[str, list[tuple[CellValue, ...]]]:
    if not names:
        return {}
    from workbook_files.binary_marks import xls_values

    return xls_values(path, names)


def _of_second(marks: dict[str, Marks], values: Mapping[str, Sequence[Sequence[CellValue]]]) -> Iterator[Sheet]:
    """The sheets that openpyxl has read, with their marks. It does not tell which are hidden."""
    for name, mark in marks.items():
        yield Sheet(
            name,
            values[name],
            errors=mark.errors,
            uncached=frozenset(mark.uncached),
            merged=tuple(mark.merged),
            hidden_rows=frozenset(mark.hidden),
        )


class _Values:
    """The reading of one workbook by calamine."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self.path, self.limits = path, limits

    def xlsx(self) -> tuple[Grid, list[Finding]]:
        """Values, marks and properties. Sheets that reach further than they hold, and workbooks in which calamine fails,
        are read by openpyxl; of the latter F115 tells."""
        properties = read_properties(self.path)
        listing = xlsx_marks(self.path)
        self._check_sheets(len(listing.marks))
        if listing.wide:
            sheets = _of_second(listing.marks, self._second_reader(set(listing.marks)))
            return self._filled(sheets, properties), list(self._left_out(listing.marks))
        far = self._far(listing.marks)
        sparse = self._second_reader(far) if far else {}
        self._check_area({name: marks for name, marks in listing.marks.items() if name not in far})
        try:
            grid = self._filled(self._sheets(listing.marks, sparse), properties)
        except CalamineError as error:
            return self._by_second_reader(listing.marks, properties, error), [finding("F115", file=self.path.name)]
        return grid, list(self._left_out(listing.marks))

    def _left_out(self, marks: dict[str, Marks]) -> Iterator[Finding]:
        """F115 for each sheet with more merged ranges than a person makes."""
        for name, each in marks.items():
            if each.unmerged:
                yield finding("F115", file=self.path.name, sheet=name, value=name)

    def _second_reader(self, sheets: set[str]) -> dict[str, list[tuple[CellValue, ...]]]:
        from workbook_files.second_reader import read_sparse

        return read_sparse(self.path, sheets, self.limits)

    def _by_second_reader(self, marks: dict[str, Marks], properties: Properties, error: CalamineError) -> Grid:
        """The whole workbook by openpyxl; what calamine said where it fails too, or where there is nothing to read."""
        try:
            values = self._second_reader(set(marks))
        except Refused:
            raise
        except Exception:
            raise error from None
        if not any(values.values()):
            raise error
        return self._filled(_of_second(marks, values), properties)

    def other(self, kind: Kind) -> tuple[Grid, list[Finding]]:
        """The same of .xls, .xlsb and .ods, whose marks other readers give. F115 where they cannot."""
        marks = _marks_of(kind, self.path)
        findings = [] if marks is not None else [finding("F115", file=self.path.name)]
        far = self._far(marks or {}) if kind is Kind.XLS else set()
        self._check_area({name: each for name, each in (marks or {}).items() if name not in far})
        sheets = self._sheets(marks or {}, _xls_values(self.path, far), asked_for_merges=kind is Kind.XLS)
        return self._filled(sheets, Properties()), findings + self._macro_sheets()

    def _macro_sheets(self) -> list[Finding]:
        with self.path.open("rb") as stream, CalamineWorkbook.from_filelike(stream) as book:
            macros = any(each.typ in (SheetTypeEnum.MacroSheet, SheetTypeEnum.Vba) for each in book.sheets_metadata)
        return told("F112", self.path.name, ["macro_sheets"] if macros else [])

    def _check_sheets(self, count: int) -> None:
        if count > self.limits.sheets:
            raise Refused(too_large(self.path.name, "sheets", count, self.limits.sheets))

    def _far(self, marks: dict[str, Marks]) -> set[str]:
        """The sheets for which the reader of values would make more room than there is."""
        return {name for name, each in marks.items() if each.area > self.limits.area}

    def _check_area(self, marks: dict[str, Marks]) -> None:
        """Before the reader of values makes room for all of it."""
        total = 0
        for name, each in marks.items():
            total += each.area
            if total > self.limits.area:
                raise Refused(too_large(self.path.name, "area", total, self.limits.area, sheet=name[:31]))

    def _sheets(
        self,
        marks: dict[str, Marks],
        sparse: Mapping[str, Sequence[Sequence[CellValue]]],
        *,
        asked_for_merges: bool = False,
    ) -> Iterator[Sheet]:
        with without_pictures(self.path) as stream, CalamineWorkbook.from_filelike(stream) as book:
            pages = [each for each in book.sheets_metadata if each.typ is SheetTypeEnum.WorkSheet]
            self._check_sheets(len(pages))
            for each in pages:
                mark = marks.get(each.name, Marks())
                rows: Sequence[Sequence[CellValue]] | None = sparse.get(each.name)
                merged: list[tuple[tuple[int, int], tuple[int, int]]] = []
                if rows is None:
                    page = book.get_sheet_by_name(each.name)
                    rows = list(_rows(page))
                    merged = (page.merged_cell_ranges or []) if asked_for_merges else []
                yield Sheet(
                    name=each.name,
                    rows=rows,
                    visible=each.visible is SheetVisibleEnum.Visible,
                    errors=mark.errors,
                    uncached=frozenset(mark.uncached),
                    merged=(*map(_box, merged), *mark.merged),
                    hidden_rows=frozenset(mark.hidden),
                )

    def _filled(self, sheets: Iterator[Sheet], properties: Properties) -> Grid:
        return Grid(
            file=self.path.name,
            sheets=tuple(sheets),
            names=properties.names,
            properties=properties.custom,
            modified=properties.modified,
        )


def _rows(page: CalamineSheet) -> Iterator[Sequence[CellValue]]:
    """The rows from A1 on; blank ones share one empty tuple, so that a cell far down costs little."""
    # Its rows begin with the first of the sheet, and its cells with the first column that holds any.
    lead = [None] * (page.start[1] if page.start else 0)
    for row in page.iter_rows():
        values = [_value(cell) for cell in row]
        while values and values[-1] is None:
            values.pop()
        yield lead + values if values else _EMPTY


def _value(cell: object) -> CellValue:
    return None if cell == "" else cell  # type: ignore[return-value]


def _box(found: tuple[tuple[int, int], tuple[int, int]]) -> Box:
    (top, left), (bottom, right) = found
    return top + 1, left + 1, bottom + 1, right + 1
