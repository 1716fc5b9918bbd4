"""下一处: to the next cell that 校验结果 names, from where the user is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import xlwings

from addin.cell_places import Place, place_of, row_of
from addin.checking import CheckedBook, check_book
from addin.findings_table import FindingsTable
from addin.live_table import show
from addin.said import Said
from xingzhi import messages
from xingzhi.columns import Table
from xingzhi.findings import Severity
from xingzhi.labels import Lang


def next_finding(book: xlwings.Book, today: date) -> Said:
    """Select the next cell at fault, after the last the first again. A row that was sorted is found by its number."""
    checked = check_book(book, today)
    table = FindingsTable.of(book, checked.grid, checked.lang)
    found = sorted(_places(checked, table), key=lambda pair: pair[0])
    if not found:
        return Said(messages.text("addin.no_next", checked.lang))
    selected = book.app.selection
    here = None
    if selected is not None and selected.sheet.book.name == book.name:
        here = place_of(checked, selected.sheet.name, f"A{selected.row}")
        here = here and Place(here.sheet, selected.row, selected.column)
    place, index = next((pair for pair in found if here is None or pair[0] > here), found[0])
    sheet = book.sheets[checked.grid.sheets[place.sheet].name]
    if not show(sheet.range(place.cell)):
        # Its own line says where it is.
        show(table.live.sheet.range((table.live.first + index, table.live.left)))
    cells = table.live.rows[index]
    severity, code, message, remedy = (
        cells[table.live.place(messages.text(f"findings.{key}", checked.lang))]
        for key in ("severity", "code", "message", "remedy")
    )
    words = messages.text(
        "addin.next",
        checked.lang,
        number=found.index((place, index)) + 1,
        count=len(found),
        place=f"{sheet.name}!{place.cell}",
        severity=str(severity or ""),
        code=str(code or ""),
        message=str(message or ""),
        remedy=str(remedy or ""),
    )
    return Said(words, passing=True)


def _places(checked: CheckedBook, table: FindingsTable) -> Iterator[tuple[Place, int]]:
    """The place of each finding that is to be mended or verified and not explained yet, with its row in the table; its own
    row there for one that is of no cell."""
    column = {each: table.live.place(messages.text(f"findings.{each}", checked.lang)) for each in _READ}
    wanted = {messages.text(f"severity.{each.value}", checked.lang) for each in (Severity.ERROR, Severity.WARNING)}
    accepted = messages.text("findings.accepted_word", checked.lang)
    for index, cells in enumerate(table.live.rows):
        said = {name: str(cells[place] or "").strip() for name, place in column.items()}
        if said["severity"] not in wanted or said["explanation"] or said["comment"].startswith(accepted):
            continue
        place = _of_record(checked, said) or place_of(checked, said["sheet"], said["cell"])
        own = place_of(checked, table.live.sheet.name, f"A{table.live.first + index}")
        if place or own:
            yield place or own, index  # type: ignore[misc]


_READ = ("severity", "sheet", "cell", "record", "column", "comment", "explanation")


def _of_record(checked: CheckedBook, said: dict[str, str]) -> Place | None:
    if not said["record"]:
        return None
    for key, rows in (checked.check.rows or {}).items():
        row = row_of(rows, said["record"])
        name = _column(checked.tables[key], said["column"], checked.lang)
        if row is not None and name:
            return place_of(checked, row.sheet, row.cell(name))
    return None


def _column(table: Table, header: str, lang: Lang) -> str:
    return next((column.key for column in table.columns if column.label.of(lang) == header), "")
