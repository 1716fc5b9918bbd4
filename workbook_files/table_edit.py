"""Replace the rows of a table in a workbook, and touch nothing else.

The rows keep their places: comments, fills and row heights hang on places. What a table cannot do without doing harm is
refused with a finding, and then nothing is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workbook_files import followers, table_room
from workbook_files.cell_links import links_of, place_links
from workbook_files.cell_texts import CellTexts
from workbook_files.cell_values import KEEP, CellWriter, EditError, Keep, Value
from workbook_files.file_findings import Refused
from workbook_files.package import Box
from workbook_files.package_edit import PackageEdit, TableColumn, TablePart
from workbook_files.part_xml import Splices, unusual
from workbook_files.sheet_part import SheetPart
from workbook_files.style_sheet import Styles
from workbook_files.table_move import TableMove
from workbook_files.table_rows import RowsWriter
from xingzhi.findings import Finding, finding


@dataclass(frozen=True)
class TableEdit:
    """New rows for a table, found by its name.

    `columns` are the columns that are written, by header, or by the id of the tableColumn, which Excel keeps when a column
    is renamed; `rows` holds a value for each of them, or KEEP. All other columns are the office's: their cells go with
    their rows. `continues` says of each row which of the table's rows, from 0, it continues, None for a new one; without
    it each row continues the one in its place. `purge` allows rows to go in which the office wrote something.

    `below` rows under the table, which has no totals then, may be continued as rows of its body, where they stand: they
    were typed there. Those that are not must be blank.
    `heights` are the points that each row needs, None where its height stays; one that stays in its place only grows.
    """

    table: str
    columns: Sequence[str | int]
    rows: Sequence[Sequence[Value | Keep]]
    continues: Sequence[int | None] | None = None
    purge: bool = False
    below: int = 0
    heights: Sequence[float | None] = ()


def edit_table(package: PackageEdit, edit: TableEdit) -> list[Finding]:
    """Make the edit in the package; return what is to be told of it. Refused, with its finding, where it cannot be made.

    EditError for an edit that contradicts itself: a row of another width, a row continued twice.
    """
    table = package.table(edit.table)
    if table.root.get("tableType", "worksheet") != "worksheet":
        # Its rows come from elsewhere, and the next refresh would put them back.
        raise unusual(package.file, "external_table", detail=table.name)
    columns = columns_of(package, table, edit)
    if edit.below and table.totals:
        raise EditError(f"{table.name} has totals: no row below it is one of its body")
    before = table.last - table.first + 1 + edit.below
    continues = _continues(edit, before)
    after = max(len(edit.rows), 1)
    move = TableMove(
        table.sheet.name, table.box[1], table.box[3], table.first, table.last, table.first + after - 1, table.totals
    )
    sheet = _followed(package, table, move)
    splices = Splices(sheet.skeleton)
    room = table_room.Room(package, table, sheet, move)
    kept = _Kept(edit.rows, continues, columns, table.first)
    room.check(continues, columns, kept.stays, purge=edit.purge, below=edit.below)
    covered = room.covered()
    styles = Styles(package)
    cells = CellWriter(package.file, table.sheet.name, sheet.x, styles.get, package.uses_1904())
    writer = RowsWriter(sheet, table, move, cells, columns, CellTexts(package, sheet.x))
    rows = writer.rows(edit.rows, continues, edit.heights)
    followers.follow_sheet(splices, sheet.root, table.sheet.name, move)
    followers.follow_dimension(splices, sheet.root, move)
    _place_links(splices, sheet, move, writer, edit.rows, continues, kept)
    package.put(table.sheet.part, sheet.written(rows, splices))
    styles.put()
    followers.follow_table(package, table, move)
    if move.steps:
        followers.follow_other_sheets(package, move)
        followers.follow_charts(package, move)
        followers.follow_names(package, move)
    followers.follow_pivots(package, table, move)
    told = [("W112", "")] if writer.filtered else []
    told += [("W114", covered)] if covered else []
    return [
        finding(code, file=package.file, sheet=table.sheet.name, cell=cell, value=table.name) for code, cell in told
    ]


class _Kept:
    """Which cells of columns that are written are left as they are all the same."""

    def __init__(
        self,
        rows: Sequence[Sequence[Value | Keep]],
        continues: Sequence[int | None],
        columns: dict[int, int],
        first: int,
    ) -> None:
        self._rows, self._first = rows, first
        self._new = {first + old: new for new, old in enumerate(continues) if old is not None}
        self._places = {column: place for place, column in columns.items()}

    def goes_on(self, row: int, column: int) -> bool:
        """Whether a cell is kept, be it in another row."""
        new, place = self._new.get(row), self._places.get(column)
        return new is not None and place is not None and self._rows[new][place] is KEEP

    def stays(self, row: int, column: int) -> bool:
        """Whether a cell is kept where it is."""
        return self.goes_on(row, column) and self._first + self._new[row] == row


def _place_links(
    splices: Splices,
    sheet: SheetPart,
    move: TableMove,
    writer: RowsWriter,
    rows: Sequence[Sequence[Value | Keep]],
    continues: Sequence[int | None],
    kept: _Kept,
) -> None:
    columns, places = writer.columns, writer.places(continues)
    values = (
        (move.first + index, column, value)
        for index, row in enumerate(rows)
        for place, column in columns.items()
        if not isinstance(value := row[place], Keep)
    )

    def is_written(row: int, column: int) -> bool:
        within = column in writer.owned and move.first <= row <= max(move.last, move.new_last)
        return within and not kept.goes_on(row, column)

    def to(box: Box) -> Box | None:
        if not move.has_cell(box):
            return box
        row = places.get(box[0])
        return None if row is None else (row, box[1], row, box[3])

    place_links(splices, sheet.root, links_of(values), is_written, to)


def _followed(package: PackageEdit, table: TablePart, move: TableMove) -> SheetPart:
    """The table's sheet with the formulas of its cells as they will be."""
    sheet = SheetPart(package.read(table.sheet.part), package.file)
    if not move.steps:
        return sheet
    pieces, at = [], 0
    for number in (move.first, move.last):
        # In the first row and the last, a range that spans the body may be one of a series, such as a running total.
        row = sheet.rows.get(number)
        if row is not None and row.start >= at:
            pieces.append(followers.follow_rows(sheet.rows_data[at : row.start], table.sheet.name, move))
            inner = sheet.rows_data[row.start : row.end]
            pieces.append(followers.follow_rows(inner, table.sheet.name, move, fixed=True))
            at = row.end
    pieces.append(followers.follow_rows(sheet.rows_data[at:], table.sheet.name, move))
    rows = b"".join(pieces)
    if rows == sheet.rows_data:
        return sheet
    return SheetPart(sheet.with_rows_data(rows, Splices(sheet.skeleton)), package.file)


