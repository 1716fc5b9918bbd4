"""A workbook's file while a command works on it: what it held when it was read, what was entered since, and its saving."""

from __future__ import annotations

import html
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from addin.hosts.file_edits import OpenTable, edits_of
from addin.hosts.rules import HostRefused, NotInEveryHost
from workbook_files.cell_values import Value
from workbook_files.file_findings import Refused
from workbook_files.kinds import Kind
from workbook_files.limits import Limits
from workbook_files.package import Box
from workbook_files.package_edit import DefinedName, PackageEdit
from workbook_files.part_xml import unusual
from workbook_files.ranges import meet
from workbook_files.raw_package import DAMAGE, RawPackage
from workbook_files.reader import read_grid
from workbook_files.sheet_part import SheetPart
from workbook_files.sniff import sniff
from workbook_files.workbook_edit import edit_workbook
from xingzhi.cell_errors import UNCACHED
from xingzhi.findings import Finding
from xingzhi.grid import CellValue, Grid, Sheet, address

Reader = Callable[[Path], tuple[Grid | None, list[Finding]]]
Read = str | float | bool | datetime | None
"""What Excel gives of a cell through xlwings: numbers and times as floats, days as moments without a time zone."""


@dataclass(frozen=True)
class CellError:
    """An error value, such as #REF!, before xlwings is told what is to be given for it."""

    text: str


class FileContents:
    """One open file. `findings` are what was said of it when it was read, and when it was saved."""

    def __init__(self, path: Path, read: Reader = read_grid) -> None:
        """HostRefused, with what the guard and the reader found, for a file that is not opened; OSError where the disk is at
        fault."""
        self.path, self._read = path.resolve(), read
        self.findings: list[Finding] = []
        self.load()

    def load(self) -> None:
        """Read the file; nothing counts as entered since."""
        grid, findings = self._read(self.path)
        if grid is None:
            raise HostRefused(findings)
        self.findings += [each for each in findings if each not in self.findings]
        self.grid, self.closed = grid, False
        self.entered: dict[str, dict[tuple[int, int], Value]] = {}
        self.heights: dict[str, dict[int, float]] = {}
        self.tables: list[OpenTable] = []
        self.names: list[DefinedName] = []
        self.active = next((each.name for each in grid.sheets if each.visible), "")
        self.very_hidden: set[str] = set()
        self.unread: Finding | None = None
        self.is_package = sniff(self.path, Limits()).kind is Kind.XLSX
        try:
            if self.is_package:
                self._load_structure()
        except Refused as refused:
            self.unread = refused.found
        except DAMAGE as error:
            said = f"{type(error).__name__}: {error}"[:80]
            self.unread = unusual(self.path.name, "damaged", detail=said).found

    def _load_structure(self) -> None:
        with RawPackage(self.path) as raw:
            package = PackageEdit(raw)
            self.active = package.active_sheet() or self.active
            self.very_hidden = {each.name for each in package.sheets() if each.state == "veryHidden"}
            self.names = package.names()
            self.tables = [OpenTable(each, each.box) for each in package.tables()]

    def sheet(self, name: str) -> Sheet:
        """The sheet of this name as it was read. NotInEveryHost once the workbook is closed."""
        self.check_open()
        found = self.grid.sheet(name)
        assert found is not None, name
        return found

    def check_open(self) -> None:
        """NotInEveryHost once the workbook is closed."""
        if self.closed:
            raise NotInEveryHost("Book", "it is closed")

    def values(self, name: str, box: Box) -> tuple[tuple[Read | CellError, ...], ...]:
        """The values of a range. NotInEveryHost where one of its cells was written since the file was read."""
        sheet = self.sheet(name)
        self._check_unwritten(name, box)
        top, left, bottom, right = box
        return tuple(
            tuple(_read(sheet, row, column) for column in range(left, right + 1)) for row in range(top, bottom + 1)
        )

    def _check_unwritten(self, name: str, box: Box) -> None:
        for row, column in self.entered.get(name, {}):
            if meet((row, column, row, column), box):
                raise NotInEveryHost(
                    "Range.value",
                    f"{name}!{address(row, column)} was written by the command, which never reads it back",
                )

    def enter(self, name: str, row: int, column: int, value: Value) -> None:
        """Note the value of one cell."""
        self.check_open()
        self.entered.setdefault(name, {})[row, column] = value

    def typed(self, name: str, box: Box) -> list[list[str]]:
        """What was typed into each cell of a range, a formula behind its equals sign. NotInEveryHost where one of the cells
        was written since the file was read."""
        sheet = self.sheet(name)
        self._check_unwritten(name, box)
        formulas: dict[tuple[int, int], str] = {}
        if self.is_package:
            with RawPackage(self.path) as raw:
                package = PackageEdit(raw)
                formulas = formulas_of(package, name, box)
        top, left, bottom, right = box
        return [
            [formulas.get((row, column)) or _shown(sheet, row, column) for column in range(left, right + 1)]
            for row in range(top, bottom + 1)
        ]

    def used(self, name: str) -> Box:
        """The range from the first row and column that hold something to the last ones; A1 for a blank sheet."""
        sheet = self.sheet(name)
        boxes: list[Box] = [*sheet.merged, *(each.box for each in self.tables if each.part.sheet.name == name)]
        places = [*sheet.errors, *sheet.uncached]
        places += [place for place, value in self.entered.get(name, {}).items() if value is not None]
        boxes += [(row, column, row, column) for row, column in places]
        for number, row in enumerate(sheet.rows, start=1):
            held = [column for column, value in enumerate(row, start=1) if value is not None]
            if held:
                boxes.append((number, held[0], number, held[-1]))
        if not boxes:
            return 1, 1, 1, 1
        tops, lefts, bottoms, rights = zip(*boxes, strict=True)
        return min(tops), min(lefts), max(bottoms), max(rights)

    def save(self, target: Path | None = None) -> None:
        """Write what was entered, into the file itself or into another, which is then the open one; and read it anew.

        HostRefused, with the finding, where that cannot be done, and then nothing is written; OSError where the disk is at
        fault or a program holds the file.
        """
        self.check_open()
        target = target.resolve() if target else self.path
        if target.suffix.casefold() != self.path.suffix.casefold():
            raise NotInEveryHost("Book.save", f"{target.name} would be another kind of file than {self.path.name}")
        edits = edits_of(self.tables, self.entered, self.heights, self.grid)
        if edits:
            if not self.is_package:
                raise HostRefused([unusual(self.path.name, "kind").found])
            outcome = edit_workbook(self.path, edits, target)
            if not outcome.written:
                raise HostRefused(outcome.findings)
            self.findings += outcome.findings
        elif target != self.path:
            _copy(self.path, target)
        active = self.active
        self.path = target
        self.load()
        self.active = active


