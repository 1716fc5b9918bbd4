"""`xingzhi issue [OFFICE]`: one workbook for each unit."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from cli.localised import LocalisedCommand, lang_option, option, text
from cli.output import json_option, office_argument, print_json, progress_bar, refusals, today_option


@click.command("issue", cls=LocalisedCommand)
@office_argument
@option("--unit", "codes", multiple=True, metavar="CODE")
@json_option
@today_option
@lang_option
def command(office: Path, codes: tuple[str, ...], as_json: bool, today: date) -> None:
    """Its help is in the catalogue."""
    from sync.issue import issue
    from sync.office import OfficeFolder

    with refusals(), progress_bar() as progress:
        folder = OfficeFolder.open(office)
        issued = issue(folder, today=today, codes=codes, progress=progress)
    if as_json:
        print_json({"issued": [each.as_json() for each in issued]})
        return
    click.echo(text("cli.issue_done", count=len(issued), folder=str(folder.issued)))
