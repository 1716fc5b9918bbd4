"""Everything in a workbook that refers to the body of a table by its rows, and is to reach as far as the table."""

from __future__ import annotations

import re

from workbook_files.owned import CHART_FORMULAS, FORMULAS, LISTED, RANGED, TABLE_FORMULAS
from workbook_files.package_edit import PackageEdit, TablePart
from workbook_files.part_xml import Element, Splices, escaped, unescaped
from workbook_files.ranges import box_or_none, meet, range_name, same_sheet
from workbook_files.sheet_part import SheetPart, attributes_of
from workbook_files.table_move import TableMove

CHARTS = ("drawingml.chart+xml", "ms-office.chartex+xml")
PIVOTS = ("pivotCacheDefinition+xml", "pivotCacheDefinition.main+xml")
_CELL_FORMULA = re.compile(rb"""(<(?:[^\s<>/:]+:)?f)((?:\s+[^\s=<>]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*>)([^<]+)(</)""")


def follow_table(package: PackageEdit, table: TablePart, move: TableMove) -> None:
    """The table's own part: its range, its filter's, its formulas', and the mark of a table that had no row yet."""
    splices, root = Splices(package.read(table.part)), table.root
    top, left, bottom, right = table.box
    for element in root.iter("table", *RANGED):
        _follow_range(splices, element, move)
    for element in root.iter(*TABLE_FORMULAS):
        _set(splices, element, move.formula(element.text, move.sheet, fixed=True))
    if move.steps:
        splices.set(root, ref=range_name((top, left, bottom + move.steps, right)))
    # ECMA-376 part 1, 18.5.1.2: the row that Excel shows for a table without any.
    if root.get("insertRow"):
        splices.set(root, insertRow=None)
    if root.get("insertRowShift"):
        splices.set(root, insertRowShift=None)
    package.put(table.part, splices.apply())


def follow_sheet(splices: Splices, root: Element, own: str, move: TableMove) -> None:
    """The skeleton of a sheet: formats, validations, filters, sparklines. Ranges without a sheet's name are its own."""
    if same_sheet(own, move.sheet):
        _follow_ranges(splices, root, move)
    sparklines = {id(each) for sparkline in root.iter("sparkline") for each in sparkline.iter("f")}
    for element in root.iter(*FORMULAS):
        # A format's relative ranges are meant from its first cell on, and do not tell which rows they span.
        _set(splices, element, move.formula(element.text, own, fixed=id(element) not in sparklines))
    for element in root.iter("cfvo"):
        if element.get("val"):
            splices.set(element, val=move.formula(element.get("val"), own, fixed=True))


def _follow_ranges(splices: Splices, root: Element, move: TableMove) -> None:
    for listing in root.children:
        if listing.name in RANGED:
            for element in listing.iter(*RANGED):
                _follow_range(splices, element, move)
    for element in root.iter(*LISTED):
        if element.get("sqref"):
            splices.set(element, sqref=move.sqref(element.get("sqref")))
        for child in element.children:
            if child.name == "sqref":
                _set(splices, child, move.sqref(child.text))


def follow_rows(data: bytes, own: str, move: TableMove, *, fixed: bool = False) -> bytes:
    """Rows of the sheet `own` with the formulas of their cells as they will be; of absolute ranges only with `fixed`.

    Excel itself widens such a formula when a table grows by the row below it. A formula that several cells share is
    widened only where its ranges are absolute: the others mean other rows in each cell.
    """

    def widened(found: re.Match[bytes]) -> bytes:
        written = found[3]
        if b":" not in written or b"&#" in written:
            return found[0]
        text = unescaped(written)
        shared = attributes_of(found[2]).get("t") == "shared"
        new = move.formula(text, own, fixed=fixed or shared)
        return found[0] if new == text else found[1] + found[2] + escaped(new) + found[4]

    return _CELL_FORMULA.sub(widened, data)


