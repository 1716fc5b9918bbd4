"""A bound on the memory of worker processes: by the system where it can, by a watchdog where it cannot."""

from __future__ import annotations

import os
import sys
import threading
from types import TracebackType

import psutil

POLL = 0.1
"""Seconds between two looks of the watchdog."""


def system_can_limit() -> bool:
    """Whether the system itself bounds the memory of a process. macOS has the call, and does not heed it."""
    return sys.platform.startswith("linux")


def limit_own_memory(more: int) -> None:
    """Let this process take `more` bytes beyond what it has; what asks for more fails there. Nothing where the system
    cannot do so."""
    if sys.platform.startswith("linux"):
        import resource

        most = psutil.Process().memory_info().vms + more
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (most if hard < 0 else min(most, hard), hard))
        # Nobody reads the image of a process that a file has ended, and it may be as large as the limit.
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def silence_own_errors() -> None:
    """Send what libraries write to the standard error nowhere: a panic is told as a finding, in words."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)


class Watchdog:
    """Ends each child of this process that holds more than `most` bytes, until it is left.

    The pool sees a worker that died and starts another.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="memory-watchdog", daemon=True)

    def __enter__(self) -> Watchdog:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        own = psutil.Process()
        while not self._stop.wait(POLL):
            try:
                children = own.children()
            except psutil.Error:
                continue
            for child in children:
                try:
                    if child.memory_info().rss > self._most:
                        child.kill()
                except psutil.Error:
                    continue
