"""Replace a page of cells, in the upper left corner of a sheet, by that of a sheet that we built, and touch nothing else.

A page has no rows that records could be told by: it is written as a whole, with its looks, its merged cells and the heights
of its rows. What lies beside and below it stays, and so do drawings and comments; the charts that draw the page's cells are
led to where these stand now.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from workbook_files.file_findings import Refused
from workbook_files.package import Box, box_of
from workbook_files.package_edit import PackageEdit, SheetEntry
from workbook_files.part_xml import Element, Splices, unusual
from workbook_files.ranges import box_or_none, meet, range_name
from workbook_files.raw_package import RawPackage
from workbook_files.sheet_part import SheetPart, attributes_of, without
from workbook_files.source_cells import SourceCells
from workbook_files.style_graft import StyleGraft
from xingzhi import messages
from xingzhi.findings import finding

_ORDER = """sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges scenarios
    autoFilter sortState dataConsolidate customSheetViews"""
_BEFORE_MERGES = frozenset(_ORDER.split())
"""What stands before the merged cells of a sheet (ECMA-376 part 1, 18.3.1.99)."""


@dataclass(frozen=True)
class PageEdit:
    """The cells of the first `rows` rows and `columns` columns of the sheet `name` are to be those of the workbook `source`,
    which XlsxWriter wrote."""

    source: Path
    name: str
    rows: int
    columns: int

    @property
    def box(self) -> Box:
        """The page."""
        return (1, 1, self.rows, self.columns)


def edit_page(package: PackageEdit, edit: PageEdit) -> None:
    """Make the edit in the package. Refused with W101 where it has no such sheet."""
    entry = package.sheet(edit.name)
    with RawPackage(edit.source) as raw:
        source = PackageEdit(raw)
        from_entry = source.sheet(edit.name)
        styles = _styles(package)
        looks = StyleGraft(source.read(_styles(source)), package.read(styles))
        sheet = SheetPart(package.read(entry.part), package.file)
        page = SheetPart(source.read(from_entry.part), package.file)
        _check(package, entry, sheet, edit)
        cells = SourceCells(source, page, looks)
        splices = Splices(sheet.skeleton)
        _merge(splices, sheet.root, page.root, edit.box)
        _widen(splices, sheet.root, edit.box)
        rows = {number: _row(sheet, cells, number, edit.columns) for number in range(1, edit.rows + 1)}
        package.put(entry.part, sheet.written({n: row for n, row in rows.items() if row or n in sheet.rows}, splices))
        package.put(styles, looks.written())
        package.pages.add(entry.part)
        _lead_charts(package, entry, source, from_entry)
        _lead_names(package, entry, source, from_entry)


def _check(package: PackageEdit, entry: SheetEntry, sheet: SheetPart, edit: PageEdit) -> None:
    """W109 for what lies across the edge of the page: a formula of several cells, cells that are merged."""

    def within(box: Box) -> bool:
        return box[2] <= edit.rows and box[3] <= edit.columns

    shared = sheet.shared_left(lambda number, cell: number <= edit.rows and cell.column <= edit.columns)
    if shared:
        raise unusual(package.file, "formula_shared", detail=f"{entry.name}!{shared}")
    for _, ref in sheet.arrays():
        if meet(box_of(ref), edit.box) and not within(box_of(ref)):
            raise unusual(package.file, "formula_array", detail=f"{entry.name}!{ref}")
    for box in _merges(sheet.root):
        if meet(box, edit.box) and not within(box):
            reason = messages.label("write.merged")
            raise Refused(finding("W113", file=package.file, sheet=entry.name, cell=range_name(box), reason=reason))


def _styles(package: PackageEdit) -> str:
    return next(part for kind, part in package.relations(package.main).values() if kind == "styles")


def _row(sheet: SheetPart, cells: SourceCells, number: int, columns: int) -> bytes:
    """The row's bytes, b"" for one that neither sheet has."""
    old, tag = sheet.rows.get(number), cells.tag(number)
    kept = {column: cell.raw for column, cell in sheet.cells(number).items() if column > columns}
    new = {column: cell for column, cell in cells.of(number, sheet.x).items() if column <= columns}
    if old is None and not tag and not new:
        return b""
    own = without(without(old.tag, "ht"), "customHeight") if old else b""
    height = attributes_of(tag).get("ht", "")
    if height:
        own += b' ht="%b" customHeight="1"' % height.encode()
    return sheet.row(number, own, {**kept, **new})


