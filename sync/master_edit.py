"""Change the master in place: what a run has to say, as edits of the file that is there. What is not ours stays as it is.

A table's rows are replaced, a sheet that is gone is added again, 总体情况 is written as a page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from sync.completion_links import FIRST
from sync.master_file import MasterFile, led, value_of
from sync.master_reader import COMPLETION, cell_text
from sync.master_table import TableWriter
from workbook_files.cell_edit import CellsEdit
from workbook_files.cell_values import Value
from workbook_files.limits import OWN
from workbook_files.page_edit import PageEdit
from workbook_files.reader import read_grid
from workbook_files.sheet_graft import SheetGraft
from workbook_files.workbook_edit import Edit
from workbook_templates import sheet_names
from workbook_templates.master_workbook import MasterBook, MasterSheet, OfficeCell, build
from workbook_templates.overview_sheet import PAGE_HEIGHT, PAGE_WIDTH
from xingzhi.grid import Sheet, address
from xingzhi.identity import META_SHEET
from xingzhi.labels import Lang


def master_edits(book: MasterBook, file: MasterFile, source: Path) -> list[Edit]:
    """The edits that make the file say what `book` says. `source` is a path at which a workbook may be built, in which the
    sheets lie that are added."""
    overview = sheet_names.OVERVIEW.of(Lang(book.identity.lang))
    sheets = file.as_named(book).sheets
    lines: dict[str, tuple[str, Sequence[int]]] = {}
    lacking, writers = [], []
    for labelled, sheet in zip(book.sheets, sheets, strict=True):
        if _is_lacking(sheet, file):
            lacking.append(sheet)
            lines[labelled.name] = sheet.name, range(FIRST, FIRST + len(sheet.rows))
        elif _has_its_table(sheet, file):
            writers.append(TableWriter(sheet, file))
            lines[labelled.name] = sheet.name, writers[-1].lines
        else:
            raw = file.standing.tables[sheet.table]
            lines[labelled.name] = sheet.name, range(raw.first, raw.first + len(raw.rows))
    lacking = [replace(each, rows=[[led(cell, lines) for cell in row] for row in each.rows]) for each in lacking]
    added = [sheet for sheet in book.added if file.shape.sheet(sheet.name) is None]
    build(replace(book, sheets=lacking, added=added), source)
    edits: list[Edit] = []
    names = [*(sheet.name for sheet in lacking), *(sheet.name for sheet in added)]
    for name in (overview, *names, META_SHEET):
        there = file.shape.sheet(name)
        if there is None:
            edits.append(SheetGraft(source, name))
        elif name not in (overview, META_SHEET):
            edits.append(SheetGraft(source, name, replace=True))
    edits += _page(file, overview, source)
    for writer in writers:
        edits += writer.edits(lines)
    for kept in book.added:
        edits += _notes(file.sheet(kept.name), kept.rows)
    edits += _identity(file.sheet(META_SHEET), book.identity.items())
    return edits


def _is_lacking(sheet: MasterSheet, file: MasterFile) -> bool:
    """Whether a sheet is to be built: it is not there, or not as it must be."""
    there = file.shape.sheet(sheet.name)
    if there is None or sheet.table in file.anew:
        return True
    return sheet.table != COMPLETION and sheet.table not in file.standing.tables


def _has_its_table(sheet: MasterSheet, file: MasterFile) -> bool:
    """Whether a sheet has its table where its rows are. One of the office's own that has not is left as it is: what stands
    in it is read all the same."""
    table, raw = file.shape.tables.get(sheet.table.casefold()), file.standing.tables.get(sheet.table)
    return table is not None and (raw is None or table.first == raw.first)


def _page(file: MasterFile, name: str, source: Path) -> Iterator[Edit]:
    there = file.sheet(name)
    if there is None:
        return
    grid, _ = read_grid(source, OWN)
    wanted = grid.sheet(name) if grid else None
    assert wanted is not None
    box = [(row, column) for row in range(1, PAGE_HEIGHT + 1) for column in range(1, PAGE_WIDTH + 1)]
    if any(cell_text(there.value(*place)) != cell_text(wanted.value(*place)) for place in box):
        yield PageEdit(source, there.name, PAGE_HEIGHT, PAGE_WIDTH)


def _notes(there: Sheet | None, rows: Sequence[Sequence[OfficeCell]]) -> Iterator[Edit]:
    """What was moved to a sheet of the office's, below what stands there."""
    if there is None:
        return
    cells = {
        address(number, column): value_of(cell)
        for number, row in enumerate(rows, start=1)
        for column, cell in enumerate(row, start=1)
        if cell is not None and there.value(number, column) is None
    }
    if cells:
        yield CellsEdit(there.name, cells)


def _identity(there: Sheet | None, items: Mapping[str, str]) -> Iterator[Edit]:
    if there is None:
        return
    at = {cell_text(row[0]): number for number, row in enumerate(there.rows, start=1) if row}
    free = len(there.rows) + 1
    cells: dict[str, Value] = {}
    for key, value in items.items():
        if key not in at:
            at[key], free = free, free + 1
            cells[address(at[key], 1)] = key
        if cell_text(there.value(at[key], 2)) != value:
            cells[address(at[key], 2)] = value
    if cells:
        yield CellsEdit(there.name, cells)
