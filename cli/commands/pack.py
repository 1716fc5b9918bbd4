"""`xingzhi pack -o DIR`: a folder from which computers without Python and without a network install xingzhi."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.localised import LocalisedCommand, lang_option, language, option, text
from cli.output import CLEAN, WITH_ERRORS, refusals

if TYPE_CHECKING:
    from addin.offline.folder import Packed

PLATFORMS = ("win_amd64", "manylinux_x86_64", "manylinux_aarch64")
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
PARTS = ("wheels", "xingzhi.xlam", "python")


@click.command("pack", cls=LocalisedCommand)
@option("-o", "--output", "folder", type=click.Path(path_type=Path, file_okay=False), required=True)
@option("--platform", "platforms", type=click.Choice(PLATFORMS), multiple=True)
@option("--python", "pythons", type=click.Choice(PYTHONS), multiple=True)
@lang_option
def command(folder: Path, platforms: tuple[str, ...], pythons: tuple[str, ...]) -> None:
    """Its help is in the catalogue."""
    from addin.offline.folder import pack
    from addin.xlam import build

    lang = language()
    with refusals():
        packed = pack(
            folder,
            targets=platforms or PLATFORMS,
            pythons=pythons or (f"{sys.version_info.major}.{sys.version_info.minor}",),
            lang=lang,
            build_addin=lambda path: build(path, lang=lang),
            told=lambda target, python: click.echo(text("pack.fetching", target=target, python=python), err=True),
        )
    print_packed(packed)
    raise SystemExit(WITH_ERRORS if any(each.missing for each in packed.fetched) else CLEAN)


def print_packed(packed: Packed) -> None:
    """What was packed, how large it is, where it runs, and what was not to be had."""
    from addin.offline.folder import missing_lines

    click.echo(text("pack.done", folder=str(packed.folder), size=_size(packed.size())))
    for part in PARTS:
        click.echo(f"  {part}  {_size(packed.size(part))}")
    for target in dict.fromkeys(each.target for each in packed.fetched):
        click.echo(f"  {text(f'pack.target.{target}')}")
        if glibc := packed.glibc(target):
            click.echo(f"    {text('pack.needs_glibc', glibc=f'2.{glibc}')}")
    for line in missing_lines(packed, language()):
        click.echo(line)
    click.echo(text("pack.next"))


def _size(count: int) -> str:
    return f"{count / 1_000_000:.1f} MB"
