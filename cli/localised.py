"""Click commands whose help is in the message catalogue, Chinese by default."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import click

from xingzhi import messages
from xingzhi.labels import Lang

LANG_VARIABLE = "XINGZHI_LANG"
_META = "xingzhi.lang"


def language(ctx: click.Context | None = None) -> Lang:
    """The language of this call: --lang, else the environment, else Chinese."""
    ctx = ctx or click.get_current_context(silent=True)
    chosen = ctx.meta.get(_META) if ctx else None
    name = chosen or os.environ.get(LANG_VARIABLE, Lang.ZH.value)
    return Lang(name) if name in tuple(Lang) else Lang.ZH


def text(key: str, **args: str | int) -> str:
    """A text of the catalogue in the language of this call."""
    return messages.text(key, language(), **args)


class LocalisedOption(click.Option):
    """An option whose help is the text `cli.option.<name>`."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The option and its help in the language of the call."""
        self.help = messages.text(f"cli.option.{self.name}", language(ctx))
        return super().get_help_record(ctx)


class LocalisedCommand(click.Command):
    """A command whose help is the text `cli.<name>`."""

    def get_short_help_str(self, limit: int = 45) -> str:
        """One line, for the list of commands."""
        return messages.text(f"cli.{self.name}", language())

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The help in the language of the call."""
        self.help = messages.text(f"cli.{self.name}", language(ctx))
        super().format_help_text(ctx, formatter)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """--help, in the language of the call."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = messages.text("cli.option.help", language(ctx))
        return option


class LocalisedGroup(LocalisedCommand, click.Group):
    """The group of all commands."""

    command_class = LocalisedCommand


def option(*names: str, **settings: Any) -> Callable[[Any], Any]:
    """`click.option` with its help in the catalogue."""
    return click.option(*names, cls=LocalisedOption, **settings)


def _set_language(ctx: click.Context, _: click.Parameter, value: str | None) -> None:
    if value:
        ctx.meta[_META] = value


lang_option = option(
    "--lang",
    type=click.Choice([lang.value for lang in Lang]),
    is_eager=True,
    expose_value=False,
    callback=_set_language,
)
"""`--lang zh|en` on every command."""
