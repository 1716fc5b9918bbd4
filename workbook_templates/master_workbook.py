"""The master workbook: the overview with its charts, then one sheet for each table."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

from xlsxwriter.worksheet import Worksheet

from workbook_templates import overview_sheet
from workbook_templates.overview_sheet import Overview
from workbook_templates.pen import BORDER, FIRST_DATE, FORMULA_STARTS, Cell, Field, Formula, Link, Pen, Region
from xingzhi import messages
from xingzhi.identity import META_SHEET, Identity
from xingzhi.labels import Lang

HEADER = 2
"""The row of the header of every table, counted from 0."""

MERGED = "all_"
"""How the names of the tables begin that hold the rows of every unit."""

OfficeCell = Cell | time | timedelta
"""What stands in a cell of the office's own: it keeps its type, a time of day and a yes or no too."""

_OWN = {"text_wrap": True, **BORDER}
_COLOURS = {
    "good": ("#C6EFCE", "#006100"),
    "soon": ("#FFEB9C", "#7F6000"),
    "bad": ("#FFC7CE", "#9C0006"),
    "late": ("#DDEBF7", "#1F4E78"),
    "off": ("#EDEDED", "#7F7F7F"),
}


@dataclass(frozen=True)
class MasterSheet:
    """One sheet of the master: a table under a title and a line.

    `lists` gives the drop-down of a column by its index, `colours` the colour (`good`, `soon`, `bad`, `late`, `off`) of
    a cell that begins with a text. The last `unprinted` columns are left off the paper. `own` are the columns that the
    office added; `beside` holds, row by row, what it wrote to the right of the table.

    For a master that is there already: `columns` are the keys of the columns, `places` tells of a row where it stands as the
    office entered it, and `notes` are the rows that are lines of the office's own.
    """

    name: str
    table: str
    lead: str
    fields: Sequence[Field]
    rows: Sequence[Sequence[OfficeCell]]
    key_columns: int = 1
    room: int = 0
    unprinted: int = 0
    lists: Mapping[int, Sequence[str]] = field(default_factory=dict)
    colours: Mapping[str, str] = field(default_factory=dict)
    coloured: Sequence[int] = ()
    own: Sequence[int] = ()
    beside: Sequence[Sequence[OfficeCell]] = ()
    columns: Sequence[str] = field(default=(), repr=False)
    places: Mapping[int, int] = field(default_factory=dict, repr=False)
    notes: Collection[int] = field(default=(), repr=False)

    @property
    def is_merged(self) -> bool:
        """Whether its rows are records of the units."""
        return self.table.startswith(MERGED)


@dataclass(frozen=True)
class AddedSheet:
    """A sheet that the office added, as values: they are kept when the master is built anew."""

    name: str
    rows: Sequence[Sequence[OfficeCell]]


@dataclass(frozen=True)
class MasterBook:
    """All that the master shows."""

    identity: Identity
    title: str
    office: str
    overview: Overview
    sheets: Sequence[MasterSheet]
    added: Sequence[AddedSheet] = ()


def build(book: MasterBook, path: Path) -> None:
    """Write the master to `path`."""
    lang = Lang(book.identity.lang)
    footer = messages.text("footer.page", lang, office=book.office, title=book.title)
    with Pen(path) as pen:
        overview_sheet.write(pen, book.overview, lang, footer)
        for sheet in book.sheets:
            _write(pen, sheet, footer)
        for added in book.added:
            _write_added(pen, added)
        page = pen.book.add_worksheet(META_SHEET)
        for number, (key, value) in enumerate(book.identity.items().items()):
            page.write_string(number, 0, key)
            page.write_string(number, 1, value)
        page.very_hidden()


def unique_headers(fields: Sequence[Field]) -> list[Field]:
    """The columns with headers that a table of Excel accepts: none blank, none twice."""
    seen: set[str] = set()
    found = []
    for number, each in enumerate(fields, start=1):
        header = base = each.header or str(number)
        step = 2
        while header.casefold() in seen:
            header, step = f"{base}{step}", step + 1
        seen.add(header.casefold())
        found.append(Field(header, each.width, each.look, each.fill, each.hidden))
    return found


def _write(pen: Pen, sheet: MasterSheet, footer: str) -> None:
    page = pen.add_sheet(sheet.name)
    pen.heading(page, sheet.name, [sheet.lead])
    fields = unique_headers(sheet.fields)
    rows = [
        [cell if isinstance(cell, str | date | int | float | Formula | Link) else None for cell in row]
        for row in sheet.rows
    ]
    region = pen.table(page, fields, rows, name=sheet.table, header_row=HEADER, room=sheet.room)
    printed = fields[: len(fields) - sheet.unprinted]
    pen.paper(page, printed, region, footer=footer, key_columns=sheet.key_columns)
    if sheet.unprinted:
        page.print_area(0, 0, region.last, len(printed) - 1)
    for column, choices in sheet.lists.items():
        options = {"validate": "list", "source": list(choices)}
        page.data_validation(region.first, column, region.last, column, options)
    for column in sheet.coloured:
        _colour(pen, page, region, column, sheet.colours)
    for number in range(region.last - region.first + 1):
        row = sheet.rows[number] if number < len(sheet.rows) else ()
        for column in sheet.own:
            _put(pen, page, region.first + number, column, row[column] if column < len(row) else None, **_OWN)
    _write_beside(pen, page, sheet, region)


def _colour(pen: Pen, page: Worksheet, region: Region, column: int, colours: Mapping[str, str]) -> None:
    for text, colour in colours.items():
        fill, ink = _COLOURS[colour]
        options = {
            "type": "text",
            "criteria": "begins with",
            "value": text,
            "format": pen.book.add_format({"bg_color": fill, "font_color": ink}),
            "stop_if_true": True,
        }
        page.conditional_format(region.first, column, region.last, column, options)


def _write_beside(pen: Pen, page: Worksheet, sheet: MasterSheet, region: Region) -> None:
    for index, cells in enumerate(sheet.beside):
        for step, cell in enumerate(cells):
            if cell is not None:
                _put(pen, page, region.first + index, region.width + step, cell, text_wrap=True)


def _write_added(pen: Pen, sheet: AddedSheet) -> None:
    page = pen.add_sheet(sheet.name)
    for row, cells in enumerate(sheet.rows):
        for column, cell in enumerate(cells):
            if cell is not None:
                _put(pen, page, row, column, cell)
    page.set_column(0, 20, 16)
    page.fit_to_pages(1, 0)


def _put(pen: Pen, page: Worksheet, row: int, column: int, cell: OfficeCell, **look: object) -> None:
    """Write what the office typed as what it typed: a number in a column of text would become text when it is edited."""
    match cell:
        case bool():
            page.write_boolean(row, column, cell, pen.format(**look))
        case datetime() if cell.time() != time() and cell.date() >= FIRST_DATE:
            page.write_datetime(row, column, cell, pen.format(num_format="yyyy-mm-dd hh:mm:ss", **look))
        case date():
            pen.put(page, row, column, cell, pen.format(num_format="yyyy-mm-dd", **look))
        case time():
            page.write_datetime(row, column, cell, pen.format(num_format="hh:mm:ss", **look))
        case timedelta():
            page.write_datetime(row, column, cell, pen.format(num_format="[h]:mm:ss", **look))
        case str() if cell.startswith(FORMULA_STARTS) or cell.strip()[:1].isdecimal():
            pen.put(page, row, column, cell, pen.format(num_format="@", quote_prefix=True, **look))
        case _:
            pen.put(page, row, column, cell, pen.format(**look))
