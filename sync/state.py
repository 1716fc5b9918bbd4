"""Everything that a run knows when the files are merged: what the master is composed from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sync.master_reader import MasterContent
from sync.month_close import MonthClose
from sync.office_entries import Key, OfficeEntries
from sync.office_settings import OfficeSettings, Unit
from sync.records import Change, LedgerRow, Values
from xingzhi.columns import Table
from xingzhi.deadlines import Deadline
from xingzhi.findings import Finding
from xingzhi.fulfilment import UnitRecords
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
    """Everything that a run knows when the files are merged. `office` has the office's values of every unit that it or
    the ledger knows, `content` the sheets that are its own, `entered` where the rows stand that it entered; `purged` are
    withdrawn rows that the master shows no more."""

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
    close: MonthClose = field(default_factory=MonthClose)
    entered: Mapping[Key, int] = field(default_factory=dict)
    purged: frozenset[Key] = frozenset()

    def unit_name(self, code: str) -> str:
        """The unit's name, its code where the office does not list it."""
        unit = self.settings.unit(code)
        return unit.name if unit else code

    @property
    def units(self) -> tuple[Unit, ...]:
        """The units in the office's order."""
        return self.settings.units
