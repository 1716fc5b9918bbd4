"""校验结果, 应报事项 and the identity of a unit's own file, as it gets them back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from sync.own_rows import built_anew, formula_of, formula_text
from workbook_files.cell_edit import CellsEdit
from workbook_files.cell_values import KEEP, Keep, Value
from workbook_files.package_edit import PackageEdit, TablePart
from workbook_files.ranges import references
from workbook_files.read_back import reads_as
from workbook_files.sheet_part import SheetPart
from workbook_files.table_edit import TableEdit
from workbook_templates import deadline_sheet, findings_sheet, progress_sheet, sheet_names
from workbook_templates.carried_rules import KEY, rules_items
from workbook_templates.deadline_formulas import BASE_DATE, Vocabulary
from workbook_templates.deadline_sheet import DeadlineSheet
from workbook_templates.pen import ROW_HEIGHT, Cell, Formula, fitting, row_height
from workbook_templates.unit_book import UnitBook
from xingzhi import messages
from xingzhi.findings import Finding
from xingzhi.grid import Grid, Sheet, address
from xingzhi.identity import META_SHEET
from xingzhi.rows import Row

_RENEWED = ("unit", "unit_name", "base_run", "send")
"""What of its identity a workbook is told anew: whose it is it said itself, or its name did."""


def findings_edits(
    package: PackageEdit, grid: Grid, book: UnitBook, findings: Sequence[Finding]
) -> Iterator[TableEdit | CellsEdit]:
    """The findings in the rows of the table, each where it stood; no row goes, since the unit may have written beside it."""
    part = package.table(findings_sheet.TABLE)
    sheet = _sheet(grid, part)
    fields = findings_sheet.fields(book.lang)
    headers = [each.header for each in fields]
    key = headers.index(messages.text("findings.key", book.lang))
    places = _places(part, headers, sheet)
    tables = {table.key: table for table in book.tables}
    cells = [findings_sheet.row(each, tables, book.lang) for each in findings_sheet.ordered(findings)]
    said: list[list[Value | Keep]] = [[_written(cell) for cell in row] for row in cells]
    before = [[sheet.value(number, place) for place in places] for number in range(part.first, part.last + 1)]
    waiting: dict[str, list[int]] = defaultdict(list)
    for index, row in enumerate(before):
        waiting[str(row[key] or "")].append(index)
    waiting.pop("", None)
    continues = [waiting[str(row[key])].pop(0) if waiting.get(str(row[key])) else None for row in said]
    blank = [index for index in range(len(before)) if _is_blank(sheet, part, part.first + index)]
    for place, old in enumerate(continues):
        if old is None and blank:
            taken = place if place in blank else blank[-1]
            blank.remove(taken)
            continues[place] = taken
    taken_rows = set(continues)
    rest = [index for index in range(len(before)) if index not in taken_rows]
    # What is no longer found goes; a row that the unit typed itself, without a key, is its own.
    said += [[None if before[index][key] else KEEP] * len(headers) for index in rest]
    heights = [row_height(row, fields, ROW_HEIGHT) for row in cells]
    yield TableEdit(part.name, headers, said, continues=[*continues, *rest], heights=heights)
    lead = address(2, part.box[1])
    if part.box[0] == findings_sheet.HEADER + 1 and sheet.value(2, part.box[1]) is not None:
        yield CellsEdit(sheet.name, {lead: book.lead or messages.text("findings.lead", book.lang)})


def deadline_edits(
    package: PackageEdit, grid: Grid, book: UnitBook, lines: Mapping[str, Mapping[int, Row]]
) -> Iterator[TableEdit | CellsEdit]:
    """应报事项 anew, with 基准日 and the hidden sheet of the projects. `lines` are the rows of each table by their places in
    it, from 0. W115 where its columns are not where the template has them, since its formulas name them by their letters."""
    part = package.table(deadline_sheet.TABLE)
    sheet = _sheet(grid, part)
    words = Vocabulary({table.key: table for table in book.tables}, book.lang)
    records = replace(book.records, rows={key: tuple(by_line.values()) for key, by_line in lines.items()}, receipts={})
    projects = tuple(lines["projects"]) if "projects" in lines else None
    asked = DeadlineSheet(book.term, records, words, book.today, book.live, book.waivers, book.member, projects)
    headers = [each.header for each in asked.fields()]
    if part.box[1] != 1 or [each.header for each in part.columns[: len(headers)]] != headers:
        raise built_anew("layout", sheet=sheet.name)
    progress = asked.progress()
    rows = [[_written(cell) for cell in row] for row in deadline_sheet.lines(asked, progress, part.first)]
    period = headers.index(messages.text("deadlines.period", book.lang))
    old = {
        (_text(sheet, number, 1), _text(sheet, number, period + 1)): number - part.first
        for number in range(part.last, part.first - 1, -1)
    }
    continues = [old.pop((str(row[0] or ""), str(row[period] or "")), None) for row in rows]
    yield TableEdit(part.name, headers, rows, continues=continues)
    yield CellsEdit(sheet.name, {_base_date(package, sheet.name): _written(asked.base_date())})
    yield from _progress_edits(package, grid, progress_sheet.cells(progress), sheet_names.PROGRESS.of(book.lang))


def identity_edit(grid: Grid, book: UnitBook) -> CellsEdit:
    """The run that the workbook is of from now on, and the rules that it carries. W115 where the sheet that says it is gone."""
    sheet = grid.sheet(META_SHEET)
    found = {str(row[0]): number for number, row in enumerate(sheet.rows, start=1) if row} if sheet else {}
    if not set(_RENEWED) <= set(found):
        raise built_anew("identity")
    items = book.identity.items()
    cells: dict[str, Value] = {f"B{found[key]}": items[key] for key in _RENEWED}
    carried = rules_items(book)
    for key in {key for key in found if key.startswith(KEY)} - set(carried):
        cells |= {f"A{found[key]}": None, f"B{found[key]}": None}
    for number, key in enumerate(sorted(carried.keys() - found.keys()), start=max(found.values()) + 1):
        found[key] = number
        cells[f"A{number}"] = key
    cells |= {f"B{found[key]}": text for key, text in carried.items()}
    return CellsEdit(META_SHEET, cells)


def _progress_edits(
    package: PackageEdit, grid: Grid, cells: Mapping[tuple[int, int], Cell], name: str
) -> Iterator[CellsEdit]:
    """The hidden sheet where it says something else than it should: what the rules ask may have changed."""
    entry, sheet = package.sheet(name), grid.sheet(name)
    part = SheetPart(package.read(entry.part), package.file)
    changed: dict[str, Value] = {}
    for number in {row for row, _ in cells} | set(part.rows):
        held = part.cells(number)
        for column in {*held, *(place for row, place in cells if row == number)}:
            cell, wanted = held.get(column), cells.get((number, column))
            formula = formula_of(part, cell)
            if isinstance(wanted, Formula):
                same = formula_text(formula) == wanted.text.removeprefix("=")
            else:
                same = formula is None and sheet is not None and reads_as(wanted, sheet.value(number, column))
            if not same:
                changed[address(number, column)] = _written(wanted)
    if changed:
        yield CellsEdit(entry.name, changed)


def _base_date(package: PackageEdit, sheet: str) -> str:
    for element in package.tree(package.main).iter("definedName"):
        if element.get("name").casefold() == BASE_DATE.casefold():
            found = [each for each in references(element.text) if each.single and each.sheet == sheet]
            if len(found) == 1:
                return address(*found[0].box[:2])
    raise built_anew("layout", sheet=sheet)


def _sheet(grid: Grid, part: TablePart) -> Sheet:
    found = grid.sheet(part.sheet.name)
    if found is None:
        raise built_anew("layout", sheet=part.sheet.name)
    return found


def _places(part: TablePart, headers: Iterable[str], sheet: Sheet) -> list[int]:
    held = {each.header: part.box[1] + index for index, each in enumerate(part.columns)}
    if not set(headers) <= set(held):
        raise built_anew("layout", sheet=sheet.name)
    return [held[header] for header in headers]


def _is_blank(sheet: Sheet, part: TablePart, number: int) -> bool:
    return all(sheet.value(number, place) in (None, "") for place in range(part.box[1], part.box[3] + 1))


def _text(sheet: Sheet, number: int, place: int) -> str:
    value = sheet.value(number, place)
    return "" if value is None else str(value).strip()


def _written(cell: Cell) -> Value:
    return fitting(cell) if isinstance(cell, str) else cell
