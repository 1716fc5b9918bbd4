"""`xingzhi addin install`: put the add-in where Excel loads it."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from cli.localised import LocalisedCommand, lang_option, language, option, text
from cli.output import refusals

if TYPE_CHECKING:
    from addin.installation import Step
    from addin.machine import Machine


@click.command("install", cls=LocalisedCommand)
@option("--dry-run", is_flag=True)
@option("--remove", is_flag=True)
@lang_option
def command(dry_run: bool, remove: bool) -> None:
    """Its help is in the catalogue."""
    from addin.machine import this_machine

    with refusals():
        install(this_machine(), dry_run=dry_run, remove=remove)


def install(machine: Machine, *, dry_run: bool, remove: bool) -> None:
    """Make the plan, print it and, unless it is a dry run, carry it out."""
    from addin.installation import Action, carry_out, plan_install, plan_removal
    from addin.office_settings import excel
    from addin.places import addin_file

    addin_file(machine)  # where there is no Excel for the system nothing need be built
    steps = plan_removal(machine) if remove else plan_install(machine, built(machine))
    for step in steps:
        click.echo(line(step))
    if not steps:
        click.echo(text("addin.nothing_there"))
    if dry_run:
        click.echo(text("addin.dry_run"))
        return
    carry_out(machine, steps)
    if remove:
        click.echo(text("addin.removed"))
        return
    done = all(step.action is Action.KEEP for step in steps)
    click.echo(text("addin.was_installed" if done else "addin.installed"))
    if excel(machine) is None:
        click.echo(text("addin.no_excel_found"))


def built(machine: Machine) -> bytes:
    """The add-in that this version builds for a machine like this, in the language of the call."""
    from addin.xlam import build

    with TemporaryDirectory() as folder:
        path = Path(folder) / "xingzhi.xlam"
        build(path, lang=language(), frozen=machine.is_frozen)
        return path.read_bytes()


def line(step: Step) -> str:
    """One step of the plan, for a person."""
    key = f"addin.step.{step.action.value}"
    what, why = text(f"addin.what.{step.what}"), text(f"addin.why.{step.what}")
    told = text(key, what=what, target=str(step.target), why=why)
    return f"{told}\n    {text('addin.from', source=step.source)}" if step.source else told
