"""An office at work: its folder, its ledger, what its master says, and the rules that follow from both."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from sync.damaged_master import Damage, damage_of
from sync.inbox import digest
from sync.ledger import Ledger
from sync.master_reader import (
    DamagedMaster,
    MasterContent,
    RawTable,
    filled_in,
    read_master,
    restored,
    same_cells,
    stored,
    written_copy,
)
from sync.master_shape import WrittenColumns, read_columns, renamed_sheets, shape_of, shaped
from sync.office import OfficeError, OfficeFolder
from sync.office_settings import OfficeSettings, read_settings
from sync.pending_master import MASTER_RUN
from workbook_files.table_shapes import BookShape
from workbook_templates.office_tables import (
    CHANGES,
    FINDINGS,
    MONTH_CLOSE,
    OFFICE_SHEETS,
    REMINDERS,
    RUNS,
    merged_table,
)
from workbook_templates.profiles import profile, profile_ids
from workbook_templates.tables.registry import tables
from xingzhi.columns import Table
from xingzhi.findings import Finding
from xingzhi.grid import CellValue
from xingzhi.labels import Lang
from xingzhi.programme import Term

OFFICE_SHEETS_STATE = "office_sheets"
COLUMNS_STATE = "master_columns"


@dataclass(frozen=True)
class Masters:
    """The master as it stands and what it is compared with.

    `content` is what counts: the master; the copy of the last one where that was deleted or `older` stands in its
    place; in either, what is absent is taken from that copy or from the ledger. `base` is the master as sync wrote it,
    None where that is not known. `intact` tells that the master says what sync wrote, and nothing else. `damage` tells of
    a master that is no sound workbook any more: what could be read of it is `older`.

    `path` is the file that is to be changed, which says `standing` and is made up as `shape` tells; there is none to be
    changed where `shape` is None, for which `hindrance` has the reason, if there is a file.
    """

    content: MasterContent
    base: MasterContent | None = None
    older: MasterContent | None = None
    intact: bool = False
    sha256: str = ""
    path: Path | None = None
    standing: MasterContent = field(default_factory=MasterContent)
    shape: BookShape | None = None
    hindrance: Finding | None = None
    damage: Damage | None = None


@dataclass(frozen=True)
class Session:
    """An open office."""

    office: OfficeFolder
    ledger: Ledger
    lang: Lang
    masters: Masters
    settings: OfficeSettings
    tables: tuple[Table, ...]
    columns: Mapping[str, WrittenColumns] = field(default_factory=dict)

    @property
    def content(self) -> MasterContent:
        """What the master says."""
        return self.masters.content

    @property
    def term(self) -> Term:
        """The programme in its year, as the office has set it."""
        return self.settings.term

    @property
    def programme(self) -> str:
        """The programme instance."""
        return self.term.instance


@contextmanager
def open_session(root: Path, *, rebuild: bool = False) -> Iterator[Session]:
    """Open the office at `root`, with `rebuild` to make its master anew. OfficeError or LedgerError where it cannot be used."""
    office = OfficeFolder.open(root)
    with Ledger.open(office.root) as ledger:
        id, year = ledger.state("programme") or "", int(ledger.state("year") or 0)
        if id not in profile_ids():
            raise OfficeError("refusal.programme_gone", value=id)
        base = profile(id)
        used = tables(base.tables)
        written = read_columns(ledger.state(COLUMNS_STATE))
        masters = _masters(office, ledger.state(MASTER_RUN) or "", used, written, rebuild=rebuild)
        masters = _with_saved_sheets(masters, ledger)
        settings = read_settings(masters.content.tables, base, year)
        lang = Lang(ledger.state("lang") or Lang.ZH)
        yield Session(office, ledger, lang, masters, settings, used, written)


def master_tables(used: tuple[Table, ...]) -> tuple[Table, ...]:
    """The declared tables of a master in which these tables are merged."""
    return (*OFFICE_SHEETS, REMINDERS, MONTH_CLOSE, FINDINGS, CHANGES, RUNS, *map(merged_table, used))


def _masters(
    office: OfficeFolder, run: str, used: tuple[Table, ...], written: Mapping[str, WrittenColumns], *, rebuild: bool
) -> Masters:
    wanted = master_tables(used)
    copy = written_copy(office)
    sha256 = digest(office.master) if office.master.exists() else ""
    untouched = bool(sha256) and copy.exists() and digest(copy) == sha256
    shape, hindrance = shape_of(office.master) if sha256 and not rebuild else (None, None)
    try:
        names = renamed_sheets(shape, wanted, office.lang)
        found = read_master(office.master, wanted, office.lang, formulas=shape is None, renamed=names)
    except DamagedMaster as error:
        damage = damage_of(office.master, error, wanted, office.lang)
        base = _base(copy, wanted, office, run)
        return _from_copy(
            Masters(MasterContent(), base, damage.content, sha256=sha256, damage=damage), copy, written, rebuild=rebuild
        )
    found = shaped(found, shape, written)
    if untouched and found.run == run:
        return Masters(found, found, None, True, sha256, office.master, found, shape, hindrance)
    base = _base(copy, wanted, office, run)
    older = found if found.run.isdecimal() and run.isdecimal() and int(found.run) < int(run) else None
    intact = bool(base and not older and found.run == run and same_cells(found, base))
    if not older and found.sheets:
        content = replace(found, tables={**(base.tables if base else {}), **found.tables})
        return Masters(content, base, None, intact, sha256, office.master, found, shape, hindrance)
    return _from_copy(Masters(MasterContent(), base, older, intact, sha256), copy, written, rebuild=rebuild)


def _from_copy(masters: Masters, copy: Path, written: Mapping[str, WrittenColumns], *, rebuild: bool) -> Masters:
    """The master as it was last written, with all that the office put into it, takes the place of what is lost."""
    if masters.base is None:
        return masters
    shape, hindrance = shape_of(copy) if not rebuild else (None, None)
    base = shaped(masters.base, shape, written)
    content = replace(base, formulas={})
    return replace(masters, content=content, base=base, path=copy, standing=base, shape=shape, hindrance=hindrance)


def _base(copy: Path, wanted: tuple[Table, ...], office: OfficeFolder, run: str) -> MasterContent | None:
    try:
        names = renamed_sheets(shape_of(copy)[0], wanted, office.lang)
        found = read_master(copy, wanted, office.lang, renamed=names)
    except (OfficeError, DamagedMaster, OSError):
        return None
    return found if found.run == run and found.sheets else None


def saved_sheets(content: MasterContent) -> str:
    """The office's own sheets as JSON: with them the ledger alone can rebuild a master that was deleted."""
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


