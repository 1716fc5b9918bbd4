"""`xingzhi demo [DIR]`: a whole invented office, filled and consolidated."""

from __future__ import annotations

from pathlib import Path

import click

from cli.localised import LocalisedCommand, lang_option, language, option
from cli.output import progress_bar, refusals


@click.command("demo", cls=LocalisedCommand)
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False))
@option("--units", type=click.IntRange(1, 1000), default=12, show_default=True)
@option("--programme", default="tengxian-civil-affairs", show_default=True)
@option("--year", type=click.IntRange(2000, 2100), default=2026, show_default=True)
@option("--seed", type=int, default=1, show_default=True)
@lang_option
def command(folder: Path | None, units: int, programme: str, year: int, seed: int) -> None:
    """Its help is in the catalogue."""
    from sync.demo import report_lines, run_demo
    from xingzhi.labels import Lang

    lang = language()
    root = folder or Path("行知演示" if lang is Lang.ZH else "xingzhi-demo")
    with refusals(), progress_bar() as progress:
        report = run_demo(root, units=units, programme=programme, year=year, seed=seed, lang=lang, progress=progress)
    for line in report_lines(report, lang):
        click.echo(line)
