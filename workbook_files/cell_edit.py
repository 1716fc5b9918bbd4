"""Set single cells of a sheet, and touch nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from workbook_files.cell_links import links_of, place_links
from workbook_files.cell_values import CellWriter, EditError, Value
from workbook_files.file_findings import Refused
from workbook_files.package import Box, box_of
from workbook_files.package_edit import PackageEdit, SheetEntry
from workbook_files.part_xml import Splices, unusual
from workbook_files.ranges import box_or_none, meet, range_name
from workbook_files.sheet_part import Cell, SheetPart
from workbook_files.style_sheet import Styles
from xingzhi import messages
from xingzhi.findings import finding
from xingzhi.grid import address as cell_name

_ADDRESS = re.compile("[A-Z]{1,3}[1-9][0-9]{0,6}")


@dataclass(frozen=True)
class CellsEdit:
    """Values for cells of one sheet by address, such as B7; None makes a cell blank. A cell keeps its look."""

    sheet: str
    values: Mapping[str, Value]

    def __post_init__(self) -> None:
        """EditError for what is no address of a cell."""
        if wrong := [address for address in self.values if not _ADDRESS.fullmatch(address)]:
            raise EditError(f"no cells: {wrong}")


def edit_cells(package: PackageEdit, edit: CellsEdit) -> None:
    """Make the edit in the package. Refused, with its finding, where it would do harm."""
    entry = package.sheet(edit.sheet)
    sheet = SheetPart(package.read(entry.part), package.file)
    styles = Styles(package)
    cells = CellWriter(package.file, entry.name, sheet.x, styles.get, package.uses_1904())
    wanted: dict[int, dict[int, Value]] = {}
    for address, value in edit.values.items():
        row, column, _, _ = box_of(address)
        wanted.setdefault(row, {})[column] = value
    _check(package, entry, sheet, wanted)
    rows = {}
    for number, values in wanted.items():
        old = sheet.cells(number)
        made = {column: cell.raw for column, cell in old.items()}
        for column, value in values.items():
            before = old.get(column)
            made[column] = cells.cell(cell_name(number, column), value, before.style if before else None)
        existing = sheet.rows.get(number)
        rows[number] = sheet.row(number, existing.tag if existing else b"", made)
    splices = Splices(sheet.skeleton)
    dimension = sheet.root.child("dimension")
    used = box_or_none(dimension.get("ref")) if dimension else None
    if dimension and used:
        splices.set(dimension, ref=range_name(_union(used, wanted)))
    links = links_of((row, column, value) for row, values in wanted.items() for column, value in values.items())
    place_links(splices, sheet.root, links, lambda row, column: column in wanted.get(row, {}), lambda box: box)
    package.put(entry.part, sheet.written(rows, splices))
    styles.put()


def _union(used: Box, wanted: Mapping[int, Mapping[int, Value]]) -> Box:
    columns = [column for values in wanted.values() for column in values] or [used[1]]
    rows = list(wanted) or [used[0]]
    return min(used[0], *rows), min(used[1], *columns), max(used[2], *rows), max(used[3], *columns)


def _check(
    package: PackageEdit, entry: SheetEntry, sheet: SheetPart, wanted: Mapping[int, Mapping[int, Value]]
) -> None:
    """Refused for a cell that is no cell of its own: under a merged one, in an array, the header of a table."""
    places = [(row, column, row, column) for row, columns in wanted.items() for column in columns]
    headers = [
        (table.box[0], table.box[1], table.first - 1, table.box[3])
        for table in package.tables_of(entry)
        if table.headers
    ]
    merged = [box for box in (box_or_none(each.get("ref")) for each in sheet.root.iter("mergeCell")) if box]
    for place in places:
        if any(meet(place, box) for box in headers):
            raise _refused(package, entry, place, "table_header")
        if any(meet(place, box) and place[:2] != box[:2] for box in merged):
            raise _refused(package, entry, place, "merged")
    for _, ref in sheet.arrays():
        box = box_of(ref)
        if box[:2] != box[2:] and any(meet(place, box) for place in places):
            raise unusual(package.file, "formula_array", detail=f"{entry.name}!{ref}")
    if shared := sheet.shared_left(lambda number, cell: _is_wanted(wanted, number, cell)):
        raise unusual(package.file, "formula_shared", detail=f"{entry.name}!{shared}")


def _is_wanted(wanted: Mapping[int, Mapping[int, Value]], number: int, cell: Cell) -> bool:
    return cell.column in wanted.get(number, {})


def _refused(package: PackageEdit, entry: SheetEntry, place: Box, key: str) -> Refused:
    reason = messages.label(f"write.{key}")
    return Refused(finding("W113", file=package.file, sheet=entry.name, cell=range_name(place), reason=reason))
