"""An office at work: its folder, its ledger, what its master says, and the rules that follow from both."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from sync.ledger import Ledger
from sync.master_reader import MasterContent, RawTable, read_master
from sync.office import OfficeError, OfficeFolder
from sync.office_settings import OfficeSettings, read_settings
from workbook_templates.office_tables import FINDINGS, OFFICE_SHEETS, REMINDERS, merged_table
from workbook_templates.profiles import profile, profile_ids
from workbook_templates.tables.registry import tables
from xingzhi.columns import Table
from xingzhi.grid import CellValue
from xingzhi.labels import Lang
from xingzhi.programme import Term

OFFICE_SHEETS_STATE = "office_sheets"


@dataclass(frozen=True)
class Session:
    """An open office. `content` is the master as it stands; sheets of the office's that it lacks are the ledger's."""

    office: OfficeFolder
    ledger: Ledger
    lang: Lang
    content: MasterContent
    settings: OfficeSettings
    tables: tuple[Table, ...]

    @property
    def term(self) -> Term:
        """The programme in its year, as the office has set it."""
        return self.settings.term

    @property
    def programme(self) -> str:
        """The programme instance."""
        return self.term.instance


@contextmanager
def open_session(root: Path) -> Iterator[Session]:
    """Open the office at `root`. OfficeError or LedgerError where it cannot be used."""
    office = OfficeFolder.open(root)
    with Ledger.open(office.root) as ledger:
        id, year = ledger.state("programme") or "", int(ledger.state("year") or 0)
        if id not in profile_ids():
            raise OfficeError("refusal.programme_gone", value=id)
        base = profile(id)
        used = tables(base.tables)
        content = read_master(office.master, (*OFFICE_SHEETS, REMINDERS, FINDINGS, *map(merged_table, used)))
        content = _with_saved_sheets(content, ledger.state(OFFICE_SHEETS_STATE))
        settings = read_settings(content.tables, base, year)
        yield Session(office, ledger, Lang(ledger.state("lang") or Lang.ZH), content, settings, used)


def saved_sheets(content: MasterContent) -> str:
    """The office's own sheets as JSON: with them the ledger can rebuild a master that was deleted."""
    kept = {
        table.key: {
            "headers": content.tables[table.key].headers,
            "rows": [[_tag(cell) for cell in row] for row in content.tables[table.key].rows],
            "places": dict(content.tables[table.key].places),
        }
        for table in OFFICE_SHEETS
        if table.key in content.tables
    }
    return json.dumps(kept, ensure_ascii=False)


def _with_saved_sheets(content: MasterContent, saved: str | None) -> MasterContent:
    if saved is None:
        return content
    kept: Mapping[str, Any] = json.loads(saved)
    restored = {
        table.key: RawTable(
            table,
            tuple(kept[table.key]["headers"]),
            tuple(tuple(_untag(cell) for cell in row) for row in kept[table.key]["rows"]),
            kept[table.key]["places"],
        )
        for table in OFFICE_SHEETS
        if table.key in kept and table.key not in content.tables
    }
    return replace(content, tables={**restored, **content.tables})


def _tag(cell: CellValue) -> object:
    if isinstance(cell, date):
        return {"date": cell.isoformat()[:10]}
    return cell if isinstance(cell, str | int | float | bool | None) else str(cell)


def _untag(cell: Any) -> CellValue:
    return date.fromisoformat(cell["date"]) if isinstance(cell, dict) else cell
