"""`xingzhi template`: a blank unit workbook."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.localised import LocalisedCommand, lang_option, language, option, text
from cli.output import fail, refusals, today_option

if TYPE_CHECKING:
    from workbook_templates.macro_buttons import Macros


@click.command("template", cls=LocalisedCommand)
@option("--programme", required=True)
@option("--year", type=click.IntRange(2000, 2100), required=True)
@option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True)
@option("--macros", is_flag=True)
@option("--frozen", is_flag=True)
@today_option
@lang_option
def command(programme: str, year: int, output: Path, macros: bool, frozen: bool, today: date) -> None:
    """Its help is in the catalogue."""
    from workbook_templates.blank import write_blank
    from workbook_templates.profiles import profile_ids

    if programme not in profile_ids():
        fail(text("cli.no_programme", value=programme, known="、".join(profile_ids())))
    if frozen and not macros:
        fail(text("cli.frozen_alone"))
    if output.suffix.lower() != (".xlsm" if macros else ".xlsx"):
        fail(text("cli.not_xlsm" if macros else "cli.not_xlsx", file=str(output)))
    if not output.parent.is_dir():
        fail(text("cli.no_folder", file=str(output.parent)))
    with refusals():
        write_blank(output, programme, year, language(), today, _macros(frozen) if macros else None)
    click.echo(text("cli.template_done", file=str(output)))


def _macros(frozen: bool) -> Macros:
    from addin.macro_workbook import unit_macros

    return unit_macros(language(), frozen=frozen)
