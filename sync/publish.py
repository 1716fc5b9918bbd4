"""Write the master: to a temporary file beside it, read back, and only then put in its place."""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import replace
from pathlib import Path

from sync.office import OfficeError, OfficeFolder
from workbook_files.reader import read_grid
from workbook_templates.master_workbook import MasterBook, build
from workbook_templates.office_tables import RUNS


def fingerprint(book: MasterBook) -> str:
    """What a master says, whichever run wrote it: equal for two runs between which nothing changed."""
    sheets = [sheet for sheet in book.sheets if sheet.table != RUNS.key]
    said = replace(book, identity=replace(book.identity, base_run=0), sheets=sheets)
    return hashlib.sha256(repr(said).encode()).hexdigest()


def stage(book: MasterBook, office: OfficeFolder) -> Path:
    """Build the master beside its place, flush it to disk and read it back. Returns the temporary file.

    OfficeError where what was written cannot be read again: the master in place is then untouched.
    """
    path = office.master.with_name(f".{office.master.name}.tmp")
    build(book, path)
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())
    grid, findings = read_grid(path)
    if grid is None or [sheet.name for sheet in grid.sheets][1 : len(book.sheets) + 1] != [
        sheet.name for sheet in book.sheets
    ]:
        path.unlink(missing_ok=True)
        raise OfficeError("refusal.master_unsound", reason=findings[0].code if findings else "sheets")
    return path


def put_in_place(staged: Path, office: OfficeFolder, run: int) -> None:
    """Keep the master that was, and put the new one in its place in one step."""
    if office.master.exists():
        kept = previous_master(office, run)
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(office.master, kept)
    os.replace(staged, office.master)


def previous_master(office: OfficeFolder, run: int) -> Path:
    """Where the master that a run replaced is kept."""
    return office.archive / f"{office.master.stem}_{run:04d}{office.master.suffix}"
