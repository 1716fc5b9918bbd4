"""`xingzhi addin`: the group of what concerns the add-in."""

from __future__ import annotations

import click

from cli.commands import addin_build, addin_doctor, addin_install
from cli.localised import LocalisedGroup, lang_option


@click.group("addin", cls=LocalisedGroup)
@lang_option
def command() -> None:
    """Its help is in the catalogue."""


for each in (addin_build, addin_install, addin_doctor):
    command.add_command(each.command)