def _merge(splices: Splices, root: Element, page: Element, box: Box) -> None:
    listing, wanted = root.child("mergeCells"), list(_merges(page))
    left = []
    for element in listing.children if listing else ():
        found = box_or_none(element.get("ref"))
        if found is None or not meet(found, box):
            left.append(element)
        elif found in wanted:
            wanted.remove(found)
            left.append(element)
        else:
            splices.remove(element)
    tag = f"{root.prefix}mergeCell".encode()
    added = b"".join(b'<%b ref="%b"/>' % (tag, range_name(each).encode()) for each in wanted)
    count = str(len(left) + len(wanted))
    if listing is None and added:
        place = [child for child in root.children if child.name in _BEFORE_MERGES][-1]
        splices.insert(place.end, b'<%bs count="%b">%b</%bs>' % (tag, count.encode(), added, tag))
    elif listing is not None and count == "0":
        raise AssertionError("a page without merged cells")
    elif listing is not None:
        splices.set(listing, count=count)
        if added:
            splices.append(listing, added)


def _merges(root: Element) -> Iterator[Box]:
    listing = root.child("mergeCells")
    for element in listing.children if listing else ():
        box = box_or_none(element.get("ref"))
        if box:
            yield box


def _widen(splices: Splices, root: Element, box: Box) -> None:
    element = root.child("dimension")
    used = box_or_none(element.get("ref")) if element else None
    if element and used:
        splices.set(element, ref=range_name((1, 1, max(used[2], box[2]), max(used[3], box[3]))))


def _charts(package: PackageEdit, entry: SheetEntry) -> Iterator[str]:
    for kind, drawing in package.relations(entry.part).values():
        if kind == "drawing":
            yield from (part for kind, part in package.relations(drawing).values() if kind == "chart")


def _lead_charts(package: PackageEdit, entry: SheetEntry, source: PackageEdit, from_entry: SheetEntry) -> None:
    """A chart whose ranges begin where those of a chart of the source begin is that chart."""
    for ours in _charts(source, from_entry):
        wanted = [each.text for each in source.tree(ours).iter("f")]
        for part in _charts(package, entry):
            found = list(package.tree(part).iter("f"))
            if [_begin(each.text) for each in found] == [_begin(text) for text in wanted]:
                splices = Splices(package.read(part))
                for element, text in zip(found, wanted, strict=True):
                    if element.text != text:
                        splices.set_text(element, text)
                package.put(part, splices.apply())


def _begin(text: str) -> str:
    return text.replace("'", "").partition(":")[0]


def _lead_names(package: PackageEdit, entry: SheetEntry, source: PackageEdit, from_entry: SheetEntry) -> None:
    """The print area, if it is still one of the page."""
    wanted = {
        each.get("name"): each.text
        for each in source.tree(source.main).iter("definedName")
        if each.get("localSheetId") == str(from_entry.index)
    }
    splices = Splices(package.read(package.main))
    for element in package.tree(package.main).iter("definedName"):
        text = wanted.get(element.get("name"), "")
        if element.get("localSheetId") == str(entry.index) and _columns(element.text) == _columns(text) != "":
            splices.set_text(element, text)
    package.put(package.main, splices.apply())


def _columns(text: str) -> str:
    return text.replace("'", "").rpartition("$")[0]
