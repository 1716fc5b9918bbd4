"""`xingzhi`: the one command."""

from __future__ import annotations

import sys

import click

from cli.commands import (
    addin,
    check,
    deadlines,
    demo,
    diff,
    history,
    init,
    issue,
    pack,
    print_forms,
    programmes,
    rescue,
    restore,
    status,
    sync,
    template,
    watch,
)
from cli.localised import LocalisedGroup, LocalisedOption, lang_option


@click.group(cls=LocalisedGroup, name="xingzhi")
@lang_option
@click.version_option(package_name="xingzhi", cls=LocalisedOption)
def xingzhi() -> None:
    """The group; its help is in the catalogue."""


COMMANDS = (
    demo,
    programmes,
    template,
    init,
    issue,
    check,
    rescue,
    deadlines,
    sync,
    watch,
    status,
    history,
    diff,
    restore,
    print_forms,
    addin,
    pack,
)
for each in COMMANDS:
    xingzhi.add_command(each.command)


def main() -> None:
    """The entry point. What stops the whole command is one line on stderr and exit code 2."""
    # Windows consoles and pipes often stand on GBK, which lacks some of what users type.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    xingzhi()


if __name__ == "__main__":
    main()
