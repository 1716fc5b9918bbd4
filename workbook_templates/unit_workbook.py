"""The unit workbook: guide, tables, deadlines, findings, lists and identity, built from the declarations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from xlsxwriter.worksheet import Worksheet

from workbook_templates import deadline_sheet, findings_sheet, guide_sheet, macro_buttons, self_check, sheet_names
from workbook_templates.carried_rules import rules_items
from workbook_templates.deadline_formulas import Vocabulary
from workbook_templates.deadline_sheet import DeadlineSheet
from workbook_templates.due_panel import dues
from workbook_templates.group_lists import GroupLists
from workbook_templates.lists_sheet import Lists
from workbook_templates.macro_buttons import Macros
from workbook_templates.pen import BORDER, FORMULA_STARTS, Cell, Field, Fill, Formula, Look, Pen, Region
from workbook_templates.unit_book import UnitBook
from workbook_templates.validations import Validations
from xingzhi import messages
from xingzhi.columns import Column, ColumnType, Owner, Table, record_number
from xingzhi.grid import column_letters
from xingzhi.headers import HEADER_ROW
from xingzhi.identity import CARRIED, META_SHEET, NAME_PREFIX, PROPERTY_PREFIX
from xingzhi.labels import Lang
from xingzhi.month_parts import part_text
from xingzhi.rows import Row
from xingzhi.windows import Window

KEY_COLUMNS = 2
"""The record number and what names the row stay in sight and on each printed page."""

SPARE = 20
"""Blank rows at least, whatever the unit has filled in already."""

_LOOKS = {
    ColumnType.DATE: Look.DATE,
    ColumnType.INTEGER: Look.NUMBER,
    ColumnType.CHOICE: Look.CENTRE,
    ColumnType.PERIOD: Look.CENTRE,
    ColumnType.LONG_TEXT: Look.WRAP,
}


def build(book: UnitBook, path: Path, macros: Macros | None = None) -> None:
    """Write the workbook to `path`, an .xlsm where it has `macros`."""
    lang = book.lang
    footer = messages.text("footer", lang, unit=book.identity.unit_name.replace("&", "&&"))
    words = Vocabulary({table.key: table for table in book.tables}, lang)
    with Pen(path) as pen:
        guide = pen.add_sheet(sheet_names.GUIDE.of(lang))
        checks = _self_checks(book)
        regions = {table.key: _write_table(pen, book, table, footer, checks[table.key]) for table in book.tables}
        deadlines = DeadlineSheet(
            book.term, replace(book.records, receipts={}), words, book.today, book.live, book.waivers, book.member
        )
        owed = deadline_sheet.write(pen, deadlines, footer)
        findings_sheet.write(pen, book.findings, book.tables, lang, footer, lead=book.lead)
        lists = Lists(pen, book.tables, lang, book.term)
        groups = GroupLists(pen, book.tables, book.records, regions, lang)
        validations = Validations(book.tables, lang, book.term, lists, groups)
        for table in book.tables:
            page = pen.book.get_worksheet_by_name(table.label.of(lang))
            validations.apply(page, table, regions[table.key])
            findings_sheet.paint(pen, page, regions[table.key])
            validations.close(page, regions[table.key])
            self_check.colour(pen, page, regions[table.key], lang)
        headers = [field.header for field in deadlines.fields()]
        buttons = macros.buttons if macros else ()
        guide_sheet.write(pen, guide, book, checks, dues(headers, owed, lang), buttons)
        _write_identity(pen, book)
        if macros:
            macro_buttons.embed(pen, macros)
        guide.activate()


def field_of(column: Column, lang: Lang) -> Field:
    """How a declared column is printed."""
    filled_in = Fill.REQUIRED if column.required else Fill.UNIT
    fill = filled_in if column.owner is Owner.UNIT else Fill.OTHER
    return Field(column.label.of(lang), column.width, look_of(column), fill)


def look_of(column: Column) -> Look:
    """How the cells of a declared column are shown."""
    return _LOOKS.get(column.type, Look.TEXT)


def shown(column: Column, row: Row, book: UnitBook) -> Cell:
    """A value as the workbook shows it: choices by their labels, what was not understood as it was typed."""
    value, lang = row.values.get(column.key), book.lang
    if isinstance(value, Window):
        return part_text(value, book.term.time)
    if value is None or column.key in row.invalid or not column.choices:
        return "、".join(value) if isinstance(value, tuple) else value
    return "、".join(column.choice(key).label.of(lang) for key in row.keys(column.key))


def _self_checks(book: UnitBook) -> dict[str, list[Formula]]:
    """The self-check of every row of each table, blank ones included."""
    rows = {table.key: book.records.table(table.key) for table in book.tables}
    counts = {table.key: max(len(_records(book, table)), table.room) for table in book.tables}
    check = self_check.SelfCheck(book.tables, book.lang, book.term.time)
    return check.formulas(rows, book.findings, book.today, counts)


def _write_table(pen: Pen, book: UnitBook, table: Table, footer: str, checks: Sequence[Formula]) -> Region:
    lang = book.lang
    page = pen.add_sheet(table.label.of(lang))
    programme = book.term.programme.title.of(lang)
    pen.heading(
        page,
        table.label.of(lang),
        [
            messages.text("unit.line", lang, programme=programme, year=book.term.year, unit=book.unit_name),
            messages.text("unit.legend", lang, purpose=table.purpose.of(lang)),
        ],
    )
    records = _records(book, table)
    rows: list[list[Cell]] = []
    for index, check in enumerate(checks):
        values = records[index] if index < len(records) else []
        rows.append([*values, *[None] * (len(table.columns) - len(values)), check])
    fields = [*(field_of(column, lang) for column in table.columns), self_check.field(lang)]
    region = pen.table(page, fields, rows, name=table.key, header_row=HEADER_ROW - 1, room=table.room)
    pen.paper(page, fields, region, footer=footer, key_columns=KEY_COLUMNS)
    _print_what_is_filled(pen, page.get_name(), region)
    _write_added(pen, page, book, table, region)
    return region


def _write_added(pen: Pen, page: Worksheet, book: UnitBook, table: Table, region: Region) -> None:
    """The unit's own columns, beside the table and no part of it."""
    for place, header in enumerate(book.added.get(table.key, ()), start=region.width):
        page.set_column(place, place, 14)
        pen.put(page, region.header, place, header, pen.format(bold=True, align="center", text_wrap=True, **BORDER))
        for line, row in enumerate(book.records.table(table.key), start=region.first):
            text = row.extra.get(header)
            quoted = bool(text and text.startswith(FORMULA_STARTS))
            pen.put(page, line, place, text, pen.body(Look.TEXT, quote_prefix=quoted))


