"""The steps at which a run may be cut off: where files change places or are copied or removed, and where the ledger commits.

`stopping_at(number)` kills this process just before that step, a copy in its middle; call it in a process of its own.
"""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any


class Steps:
    """The steps that have been reached, each under a name for people."""

    def __init__(self, last: int | None, log: Path) -> None:
        self.last, self.log, self.number = last, log, 0

    def reach(self, name: str, half: Callable[[], None] | None = None) -> None:
        """Come to a step. Here the process ends, where it is the one."""
        with self.log.open("a", encoding="utf-8") as stream:
            stream.write(f"{name}\n")
        if self.number == self.last:
            if half:
                half()
            os.kill(os.getpid(), signal.SIGKILL)
        self.number += 1


def stopping_at(last: int | None, log: Path, root: Path) -> None:
    """Have this process killed at a step, counted from 0; None for none. The names of those reached are put into `log`."""
    steps = Steps(last, log)

    def ours(path: Any) -> str:
        return str(path).removeprefix(str(root)) if str(path).startswith(str(root)) else ""

    replace, unlink, copyfile, connect = os.replace, os.unlink, shutil.copyfile, sqlite3.connect

    def replacing(source: Any, target: Any, **more: Any) -> None:
        if ours(target):
            steps.reach(f"replace {ours(target)}")
        replace(source, target, **more)

    def unlinking(path: Any, **more: Any) -> None:
        if ours(path) and os.path.exists(path):
            steps.reach(f"unlink {ours(path)}")
        unlink(path, **more)

    def copying(source: Any, target: Any, **more: Any) -> Any:
        def half() -> None:
            content = Path(source).read_bytes()
            Path(target).write_bytes(content[: len(content) // 2])

        if ours(target):
            steps.reach(f"copy {ours(target)}", half)
        return copyfile(source, target, **more)

    class Connection(sqlite3.Connection):
        def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
            ends = sql in ("COMMIT", "ROLLBACK")
            if ends:
                steps.reach(f"before {sql}")
            found = super().execute(sql, *values)
            if ends:
                steps.reach(f"after {sql}")
            return found

    changed: Any = os
    changed.replace, changed.unlink = replacing, unlinking
    changed = shutil
    changed.copyfile = copying
    changed = sqlite3
    changed.connect = lambda *places, **more: connect(*places, factory=Connection, **more)
