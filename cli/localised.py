"""Click commands whose help is in the message catalogue, Chinese by default."""

from __future__ import annotations

import os
import re
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


class LocalisedFormatter(click.HelpFormatter):
    """Click's help with its own few words in the language of the call."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The line of usage."""
        super().write_usage(prog, args, prefix or text("cli.help.usage"))

    def write_heading(self, heading: str) -> None:
        """The heading of a section; one that the catalogue has not stays as it is."""
        key = f"cli.help.{heading.lower()}"
        super().write_heading(text(key) if key in messages.text_keys() else heading)


class LocalisedContext(click.Context):
    """The context of a localised command."""

    formatter_class = LocalisedFormatter


class LocalisedOption(click.Option):
    """An option whose help is the text `cli.option.<name>`."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The option and its help in the language of the call."""
        self.help = None
        record = super().get_help_record(ctx)
        if record is None:
            return None
        notes = re.sub(r"default: ([^;\]]*)", lambda found: text("cli.help.default", value=found[1]), record[1])
        notes = re.sub(r"\brequired\b", text("cli.help.required"), notes)
        return record[0], f"{messages.text(f'cli.option.{self.name}', language(ctx))}  {notes}".rstrip()


class LocalisedCommand(click.Command):
    """A command whose help is the text `cli.<name>`."""

    context_class = LocalisedContext

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; whatever stops it ends with one line and exit code 2."""
        from cli.output import refusals

        with refusals():
            return super().invoke(ctx)

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
