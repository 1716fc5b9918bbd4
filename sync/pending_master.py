"""What a run that is cut off leaves behind, and how the next one makes it undone.

Before a run puts its master in place it notes that it will; once the ledger has kept the run, the note goes. Where it is
still there, either the ledger has the run, and only the copy of the master is late; or it has not, and the master that was
is put back, so that the next run begins where this one began.
"""

from __future__ import annotations

import json
import os
import shutil
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from sync.inbox import digest
from sync.ledger import Ledger
from sync.master_reader import written_copy
from sync.office import OfficeFolder
from sync.open_workbooks import demand_closed
from workbook_files.limits import OWN
from workbook_files.reader import read_grid
from xingzhi.identity import read_identity

MASTER_RUN = "master_run"
"""The state that names the run whose master was written last."""


@dataclass(frozen=True)
class Pending:
    """A master that is being put in place: of which run, its hash, and the name in the archive of the one before it."""

    run: int
    sha256: str
    kept: str


def note(office: OfficeFolder, pending: Pending) -> None:
    """Write down what is about to happen, on the disk itself."""
    path = _note(office)
    temporary = path.with_name(f".{path.name}.tmp")
    try:
        temporary.write_text(json.dumps(asdict(pending), ensure_ascii=False), encoding="utf-8")
        _flush(temporary)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def keep(source: Path, target: Path) -> None:
    """Copy a file so that its copy is whole or not there."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.tmp")
    try:
        shutil.copy2(source, temporary)
        _flush(temporary)
        os.replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)


def next_copy(office: OfficeFolder) -> Path:
    """The copy of a master whose run the ledger has yet to keep."""
    return written_copy(office).with_name("next_master.xlsx")


def settle(office: OfficeFolder) -> None:
    """The ledger has kept the run. What the disk does not do now is done before the next run."""
    with suppress(OSError):
        if next_copy(office).exists():
            os.replace(next_copy(office), written_copy(office))
        _note(office).unlink(missing_ok=True)


def forget(office: OfficeFolder) -> None:
    """The ledger has not kept the run."""
    next_copy(office).unlink(missing_ok=True)
    _note(office).unlink(missing_ok=True)


def recover(office: OfficeFolder) -> None:
    """Bring an office in order after a run that was cut off. OfficeError where its master would have to be replaced and is
    open."""
    pending = _read(office)
    if pending is None:
        return
    with Ledger.open(office.root) as ledger:
        if int(ledger.state(MASTER_RUN) or 0) >= pending.run:
            settle(office)
            return
    kept = office.archive / pending.kept if pending.kept else None
    now = digest(office.master) if office.master.exists() else ""
    if now == pending.sha256 and (kept is None or kept.exists()):
        demand_closed(office.master)
        put_back(office, kept)
    elif not now and kept and kept.exists():
        put_back(office, kept)
    elif kept and kept.exists() and digest(kept) == now:
        kept.unlink()
    elif _run_of(office.master) == pending.run:
        # It was written on since, and is read as it stands, beside what that run had written.
        settle(office)
    forget(office)


def put_back(office: OfficeFolder, kept: Path | None) -> None:
    """Take a new master away, and put the one before it in its place."""
    master = office.master
    if kept:
        os.replace(kept, master.with_suffix(kept.suffix))
    if not kept or kept.suffix != master.suffix:
        master.unlink(missing_ok=True)


def _run_of(master: Path) -> int:
    grid, _ = read_grid(master, OWN) if master.exists() else (None, [])
    identity, _ = read_identity(grid) if grid else (None, [])
    return identity.base_run if identity else 0


def clear_litter(office: OfficeFolder) -> None:
    """Remove the unfinished files of runs that were cut off. Called by the one writer alone."""
    folders = [office.ledger.parent, office.issued, office.archive]
    if office.archive.is_dir():
        folders += [path for path in office.archive.iterdir() if path.is_dir()]
    litter = [path for folder in folders for path in folder.glob(".*.tmp")]
    for path in (*office.root.glob(f".*{office.master.stem}.xls*.tmp"), *litter):
        with suppress(OSError):
            path.unlink(missing_ok=True)


def _note(office: OfficeFolder) -> Path:
    return office.ledger.with_name("pending.json")


def _read(office: OfficeFolder) -> Pending | None:
    try:
        return Pending(**json.loads(_note(office).read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def _flush(path: Path) -> None:
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())
