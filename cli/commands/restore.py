"""`xingzhi restore RUN [OFFICE]`: bring back what stood after a run."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.localised import LocalisedCommand, lang_option, option, text
from cli.output import CLEAN, json_option, office_argument, print_json, progress_bar, today_option

if TYPE_CHECKING:
    from sync.restore import Restored


@click.command("restore", cls=LocalisedCommand)
@click.argument("run", metavar="RUN", type=int)
@office_argument
@json_option
@today_option
@option("--workers", type=click.IntRange(1, 64), default=2, show_default=True)
@lang_option
def command(run: int, office: Path, as_json: bool, today: date, workers: int) -> None:
    """Its help is in the catalogue."""
    from sync.office import OfficeFolder
    from sync.restore import restore

    with progress_bar() as progress:
        done = restore(OfficeFolder.open(office), run, today=today, workers=workers, progress=progress)
    if as_json:
        print_json(done.as_json())
    else:
        print_restored(done)
    # What is wrong in the state that was brought back is told by the master: the command did what was asked.
    raise SystemExit(CLEAN)


def print_restored(done: Restored) -> None:
    """What was brought back, for a person."""
    if done.taken is not None:
        click.echo(text("cli.restore_taken", run=done.taken))
    if not done.result.written:
        click.echo(text("cli.restore_same", run=done.number))
        return
    click.echo(text("cli.restore_done", run=done.number, number=done.result.run, count=len(done.changes)))
    click.echo(text("cli.sync_written", master=str(done.result.master)))
    if done.undone:
        files = "、".join(file for _, file in done.undone)
        click.echo(text("cli.restore_undone", files=files, run=done.result.run - 1))
    if not done.sheets_known:
        click.echo(text("cli.restore_without_sheets", run=done.number))
    click.echo(text("cli.restore_undo", run=done.result.run - 1))