def follow_other_sheets(package: PackageEdit, move: TableMove) -> None:
    """The formulas of all sheets but the table's own."""
    names = [escaped(move.sheet), escaped(move.sheet.replace("'", "''"))]
    for sheet in package.sheets():
        if sheet.kind != "worksheet" or same_sheet(sheet.name, move.sheet):
            continue
        data = package.read(sheet.part)
        if any(name.lower() in data.lower() for name in names):
            part = SheetPart(data, package.file)
            splices = Splices(part.skeleton)
            follow_sheet(splices, part.root, sheet.name, move)
            package.put(sheet.part, part.with_rows_data(follow_rows(part.rows_data, sheet.name, move), splices))


def follow_dimension(splices: Splices, root: Element, move: TableMove) -> None:
    """The used range of a sheet, widened to the table: it may be more than there is, and never less."""
    element = root.child("dimension")
    box = box_or_none(element.get("ref")) if element else None
    if element and box:
        bottom, right = max(box[2], move.new_last + move.totals), max(box[3], move.right)
        splices.set(element, ref=range_name((min(box[0], move.first), min(box[1], move.left), bottom, right)))


def follow_names(package: PackageEdit, move: TableMove) -> None:
    """The defined names, the print areas and hidden filter ranges among them; titles repeat whole rows and stay."""
    sheets = package.sheets()
    splices, root = Splices(package.read(package.main)), package.tree(package.main)
    for element in root.iter("definedName"):
        local = element.get("localSheetId")
        own = sheets[int(local)].name if local.isdecimal() and int(local) < len(sheets) else ""
        _set(splices, element, move.formula(element.text, own, fixed=True))
    package.put(package.main, splices.apply())


def follow_charts(package: PackageEdit, move: TableMove) -> None:
    """The ranges of charts. The values that a chart keeps of its own stay: programs that compute read the cells, and a
    viewer that does not shows the last picture that it had rather than none."""
    single_row = move.first == move.last
    for part in package.of_type(*CHARTS):
        data = package.read(part)
        splices, root = Splices(data), package.tree(part)
        titles = {id(each) for title in root.iter("tx") for each in title.iter(*CHART_FORMULAS)}
        for element in root.iter(*CHART_FORMULAS):
            # A series' name is one cell, and no range of values.
            singles = single_row and id(element) not in titles
            _set(splices, element, move.formula(element.text, "", singles=singles))
        package.put(part, splices.apply())


def follow_pivots(package: PackageEdit, table: TablePart, move: TableMove) -> None:
    """Pivot tables that read the table, by its name, by its range, or by a defined name, are to be computed anew when the
    file is opened."""
    names = {table.name.casefold(), *_names_of(package, table)}
    for part in package.of_type(*PIVOTS):
        root = package.tree(part)
        source = next(root.iter("worksheetSource"), None)
        if source is None or source.relation:
            continue
        splices = Splices(package.read(part))
        ref, sheet = source.get("ref"), source.get("sheet")
        box = box_or_none(ref)
        ranged = box is not None and same_sheet(sheet, move.sheet) and meet(box, table.box)
        if ranged:
            splices.set(source, ref=move.sqref(ref))
        if ranged or source.get("name").casefold() in names:
            splices.set(root, refreshOnLoad="1")
        package.put(part, splices.apply())


def _names_of(package: PackageEdit, table: TablePart) -> set[str]:
    """The defined names that mention the table or its sheet."""
    marks = (table.name.casefold(), table.sheet.name.casefold())
    elements = package.tree(package.main).iter("definedName")
    return {each.get("name").casefold() for each in elements if any(mark in each.text.casefold() for mark in marks)}


def _follow_range(splices: Splices, element: Element, move: TableMove) -> None:
    attribute = RANGED.get(element.name)
    if attribute and element.get(attribute):
        splices.set(element, **{attribute: move.sqref(element.get(attribute))})


def _set(splices: Splices, element: Element, text: str) -> None:
    if text != element.text:
        splices.set_text(element, text)
