"""`xingzhi init OFFICE`: the office's folder and master."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from cli.localised import LocalisedCommand, lang_option, language, option, text
from cli.output import refusals, today_option


@click.command("init", cls=LocalisedCommand)
@click.argument("office", type=click.Path(path_type=Path, file_okay=False))
@option("--programme", required=True)
@option("--year", type=click.IntRange(2000, 2100), required=True)
@today_option
@lang_option
def command(office: Path, programme: str, year: int, today: date) -> None:
    """Its help is in the catalogue."""
    from sync.init import create_office

    with refusals():
        made = create_office(office, programme=programme, year=year, lang=language(), today=today)
    click.echo(text("cli.init_done", master=str(made.master), office=str(office)))
