"""`xingzhi history [OFFICE]`: every run, and what it changed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.localised import LocalisedCommand, lang_option, option, text
from cli.output import CLEAN, json_option, office_argument, print_json, print_table

if TYPE_CHECKING:
    from sync.history import RunRecord

SHOWN = 30
"""So many of the last runs are shown, the newest beside the prompt."""

_NAMED = 3


@click.command("history", cls=LocalisedCommand)
@office_argument
@option("--all", "every", is_flag=True)
@json_option
@lang_option
def command(office: Path, every: bool, as_json: bool) -> None:
    """Its help is in the catalogue."""
    from sync.history import history

    runs = history(office)
    if as_json:
        print_json({"programme": runs[0].programme if runs else "", "runs": [each.as_json() for each in runs]})
    else:
        print_history(runs if every else runs[-SHOWN:], left_out=0 if every else len(runs) - SHOWN)
    raise SystemExit(CLEAN)


def print_history(runs: list[RunRecord], *, left_out: int = 0) -> None:
    """The runs for a person, oldest first."""
    keys = ("accepted", "rejected", "inserted", "updated", "withdrawn")
    print_table(
        [text(f"cli.run.{key}") for key in ("run", "kind", "today", "started", *keys, "who")],
        [
            (
                each.run,
                _kind(each),
                each.today.isoformat(),
                each.started.strftime("%Y-%m-%d %H:%M"),
                *(each.counts.get(key) or "" for key in keys),
                _who(each),
            )
            for each in runs
        ],
    )
    if left_out > 0:
        click.echo(text("cli.history_more", count=left_out))


def _kind(run: RunRecord) -> str:
    return text("cli.run_restored", run=run.restored) if run.restored is not None else text(f"run.{run.kind}")


def _who(run: RunRecord) -> str:
    if run.issued:
        return text("cli.run_issued", count=run.issued)
    names = "、".join(each.name for each in run.units[:_NAMED])
    return text("cli.run_more", names=names, count=len(run.units)) if len(run.units) > _NAMED else names
