"""`watch`: look at a folder, run when it has changed, and go on until it is asked to end."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

from sync.inbox import IGNORED, inbox_files, will_pass
from sync.office import OfficeError, OfficeFolder
from sync.result import SyncResult
from sync.watched import SETTLE, Ended, Seen, Stamp, Watched, after_run, next_step

WAITS = frozenset(
    f"refusal.{key}" for key in ("master_open", "master_held", "locked", "locked_by", "locked_elsewhere", "ledger_busy")
)
"""The refusals that say, before any work, that somebody else is at it: a run is tried at each look until he is not."""

WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".et", ".ods")
"""How the names of the files end that are checked in a folder: a unit keeps other things there too."""

_SHARE = 4
"""How many times as long as a look took the watch does not look: a slow drive has others to serve."""

Day = Callable[[], date]


def watch(
    look: Callable[[], Seen],
    run: Callable[[Watched], Ended],
    *,
    tell: Callable[[str], None],
    pause: Callable[[float], bool],
    settle: float = SETTLE,
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Look and run until `pause` says that it is enough; it is given the least number of seconds to let pass.

    A run is never cut off: what is asked meanwhile is asked of `pause` when it has ended.
    """
    watched, goes_on = Watched(), True
    while goes_on:
        began = clock()
        seen = look()
        now = clock()
        watched, is_due = next_step(watched, seen, now, settle)
        if is_due:
            ended = run(watched)
            watched, is_news = after_run(watched, ended, clock())
            if is_news:
                tell(ended.line)
        goes_on = pause(_SHARE * (now - began))


def look_at_office(root: Path, today: Day) -> Seen:
    """The inbox of an office and its master. A drive that is away looks empty: the run that follows says what it is."""
    try:
        office = OfficeFolder.open(root)
        files = inbox_files(office.inbox)
    except (OfficeError, OSError):
        return Seen(today(), {})
    return Seen(today(), stamps(files, office.inbox), stamp(office.master))


def look_at_workbooks(path: Path, today: Day) -> Seen:
    """One workbook, or the workbooks that lie in a folder, by their paths."""
    try:
        files = [path] if path.is_file() else sorted(path.iterdir())
    except OSError:
        files = []
    found = (each for each in files if each.suffix.lower() in WORKBOOKS and not each.name.startswith(IGNORED))
    return Seen(today(), stamps(found))


def stamps(files: Iterable[Path], folder: Path | None = None) -> dict[str, Stamp]:
    """How files look, those that have gone meanwhile left out; by their paths, from `folder` where that is given."""
    found = ((str(path.relative_to(folder) if folder else path), stamp(path)) for path in files)
    return {name: each for name, each in found if each is not None}


def stamp(path: Path) -> Stamp | None:
    """How a file looks, None where there is none. It is asked of the file: on Windows the listing of a folder is late."""
    try:
        found = path.stat()
    except OSError:
        return None
    return Stamp(found.st_size, found.st_mtime_ns)


def is_left_over(result: SyncResult) -> bool:
    """Whether a run left something to the next that no change of a file will call for: a feedback that is open, or a file
    that the disk did not give."""
    return bool(result.unwritten) or any(each.code in ("F101", "F120") and will_pass(each) for each in result.findings)
