"""`xingzhi status [OFFICE]`: who sent what, who is late, what is wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from cli.localised import LocalisedCommand, lang_option, language, text
from cli.output import CLEAN, WITH_ERRORS, json_option, office_argument, print_json, print_table, refusals, today_option


@click.command("status", cls=LocalisedCommand)
@office_argument
@json_option
@today_option
@lang_option
def command(office: Path, as_json: bool, today: date) -> None:
    """Its help is in the catalogue."""
    from sync.status import office_status

    with refusals():
        status = office_status(office, today)
    if as_json:
        print_json(status.as_json())
    else:
        lang = language()
        print_table(
            [text(f"cli.unit.{key}") for key in ("code", "name", "last", "overdue", "soon", "error", "warning")],
            [
                (
                    unit.code,
                    unit.name,
                    unit.last_received.isoformat() if unit.last_received else text("cli.status.missing"),
                    unit.overdue,
                    unit.soon,
                    unit.findings["error"],
                    unit.findings["warning"],
                )
                for unit in status.units
            ],
        )
        for item in status.owed[:30]:
            click.echo(
                text(
                    "cli.owed",
                    unit=status.name(item.unit),
                    requirement=f"{item.rule.id} {item.rule.title.of(lang)}",
                    subject=item.subject,
                    period=item.span.period,
                    due=item.span.due.isoformat() if item.span.due else "",
                    days=item.days_late,
                )
            )
        if len(status.owed) > 30:
            click.echo(text("cli.owed_more", count=len(status.owed) - 30))
        click.echo(text("cli.status_waiting", count=status.waiting))
    raise SystemExit(WITH_ERRORS if any(unit.findings["error"] for unit in status.units) else CLEAN)
