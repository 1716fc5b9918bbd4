"""`xingzhi addin doctor`: what is missing for the add-in to run, and the next step."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from cli.localised import LocalisedCommand, lang_option, language, text
from cli.output import CLEAN, WITH_ERRORS, json_option, print_json, refusals

if TYPE_CHECKING:
    from addin.doctor import Diagnosis


@click.command("doctor", cls=LocalisedCommand)
@json_option
@lang_option
def command(as_json: bool) -> None:
    """Its help is in the catalogue."""
    from addin.doctor import examine
    from addin.machine import Platform, this_machine

    with refusals():
        machine = this_machine()
        current = frozenset() if machine.platform is Platform.LINUX else current_addins()
        found = examine(machine, current)
        if as_json:
            print_json(as_object(found))
        else:
            print_diagnoses(found)
    raise SystemExit(exit_code(found))


def exit_code(found: Sequence[Diagnosis]) -> int:
    """1 where something is missing, else 0."""
    from addin.doctor import State

    return WITH_ERRORS if any(each.state is State.MISSING for each in found) else CLEAN


def current_addins() -> frozenset[str]:
    """The digests of every add-in that this version builds: two builds are equal byte for byte."""
    from addin.xlam import build
    from xingzhi.labels import Lang

    digests = set()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "xingzhi.xlam"
        for lang in Lang:
            for frozen in (False, True):
                build(path, lang=lang, frozen=frozen)
                digests.add(sha256(path.read_bytes()).hexdigest())
    return frozenset(digests)


def as_object(found: Sequence[Diagnosis]) -> dict[str, object]:
    """The object of `addin doctor --json`."""
    lang = language()
    return {
        "checks": [
            {
                "check": each.check,
                "state": each.state.value,
                "message": each.said.of(lang),
                "remedy": each.step.of(lang) if each.step else "",
            }
            for each in found
        ]
    }


def print_diagnoses(found: Sequence[Diagnosis]) -> None:
    """What was found, for a person."""
    from addin.doctor import State

    lang = language()
    for each in found:
        name, state = text(f"doctor.check.{each.check}"), text(f"doctor.state.{each.state.value}")
        click.echo(text("doctor.line", state=state, name=name, said=each.said.of(lang)))
        if each.step:
            click.echo(text("doctor.step", step=each.step.of(lang)))
    count = sum(each.state is State.MISSING for each in found)
    click.echo(text("doctor.todo", count=count) if count else text("doctor.well"))
