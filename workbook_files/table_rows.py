"""The rows of a table as they will be: cells that are written, cells of the office that stay, totals that move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workbook_files.cell_texts import CellTexts
from workbook_files.cell_values import KEEP, CellWriter, Keep, Value
from workbook_files.package_edit import TablePart
from workbook_files.part_xml import escaped, unescaped, unusual
from workbook_files.ranges import references, shifted
from workbook_files.sheet_part import Cell, Row, SheetPart, attributes_of, readdressed, restyled, without
from workbook_files.table_move import TableMove
from workbook_templates.pen import FORMULA_STARTS
from xingzhi.grid import address as cell_name

_TRUE = ("1", "true")
_LOOKED_AT = 50
"""Rows of a table that tell how its cells look."""


class RowsWriter:
    """Writes the rows from the first of a table's body to the last that the table had or will have, totals among them.

    `columns` maps the place of a value in a row to its column in the sheet. `filtered` tells that a filter hides some.
    """

    def __init__(
        self,
        sheet: SheetPart,
        table: TablePart,
        move: TableMove,
        cells: CellWriter,
        columns: dict[int, int],
        texts: CellTexts,
    ) -> None:
        self.sheet, self.table, self.move, self.writer, self.texts = sheet, table, move, cells, texts
        self.columns = columns
        self.owned = set(columns.values())
        self.filtered = any(True for _ in table.root.iter("filterColumn"))
        self._old: dict[int, dict[int, Cell]] = {}
        self._styles = {column: self._column_style(column) for column in range(move.left, move.right + 1)}

    def places(self, continues: Sequence[int | None]) -> dict[int, int]:
        """The old row of the sheet → its new one, of each row that goes on; the totals among them."""
        first = self.move.first
        found = {first + old: first + new for new, old in enumerate(continues) if old is not None}
        found.update({self.move.last + n: self.move.new_last + n for n in range(1, self.move.totals + 1)})
        return found

    def rows(
        self, values: Sequence[Sequence[Value | Keep]], continues: Sequence[int | None], heights: Sequence[float | None]
    ) -> dict[int, bytes]:
        """The bytes of each row that changes, by number."""
        move = self.move
        made: dict[int, bytes] = {}
        for index in range(max(len(values), 1)):
            row: Sequence[Value | Keep] = values[index] if index < len(values) else [None] * len(self.columns)
            old = continues[index] if index < len(continues) else None
            at = move.first + index
            source = None if old is None else move.first + old
            is_inside = source == at and at <= move.last
            if is_inside and not self.filtered and all(value is KEEP for value in row):
                continue
            height = heights[index] if index < len(heights) else None
            made[at] = self._row(at, source, self._body_cells(at, source, row), height)
        for step in range(1, move.totals + 1):
            at, source = move.new_last + step, move.last + step
            made[at] = self._row(at, source, self._moved_cells(at, source))
        for number in range(move.new_last + move.totals + 1, move.last + move.totals + 1):
            made[number] = self._row(number, None, {})
        return made

    def _cells(self, number: int) -> dict[int, Cell]:
        if number not in self._old:
            self._old[number] = self.sheet.cells(number)
        return self._old[number]

    def _row(self, number: int, source: int | None, new: dict[int, bytes], height: float | None = None) -> bytes:
        """A row with new cells in the table's columns; the others stay as they are."""
        row, move = self.sheet.rows.get(number), self.move
        beside = {column: cell.raw for column, cell in self._cells(number).items() if not self._within(column)}
        cells = {**beside, **new}
        tag = row.tag if row else self._new_tag(number)
        if self.filtered and number >= move.first:
            # What a filter hides are records, and not places: the mark goes with its row.
            tag = without(tag, "hidden") + (b' hidden="1"' if self._is_hidden(source) else b"")
        if row is None and not cells:
            return b""
        if height is not None:
            tag = _with_height(tag, height, grow_only=row is not None and source == number)
        return self.sheet.row(number, tag, cells)

    def _within(self, column: int) -> bool:
        return self.move.left <= column <= self.move.right

    def _is_hidden(self, number: int | None) -> bool:
        row = self.sheet.rows.get(number) if number is not None and number <= self.move.last else None
        return row is not None and attributes_of(row.tag).get("hidden") in _TRUE

    def _new_tag(self, number: int) -> bytes:
        """A row that was not there is as high as the body's first one."""
        model: Row | None = self.sheet.rows.get(self.move.first)
        if model is None or number > self.move.new_last:
            return b""
        return without(without(without(model.tag, "hidden"), "collapsed"), "outlineLevel")

    def _column_style(self, column: int) -> int | None:
        """The style that most of the column's first body cells have, so that one marked row marks no others; else the one
        that its column or row gives to a new cell."""
        rows = range(self.move.first, min(self.move.last, self.move.first + _LOOKED_AT - 1) + 1)
        styles = [cell.style for row in rows if (cell := self._cells(row).get(column)) is not None]
        if styles:
            return max(dict.fromkeys(styles), key=styles.count)
        row = self.sheet.rows.get(self.move.first)
        attributes = attributes_of(row.tag) if row else {}
        if attributes.get("customFormat") in _TRUE and attributes.get("s", "").isdecimal():
            return int(attributes["s"])
        for each in self.sheet.root.iter("col"):
            if int(each.get("min", "0")) <= column <= int(each.get("max", "0")) and each.get("style").isdecimal():
                return int(each.get("style"))
        return None

    def _body_cells(self, at: int, source: int | None, values: Sequence[Value | Keep]) -> dict[int, bytes]:
        old = self._cells(source) if source is not None else {}
        written = {column for place, column in self.columns.items() if values[place] is not KEEP}
        made: dict[int, bytes] = {}
        for place, column in self.columns.items():
            before = old.get(column)
            value = values[place]
            if isinstance(value, Keep):
                continue
            if before is not None and source == at and isinstance(value, str) and self._holds(before, value):
                # A part of it may be bold, or have its reading above it: what says the same stays as it is.
                made[column] = before.raw
                continue
            style = before.style if before is not None else self._styles[column]
            if self._is_bare(source, style):
                style = self._styles[column]
            made[column] = self.writer.cell(cell_name(at, column), value, style)
        for offset, declared in enumerate(self.table.columns):
            column = self.move.left + offset
            if column in written:
                continue
            if source is not None:
                if column in old:
                    cell = old[column]
                    if self._is_bare(source, cell.style) and self._styles[column]:
                        cell = restyled(cell, self.sheet.x, self._styles[column] or 0)
                    made[column] = self._carried(cell, source, at)
            else:
                formula = self._calculated(declared.formula, column, at)
                made[column] = self.writer.empty(
                    cell_name(at, column), self._styles[column], formula, array=declared.is_array
                )
        return made

    def _is_bare(self, source: int | None, style: int | None) -> bool:
        """Whether a cell was typed below the table and has no look of its own."""
        return source is not None and source > self.move.last and not style

    def _holds(self, cell: Cell, text: str) -> bool:
        return not text.startswith(FORMULA_STARTS) and self.texts.text(cell) == text

    def _calculated(self, declared: str, column: int, at: int) -> str:
        """The formula of a calculated column in a new row; '' where it is not sure what it would be."""
        if all(each.fixed for each in references(declared)):
            return self.move.formula(declared, self.move.sheet, fixed=True)
        # With relative addresses it says how it reads in some row, and not in which: the first row's own cell does.
        cell = self._cells(self.move.first).get(column)
        found = self.sheet.formula_of(cell) if cell is not None else None
        if found is None or _is_special(found[0]) or b"&#" in found[1]:
            return ""
        return shifted(unescaped(found[1]), at - self.move.first) or ""

    def _carried(self, cell: Cell, source: int, at: int) -> bytes:
        """A cell of the office's in the row to which its record went; its formula means the rows around it, as when it is
        copied there."""
        if source == at:
            return cell.raw
        moved = readdressed(cell, self.sheet.x, cell_name(at, cell.column))
        found = self.sheet.formula_of(cell)
        if found is None:
            return moved
        attributes, written = found
        text = unescaped(written)
        new = shifted(text, at - source)
        if _is_special(attributes) or b"&#" in written or b"<" in written or new is None:
            raise unusual(self.sheet.file, "formula_moves", detail=cell_name(source, cell.column))
        return moved if new == text else moved.replace(b">" + written + b"<", b">" + escaped(new) + b"<", 1)

    def _moved_cells(self, at: int, source: int) -> dict[int, bytes]:
        """The cells of the totals, whose formulas name the same cells from wherever they stand."""
        made = {}
        for column, cell in self._cells(source).items():
            if self._within(column):
                found = self.sheet.formula_of(cell)
                if at != source and found is not None and found[0].get("t"):
                    raise unusual(self.sheet.file, "formula_moves", detail=cell_name(source, column))
                made[column] = readdressed(cell, self.sheet.x, cell_name(at, column))
        return made


def _is_special(attributes: Mapping[str, str]) -> bool:
    """Whether a formula is one of several cells; LibreOffice says of each when it is to be computed."""
    return not attributes.keys() <= {"aca", "ca"}


def _with_height(tag: bytes, height: float, *, grow_only: bool) -> bytes:
    """A row that is as high as its texts need: Excel does not fit rows that a program has written."""
    try:
        now = float(attributes_of(tag).get("ht", "0"))
    except ValueError:
        now = 0.0
    if grow_only and now >= height:
        return tag
    return without(without(tag, "ht"), "customHeight") + b' ht="%b" customHeight="1"' % f"{height:g}".encode()
