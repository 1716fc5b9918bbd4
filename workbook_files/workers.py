"""Open files of unknown origin in worker processes that may die or hang without harm to the run."""

from __future__ import annotations

import logging
import multiprocessing
import os
import pickle
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future, TimeoutError
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from itertools import islice
from multiprocessing import resource_tracker
from pathlib import Path
from threading import Thread
from typing import TypeVar

from pebble import ProcessExpired, ProcessPool

from workbook_files.file_findings import hostile, too_large
from workbook_files.limits import MEGABYTE, Limits
from workbook_files.memory import Watchdog, limit_own_memory, silence_own_errors, system_can_limit
from xingzhi import messages
from xingzhi.findings import Finding, finding

TASKS_EACH = 100
"""Files after which a worker is replaced, so that memory which a file made it hold is given back."""

BASE = 256 * MEGABYTE
"""What a worker holds before it opens a file, generously: the watchdog counts it too."""

AHEAD = 4
"""How many files each worker may be ahead of the one that is waited for."""

FEW = 8
"""Fewer tasks than this are done one after the other."""

T = TypeVar("T")
_log = logging.getLogger(__name__)


def read_all(
    paths: Sequence[Path],
    task: Callable[[Path], T],
    *,
    workers: int,
    limits: Limits | None = None,
    watched: bool | None = None,
) -> Iterator[tuple[Path, T | Finding]]:
    """Run `task` on each path in up to `workers` processes; yield each result, in order, as soon as it is there.

    `task` and its result are pickled (spawn, since Windows has no fork). A file that kills its worker, takes more memory
    or more time than it may yields a finding F105, one from which more is read than the main process takes F104, one
    that the disk does not give F101. What else `task` raises is a failure of the program: it is logged with its traceback
    and yields F110, so that one file does not keep the others from being read. `watched` says whether a watchdog looks
    after the memory, by default where the system does not. BrokenExecutor where no worker can be started at all.
    """
    if not paths:
        return
    limits = limits or Limits()
    watched = not system_can_limit() if watched is None else watched
    context = multiprocessing.get_context("spawn")
    count = max(1, min(workers, len(paths)))
    watch: AbstractContextManager[object] = Watchdog(limits.memory + BASE) if watched else nullcontext()
    prepare = partial(_prepare, 0 if watched else limits.memory)
    with ProcessPool(max_workers=count, max_tasks=TASKS_EACH, context=context, initializer=prepare) as pool, watch:
        waiting: deque[tuple[Path, Future[bytes | int]]] = deque()
        rest = iter(paths)
        while True:
            # No more than a few ahead of the one that is waited for: what has been read waits in memory.
            with _undisturbed():
                for path in islice(rest, AHEAD * count - len(waiting)):
                    of_file = pool.schedule(_packed, args=(task, limits.result, path), timeout=limits.seconds)
                    waiting.append((path, of_file))
            if not waiting:
                return
            path, future = waiting.popleft()
            yield path, _outcome(path, future, limits)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Start workers that Ctrl-C does not reach: a terminal sends it to them too, and what becomes of them is the run's to
    say. They ignore it once they are at work, and inherit here that it waits until then. Windows has nothing of the kind:
    there it ends a worker that is just starting, and with it the run."""
    if sys.platform == "win32":
        yield
        return
    # Started in passing, it would have SIGINT come through again.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _prepare(memory: int) -> None:
    silence_own_errors()
    end_with_parent()
    if memory:
        limit_own_memory(memory)


def end_with_parent() -> None:
    """Have this worker process end when the process that started it does, be it killed: else it would wait for ever."""

    def wait() -> None:
        parent = multiprocessing.parent_process()
        if parent is not None:
            parent.join()
            os._exit(1)

    Thread(target=wait, daemon=True).start()


def _packed(task: Callable[[Path], object], most: int, path: Path) -> bytes | int:
    """What a task says of a file, packed where it is made; only the size of what is too much for the main process."""
    packed = pickle.dumps(task(path), pickle.HIGHEST_PROTOCOL)
    return packed if len(packed) <= most else len(packed)


def _outcome(path: Path, future: Future[bytes | int], limits: Limits) -> T | Finding:
    try:
        packed = future.result()
        if isinstance(packed, int):
            return too_large(path.name, "result", packed, limits.result)
        result: T = pickle.loads(packed)
        return result
    except TimeoutError:
        return stopped(path.name, "over_time", limit=f"{limits.seconds:g}")
    except MemoryError:
        return stopped(path.name, "over_memory", limit=f"{limits.memory // MEGABYTE}")
    except ProcessExpired:
        return stopped(path.name, "worker_died", limit=f"{limits.memory // MEGABYTE}")
    except OSError as error:
        return of_disk(path.name, error)
    except (KeyboardInterrupt, SystemExit, GeneratorExit, BrokenExecutor):
        raise
    except BaseException as error:
        _log.error("%s", path, exc_info=error)
        return finding("F110", file=path.name, reason=type(error).__name__)


def stopped(file: str, reason: str, **fields: str) -> Finding:
    """F105: the reading of a file was cut off; `reason` is the key of a text `reason.…`."""
    return finding("F105", file=file, reason=messages.label(f"reason.{reason}", **fields))


def of_disk(file: str, error: OSError) -> Finding:
    """F101: what is said of a file that the disk does not give."""
    key = "no_permission" if isinstance(error, PermissionError) else "not_there"
    return hostile(file, key, detail=error.strerror or type(error).__name__)


def call_all(tasks: Sequence[Callable[[], T]], *, workers: int) -> Iterator[T | None]:
    """Do our own work, the results in order: many tasks in up to `workers` processes, few in this one, since a process
    takes longer to start than a task does. Tasks and results are pickled; what a task raises is raised, and None stands
    for a task whose process died."""
    if workers < 2 or len(tasks) < FEW:
        yield from (task() for task in tasks)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPool(max_workers=min(workers, len(tasks)), context=context, initializer=end_with_parent) as pool:
        with _undisturbed():
            futures: list[Future[T]] = [pool.schedule(task) for task in tasks]
        for future in futures:
            try:
                yield future.result()
            except ProcessExpired:
                yield None
