"""`xingzhi check FILE…`: validate workbooks."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.localised import LocalisedCommand, lang_option, language, option, text
from cli.output import COULD_NOT_RUN, exit_code, fail, json_option, print_json, progress_bar, refusals, today_option

if TYPE_CHECKING:
    from sync.rules import Rules


@click.command("check", cls=LocalisedCommand)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@json_option
@today_option
@option("--annotate", is_flag=True)
@option("--programme")
@option("--year", type=click.IntRange(2000, 2100))
@option("--workers", type=click.IntRange(1, 64), default=2, show_default=True)
@lang_option
def command(
    files: tuple[Path, ...],
    as_json: bool,
    today: date,
    annotate: bool,
    programme: str | None,
    year: int | None,
    workers: int,
) -> None:
    """Its help is in the catalogue."""
    from addin.file_check import FileCheck, check_files
    from sync.rules import rules_for
    from workbook_templates.profiles import profile_ids
    from xingzhi.findings import summary
    from xingzhi.identity import instance

    if programme and programme not in profile_ids():
        fail(text("cli.no_programme", value=programme, known="、".join(profile_ids())))
    if (programme is None) != (year is None):
        fail(text("cli.programme_and_year"))
    wanted = (programme, year) if programme and year else None
    missing = [path for path in files if not path.is_file()]
    if missing:
        fail(text("cli.no_file", file=str(missing[0])))
    lang = language()
    with refusals(), progress_bar() as progress:
        rules = rules_for(files)
        if annotate:
            _may_be_written(files, rules)
        label = text("progress.check")
        checks = list(
            check_files(
                files,
                office_of=rules.of_office,
                today=today,
                workers=workers,
                label=label,
                progress=progress,
                wanted=wanted,
                annotate=annotate,
            )
        )

    def as_object(each: FileCheck) -> dict[str, object]:
        identity = each.identity
        return {
            "file": str(each.path),
            "unit": identity.unit if identity else "",
            "programme": instance(identity.programme, identity.year) if identity else "",
            "year": identity.year if identity else None,
            "template_version": identity.template_version if identity else "",
            "findings": [
                {
                    "programme": found.programme,
                    "unit": found.unit,
                    "code": found.code,
                    "severity": found.severity.value,
                    "sheet": found.sheet,
                    "cell": found.cell,
                    "value": found.value,
                    "message": found.message(lang),
                    "remedy": found.remedy(lang),
                }
                for found in each.findings
            ],
            "summary": summary(each.findings),
            **({"annotated": each.annotated, "why": each.why.of(lang) if each.why else ""} if annotate else {}),
        }

    if as_json:
        print_json({"files": [as_object(each) for each in checks]})
    else:
        for each in checks:
            print_check(each)
    if any(each.why is not None for each in checks):
        raise SystemExit(COULD_NOT_RUN)
    raise SystemExit(exit_code(found for each in checks for found in each.findings))


def print_check(each: object) -> None:
    """What is wrong with a file, for a person."""
    from addin.file_check import FileCheck
    from xingzhi.findings import Severity, summary

    assert isinstance(each, FileCheck)
    lang = language()
    counts = summary(each.findings)
    click.echo(text("cli.check_file", file=each.path.name, **counts))
    for severity in Severity:
        for found in each.findings:
            if found.severity is severity:
                place = f"{found.sheet}!{found.cell}" if found.cell else found.sheet
                label = text(f"severity.{severity.value}")
                click.echo(f"  [{label}] {found.code} {place} {found.message(lang)}".replace("  ", " ").rstrip())
                click.echo(f"      → {found.remedy(lang)}")
    if each.annotated:
        click.echo(text("cli.annotated"))
    elif each.why is not None:
        click.echo(text("cli.not_annotated", why=each.why.of(lang)))


def _may_be_written(files: tuple[Path, ...], rules: Rules) -> None:
    """Nothing is written into what an office has received, given out or kept, nor into a workbook that somebody has open."""
    from sync.open_workbooks import holder_of

    for path in files:
        if rules.of_office(path) is not None:
            fail(text("cli.annotate_office", file=str(path)))
        if holder := holder_of(path):
            fail(text("cli.annotate_open", file=str(path), holder=holder.name, lock=str(holder.lock)))
