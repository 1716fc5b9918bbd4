"""The one message catalogue: every text that a user reads, in Chinese and English.

`catalogue/findings.yaml` holds the findings by code (severity, message, remedy), `catalogue/texts.yaml` all else.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

import yaml

from xingzhi.labels import Label, Lang, Text, show


@cache
def _catalogue(name: str) -> dict[str, Any]:
    text = resources.files("xingzhi").joinpath("catalogue", f"{name}.yaml").read_text(encoding="utf-8")
    # The C loader is five times as fast and not in every build of PyYAML.
    loaded = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    if not isinstance(loaded, dict):
        raise TypeError(f"catalogue {name} is not a mapping")
    return loaded


def finding_codes() -> tuple[str, ...]:
    """Every finding code, in order."""
    return tuple(sorted(_catalogue("findings")))


def finding_severity(code: str) -> str:
    """The severity of a code unless a rule gives another; KeyError where the catalogue lacks the code."""
    return str(_catalogue("findings")[code]["severity"])


def finding_parity(code: str) -> str:
    """What the self-check formula of a row knows of a code, `none` where the catalogue says nothing; KeyError where the
    catalogue lacks the code."""
    return str(_catalogue("findings")[code].get("formula", "none"))


def is_settled_by_word(code: str) -> bool:
    """Whether a finding of this code asks for nothing but the unit's explanation: it then has a text `explained`."""
    return "explained" in _catalogue("findings")[code]


def finding_text(code: str, part: str, lang: Lang, fields: Mapping[str, Text]) -> str:
    """The `message`, `remedy` or `explained` of a code with its fields filled in."""
    template = finding_template(code, part, lang)
    return template.format_map({key: show(value, lang) for key, value in fields.items()})


def finding_template(code: str, part: str, lang: Lang) -> str:
    """The `message`, `remedy` or `explained` of a code as the catalogue has it."""
    return str(_catalogue("findings")[code][part][lang.value])


def text(key: str, lang: Lang, **fields: Text | int) -> str:
    """A text of the catalogue, its fields filled in; KeyError where the catalogue lacks the key."""
    template = text_template(key, lang)
    shown = {name: str(value) if isinstance(value, int) else show(value, lang) for name, value in fields.items()}
    return template.format_map(shown) if shown else template


def text_template(key: str, lang: Lang) -> str:
    """A text of the catalogue as the catalogue has it; KeyError where it lacks the key."""
    return str(_catalogue("texts")[key][lang.value])


def label(key: str, **fields: Text | int) -> Label:
    """A text of the catalogue in both languages, for what is told before it is known who reads it."""
    return Label(text(key, Lang.ZH, **fields), text(key, Lang.EN, **fields))


def text_keys() -> tuple[str, ...]:
    """Every key of the texts, in order."""
    return tuple(sorted(_catalogue("texts")))
