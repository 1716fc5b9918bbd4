"""`xingzhi print RECORD [SOURCE]`: forms of one row, to be filled in by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from cli.localised import LocalisedCommand, lang_option, language, option, text
from cli.output import fail, refusals, today_option

FORMS = ("sign-in", "record", "approval")


@click.command("print", cls=LocalisedCommand)
@click.argument("record")
@click.argument("source", default=".", type=click.Path(path_type=Path))
@option("--form", type=click.Choice(FORMS))
@option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False))
@today_option
@lang_option
def command(record: str, source: Path, form: str | None, output: Path | None, today: date) -> None:
    """Its help is in the catalogue."""
    from sync.form_source import find_row
    from workbook_templates.form_content import Content
    from workbook_templates.forms import Form, forms_of, free_name, titles, write_forms

    if not source.exists():
        fail(text("cli.no_file", file=str(source)))
    if output and output.suffix.lower() != ".docx":
        fail(text("cli.not_docx", file=str(output)))
    if output and not output.parent.is_dir():
        fail(text("cli.no_folder", file=str(output.parent)))
    lang = language()
    with refusals():
        found = find_row(source, record)
        row, unit = found.row, found.unit
        forms = forms_of(row.table, row.record, Form(form) if form else None)
        # Paper is written on: what lies there may hold someone's words, so no file is ever replaced.
        path = output or free_name(Path(), row.record, forms, lang)
        try:
            write_forms(Content(unit.term, unit.unit_name, row, unit.records, today, lang), forms, path)
        except FileExistsError:
            fail(text("cli.print_exists", file=str(path)))
    click.echo(text("cli.print_done", file=str(path.resolve()), forms="、".join(titles(forms, lang))))
