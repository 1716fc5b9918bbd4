"""May a table's rows be replaced? What stands in the way is a finding, and then nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from workbook_files.file_findings import Refused
from workbook_files.followers import CHARTS
from workbook_files.package import Box, box_of
from workbook_files.package_edit import PackageEdit, TablePart
from workbook_files.part_xml import Element, unescaped, unusual
from workbook_files.ranges import MOST_ROWS, box_or_none, meet, references, same_sheet
from workbook_files.sheet_part import Cell, SheetPart
from workbook_files.table_move import TableMove
from xingzhi import messages
from xingzhi.findings import finding
from xingzhi.grid import address as cell_name


class Room:
    """The surroundings of a table that is to change."""

    def __init__(self, package: PackageEdit, table: TablePart, sheet: SheetPart, move: TableMove) -> None:
        self.package, self.table, self.sheet, self.move = package, table, sheet, move

    def check(
        self,
        continues: Sequence[int | None],
        columns: dict[int, int],
        stays: Callable[[int, int], bool],
        *,
        purge: bool,
        below: int = 0,
    ) -> None:
        """Refused where the rows cannot be put in place without harm to what is not theirs. `stays` tells of a (row, column)
        whether its cell is left as it is; what stands in the `below` rows under the table is taken into it."""
        owned = set(columns.values())
        first = self.move.first
        places = {first + old: first + new for new, old in enumerate(continues) if old is not None}
        gone = [row for row in range(first, self.move.last + below + 1) if row not in places]
        displaced = {row for row, new in places.items() if row != new} | set(gone)
        if self.move.totals and self.move.steps:
            displaced |= set(range(self.move.last + 1, self.move.last + self.move.totals + 1))
            self._check_totals()
        if not purge:
            self._check_lost(gone, owned)
        self._check_hanging(displaced)
        self._check_formulas(displaced, owned, stays, below)
        if self.move.new_rows:
            taken = {row for row, new in places.items() if row == new}
            self._check_new_rows(self.move.new_rows, taken)
        self._check_validations()

    def _refused(self, code: str, cell: str, key: str, **fields: str) -> Refused:
        reason = messages.label(f"write.{key}", **fields)
        sheet = self.table.sheet.name
        return Refused(
            finding(code, file=self.package.file, sheet=sheet, cell=cell, value=self.table.name, reason=reason)
        )

    def _check_lost(self, gone: Sequence[int], owned: set[int]) -> None:
        """W104 for what the office wrote in rows that go."""
        for number in gone:
            for column, cell in self.sheet.cells(number).items():
                if column in owned or not self.move.left <= column <= self.move.right or not self.sheet.holds(cell):
                    continue
                declared = self.table.columns[column - self.move.left]
                if not (declared.formula and self.sheet.formula_of(cell)):
                    raise self._refused("W104", cell_name(number, column), "office_cell")

    def _check_hanging(self, displaced: set[int]) -> None:
        """W105 for comments on rows that go or move: they would be another record's."""
        if not displaced:
            return
        for box in self._comments():
            if self.move.has_cell(box) and box[0] in displaced:
                raise self._refused("W105", cell_name(box[0], box[1]), "comment")
        for element in self.sheet.root.iter("hyperlink"):
            # Links of single cells go with their rows.
            found = box_or_none(element.get("ref"))
            if found and self._meets_rows(found, displaced) and not self.move.has_cell(found):
                raise self._refused("W105", cell_name(found[0], found[1]), "link")

    def _meets_rows(self, box: Box, rows: set[int]) -> bool:
        top, left, bottom, right = box
        return left <= self.move.right and self.move.left <= right and any(top <= row <= bottom for row in rows)

    def _comments(self) -> Iterator[Box]:
        for kind, part in self.package.relations(self.table.sheet.part).values():
            if kind in ("comments", "threadedComment"):
                for element in self.package.tree(part).iter("comment", "threadedComment"):
                    box = box_or_none(element.get("ref"))
                    if box:
                        yield box

    def _check_formulas(
        self, displaced: set[int], owned: set[int], stays: Callable[[int, int], bool], below: int
    ) -> None:
        """W109 for formulas that fill several cells of which some are written over and others stay."""
        body = range(self.move.first, self.move.last + max(below, self.move.totals) + 1)

        def is_written(number: int, column: int) -> bool:
            return column in owned and number <= self.move.last + below and not stays(number, column)

        for _, ref in self.sheet.arrays():
            box = box_of(ref)
            if box[0] == box[2] and box[1] == box[3]:
                continue
            rows = range(max(box[0], body.start), min(box[2] + 1, body.stop))
            written = any(is_written(row, column) for row in rows for column in owned if box[1] <= column <= box[3])
            grown = self.move.new_rows is not None and meet(box, self.move.new_rows)
            if written or grown or self._meets_rows(box, displaced):
                raise unusual(self.package.file, "formula_array", detail=f"{self.table.sheet.name}!{ref}")

        def replaced(number: int, cell: Cell) -> bool:
            within = number in body and self.move.left <= cell.column <= self.move.right
            return within and (number in displaced or is_written(number, cell.column))

        if shared := self.sheet.shared_left(replaced):
            raise unusual(self.package.file, "formula_shared", detail=f"{self.table.sheet.name}!{shared}")

    def _check_new_rows(self, rows: Box, taken: set[int]) -> None:
        """W103 for what stands in the rows that the table comes to cover, but for those that become rows of it."""
        if rows[2] > MOST_ROWS:
            raise unusual(self.package.file, "sheet_full", detail=self.table.name)
        for number in self.sheet.rows:
            if rows[0] <= number <= rows[2] and number not in taken:
                for column, cell in self.sheet.cells(number).items():
                    if rows[1] <= column <= rows[3] and self.sheet.holds(cell):
                        raise self._refused("W103", cell_name(number, column), "cell")
        for key, box in self._below():
            within = box[0] == box[2] and box[0] in taken and box[1] == box[3]
            if meet(box, rows) and not within:
                raise self._refused("W103", cell_name(max(box[0], rows[0]), max(box[1], rows[1])), key)

    def _below(self) -> Iterator[tuple[str, Box]]:
        """What else takes up cells of the sheet: (key of the text that says what, range)."""
        for name, key in (("mergeCell", "merged"), ("hyperlink", "link")):
            for element in self.sheet.root.iter(name):
                box = box_or_none(element.get("ref"))
                if box:
                    yield key, box
        yield from (("comment", box) for box in self._comments())
        for table in self.package.tables_of(self.table.sheet):
            if table.part != self.table.part:
                yield "table", table.box
        for kind, part in self.package.relations(self.table.sheet.part).values():
            location = self.package.tree(part).child("location") if kind == "pivotTable" else None
            box = box_or_none(location.get("ref")) if location else None
            if box:
                yield "pivot", box

    def covered(self) -> str:
        """The first cell of a chart or picture under which the table would come to lie; '' where there is none."""
        rows = self.move.new_rows
        for kind, part in self.package.relations(self.table.sheet.part).values() if rows else ():
            for anchor in self.package.tree(part).children if kind == "drawing" else ():
                box = _anchored(anchor)
                if box and rows and meet(box, rows):
                    return cell_name(box[0], box[1])
        return ""

    def _check_validations(self) -> None:
        """W103 where the validation of a column would come to lie over another: a cell can have one."""
        lists = []
        for element in self.sheet.root.iter("dataValidation"):
            child = element.child("sqref")
            words = (element.get("sqref") or (child.text if child else "")).split()
            boxes = [box for box in map(box_or_none, words) if box]
            lists.append((boxes, self.move.follow_all(boxes)))
        for index, (before, after) in enumerate(lists):
            for old, new in zip(before, after, strict=True):
                if new[2] <= old[2]:
                    continue
                added = (old[2] + 1, new[1], new[2], new[3])
                for other, (_, boxes) in enumerate(lists):
                    for box in boxes:
                        if other != index and meet(added, box) and not meet(old, box):
                            raise self._refused("W103", cell_name(max(box[0], added[0]), box[1]), "validation")

    def _check_totals(self) -> None:
        """W106 for a formula that names a cell of the totals by its address: they move."""
        row = self.move.last + 1, self.move.left, self.move.last + self.move.totals, self.move.right
        for where, own, text in self._formulas():
            for each in references(text):
                here = same_sheet(own if each.sheet is None else each.sheet, self.move.sheet)
                if here and meet(each.box, row) and self.move.follow(each.box) == each.box:
                    raise self._refused("W106", cell_name(each.box[0], each.box[1]), "named_by", detail=where)

    def _formulas(self) -> Iterator[tuple[str, str, str]]:
        """(where, sheet whose ranges need no name, text) of the formulas of cells, names and charts."""
        for sheet in self.package.sheets():
            if sheet.kind == "worksheet":
                own = same_sheet(sheet.name, self.table.sheet.name)
                part = self.sheet if own else SheetPart(self.package.read(sheet.part), self.package.file)
                for found in part.formula.finditer(part.rows_data):
                    yield sheet.name, sheet.name, unescaped(found[2] or b"")
        for element in self.package.tree(self.package.main).iter("definedName"):
            yield element.get("name"), "", element.text
        for chart in self.package.of_type(*CHARTS):
            for element in self.package.tree(chart).iter("f"):
                yield chart, "", element.text


def _anchored(anchor: Element) -> Box | None:
    """The cells over which a drawing lies, as far as its anchor names them."""
    corners = []
    for name in ("from", "to"):
        corner = anchor.child(name) or anchor.child("from")
        places = [corner.child(axis) if corner else None for axis in ("row", "col")]
        if not all(place is not None and place.text.strip().isdecimal() for place in places):
            return None
        corners += [int(place.text) + 1 for place in places if place is not None]
    top, left, bottom, right = corners
    return top, left, bottom, right
