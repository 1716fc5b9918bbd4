"""`xingzhi deadlines FILE|OFFICE`: what is due, by when, from whom."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from cli.localised import LocalisedCommand, lang_option, language, option, text
from cli.output import exit_code, fail, json_option, print_json, print_table, refusals, today_option


@click.command("deadlines", cls=LocalisedCommand)
@click.argument("source", default=".", type=click.Path(path_type=Path))
@json_option
@option("--ics", type=click.Path(path_type=Path, dir_okay=False))
@today_option
@lang_option
def command(source: Path, as_json: bool, ics: Path | None, today: date) -> None:
    """Its help is in the catalogue."""
    from addin.file_check import check_files
    from sync.rules import rules_for
    from sync.status import office_deadlines
    from xingzhi.deadlines import STATE_LABELS
    from xingzhi.icalendar_export import calendar

    if not source.exists():
        fail(text("cli.no_file", file=str(source)))
    lang, code = language(), 0
    with refusals():
        if source.is_dir():
            items = office_deadlines(source, today)
        else:
            label = text("progress.check")
            (checked,) = check_files(
                [source], office_of=rules_for([source]).of_office, today=today, workers=1, label=label
            )
            items = list(checked.deadlines)
            if checked.identity is None:
                for found in checked.findings:
                    click.echo(f"{found.code} {found.message(lang)} {found.remedy(lang)}", err=True)
                code = exit_code(checked.findings)
        if ics is not None:
            ics.write_bytes(calendar(items, lang, today))
            click.echo(text("cli.ics_done", file=str(ics), count=len(items)), err=True)
    if as_json:
        print_json({"today": today.isoformat(), "items": [item.as_json() for item in items]})
    else:
        keys = ("unit", "id", "requirement", "subject", "period", "due", "amount", "done", "state", "late")
        print_table(
            [text(f"cli.due.{key}") for key in keys],
            [
                (
                    item.unit,
                    item.rule.id,
                    item.rule.title.of(lang),
                    item.subject,
                    item.span.period,
                    f"{item.span.due}{'?' if item.span.provisional else ''}",
                    item.fulfilment.need,
                    item.fulfilment.done,
                    STATE_LABELS[item.state].of(lang),
                    item.days_late or "",
                )
                for item in items
            ],
        )
        if any(item.span.provisional for item in items):
            click.echo(text("cli.provisional"))
    raise SystemExit(code)