def sheets_from(text: str) -> dict[str, RawTable]:
    """The inverse of `saved_sheets`."""
    kept: Mapping[str, Any] = json.loads(text)
    return {
        table.key: RawTable(
            table,
            tuple(kept[table.key]["headers"]),
            tuple(tuple(_untag(cell) for cell in row) for row in kept[table.key]["rows"]),
            kept[table.key]["places"],
        )
        for table in OFFICE_SHEETS
        if table.key in kept
    }


def with_sheets(session: Session, sheets: Mapping[str, RawTable]) -> Session:
    """The session as if these had stood in the master, and what they settle."""
    content = replace(session.content, tables={**session.content.tables, **sheets})
    base = profile(session.ledger.state("programme") or "")
    settings = read_settings(content.tables, base, session.term.year)
    return replace(session, masters=replace(session.masters, content=content), settings=settings)


def _with_saved_sheets(masters: Masters, ledger: Ledger) -> Masters:
    """The office's own sheets that the master lacks, from the ledger; an older master fills their blanks alone."""
    kept = sheets_from(ledger.state(OFFICE_SHEETS_STATE) or "{}")
    found = {**kept, **masters.content.tables}
    for table in OFFICE_SHEETS:
        older = masters.older.tables.get(table.key) if masters.older else None
        if older:
            found[table.key] = filled_in(found[table.key], older) if table.key in found else older
    return replace(masters, content=replace(masters.content, tables=found))


def _tag(cell: CellValue) -> object:
    value = stored(cell)
    return {"date": value.isoformat()} if isinstance(value, date) else value


def _untag(cell: Any) -> CellValue:
    if isinstance(cell, dict):
        return date.fromisoformat(cell["date"])
    if isinstance(cell, list):
        return restored(tuple(cell))
    # As a number is read from a workbook: what is the same must look the same.
    return float(cell) if isinstance(cell, int) else cell
