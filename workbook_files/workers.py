"""Open files of unknown origin in worker processes that may die or hang without harm to the run."""

from __future__ import annotations

import logging
import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future, TimeoutError
from pathlib import Path
from typing import TypeVar

from pebble import ProcessExpired, ProcessPool

from xingzhi import messages
from xingzhi.findings import Finding, finding

TIME_LIMIT = 60
"""Seconds that one file may take."""

TASKS_EACH = 100
"""Files after which a worker is replaced, so that memory which a file made it hold is given back."""

FEW = 8
"""Fewer tasks than this are done one after the other."""

T = TypeVar("T")
_log = logging.getLogger(__name__)


def read_all(
    paths: Sequence[Path], task: Callable[[Path], T], *, workers: int, time_limit: float = TIME_LIMIT
) -> Iterator[tuple[Path, T | Finding]]:
    """Run `task` on each path in up to `workers` processes; yield each result, in order, as soon as it is there.

    `task` and its result are pickled (spawn, since Windows has no fork). A file that kills its worker or exceeds the
    time limit yields a finding F105, one that the disk does not give F101. What else `task` raises is a failure of the
    program: it is logged with its traceback and yields F110, so that one file does not keep the others from being read.
    BrokenExecutor where no worker can be started at all.
    """
    if not paths:
        return
    context = multiprocessing.get_context("spawn")
    count = max(1, min(workers, len(paths)))
    with ProcessPool(max_workers=count, max_tasks=TASKS_EACH, context=context) as pool:
        futures: list[tuple[Path, Future[T]]] = [
            (path, pool.schedule(task, args=(path,), timeout=time_limit)) for path in paths
        ]
        for path, future in futures:
            try:
                yield path, future.result()
            except (TimeoutError, ProcessExpired):
                yield path, finding("F105", file=path.name, limit=f"{time_limit:g}")
            except OSError as error:
                key = "reason.no_permission" if isinstance(error, PermissionError) else "reason.not_there"
                reason = messages.label(key, detail=error.strerror or type(error).__name__)
                yield path, finding("F101", file=path.name, reason=reason)
            except (KeyboardInterrupt, SystemExit, GeneratorExit, BrokenExecutor):
                raise
            except BaseException as error:
                _log.error("%s", path, exc_info=error)
                yield path, finding("F110", file=path.name, reason=type(error).__name__)


def call_all(tasks: Sequence[Callable[[], T]], *, workers: int) -> Iterator[T | None]:
    """Do our own work, the results in order: many tasks in up to `workers` processes, few in this one, since a process
    takes longer to start than a task does. Tasks and results are pickled; what a task raises is raised, and None stands
    for a task whose process died."""
    if workers < 2 or len(tasks) < FEW:
        yield from (task() for task in tasks)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPool(max_workers=min(workers, len(tasks)), context=context) as pool:
        futures: list[Future[T]] = [pool.schedule(task) for task in tasks]
        for future in futures:
            try:
                yield future.result()
            except ProcessExpired:
                yield None
