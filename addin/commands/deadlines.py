"""查应报: what is due, by when; 应报事项 put in order and shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import xlwings

from addin.checking import CheckedBook, check_book
from addin.live_table import LiveTable, find_table, show, written
from addin.said import Level, Said, Stopped
from workbook_templates import deadline_sheet
from workbook_templates.deadline_formulas import BASE_DATE, Vocabulary
from workbook_templates.deadline_sheet import DeadlineSheet
from workbook_templates.pen import Cell, Formula, serial
from xingzhi import messages
from xingzhi.deadlines import Deadline, State
from xingzhi.fulfilment import UnitRecords
from xingzhi.grid import CellValue
from xingzhi.labels import Lang

_NAMED = 8
"""Items that are named; of more, how many."""


def deadlines(book: xlwings.Book, today: date) -> Said:
    """Tell what is overdue and what is soon due by what the workbook holds now, and go to the first of it. A day or a formula
    in 应报事项 that was overwritten is put back, and 基准日 set, where it does not follow the clock."""
    checked = check_book(book, today)
    live = find_table(book, checked.grid, deadline_sheet.TABLE)
    if live is None:
        raise Stopped("addin.no_deadlines_table")
    spoilt = list(_overwritten(checked, live, today))
    _set_base_date(book, today)
    for index, header, cell in spoilt:
        place = live.cell(index, header)
        if isinstance(cell, Formula):
            # In a cell of text Excel would keep it as text.
            place.number_format = "General"
        place.value = written(cell)
    pressing = [
        each for each in checked.check.deadlines if each.state in (State.OVERDUE, State.SOON) and not each.trial
    ]
    pressing.sort(key=lambda each: (each.state is not State.OVERDUE, each.span.due or date.max))
    show(live.cell(_line(live, pressing[0], checked.lang) if pressing else 0, live.headers[0]))
    return _said(checked, pressing, today, len(spoilt))


def _said(checked: CheckedBook, pressing: Sequence[Deadline], today: date, spoilt: int) -> Said:
    lang = checked.lang
    late = sum(each.state is State.OVERDUE for each in pressing)
    lines = [messages.text("addin.due", lang, today=today.isoformat(), late=late, soon=len(pressing) - late)]
    for each in pressing[:_NAMED]:
        title = " ".join(filter(None, (each.rule.title.of(lang), each.subject, each.span.period)))
        due = each.span.due.isoformat() if each.span.due else "—"
        key = "addin.due_late" if each.state is State.OVERDUE else "addin.due_soon"
        lines.append(messages.text(key, lang, title=title, due=due, days=each.days_late))
    if len(pressing) > _NAMED:
        lines.append(messages.text("addin.due_more", lang, count=len(pressing) - _NAMED))
    if spoilt:
        lines.append(messages.text("addin.due_restored", lang, count=spoilt))
    return Said("\n".join(lines), Level.WARNING if late else Level.INFO)


def _line(live: LiveTable, item: Deadline, lang: Lang) -> int:
    """The line of an item, from 0; the first where it is on none."""
    places = [live.place(messages.text(f"deadlines.{key}", lang)) for key in ("requirement", "period")]
    wanted = (item.rule.id, item.span.period)
    said = (tuple(str(row[place] or "") for place in places) for row in live.rows)
    return next((index for index, found in enumerate(said) if found == wanted), 0)


def _set_base_date(book: xlwings.Book, today: date) -> None:
    for name in book.names:
        if name.name.casefold() == BASE_DATE.casefold():
            cell = name.refers_to_range
            if not str(cell.formula).startswith("="):
                cell.value = written(today)


def _overwritten(checked: CheckedBook, live: LiveTable, today: date) -> Iterator[tuple[int, str, Cell]]:
    """The cells that do not say what they should, by their rows in the table, from 0, and headers: days and words that
    differ, and formulas in whose place a value stands."""
    records = UnitRecords(checked.identity.unit, checked.check.rows or {})
    words = Vocabulary(dict(checked.tables), checked.lang)
    carried = checked.check.carried
    # A blank template is nobody's: it shows what any unit owes.
    member = carried.member if carried and checked.identity.unit else None
    sheet = DeadlineSheet(checked.term, records, words, today, live=True, member=member)
    of_the_office = messages.text("deadlines.waived", checked.lang)
    headers = [each.header for each in sheet.fields()]
    if not set(headers) <= set(live.headers):
        raise Stopped("addin.no_deadlines_table")
    lines = deadline_sheet.lines(sheet, sheet.progress(), live.first)
    named = [headers.index(messages.text(f"deadlines.{key}", checked.lang)) for key in ("requirement", "period")]
    formulas = live.formulas()
    for index, (row, line) in enumerate(zip(live.rows, lines, strict=False)):
        # Formulas name their own row: of a line that stands elsewhere nothing is put back.
        if any((row[live.place(headers[at])] or "") != (line[at] or "") for at in named):
            continue
        for header, cell in zip(headers, line, strict=True):
            place = live.place(header)
            formula = formulas[index][place].startswith("=")
            differs = not formula if isinstance(cell, Formula) else not _says(row[place], cell)
            if differs and header != of_the_office:
                yield index, header, cell


def _says(held: CellValue, cell: Cell) -> bool:
    """Whether a cell holds what it should. A day in a hidden column is a number there: its format shows nothing."""
    if isinstance(held, int | float) and isinstance(cell, date):
        return held == serial(cell)
    return (held or None) == (cell or None)
