"""Did you mean: what a text that nothing answers may have been meant for. It is only ever said, never applied."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from xingzhi import messages
from xingzhi.cleaning import compact
from xingzhi.columns import Choice, Column
from xingzhi.labels import Label, Text

MOST = 3
"""So many names that are equally near are told; more would be no help."""

_LONGEST = 60
_NUMBERS = re.compile("[0-9]+")
_SIGNS = re.compile(r"[\W_]+")


def near(text: str, names: Iterable[str], *, within: bool = True) -> tuple[str, ...]:
    """The names that differ from a text by the fewest slips, one in two to six characters and one more in each four after
    that, at most `MOST` of them; `within`, else the longest name that stands in the text or in which the text stands. ()
    where nothing is near, or too much is equally so."""
    ours = _plain(text)
    if not 1 < len(ours) <= _LONGEST:
        return ()
    others = {name: plain for name in dict.fromkeys(names) if 1 < len(plain := _plain(name)) <= _LONGEST}
    slips = {
        name: (found, abs(len(ours) - len(plain)))
        for name, plain in others.items()
        if (found := _slips(ours, plain)) is not None
    }
    if slips:
        # Of two slips the wrong character is likelier than the one too few: 付组长 is 副组长, not 组长.
        best = min(slips.values())
        return _few([name for name, each in slips.items() if each == best])
    inside = {name: len(plain) for name, plain in others.items() if _stands_in(ours, plain)} if within else {}
    longest = max(inside.values(), default=0)
    return _few([name for name, each in inside.items() if each == longest])


def _few(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(names) if len(names) <= MOST else ()


@lru_cache(maxsize=8192)
def _plain(text: str) -> str:
    return compact(text).casefold()


def _slips(ours: str, theirs: str) -> int | None:
    """How many slips part two texts; None where they are too many for a slip."""
    # XM2 is not XM1 with a slip: what differs in its number is another thing.
    if _numbers(ours) != _numbers(theirs):
        return None
    if _SIGNS.sub("", ours) == _SIGNS.sub("", theirs) or sorted(ours) == sorted(theirs):
        return 1 if ours != theirs else 0
    longest = max(len(ours), len(theirs))
    allowed = 1 + max(longest - 3, 0) // 4
    if abs(len(ours) - len(theirs)) > allowed:
        return None
    found = _distance(ours, theirs)
    # Of two characters the one is no trace of the other.
    return found if found <= allowed and found * 2 < longest else None


def _distance(one: str, other: str) -> int:
    """The characters to change, to add or to leave out."""
    line = list(range(len(other) + 1))
    for row, mine in enumerate(one, start=1):
        above, line[0] = line[0], row
        for place, theirs in enumerate(other, start=1):
            above, line[place] = line[place], min(above + (mine != theirs), line[place] + 1, line[place - 1] + 1)
    return line[-1]


def _stands_in(ours: str, theirs: str) -> bool:
    return (ours in theirs or theirs in ours) and _numbers(ours) == _numbers(theirs)


def _numbers(text: str) -> list[int]:
    return [int(number) for number in _NUMBERS.findall(text)]


def near_choice(text: str, choices: Iterable[Choice]) -> Mapping[str, Text]:
    """`near` of a message on a text that is none of the choices; empty where no label or other name is near."""
    meant = {spelling: choice for choice in choices for spelling in (*choice.label.both(), *choice.aliases)}
    labels = list(dict.fromkeys(meant[name].label for name in near(text, meant)))
    return _said([label.zh for label in labels], [label.en for label in labels])


def near_name(text: str, names: Iterable[str]) -> Mapping[str, Text]:
    """`near` of a message on a name that nothing answers; empty where no name is near."""
    found = near(text, names)
    return _said(found, found)


def _said(zh: Iterable[str], en: Iterable[str]) -> dict[str, Text]:
    names = Label("”或“".join(zh), "' or '".join(en))
    return {"near": messages.label("near.name", names=names)} if names.zh else {}


def near_columns(headers: Mapping[int, str], missing: Iterable[Column]) -> dict[int, Column]:
    """Which unknown header, by its place, may be which missing column, where no other header may be it too."""
    meant = {spelling: column for column in missing for spelling in column.spellings}
    found: dict[int, Column] = {}
    for place, header in headers.items():
        columns = {meant[name].key: meant[name] for name in near(header, meant)}
        if len(columns) == 1:
            found[place] = next(iter(columns.values()))
    keys = [column.key for column in found.values()]
    return {place: column for place, column in found.items() if keys.count(column.key) == 1}


def header_hint(column: Column | None) -> Mapping[str, Text]:
    """`near` of the message on an unknown header that may be a missing column."""
    return {"near": messages.label("near.column", name=column.label)} if column else {}


def missing_hint(column: Column, headers: Sequence[str]) -> Mapping[str, Text]:
    """`near` of the message on a missing column that an unknown header may be."""
    return {"near": messages.label("near.header", header=headers[0], name=column.label)} if headers else {}
