"""`xingzhi watch [OFFICE]`: consolidate whenever the inbox changes; with `--check`, check workbooks whenever they are saved."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from cli.localised import LocalisedCommand, lang_option, option, text
from cli.output import days_option, fail, office_argument, reason_of, time_now

if TYPE_CHECKING:
    from sync.result import SyncResult
    from sync.watched import Ended, Watched

_OWN_SETTLE = 2.0
"""Seconds for which a workbook that its own clerk saves must stay as it is: no copy of it is under way."""

_SLICE = 0.2
"""Seconds within which a wish to end is heeded."""

_SIGNALS = ("SIGINT", "SIGTERM", "SIGBREAK")


@click.command("watch", cls=LocalisedCommand)
@office_argument
@option("--check", "workbooks", type=click.Path(path_type=Path), metavar="FILE|FOLDER")
@option("--every", "seconds", type=click.FloatRange(0.1, 3600), default=2.0, show_default=True, metavar="SECONDS")
@option("--settle", type=click.FloatRange(0.1, 3600), metavar="SECONDS")
@option("--workers", type=click.IntRange(1, 64), default=2, show_default=True)
@days_option
@lang_option
def command(
    office: Path,
    workbooks: Path | None,
    seconds: float,
    settle: float | None,
    workers: int,
    today: Callable[[], date],
) -> None:
    """Its help is in the catalogue."""
    from sync.office import OfficeFolder
    from sync.watch import look_at_office, look_at_workbooks, watch
    from sync.watched import SETTLE

    if workbooks is None:
        OfficeFolder.open(office)
        look, run = partial(look_at_office, office, today), partial(_consolidate, office, workers)
        click.echo(text("cli.watch_office", folder=str(office.resolve())))
    else:
        if not workbooks.exists():
            fail(text("cli.no_file", file=str(workbooks)))
        look, run = partial(look_at_workbooks, workbooks, today), partial(_check, workers)
        click.echo(text("cli.watch_workbooks", folder=str(workbooks.resolve())))
    usual = SETTLE if workbooks is None else _OWN_SETTLE
    with _pausing(seconds) as pause:
        watch(look, run, tell=_tell, pause=pause, settle=usual if settle is None else settle)
    click.echo(text("cli.watch_ended"))


def _tell(line: str) -> None:
    if line:
        click.echo(f"{time_now()}  {line}")


def _consolidate(office: Path, workers: int, watched: Watched) -> Ended:
    """One run, whatever comes of it: the watch goes on."""
    from sync.office import OfficeFolder
    from sync.run import sync
    from sync.watch import WAITS, is_left_over
    from sync.watched import Ended
    from xingzhi.refusal import Refusal

    assert watched.seen is not None
    try:
        result = sync(OfficeFolder.open(office), today=watched.seen.today, workers=workers)
    except Exception as error:
        if isinstance(error, Refusal) and error.key in WAITS:
            return Ended("waits", text("cli.watch_waits", reason=reason_of(error)))
        return Ended("failed", text("cli.watch_failed", reason=reason_of(error)))
    line = _line(result)
    if is_left_over(result):
        return Ended("partly", text("cli.watch_partly", line=line))
    return Ended("done", line)


def _line(result: SyncResult) -> str:
    from xingzhi.findings import summary

    accepted = sum(unit.status == "accepted" for unit in result.units)
    rejected = {(each.unit, each.file) for each in (*result.not_taken, *result.unmatched)}
    counts = summary(result.findings)
    key = "cli.watch_run" if result.written else "cli.watch_same"
    return text(key, accepted=accepted, rejected=len(rejected), overdue=result.overdue, **counts)


def _check(workers: int, watched: Watched) -> Ended:
    from sync.watched import Ended

    assert watched.seen is not None
    try:
        check_saved([Path(name) for name in watched.news], watched.seen.today, workers)
    except Exception as error:
        return Ended("failed", text("cli.watch_unchecked", reason=reason_of(error)))
    line = text("cli.watch_checked", count=len(watched.news)) if watched.news else ""
    return Ended("done", line)


def check_saved(paths: Sequence[Path], today: date, workers: int) -> None:
    """Check workbooks that were saved and print what is wrong. Nothing is written into them: their clerk has them open."""
    from addin.file_check import check_files
    from cli.commands.check import print_check
    from sync.rules import rules_for

    label = text("progress.check")
    for each in check_files(paths, office_of=rules_for(paths).of_office, today=today, workers=workers, label=label):
        print_check(each)


@contextmanager
def _pausing(seconds: float) -> Iterator[Callable[[float], bool]]:
    """A pause of so many seconds or more, that says whether to go on; Ctrl-C or the system's wish to end ends it.

    During a run the first wish waits for its end. The second interrupts: nothing is kept of such a run, and the next one
    puts the office in order (see `sync.pending_master`).
    """
    wished = False
    before: dict[int, signal._HANDLER] = {}

    def wish(number: int, frame: FrameType | None) -> None:
        nonlocal wished
        wished = True
        for each in before:
            signal.signal(each, signal.default_int_handler)

    def pause(least: float) -> bool:
        until = time.monotonic() + max(seconds, least)
        while not wished and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, _SLICE))
        return not wished

    for name in _SIGNALS:
        if hasattr(signal, name):
            number = getattr(signal, name)
            before[number] = signal.signal(number, wish)
    try:
        yield pause
    finally:
        for number, handler in before.items():
            signal.signal(number, handler or signal.SIG_DFL)
