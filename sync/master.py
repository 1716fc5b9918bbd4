"""Compose the master: every sheet as data, from what a run knows."""

from __future__ import annotations

from sync import master_sheets, merged_sheets, obligation_sheets
from sync.month_close_sheet import month_close_sheet
from sync.overview import overview
from sync.sheet_parts import as_typed
from sync.state import State
from workbook_templates.master_workbook import AddedSheet, MasterBook, MasterSheet, OfficeCell
from xingzhi.grid import Sheet
from xingzhi.identity import TEMPLATE_VERSION, Identity


def compose(state: State, run: int) -> MasterBook:
    """The master as a value. Two equal values make two workbooks of equal meaning."""
    term, lang = state.settings.term, state.lang
    sheets: list[MasterSheet] = [
        *master_sheets.office_sheets(state),
        obligation_sheets.completion(state),
        obligation_sheets.reminders(state),
        month_close_sheet(state),
        master_sheets.findings(state),
        master_sheets.changes(state),
        *(merged_sheets.merged(state, table) for table in state.tables),
        master_sheets.runs(state),
    ]
    identity = Identity(
        template_version=TEMPLATE_VERSION,
        programme=term.programme.id,
        year=term.year,
        base_run=run,
        lang=lang.value,
    )
    return MasterBook(
        identity=identity,
        title=term.programme.title.of(lang),
        office=term.programme.office.of(lang),
        overview=overview(state),
        sheets=sheets,
        added=[AddedSheet(sheet.name, _typed(sheet)) for sheet in state.content.added],
    )


def _typed(sheet: Sheet) -> list[list[OfficeCell]]:
    rows = [[as_typed(cell) for cell in row] for row in sheet.rows]
    for row in rows:
        while row and row[-1] is None:
            row.pop()
    while rows and not rows[-1]:
        rows.pop()
    return rows
