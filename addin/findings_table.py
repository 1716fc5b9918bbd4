"""校验结果 of an open workbook, as a command reads and writes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import time, timedelta

import xlwings

from addin.checking import CheckedBook
from addin.live_table import LiveTable, find_table
from addin.said import Stopped
from workbook_templates import findings_sheet
from workbook_templates.findings_rows import FindingsRows, Row
from workbook_templates.pen import ROW_HEIGHT, Cell, row_height
from xingzhi import messages
from xingzhi.columns import Table
from xingzhi.findings import Finding
from xingzhi.grid import CellValue, Grid, Sheet
from xingzhi.labels import Lang

LEAD_ROW = 2


@dataclass(frozen=True)
class FindingsTable:
    """The table and its body; `places` are those of our columns among its own. `below` are the rows under the table, to the
    last in which somebody wrote under our columns."""

    live: LiveTable
    lang: Lang
    body: FindingsRows
    places: Sequence[int]
    below: Sequence[Row] = ()

    @classmethod
    def of(cls, book: xlwings.Book, grid: Grid, lang: Lang) -> FindingsTable:
        """The table of an open workbook. Stopped where it, or a column of it, is gone."""
        live = find_table(book, grid, findings_sheet.TABLE)
        headers = [each.header for each in findings_sheet.fields(lang)]
        if live is None or not set(headers) <= set(live.headers):
            raise Stopped("addin.no_findings_table")
        places = [live.place(header) for header in headers]
        sheet = grid.sheet(live.sheet.name)
        rows = [[shown(row[place]) for place in places] for row in live.rows]
        width = live.left + len(live.headers) - 1
        pinned = {
            index
            for index, row in enumerate(live.rows)
            if any(cell not in (None, "") for place, cell in enumerate(row) if place not in places)
            or (sheet is not None and _beside(sheet.rows, live.first + index, live.left, width))
        }
        return cls(live, lang, FindingsRows(rows, lang, pinned), places, _below(sheet, live, places))

    def found(self, checked: CheckedBook) -> list[Finding]:
        """What was found, gravest first, with what the office said of it before."""
        comments = self.body.comments()
        word = messages.text("findings.accepted_word", self.lang)
        told = [
            replace(each, accepted=comments.get(each.key, "").startswith(word), comment=comments.get(each.key, ""))
            for each in checked.findings
        ]
        return findings_sheet.ordered(told)

    def write(self, findings: Sequence[Finding], tables: Mapping[str, Table], lead: str) -> None:
        """Write findings, gravest first, over those before."""
        comments = self.body.comments()
        said = [self._row(each, tables, comments) for each in findings]
        body = self.body
        if len(rows := body.checked(said)) > len(body.rows):
            # What stands under the table stays where it is: the table goes on around it.
            body = replace(body, rows=[*body.rows, *self.below])
            rows = body.checked(said)
        self._put(rows, body.rows, lead)

    def clear(self, lead: str) -> None:
        """Write the table without its findings, save what the unit has explained."""
        self._put(self.body.without_marks(), self.body.rows, lead)

    def _row(self, each: Finding, tables: Mapping[str, Table], comments: Mapping[str, str]) -> list[Cell]:
        row = findings_sheet.row(each, dict(tables), self.lang)
        row[self.body.places["comment"]] = comments.get(each.key)
        return row

    def _put(self, body: Sequence[Row], before: Sequence[Row], lead: str) -> None:
        """Write the rows that change, and of them our columns alone: a formula beside them is the unit's."""
        self.live.grow(len(body))
        changed = [n for n, row in enumerate(body) if n >= len(before) or not _same(row, before[n])]
        fields = findings_sheet.fields(self.lang)
        for first, last in stretches(changed):
            for left, right in stretches(sorted(self.places)):
                columns = [self.places.index(place) for place in range(left, right + 1)]
                matrix = [[body[n][column] for column in columns] for n in range(first, last + 1)]
                self.live.put(first, left, matrix)
        for index in changed:
            if any(body[index]):
                cell = self.live.sheet.range((self.live.first + index, self.live.left))
                # A row that a filter hides would be shown again.
                if cell.rows.hidden is False:
                    cell.row_height = row_height(body[index], fields, ROW_HEIGHT)
        self.live.sheet.range((LEAD_ROW, self.live.left)).value = f"'{lead}"


def stretches(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Ascending numbers as stretches of one after the other, each by its first and last."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1] = found[-1][0], number
        else:
            found.append((number, number))
    return found


def _below(sheet: Sheet | None, live: LiveTable, places: Sequence[int]) -> list[Row]:
    numbers = range(live.last + 1, len(sheet.rows) + 1) if sheet else ()
    rows: list[Row] = [[shown(sheet.value(n, live.left + place)) for place in places] for n in numbers if sheet]
    while rows and not any(cell not in (None, "") for cell in rows[-1]):
        rows.pop()
    return rows


def shown(value: CellValue) -> Cell:
    """A value that is read as a cell that may be written: a time of day by its text."""
    return str(value) if isinstance(value, time | timedelta) else value


def _same(row: Sequence[Cell], before: Sequence[Cell]) -> bool:
    return all((cell or None) == (held or None) for cell, held in zip(row, before, strict=True))


def _beside(rows: Sequence[Sequence[CellValue]], number: int, left: int, right: int) -> bool:
    row = rows[number - 1] if number <= len(rows) else ()
    return any(cell not in (None, "") for cell in (*row[: left - 1], *row[right:]))
