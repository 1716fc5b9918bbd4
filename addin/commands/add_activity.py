"""登记活动: a row for an activity, in 活动台账, begun as far as it is known."""

from __future__ import annotations

from datetime import date

import xlwings

from addin.checking import CheckedBook, check_book
from addin.commands.number_rows import next_number
from addin.live_table import LiveTable, find_table, show, written
from addin.said import Said, Stopped
from workbook_templates.pen import Cell
from xingzhi import messages
from xingzhi.columns import RECORD, Owner, Table

TABLE = "schedule"
_PROJECT = {"projects": "code"}
"""The column by which a table names a project, where it is not `project`."""


def add_activity(book: xlwings.Book, today: date) -> Said:
    """Begin a row in the first blank one: planned today, of the project in whose row the user stands. The user goes on
    with its kind. Stopped where the programme has no activities, or the sheet's table is gone."""
    checked = check_book(book, today)
    table = checked.tables.get(TABLE)
    live = find_table(book, checked.grid, TABLE) if table else None
    if table is None or live is None:
        raise Stopped("addin.no_activities")
    headers = {column.key: column.label.of(checked.lang) for column in table.columns}
    if not {RECORD.key, "kind"} <= {key for key, header in headers.items() if header in live.headers}:
        raise Stopped("addin.no_activities")
    project = _project(book, checked)
    index = _blank(checked, live, table)
    number = ""
    if index >= len(live.rows) or not live.rows[index][live.place(headers[RECORD.key])]:
        number = next_number(checked, table)
    values: dict[str, Cell] = {RECORD.key: number, "project": project, "planned_on": today}
    typed = live.formulas()[index] if index < len(live.rows) else []
    live.grow(index + 1)
    for key, value in values.items():
        if not value or headers[key] not in live.headers:
            continue
        # A formula that shows nothing yet is the unit's.
        if not typed or not typed[live.place(headers[key])].startswith("="):
            live.cell(index, headers[key]).value = written(value)
    show(live.cell(index, headers["kind"]))
    row = live.first + index
    return Said(messages.text("addin.activity", checked.lang, sheet=live.sheet.name, row=row), passing=True)


def _blank(checked: CheckedBook, live: LiveTable, table: Table) -> int:
    """The first row after the last that is in use, from 0: below the table where all are, or where rows were typed there."""
    headers = (column.label.of(checked.lang) for column in table.owned_by(Owner.UNIT))
    places = [live.place(header) for header in headers if header in live.headers]
    used = [n for n, row in enumerate(live.rows) if any(row[place] not in (None, "") for place in places)]
    sheet = checked.grid.sheet(live.sheet.name)
    columns = range(live.left, live.left + len(live.headers))
    for number in range(live.last + 1, len(sheet.rows) + 1) if sheet else ():
        if sheet and any(sheet.value(number, column) not in (None, "") for column in columns):
            used.append(number - live.first)
    return max(used, default=-1) + 1


def _project(book: xlwings.Book, checked: CheckedBook) -> str:
    """The project in whose row the user stands, '' elsewhere."""
    selected = book.app.selection
    if selected is None or selected.sheet.book.name != book.name:
        return ""
    for key, rows in (checked.check.rows or {}).items():
        for row in rows:
            if row.sheet == selected.sheet.name and row.number == selected.row:
                return row.text(_PROJECT.get(key, "project"))
    return ""
