"""The choices of a column in the words that clerks have for them, several in one cell too."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from xingzhi.cleaning import Raw, cell_text, clean, typed
from xingzhi.columns import ROLE_SEPARATORS, Choice
from xingzhi.labels import Label
from xingzhi.near_misses import near_choice
from xingzhi.normalised import BLANK, Normalised, faulty


@dataclass(frozen=True, slots=True)
class Spellings:
    """The choices by every text that means one: `exact` needs no word about it, `loose` is compared without width and
    case. `listed` names them all."""

    exact: Mapping[str, Choice]
    loose: Mapping[str, Choice]
    listed: Label
    choices: tuple[Choice, ...]

    def find(self, text: str) -> Choice | None:
        """The choice that a text means, None where it means none."""
        return self.exact.get(text) or self.loose.get(clean(text).casefold())


@lru_cache(maxsize=256)
def spellings(choices: tuple[Choice, ...]) -> Spellings:
    """Every text that means one of some choices."""
    exact = {text: choice for choice in choices for text in (choice.key, *choice.label.both())}
    loose: dict[str, Choice] = {}
    aliases = ((alias, choice) for choice in choices for alias in choice.aliases)
    for text, meant in (*exact.items(), *aliases):
        loose.setdefault(clean(text).casefold(), meant)
    return Spellings(exact, loose, joined(choices), choices)


def joined(choices: tuple[Choice, ...] | list[Choice]) -> Label:
    """The labels of some choices as one text."""
    zh, en = zip(*(choice.label.both() for choice in choices), strict=True)
    return Label("、".join(zh), ", ".join(en))


_CONCURRENT = re.compile(r"\s*[(（]\s*兼职?\s*[)）]")
"""What is written behind a role that somebody holds beside another one."""

_WORDS_BETWEEN = ("兼任", "兼任|和", "兼任|以及|及", "兼任|与", r"兼任|[&·。\\]")
_SPLITS = (f"[{ROLE_SEPARATORS}]", *(rf"(?:{words}|[{ROLE_SEPARATORS}\s])+" for words in _WORDS_BETWEEN))
"""What parts several choices in one cell: each is tried only where the ones before leave something that is no choice."""


def read_choice(raw: Raw, spellings: Spellings) -> Normalised:
    """The key of the one choice that a cell names."""
    text = cell_text(raw)
    if not typed(raw):
        return BLANK
    found = spellings.find(text) or spellings.find(_CONCURRENT.sub("", text))
    if found is None:
        return _no_choice(raw, spellings)
    return Normalised(found.key, () if text in spellings.exact else (("N105", {"after": found.label}),))


def read_choices(raw: Raw, spellings: Spellings) -> Normalised:
    """The keys of the choices that a cell names, in its order, none twice."""
    if not typed(raw):
        return BLANK
    text = cell_text(raw)
    plain = _CONCURRENT.sub("", text)
    # The whole text is tried first, and spaces split only what nothing else does: `Deputy leader` is one role.
    for tried, parts in enumerate(([plain], *(re.split(split, plain) for split in _SPLITS))):
        found = [(part, spellings.find(part)) for part in parts if typed(part)]
        chosen = [choice for _, choice in found if choice]
        if chosen and len(chosen) == len(found):
            unique = list(dict.fromkeys(chosen))
            exact = plain == text and tried < 2 and len(unique) == len(parts)
            exact = exact and all(part in spellings.exact for part in parts)
            keys = tuple(choice.key for choice in unique)
            return Normalised(keys, () if exact else (("N105", {"after": joined(unique)}),))
    return _no_choice(raw, spellings)


def _no_choice(raw: Raw, spellings: Spellings) -> Normalised:
    return faulty(raw, "C104", choices=spellings.listed, **near_choice(cell_text(raw), spellings.choices))
