"""One consolidation in a process of its own, which reports what it cost: `python -m support.measured_sync OFFICE REPORT`."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import psutil
from support.office import TODAY

from sync.office import OfficeFolder
from sync.run import sync

WORKERS = 2


def peak() -> int:
    """The most memory that this process has held, in bytes."""
    status = Path("/proc/self/status")
    if status.exists():
        # Not `ru_maxrss`: it begins with what the process that started this one had held.
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    info = psutil.Process().memory_info()
    return int(getattr(info, "peak_wset", 0) or info.rss)


class Clock:
    """The time between two files of the inbox."""

    def __init__(self) -> None:
        self.begun = self.last = time.monotonic()
        self.longest = 0.0

    def tell(self, _: str, done: int, total: int) -> None:
        """The progress of the run."""
        now = time.monotonic()
        self.longest, self.last = max(self.longest, now - self.last), now


def main(root: Path, report: Path) -> None:
    """Consolidate, and write the report."""
    folder = OfficeFolder.open(root)
    base, clock = peak(), Clock()
    result = sync(folder, today=TODAY, workers=WORKERS, progress=clock.tell)
    told = {
        "base": base,
        "peak": peak(),
        "seconds": time.monotonic() - clock.begun,
        "longest": clock.longest,
        "written": result.written,
        "unmatched": [[each.file, each.code, each.severity.value] for each in result.unmatched],
        "messages": {each.file: each.message(folder.lang) for each in result.unmatched},
        "statuses": {unit.code: unit.status for unit in result.units},
        "findings": sorted([each.unit, each.code, each.file, each.sheet, each.cell] for each in result.findings),
    }
    report.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