def formulas_of(package: PackageEdit, name: str, box: Box) -> dict[tuple[int, int], str]:
    """The formulas in a range by (row, column); those that several cells share are told by their equals sign alone."""
    part = SheetPart(package.read(package.sheet(name).part), package.file)
    found = {}
    for row in range(box[0], box[2] + 1):
        for column, cell in part.cells(row).items():
            formula = part.formula_of(cell)
            if formula is not None and box[1] <= column <= box[3]:
                found[row, column] = "=" + html.unescape(formula[1].decode())
    return found


def _shown(sheet: Sheet, row: int, column: int) -> str:
    value = sheet.value(row, column)
    return sheet.errors.get((row, column), "") if value is None else str(value)


def _read(sheet: Sheet, row: int, column: int) -> Read | CellError:
    if error := sheet.errors.get((row, column)):
        return CellError(error)
    if (row, column) in sheet.uncached:
        # Excel has computed it, and a file may hold no value: to take it for blank would be to find what is not there.
        return CellError(UNCACHED)
    return as_excel(sheet.value(row, column))


def as_excel(value: CellValue) -> Read:
    """A cell's value as Excel gives it: one that is shown as a time of day is a number to it."""
    match value:
        case None | "":
            return None
        case bool() | str() | datetime():
            return value
        case date():
            return datetime(value.year, value.month, value.day)
        case time():
            return (value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6) / 86_400
        case timedelta():
            return value / timedelta(days=1)
        case _:
            return float(value)


def _copy(source: Path, target: Path) -> None:
    temporary = target.with_name(f".{target.name}.tmp")
    try:
        shutil.copyfile(source, temporary)
        os.replace(temporary, target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
