"""`xingzhi diff RUN RUN [OFFICE]`: what stands otherwise after one run than after another."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.localised import LocalisedCommand, lang_option, language, text
from cli.output import CLEAN, json_option, office_argument, print_json, print_table

if TYPE_CHECKING:
    from sync.run_diff import RunDiff


@click.command("diff", cls=LocalisedCommand)
@click.argument("one", metavar="RUN", type=int)
@click.argument("other", metavar="RUN", type=int)
@office_argument
@json_option
@lang_option
def command(one: int, other: int, office: Path, as_json: bool) -> None:
    """Its help is in the catalogue."""
    from sync.run_diff import run_diff

    found = run_diff(office, one, other)
    if as_json:
        print_json(found.as_json(language()))
    else:
        print_diff(found)
    raise SystemExit(CLEAN)


def print_diff(found: RunDiff) -> None:
    """The differences for a person, cell by cell."""
    items = found.items(language())
    if items:
        keys = ("unit", "sheet", "record", "label", "owner_label", "kind", "before", "after")
        headers = [text(f"cli.diff.{key}") for key in keys]
        lines = [{**item, "kind": text(f"cli.diff_kind.{item['kind']}")} for item in items]
        print_table(headers, [[line[key] for key in keys] for line in lines])
        click.echo(text("cli.diff_count", count=len(items)))
    else:
        click.echo(text("cli.diff_none", one=found.one, other=found.other))
    if found.without_sheets:
        click.echo(text("cli.diff_without_sheets"))