def _records(book: UnitBook, table: Table) -> list[list[Cell]]:
    """The filled rows, and the blank ones that have a number already."""
    rows: list[list[Cell]] = [
        [row.record if column.key == "record" else shown(column, row, book) for column in table.columns]
        for row in book.records.table(table.key)
    ]
    return rows + [[number] for number in _blank_numbers(book, table, len(rows))]


def _blank_numbers(book: UnitBook, table: Table, filled: int) -> list[str]:
    if not book.identity.unit:
        return []
    count = blank_rows(table, filled)
    last = book.serials.get(table.key, 0)
    return [record_number(book.identity.unit, table.letters, last + 1 + step) for step in range(count)]


def blank_rows(table: Table, filled: int) -> int:
    """How many blank rows with a printed number follow the filled ones."""
    return max(table.room - filled, SPARE)


def _print_what_is_filled(pen: Pen, sheet: str, region: Region) -> None:
    """Print down to the last row in use, and a first page of blank rows, not hundreds of numbered blank ones."""
    last, body = column_letters(region.width), f"$B${region.first + 1}:$B${region.last + 1}"
    least = min(region.first + 20, region.last + 1)
    bottom = f"MAX({least},SUMPRODUCT(MAX(('{sheet}'!{body}<>\"\")*ROW('{sheet}'!{body}))))"
    pen.book.define_name(f"'{sheet}'!Print_Area", f"='{sheet}'!$A$1:INDEX('{sheet}'!${last}:${last},{bottom})")


def _write_identity(pen: Pen, book: UnitBook) -> None:
    page, identity = pen.book.add_worksheet(META_SHEET), book.identity
    for number, (key, value) in enumerate({**identity.items(), **rules_items(book)}.items()):
        page.write_string(number, 0, key)
        page.write_string(number, 1, value)
    page.very_hidden()
    for key in CARRIED:
        value = identity.items()[key]
        pen.book.set_custom_property(PROPERTY_PREFIX + key, value, "text")
        pen.book.define_name(NAME_PREFIX + key, f'="{value}"')