def columns_of(package: PackageEdit, table: TablePart, edit: TableEdit) -> dict[int, int]:
    """The sheet's column of each value of a row: by its place in `edit.columns`. W102 for one that the table has not."""
    found: dict[int, int] = {}
    for place, wanted in enumerate(edit.columns):
        offset = next((index for index, each in enumerate(table.columns) if _is(each, wanted)), None)
        if offset is None:
            raise Refused(
                finding("W102", file=package.file, sheet=table.sheet.name, value=str(wanted), name=table.name)
            )
        found[place] = table.box[1] + offset
    if len(set(found.values())) != len(found):
        raise EditError(f"a column of {table.name} is named twice")
    return found


def _is(column: TableColumn, wanted: str | int) -> bool:
    return column.id == wanted if isinstance(wanted, int) else column.header.casefold() == wanted.casefold()


def _continues(edit: TableEdit, before: int) -> list[int | None]:
    if any(len(row) != len(edit.columns) for row in edit.rows):
        raise EditError(f"a row of {edit.table} has not one value for each of its {len(edit.columns)} columns")
    if edit.continues is None:
        found: list[int | None] = [place if place < before else None for place in range(len(edit.rows))]
    else:
        found = list(edit.continues)
    named = [place for place in found if place is not None]
    wrong = len(found) != len(edit.rows) or len(set(named)) != len(named)
    wrong = wrong or any(not 0 <= each < before for each in named)
    # What was typed under the table hangs there: it becomes a row of the body where it stands.
    typed = range(before - edit.below, before)
    wrong = wrong or bool(edit.below and len(found) < before)
    if wrong or any(place in typed and found[place] != place for place in named):
        raise EditError(f"the rows of {edit.table} do not say rightly what they continue")
    return found
