"""Write the master beside its place: the one that stands there, changed in place; built anew where that cannot be."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

from sync.ledger import Ledger
from sync.master_edit import master_edits
from sync.master_file import MasterFile
from sync.master_reader import COMPLETION, read_master
from sync.master_shape import WrittenColumns, rebuilt_sheets, renamed_sheets, shape_of, shaped, written_columns
from sync.master_table import added_headers
from sync.office import OfficeError
from sync.office_entries import Key
from sync.publish import stage
from sync.records import Status
from sync.session import COLUMNS_STATE, Session, master_tables
from workbook_files.file_findings import Refused
from workbook_files.workbook_edit import edit_workbook
from workbook_templates.master_workbook import MasterBook
from xingzhi.columns import Table
from xingzhi.findings import Finding, placed
from xingzhi.labels import Lang

PURGED = "purged"
"""The state that names the withdrawn rows that the master shows no more."""


def stage_master(session: Session, book: MasterBook) -> tuple[Path, list[Finding]]:
    """The new master as a temporary file, in the ledger's open run, which notes its columns, and what is to be told of it.

    OfficeError where the master that is there cannot be changed without harm, or cannot be read again.
    """
    masters = session.masters
    told: list[Finding] = []
    if masters.shape is None or masters.path is None:
        path = stage(book, session.office)
    else:
        own = next(added_headers(sheet) for sheet in book.sheets if sheet.table == COMPLETION)
        anew = frozenset(rebuilt_sheets(session, own))
        file = MasterFile(masters.standing, masters.shape, anew, session.term.time)
        path, told = _changed(session, book, file, masters.path)
    note_columns(session.ledger, path, session.tables, session.lang, session.columns)
    return path, told


def note_columns(
    ledger: Ledger, path: Path, used: tuple[Table, ...], lang: Lang, known: Mapping[str, WrittenColumns]
) -> None:
    """Note the columns of a new master in the ledger's open run."""
    shape = shape_of(path)[0]
    if shape is not None:
        wanted = master_tables(used)
        names = renamed_sheets(shape, wanted, lang)
        content = shaped(read_master(path, wanted, lang, renamed=names), shape, known)
        ledger.set_state(COLUMNS_STATE, written_columns(content, shape))


def _changed(session: Session, book: MasterBook, file: MasterFile, old: Path) -> tuple[Path, list[Finding]]:
    source = session.office.ledger.with_name(".sheets.tmp")
    told: list[Finding] = []

    def write(path: Path) -> None:
        edits = master_edits(book, file, source)
        if not edits:
            shutil.copyfile(old, path)
            return
        outcome = edit_workbook(old, edits, path)
        if not outcome.written:
            raise Refused(outcome.findings[0])
        told.extend(placed(outcome.findings, file=session.office.master.name, programme=session.programme, unit=""))

    try:
        return stage(file.as_named(book), session.office, write), told
    except Refused as refused:
        said = {"reason": refused.found.message(session.lang), "remedy": refused.found.remedy(session.lang)}
        raise OfficeError("refusal.master_kept", file=session.office.master.name, **said) from refused
    finally:
        source.unlink(missing_ok=True)


def purged_rows(session: Session, *, purge: bool) -> frozenset[Key]:
    """The withdrawn rows that the master shows no more: with `purge` all that are withdrawn by now."""
    rows = session.ledger.all_rows(session.programme)
    keys = {Key(row.programme, row.unit, row.table, row.record) for row in rows if row.status is Status.WITHDRAWN}
    return frozenset(keys if purge else keys & _noted(session))


def keep_purged(session: Session, purged: frozenset[Key]) -> int:
    """Note in the ledger's open run which withdrawn rows are taken out; returns how many were not yet. A row that came back
    is not taken out when it is withdrawn again, before the office says so."""
    before = _noted(session)
    session.ledger.set_state(PURGED, json.dumps(sorted(purged), ensure_ascii=False))
    return len(purged - before)


def _noted(session: Session) -> frozenset[Key]:
    return frozenset(Key(*each) for each in json.loads(session.ledger.state(PURGED) or "[]"))
