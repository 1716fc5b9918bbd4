"""`xingzhi rescue FILE -o NEW`: what can be read of a workbook, in a fresh one."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.localised import LocalisedCommand, lang_option, language, option, text
from cli.output import CLEAN, WITH_ERRORS, fail, json_option, print_json, today_option

if TYPE_CHECKING:
    from sync.rescue import Rescue


@click.command("rescue", cls=LocalisedCommand)
@click.argument("file", type=click.Path(path_type=Path))
@option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True)
@option("--programme", default="")
@option("--year", type=click.IntRange(2000, 2100))
@option("--unit", default="")
@option("--force", "overwrite", is_flag=True)
@json_option
@today_option
@lang_option
def command(
    file: Path,
    output: Path,
    programme: str,
    year: int | None,
    unit: str,
    overwrite: bool,
    as_json: bool,
    today: date,
) -> None:
    """Its help is in the catalogue."""
    from sync.rescue import Whose, rescue

    if not file.is_file():
        fail(text("cli.no_file", file=str(file)))
    if output.suffix.lower() != ".xlsx":
        fail(text("cli.not_xlsx", file=str(output)))
    if not output.parent.is_dir():
        fail(text("cli.no_folder", file=str(output.parent)))
    if output.exists() and output.samefile(file):
        fail(text("cli.rescue_same", file=str(output)))
    if output.exists() and not overwrite:
        fail(text("cli.rescue_exists", file=str(output)))
    found = rescue(file, output, Whose(programme, year or 0, unit), today=today, lang=language())
    if as_json:
        print_json(as_object(found))
    else:
        print_rescue(found, output)
    raise SystemExit(CLEAN if found.is_clean else WITH_ERRORS)


def as_object(found: Rescue) -> dict[str, object]:
    """The object of `rescue --json`."""
    from xingzhi.findings import summary

    lang, identity = language(), found.book.identity
    owned = {"programme": found.book.term.instance, "unit": identity.unit}
    return {
        "file": str(found.path),
        "output": str(found.output),
        **owned,
        "year": identity.year,
        "template_version": identity.template_version,
        "rows": found.rows,
        "added": {key: list(headers) for key, headers in found.book.added.items() if headers},
        "unplaced": [
            {
                **owned,
                "sheet": each.sheet,
                "cell": each.cell,
                "value": each.value,
                "kind": each.kind,
                "reason": each.why.of(lang),
            }
            for each in found.unplaced
        ],
        "findings": [
            {
                **owned,
                "code": each.code,
                "severity": each.severity.value,
                "sheet": each.sheet,
                "cell": each.cell,
                "value": each.value,
                "message": each.message(lang),
                "remedy": each.remedy(lang),
            }
            for each in found.findings
        ],
        "summary": summary(found.findings),
    }


def print_rescue(found: Rescue, wanted: Path) -> None:
    """What was rescued and what was not, for a person."""
    from sync.rescue import LOST
    from xingzhi.findings import Severity
    from xingzhi.quoting import shown

    lang = language()
    click.echo(text("cli.rescue_done", file=str(found.output), count=sum(found.rows.values())))
    if found.output != wanted:
        click.echo(text("cli.rescue_beside", wanted=str(wanted)))
    for table in found.book.tables:
        if found.rows[table.key]:
            click.echo(text("cli.rescue_table", name=table.label.of(lang), count=found.rows[table.key]))
        if headers := found.book.added.get(table.key):
            click.echo(text("cli.rescue_added", name=table.label.of(lang), headers="、".join(map(shown, headers))))
    if found.unplaced:
        click.echo(text("cli.rescue_unplaced", count=len(found.unplaced)))
    for item in found.unplaced:
        click.echo(f"  {item.sheet}!{item.cell} {item.value}　{item.why.of(lang)}")
    named = {(each.sheet, each.cell) for each in found.unplaced}
    errors = (each for each in found.findings if each.severity is Severity.ERROR or each.code == LOST)
    mended = [each for each in errors if (each.sheet, each.cell) not in named]
    if mended:
        click.echo(text("cli.rescue_faults", count=len(mended)))
    for each in mended:
        place = f"{each.sheet}!{each.cell}" if each.cell else each.sheet
        click.echo(f"  {each.code} {place} {each.message(lang)}".replace("  ", " "))
