"""When a watch has something to do: decided from what it sees of the files, without clock or disk.

It looks every few seconds at names, sizes and times of change. The system's own events of files are not used: they do not
arrive from a shared drive, a file in them is no more whole than in a listing, and an office's inbox is listed in
milliseconds, so that a library for them would spare nothing of what stands here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from math import inf
from typing import Literal, NamedTuple

SETTLE = 10.0
"""Seconds for which files must stay as they are before they are read. Windows goes on showing the size of a file on a shared
drive for so long after it has grown."""

PATIENCE = 600.0
"""Seconds after which what changes without end, or was never downloaded to its end, is waited for no longer."""

AGAIN = 300.0
"""Seconds after which a run that could not do everything is tried again though nothing is seen to have changed: a disk that
was full and a file that a program let go of look as before."""

UNFINISHED = (".crdownload", ".part", ".partial", ".download", ".downloading", ".td", ".tmp", ".temp")
"""How the names of files end that a browser, a chat or a mail program is still writing."""


class Stamp(NamedTuple):
    """What a listing tells of a file: bytes, and the time of its last change in nanoseconds."""

    size: int
    changed: int


@dataclass(frozen=True)
class Seen:
    """One look: the day, the watched files by name, and the master, which counts only while it changes and after a run
    that failed. Its being saved starts no run: a program that keeps it open without a lock file would have it replaced
    under its user at each saving."""

    today: date
    files: Mapping[str, Stamp]
    master: Stamp | None = None


@dataclass(frozen=True)
class Ended:
    """How a run ended: it did all (`done`); it did what it could, and some waits (`partly`); it could not begin, since
    somebody is at work there (`waits`); or it could not be done (`failed`)."""

    kind: Literal["done", "partly", "waits", "failed"]
    line: str


@dataclass(frozen=True)
class Watched:
    """What a watch knows: the last look; since when all is as it shows; since when there is something to do, if there is;
    with what the last run began, whether that failed, when it is to be tried again, and what was last told of it."""

    seen: Seen | None = None
    still: float = 0.0
    wanted: float | None = None
    done: Seen | None = None
    failed: bool = False
    again: float = inf
    told: str = ""

    @property
    def news(self) -> list[str]:
        """The names of the files that are not as the last run saw them; all of them on another day."""
        if self.seen is None:
            return []
        before = self.done.files if self.done and self.done.today == self.seen.today else {}
        return [name for name, stamp in self.seen.files.items() if before.get(name) != stamp]

    @property
    def is_unfinished(self) -> bool:
        """Whether something that is new is still being written by its name. One that was there before keeps nothing."""
        before = self.done.files if self.done else {}
        files = self.seen.files.items() if self.seen else ()
        return any(name.lower().endswith(UNFINISHED) and before.get(name) != stamp for name, stamp in files)


def next_step(watched: Watched, seen: Seen, now: float, settle: float = SETTLE) -> tuple[Watched, bool]:
    """What is known after a look, and whether a run is to begin. `now` is in seconds from anywhere."""
    before = watched.seen
    is_still = before is not None and (before.files, before.master) == (seen.files, seen.master)
    is_due = _is_due(watched, seen, now)
    watched = replace(
        watched,
        seen=seen,
        still=watched.still if is_still else now,
        wanted=(now if watched.wanted is None else watched.wanted) if is_due else None,
    )
    if watched.wanted is None:
        return watched, False
    is_ready = now - watched.still >= settle and not watched.is_unfinished
    return watched, is_ready or now - watched.wanted >= PATIENCE


def _is_due(watched: Watched, seen: Seen, now: float) -> bool:
    done = watched.done
    if done is None or now >= watched.again:
        return True
    return (done.today, done.files) != (seen.today, seen.files) or (watched.failed and done.master != seen.master)


def after_run(watched: Watched, ended: Ended, now: float) -> tuple[Watched, bool]:
    """What is known after a run, and whether its line is to be told: what keeps a run from being done is told once."""
    is_news = ended.kind == "done" or ended.line != watched.told
    if ended.kind == "waits":
        return replace(watched, wanted=now, told=ended.line), is_news
    watched = replace(watched, done=watched.seen, wanted=None, failed=ended.kind == "failed")
    if ended.kind == "done":
        return replace(watched, again=inf, told=""), is_news
    return replace(watched, again=now + AGAIN, told=ended.line), is_news
