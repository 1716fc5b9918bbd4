"""Write the master: to a temporary file beside it, read back, and only then put in its place. Keep what came in."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from sync.inbox import digest
from sync.office import OfficeError, OfficeFolder
from sync.open_workbooks import demand_closed
from sync.pending_master import Pending, forget, keep, next_copy, note, put_back
from workbook_files.limits import OWN
from workbook_files.reader import read_grid
from workbook_files.table_shapes import has_macros
from workbook_templates.master_workbook import MasterBook, MasterSheet, build
from workbook_templates.office_tables import FINDINGS, RUNS
from xingzhi.labels import Label

_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{name}{number}" for name in ("com", "lpt") for number in range(10))}
)
"""Names that Windows gives to no folder."""


_LONGEST = 200
"""Bytes of a name in the archive: no file system takes more than 255 in all."""

_OF_ONE_RUN = frozenset({"O105", "O106", "O107", "O110", "O111", "O112", "O115", "O116", "O117", "O119"})
"""What is told of a master that was put right in the same run: it stands in the new one until there is another."""


def fingerprint(book: MasterBook) -> str:
    """What a master says, whichever run wrote it: equal for two runs between which nothing changed."""
    sheets = [_lasting(sheet) for sheet in book.sheets if sheet.table != RUNS.key]
    said = replace(book, identity=replace(book.identity, base_run=0), sheets=sheets)
    return hashlib.sha256(repr(said).encode()).hexdigest()


def _lasting(sheet: MasterSheet) -> MasterSheet:
    if sheet.table != FINDINGS.key:
        return sheet
    code = FINDINGS.columns.index(FINDINGS["code"])
    return replace(sheet, rows=[row for row in sheet.rows if row[code] not in _OF_ONE_RUN])


def stage(book: MasterBook, office: OfficeFolder, write: Callable[[Path], None] | None = None) -> Path:
    """Write the master to a temporary file beside its place, flush it to disk and read it back. Returns that file.

    It is built anew unless `write` writes it. OfficeError where what was written cannot be read again: the master in place
    is then untouched.
    """
    # In the same folder, so that it can take its place in one step.
    path = office.master.with_name(f".{office.master.name}.tmp")
    try:
        if write:
            write(path)
        else:
            build(book, path)
        with path.open("rb+") as stream:
            os.fsync(stream.fileno())
        _check_sheets(path, book)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


def _check_sheets(path: Path, book: MasterBook) -> None:
    grid, findings = read_grid(path, OWN)
    names = {sheet.name.casefold() for sheet in grid.sheets} if grid else set()
    if not names.issuperset(sheet.name.casefold() for sheet in book.sheets):
        raise OfficeError("refusal.master_unsound", reason=findings[0].code if findings else "sheets")


def put_in_place(staged: Path, office: OfficeFolder, run: int, *, read: str = "") -> Path | None:
    """Keep the master that was, and put the new one in its place in one step. Returns where the one that was is kept.

    `read` is the hash of the master as this run read it. OfficeError where a program holds the master, or somebody
    saved it meanwhile: then everything is as before. Once the ledger has the run, `settle` ends it; else `take_back`.
    """
    master = office.master
    # Excel opens no file whose name says other than its content about macros.
    target = master.with_suffix(".xlsm" if has_macros(staged) else ".xlsx")
    kept = previous_master(office, run) if master.exists() else None
    try:
        demand_closed(master)
        if kept and read and digest(master) != read:
            raise OfficeError("refusal.master_changed", file=master.name)
        note(office, Pending(run, digest(staged), kept.name if kept else ""))
        if kept:
            keep(master, kept)
            shutil.copymode(master, staged)
        keep(staged, next_copy(office))
        if kept and target != master:
            master.unlink()
        os.replace(staged, target)
    except (OSError, OfficeError) as error:
        if kept and kept.exists() and not master.exists():
            os.replace(kept, master)
        for left in (staged, kept):
            if left:
                left.unlink(missing_ok=True)
        forget(office)
        if isinstance(error, OfficeError):
            raise
        reason = error.strerror or type(error).__name__
        raise OfficeError("refusal.master_in_use", file=master.name, reason=reason) from error
    return kept


def take_back(office: OfficeFolder, kept: Path | None) -> None:
    """Undo `put_in_place`, where the ledger could not keep the run."""
    put_back(office, kept)
    forget(office)


def previous_master(office: OfficeFolder, run: int) -> Path:
    """Where the master that a run replaces is kept: never over another."""
    stem, suffix = f"{office.master.stem}_{run:04d}", office.master.suffix
    path, step = office.archive / f"{stem}{suffix}", 2
    while path.exists():
        path, step = office.archive / f"{stem}_{step}{suffix}", step + 1
    return path


UNMATCHED = Label("未归属单位", "of no unit")
"""The archive's folder of files of which it is not known whose they are: no unit's code reads like it."""


class ReceivedFile(NamedTuple):
    """A file of the inbox with the unit whose it is ('' where that is not known), by its content."""

    unit: str
    path: Path
    sha256: str


def archive(office: OfficeFolder, files: Iterable[ReceivedFile]) -> None:
    """Keep every file received that has no copy yet, by its content: the inbox is the office's to tidy up. One that is
    another by now is not kept under the name of what it was."""
    for file in files:
        folder = _folder(office, file.unit) if file.unit else office.archive / UNMATCHED.of(office.lang)
        kept = folder / f"{file.sha256[:12]}_{_short(file.path.name)}"
        if kept.exists() or not file.path.exists():
            continue
        folder.mkdir(parents=True, exist_ok=True)
        temporary = kept.with_name(f".{kept.name}.tmp")
        try:
            shutil.copy2(file.path, temporary)
            if digest(temporary) == file.sha256:
                os.replace(temporary, kept)
        finally:
            temporary.unlink(missing_ok=True)


def _short(name: str) -> str:
    """The end of a name, of a length that leaves room for what is put before and behind it."""
    while len(os.fsencode(name)) > _LONGEST:
        name = name[1:]
    return name


def _folder(office: OfficeFolder, unit: str) -> Path:
    """A unit's folder of the archive. To Windows `a1` and `A1` are one name, so the second gets another."""
    names = {path.name for path in office.archive.iterdir()} if office.archive.is_dir() else set()
    taken = any(name != unit and name.casefold() == unit.casefold() for name in names)
    if unit not in names and (taken or unit.casefold() in _DEVICES):
        return office.archive / f"{unit}_{hashlib.sha256(unit.encode()).hexdigest()[:6]}"
    return office.archive / unit
