"""The `xingzhi` command, run by a macro as a process of its own: it writes files that are open in Excel for the macro."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Ran:
    """How the command ended: its exit code (0 clean, 1 with errors found, 2 could not run) and what it printed."""

    code: int
    out: str
    err: str


def run_xingzhi(arguments: Sequence[str]) -> Ran:
    """Run the command to its end. OSError where it cannot be started."""
    frozen = getattr(sys, "frozen", False)
    program = [sys.executable] if frozen else [sys.executable, "-m", "cli.main"]
    found = subprocess.run(
        [*program, *arguments],
        capture_output=True,
        stdin=subprocess.DEVNULL,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", "PYTHONUTF8": "1"},
        # A console window that opens and shuts before the user's eyes looks like a fault.
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    return Ran(found.returncode, *(each.decode("utf-8", "replace") for each in (found.stdout, found.stderr)))
