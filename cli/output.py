"""What commands share: the clock, JSON, tables, progress, exit codes."""

from __future__ import annotations

import errno
import json
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.localised import language, option, text

if TYPE_CHECKING:
    from xingzhi.findings import Finding

CLEAN, WITH_ERRORS, COULD_NOT_RUN = 0, 1, 2

Progress = Callable[[str, int, int], None]
"""(what is being done, how many are done, how many there are)."""


def _day(_: click.Context, __: click.Parameter, value: str | None) -> date:
    """`--today`, else the one reading of the clock."""
    if value is None:
        return date.today()
    try:
        return datetime.strptime(value, "%Y-%m-%d").date()
    except ValueError as error:
        raise click.BadParameter(text("cli.bad_date", value=value)) from error


def _days(ctx: click.Context, parameter: click.Parameter, value: str | None) -> Callable[[], date]:
    """The same anew at each call, for a command that outlives the day."""
    day = _day(ctx, parameter, value)
    return (lambda: day) if value else date.today


def time_now() -> str:
    """The day and time at which a line is printed."""
    return datetime.now().isoformat(sep=" ", timespec="seconds")


today_option = option("--today", callback=_day, metavar="YYYY-MM-DD")
days_option = option("--today", callback=_days, metavar="YYYY-MM-DD")
json_option = option("--json", "as_json", is_flag=True)
office_argument = click.argument("office", default=".", type=click.Path(path_type=Path, file_okay=False))


def print_json(value: object) -> None:
    """One object on stdout and nothing else."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def fail(message: str) -> None:
    """One line on stderr that says why and what to do; exit code 2."""
    click.echo(message, err=True)
    raise SystemExit(COULD_NOT_RUN)


@contextmanager
def refusals() -> Iterator[None]:
    """Turn what makes the whole command impossible into one line and exit code 2.

    A failure of the program is told in one line too, with its traceback below; it never ends with Python's exit code 1,
    which says that the work is done.
    """
    try:
        yield
    except (click.ClickException, click.exceptions.Exit, BrokenPipeError):
        raise
    except (KeyboardInterrupt, click.Abort):
        fail(text("cli.interrupted"))
    except Exception as error:
        fail(reason_of(error))


def reason_of(error: Exception) -> str:
    """The line that says why something could not be done; of a failure of the program, with its traceback below."""
    from xingzhi.refusal import Refusal

    if isinstance(error, Refusal):
        return error.message(language())
    if isinstance(error, PermissionError):
        return text("cli.no_permission", file=str(error.filename))
    if isinstance(error, OSError):
        return text("cli.os_error", file=str(error.filename or ""), reason=_os_reason(error))
    # SQLite says of each error what it is; what is wrong with the disk is no failure of the program.
    if str(getattr(error, "sqlite_errorname", "")).startswith(_SQLITE_DISK):
        return text("cli.os_error", file="ledger.sqlite3", reason=text("reason.system", detail=str(error)))
    shown = "".join(traceback.format_exception(error)).rstrip("\n")
    return text("cli.failure", name=type(error).__name__) + "\n" + shown


_SQLITE_DISK = ("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_BUSY", "SQLITE_LOCKED")
_OS_REASONS = {
    errno.ENOENT: "no_place",
    errno.ENOTDIR: "no_place",
    errno.ENOSPC: "disk_full",
    errno.EDQUOT: "disk_full",
    errno.EROFS: "read_only",
    errno.EISDIR: "is_folder",
    errno.ENAMETOOLONG: "name_too_long",
}


def _os_reason(error: OSError) -> str:
    known = _OS_REASONS.get(error.errno or 0)
    return text(f"reason.{known}") if known else text("reason.system", detail=error.strerror or str(error))


@contextmanager
def progress_bar() -> Iterator[Progress | None]:
    """A progress bar on stderr, only on a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, Any] = {}

        def advance(label: str, done: int, total: int) -> None:
            if label not in tasks:
                tasks[label] = bar.add_task(label, total=total)
            bar.update(tasks[label], completed=done, total=total)

        yield advance


def print_table(headers: Sequence[str], rows: Iterable[Sequence[object]], *, title: str = "") -> None:
    """A table on stdout, as wide as the terminal; piped, as wide as it needs."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title or None, title_justify="left", show_lines=False)
    for header in headers:
        table.add_column(header, overflow="fold")
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    console = Console(file=sys.stdout, highlight=False, markup=False)
    if not console.is_terminal:
        console.width = 160
    console.print(table)


def exit_code(findings: Iterable[Finding]) -> int:
    """1 where a finding must be mended, else 0."""
    return WITH_ERRORS if any(each.severity.value == "error" for each in findings) else CLEAN
