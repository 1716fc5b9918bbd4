"""What of a workbook a fresh template has no place for: told with its sheet, cell and value, so that a clerk can look."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xingzhi import messages
from xingzhi.cell_errors import UNCACHED
from xingzhi.cleaning import cell_text, typed, unpadded
from xingzhi.columns import Owner, Table
from xingzhi.findings import Finding, finding
from xingzhi.grid import CellValue, Grid, Sheet, address
from xingzhi.headers import Header, is_self_check
from xingzhi.labels import Label, Lang
from xingzhi.own_sheets import is_ours
from xingzhi.phones import holds_identity, mask_identity
from xingzhi.programme import Term
from xingzhi.quoting import shown
from xingzhi.shape import Page, Shaped

LISTED = 100
"""So many cells of one sheet are told one by one; of the others, how many there are."""


@dataclass(frozen=True, slots=True)
class Unplaced:
    """One thing that has no place: `kind` names the text `rescue.<kind>` that says why."""

    kind: str
    sheet: str
    cell: str
    value: str
    count: int = 0

    @property
    def why(self) -> Label:
        """Why it has no place."""
        return messages.label(f"rescue.{self.kind}", count=self.count)

    def finding(self) -> Finding:
        """S113, at its place in the old workbook, which its message names wherever it is told."""
        return finding(
            "S113",
            sheet=self.sheet,
            cell=self.cell,
            value=self.value,
            fields={"sheet": self.sheet, "cell": self.cell, "why": self.why},
        )


def unplaced(grid: Grid, shaped: Shaped, tables: Sequence[Table], term: Term) -> list[Unplaced]:
    """Everything in the sheets that is in no record and that the template does not print itself, sheet by sheet."""
    by_key = {table.key: table for table in tables}
    contradicted: dict[str, set[int]] = {}
    for each in shaped.findings:
        if each.code == "B113":
            contradicted.setdefault(each.sheet, set()).add(int(str(dict(each.args)["line"])))
    found: list[Unplaced] = []
    for sheet in grid.sheets:
        page = shaped.pages.get(sheet.name)
        if page is not None:
            rest = _Rest(sheet, page, by_key[page.table], term, contradicted.get(sheet.name, set()))
            found += _listed(sheet.name, rest.find())
        elif not is_ours(sheet):
            cells = _cells(sheet)
            found += _listed(
                sheet.name, (Unplaced("no_table", sheet.name, at, _quoted(text)) for _, _, at, text in cells)
            )
    return found


def _listed(sheet: str, items: Iterator[Unplaced]) -> Iterator[Unplaced]:
    left, first = 0, ""
    for number, item in enumerate(items):
        if number < LISTED:
            yield item
        else:
            left, first = left + 1, first or item.cell
    if left:
        yield Unplaced("more", sheet, first, str(left), left)


def _cells(sheet: Sheet) -> Iterator[tuple[int, int, str, str]]:
    """(row, column, address, text) of every cell that holds anything."""
    for number, row in enumerate(sheet.rows, start=1):
        for place, value in enumerate(row, start=1):
            text = _text(sheet, number, place, value)
            if text:
                yield number, place, address(number, place), text


def _text(sheet: Sheet, number: int, place: int, value: CellValue) -> str:
    if (number, place) in sheet.uncached:
        return UNCACHED
    if value is None or value == "":
        return sheet.errors.get((number, place), "")
    return unpadded(typed(value))


def _quoted(text: str) -> str:
    return shown(mask_identity(text) if holds_identity(text) else text)


class _Rest:
    """What a table's sheet holds beside its records."""

    def __init__(self, sheet: Sheet, page: Page, table: Table, term: Term, contradicted: set[int]) -> None:
        self.sheet, self.page, self.table, self.term = sheet, page, table, term
        self.contradicted = contradicted
        self._printed = _printed(table, term)
        self._places = {header.row: _places(header, table) for header in (page.header, *page.headers)}

    def find(self) -> Iterator[Unplaced]:
        """Every cell that no record took, in order."""
        lines = {
            line for each in self.page.headers if not each.by_position for line in range(each.row, each.bottom + 1)
        }
        for number, place, at, text in _cells(self.sheet):
            if number not in lines and (kind := self._kind(number, place, text)):
                yield Unplaced(kind, self.sheet.name, at, _quoted(text))

    def _kind(self, number: int, place: int, text: str) -> str:
        header = self.page.header_of(number)
        tool, read = self._places[header.row]
        if number in self.page.records and number not in self.contradicted:
            return "" if place in read else "repeated"
        if number < header.row:
            return "" if self._is_printed(text) else "outside"
        if place in tool or (number not in self.contradicted and self._is_header(header, place, text)):
            return ""
        return "contradicted" if number in self.contradicted else "outside"

    def _is_header(self, header: Header, place: int, text: str) -> bool:
        return any(text == unpadded(cell_text(self.sheet.value(row, place))) for row in (header.row, header.bottom))

    def _is_printed(self, text: str) -> bool:
        return any(text == line or (line.startswith("\0") and line[1:] in text) for line in self._printed)


def _places(header: Header, table: Table) -> tuple[set[int], set[int]]:
    """The columns under a header that the tool fills in, and all that are read."""
    checks = {place for place, text in header.texts.items() if is_self_check(text)}
    tool = {place for key, place in header.columns.items() if table[key].owner is Owner.TOOL} | checks
    return tool, {*header.columns.values(), *header.unknown, *checks}


def _printed(table: Table, term: Term) -> list[str]:
    """The lines above a table: whole, or what a line must hold after a zero, since a unit's name stands in it."""
    lines = [*table.label.both()]
    for lang in Lang:
        lines.append(unpadded(messages.text("unit.legend", lang, purpose=table.purpose.of(lang))))
        line = messages.text("unit.line", lang, programme="\0", year=term.year, unit="")
        lines.append("\0" + unpadded(line.partition("\0")[2]))
    return lines
