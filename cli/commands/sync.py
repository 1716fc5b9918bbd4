"""`xingzhi sync [OFFICE]`: consolidate the inbox."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.localised import LocalisedCommand, lang_option, language, option, text
from cli.output import (
    CLEAN,
    WITH_ERRORS,
    json_option,
    office_argument,
    print_json,
    print_table,
    progress_bar,
    refusals,
    today_option,
)

if TYPE_CHECKING:
    from sync.result import SyncResult


@click.command("sync", cls=LocalisedCommand)
@office_argument
@json_option
@option("--dry-run", is_flag=True)
@today_option
@option("--workers", type=click.IntRange(1, 64), default=2, show_default=True)
@option("--force", is_flag=True)
@option("--purge", is_flag=True)
@option("--rebuild", is_flag=True)
@lang_option
def command(
    office: Path, as_json: bool, dry_run: bool, today: date, workers: int, force: bool, purge: bool, rebuild: bool
) -> None:
    """Its help is in the catalogue."""
    from sync.office import OfficeFolder
    from sync.run import sync

    with refusals(), progress_bar() as progress:
        folder = OfficeFolder.open(office)
        result = sync(
            folder,
            today=today,
            workers=workers,
            force=force,
            purge=purge,
            rebuild=rebuild,
            dry_run=dry_run,
            progress=progress,
        )
    if as_json:
        print_json(result.as_json())
    else:
        print_result(result, dry_run=dry_run)
    raise SystemExit(WITH_ERRORS if result.has_errors else CLEAN)


def print_result(result: SyncResult, *, dry_run: bool = False) -> None:
    """What a run did, for a person."""
    print_table(
        [text(f"cli.unit.{key}") for key in ("code", "name", "status", "file", "error", "warning", "info")],
        [
            (
                unit.code,
                unit.name,
                text(f"cli.status.{unit.status}"),
                unit.file.rpartition("/")[2],
                unit.findings["error"],
                unit.findings["warning"],
                unit.findings["info"],
            )
            for unit in result.units
        ],
    )
    lang = language()
    names = {unit.code: unit.name for unit in result.units}
    for found in result.not_taken:
        name = names.get(found.unit, found.unit)
        click.echo(text("cli.not_taken", unit=name, file=found.file, message=found.message(lang)))
    for found in result.unmatched:
        click.echo(text("cli.unmatched", file=found.file, message=found.message(lang)))
    for found in result.findings:
        # What the office itself must mend stands in no unit's line.
        if not found.unit and found not in result.unmatched and found.severity.value != "info":
            key = "cli.office_finding" if found.sheet else "cli.master_finding"
            click.echo(text(key, sheet=found.sheet, message=found.message(lang), remedy=found.remedy(lang)))
    for name in result.unwritten:
        click.echo(text("cli.feedback_waits", file=name))
    counts = {key: result.changes.get(key, 0) for key in ("inserted", "updated", "withdrawn")}
    click.echo(text("cli.sync_counts", overdue=result.overdue, **counts))
    if result.purged:
        click.echo(text("cli.sync_purged", count=result.purged))
    if dry_run:
        click.echo(text("cli.sync_dry"))
    elif result.written:
        click.echo(text("cli.sync_written", master=str(result.master)))
    else:
        click.echo(text("cli.sync_same", master=str(result.master)))
