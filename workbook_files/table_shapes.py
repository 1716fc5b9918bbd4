"""Where the tables of a workbook stand, what their columns are called, and what hangs on their rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from workbook_files.package_edit import PackageEdit, SheetEntry, TablePart
from workbook_files.part_xml import escaped
from workbook_files.ranges import box_or_none
from workbook_files.raw_package import RawPackage
from workbook_files.sheet_part import SheetPart

_FORMULA = re.compile(rb"<(?:[A-Za-z0-9]+:)?f[\s>]")
_OWN_CONTENT = frozenset({"table", "printerSettings", "hyperlink"})


@dataclass(frozen=True)
class TableShape:
    """A table. Rows and columns count from 1, ends included; `columns` are (id, header) from the left. `pins` are the rows
    of the body on which a comment hangs: they cannot go elsewhere. `computed` are rows below the table in which a formula
    stands in its columns."""

    name: str
    sheet: str
    header: int
    first: int
    last: int
    left: int
    totals: int
    columns: tuple[tuple[int, str], ...]
    pins: frozenset[int]
    computed: frozenset[int] = frozenset()

    @property
    def right(self) -> int:
        """The last column."""
        return self.left + len(self.columns) - 1


@dataclass(frozen=True)
class BookShape:
    """The sheets of a workbook by name, with the kinds of what they hold beside cells and tables, its tables by name in lower
    case, the sheets that hold formulas, and those that are named on others that hold any."""

    sheets: dict[str, frozenset[str]]
    tables: dict[str, TableShape]
    computed: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()

    def sheet(self, name: str) -> str | None:
        """The sheet's name as it is written, whatever its case; None where there is none."""
        return next((each for each in self.sheets if each.casefold() == name.casefold()), None)


def book_shape(path: Path) -> BookShape:
    """The shape of an .xlsx or .xlsm file that has been accepted for reading. Refused for one that may not be changed; what
    readers raise for a damaged package, where it is one."""
    with RawPackage(path) as raw:
        package = PackageEdit(raw)
        sheets: dict[str, frozenset[str]] = {}
        tables: dict[str, TableShape] = {}
        computed = set()
        for entry in package.sheets():
            kinds = {kind for kind, _ in package.relations(entry.part).values()}
            sheets[entry.name] = frozenset(kinds - _OWN_CONTENT)
            if entry.kind == "worksheet":
                sheet = None
                if _FORMULA.search(package.read(entry.part)):
                    computed.add(entry.name)
                    sheet = SheetPart(package.read(entry.part), path.name)
                for table in package.tables_of(entry):
                    tables[table.name.casefold()] = _shape(package, entry, table, sheet)
        texts = {entry.name: package.read(entry.part) for entry in package.sheets() if entry.name in computed}
        texts[""] = package.read(package.main)
        named = {name for name in sheets if any(_names(text, name) for own, text in texts.items() if own != name)}
        return BookShape(sheets, tables, frozenset(computed), frozenset(named))


def _names(text: bytes, sheet: str) -> bool:
    """Whether a part names a cell of a sheet; the print area and the titles of a sheet name whole ranges of it."""
    quoted = escaped(sheet.replace("'", "''"))
    found = re.finditer(rb"'?%b'?!\$?[A-Z]{1,3}\$?[0-9]+(?![0-9:])" % re.escape(quoted), text)
    return any(True for _ in found)


def has_macros(path: Path) -> bool:
    """Whether a workbook says of itself that it may hold macros. BadZipFile, and its like, for a file that is no package."""
    with RawPackage(path) as raw:
        package = PackageEdit(raw)
        return package.content_type(package.main).endswith("macroEnabled.main+xml")


def _shape(package: PackageEdit, entry: SheetEntry, table: TablePart, sheet: SheetPart | None) -> TableShape:
    return TableShape(
        name=table.name,
        sheet=entry.name,
        header=table.box[0],
        first=table.first,
        last=table.last,
        left=table.box[1],
        totals=table.totals,
        columns=tuple((column.id, column.header) for column in table.columns),
        pins=frozenset(_pins(package, entry, table)),
        computed=frozenset(_computed(sheet, table)) if sheet else frozenset(),
    )


def _computed(sheet: SheetPart, table: TablePart) -> Iterator[int]:
    for number in sheet.rows:
        if number > table.box[2]:
            cells = (cell for column, cell in sheet.cells(number).items() if table.box[1] <= column <= table.box[3])
            if any(sheet.formula_of(cell) for cell in cells):
                yield number


def _pins(package: PackageEdit, entry: SheetEntry, table: TablePart) -> Iterator[int]:
    for kind, part in package.relations(entry.part).values():
        if kind in ("comments", "threadedComment"):
            for element in package.tree(part).iter("comment", "threadedComment"):
                box = box_or_none(element.get("ref"))
                if box and table.first <= box[0] <= table.last and table.box[1] <= box[1] <= table.box[3]:
                    yield box[0]
