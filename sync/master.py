"""Compose the master: every sheet as data, from what a run knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sync import master_sheets
from sync.master_reader import MasterContent
from sync.office_settings import OfficeSettings, Unit
from sync.office_values import Key, OfficeEntries
from sync.overview import overview
from sync.records import Change, LedgerRow, Values
from workbook_templates.master_workbook import AddedSheet, MasterBook, MasterSheet
from workbook_templates.pen import Cell
from xingzhi.columns import Table
from xingzhi.deadlines import Deadline
from xingzhi.findings import Finding
from xingzhi.fulfilment import UnitRecords
from xingzhi.grid import CellValue
from xingzhi.identity import TEMPLATE_VERSION, Identity
from xingzhi.labels import Lang


@dataclass(frozen=True)
class RunLine:
    """One run of 汇总记录; the counts by the keys of the sheet's columns."""

    run: int
    kind: str
    today: date
    counts: Mapping[str, int]


@dataclass(frozen=True)
class State:
    """Everything that a run knows when the files are merged."""

    lang: Lang
    today: date
    settings: OfficeSettings
    tables: Sequence[Table]
    content: MasterContent
    entries: OfficeEntries
    office: Mapping[Key, Values]
    rows: Sequence[LedgerRow]
    records: Mapping[str, UnitRecords]
    deadlines: Mapping[str, Sequence[Deadline]]
    findings: Sequence[Finding]
    received: frozenset[str]
    changes: Sequence[Change] = ()
    changes_run: int = 0
    runs: Sequence[RunLine] = ()

    def unit_name(self, code: str) -> str:
        """The unit's name, its code where the office does not list it."""
        unit = self.settings.unit(code)
        return unit.name if unit else code

    @property
    def units(self) -> tuple[Unit, ...]:
        """The units in the office's order."""
        return self.settings.units


def compose(state: State, run: int) -> MasterBook:
    """The master as a value. Two equal values make two workbooks of equal meaning."""
    term, lang = state.settings.term, state.lang
    sheets: list[MasterSheet] = [
        *master_sheets.office_sheets(state),
        master_sheets.completion(state),
        master_sheets.reminders(state),
        master_sheets.findings(state),
        master_sheets.changes(state),
        *(master_sheets.merged(state, table) for table in state.tables),
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
        added=[
            AddedSheet(sheet.name, [[as_cell(cell) for cell in row] for row in sheet.rows])
            for sheet in state.content.added
        ],
    )


def as_cell(value: CellValue) -> Cell:
    """A raw value as a cell to write; what XlsxWriter cannot hold is written as its text."""
    return master_sheets.as_cell(value)
