"""`xingzhi addin build`: the add-in file of Excel."""

from __future__ import annotations

from pathlib import Path

import click

from cli.localised import LocalisedCommand, lang_option, language, option, text
from cli.output import fail, refusals


@click.command("build", cls=LocalisedCommand)
@option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), default=Path("xingzhi.xlam"))
@option("--frozen", is_flag=True)
@lang_option
def command(output: Path, frozen: bool) -> None:
    """Its help is in the catalogue."""
    from addin.xlam import build

    if output.suffix.lower() != ".xlam":
        fail(text("cli.not_xlam", file=str(output)))
    if not output.parent.is_dir():
        fail(text("cli.no_folder", file=str(output.parent)))
    with refusals():
        build(output, lang=language(), frozen=frozen)
    click.echo(text("cli.build_done", file=str(output)))
