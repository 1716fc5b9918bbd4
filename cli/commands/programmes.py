"""`xingzhi programmes [ID]`: the shipped profiles; one in full."""

from __future__ import annotations

import click

from cli.localised import LocalisedCommand, lang_option, language, text
from cli.output import fail, json_option, print_json, print_table


@click.command("programmes", cls=LocalisedCommand)
@click.argument("programme", required=False)
@json_option
@lang_option
def command(programme: str | None, as_json: bool) -> None:
    """Its help is in the catalogue."""
    from workbook_templates.profiles import profile, profile_ids
    from xingzhi.requirements import asked

    if programme is not None and programme not in profile_ids():
        fail(text("cli.no_programme", value=programme, known="、".join(profile_ids())))
    ids = [programme] if programme else list(profile_ids())
    if as_json:
        print_json({"programmes": [profile(each).model_dump(mode="json") for each in ids]})
        return
    lang = language()
    if programme is None:
        rows = [(each, profile(each).title.of(lang), profile(each).window) for each in ids]
        print_table([text("cli.programme.id"), text("cli.programme.title"), text("cli.programme.window")], rows)
        return
    found = profile(programme)
    click.echo(f"{found.id}  {found.title.of(lang)}  {found.window}")
    keys = ("id", "requirement", "kind", "scope", "window", "amount", "assumed")
    print_table(
        [text(f"cli.rule.{key}") for key in keys],
        [
            (
                rule.id,
                rule.title.of(lang),
                text(f"requirement.kind.{rule.kind}"),
                text(f"requirement.scope.{rule.scope.value}"),
                rule.window or "",
                f"{rule.minimum}–{rule.maximum}" if rule.maximum else str(asked(rule) or ""),
                "、".join(text(f"requirement.assumed.{name}") for name in rule.assumed),
            )
            for rule in found.requirements
        ],
    )
