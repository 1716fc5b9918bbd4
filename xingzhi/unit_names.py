"""The names of the programme's units as the office lists them: which unit a spelling of one means."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from xingzhi.cleaning import unpadded, visible
from xingzhi.near_misses import near

_NOT_IN_FILES = r'[\\/:*?"<>|\s]+'
"""What some system does not take in the name of a file."""

_BRACKETS = str.maketrans("〔［【〈《{[〕］】〉》}]", "((((((()))))))")
_ENDINGS = {"办公室": "办", "委员会": "委"}
"""What ends a unit's name in full, and what people shorten it to."""

_LONG_ENDING = re.compile("(办|委)(?:公室|员会)")
_FULL = "\ue000"
"""Stands, in a folded text, for the rest of an ending in full."""

_HAN = "\u3400-\u9fff"


def file_stem(code: str, name: str) -> str:
    """How the files of a unit are named: by its code, and its name as every system accepts it."""
    return f"{code}_{re.sub(_NOT_IN_FILES, '', name)[:40] or 'unit'}"


def folded(text: str) -> str:
    """A name for comparing: one width, one kind of brackets, no spaces."""
    return "".join(unicodedata.normalize("NFKC", visible(text)).split()).casefold().translate(_BRACKETS)


def _shortened(text: str) -> str:
    text = folded(text)
    for full, short in _ENDINGS.items():
        text = text.removesuffix(full) + short if text.endswith(full) else text
    return text


_FOLDS: tuple[Callable[[str], str], ...] = (unpadded, folded, _shortened)
"""From the strictest to the loosest."""


@dataclass(frozen=True)
class UnitNames:
    """`names` has, for each unit, the name that it bears now and then those that it once bore."""

    names: tuple[tuple[str, ...], ...]

    def current(self, text: str) -> str:
        """The present name of the unit that a text names; '' where it names none, or could name two."""
        for fold, known in zip(_FOLDS, self._known, strict=True):
            if found := known.get(fold(text)):
                return next(iter(found)) if len(found) == 1 else ""
        return ""

    def near(self, text: str) -> str:
        """The one unit whose name is near; '' where there is none, or more than one."""
        meant: dict[str, set[str]] = {}
        for each in self.names:
            for name in each:
                meant.setdefault(name, set()).add(each[0])
        found = {present for name in near(text, meant, within=False) for present in meant[name]}
        return found.pop() if len(found) == 1 else ""

    @cached_property
    def _known(self) -> list[Mapping[str, set[str]]]:
        """By how a name is folded, the units' present names; what one bears, another's former name does not mean."""
        known: list[Mapping[str, set[str]]] = []
        for fold in _FOLDS:
            present: dict[str, set[str]] = {}
            former: dict[str, set[str]] = {}
            for name, *earlier in self.names:
                present.setdefault(fold(name), set()).add(name)
                for each in earlier:
                    former.setdefault(fold(each), set()).add(name)
            known.append(former | present)
        return known


def named_in(text: str, names: Sequence[Sequence[str]]) -> list[int]:
    """Which units, each by all its names, a text such as the name of a file names: their places in `names`.

    A name inside a longer one of another unit counts for nothing. A name with its ending in full is also found with the
    short one, where no other word goes on from there.
    """
    marked = _LONG_ENDING.sub(rf"\1{_FULL}", folded(text))
    found = [
        (match.start(), match.end(), place)
        for place, each in enumerate(names)
        for name in each
        if (pattern := _pattern(name))
        for match in re.finditer(pattern, marked)
    ]
    outer = {
        place
        for start, end, place in found
        if not any(
            first <= start and end <= last and last - first > end - start
            for first, last, other in found
            if other != place
        )
    }
    return sorted(outer)


def _pattern(name: str) -> str:
    marked = _LONG_ENDING.sub(rf"\1{_FULL}", folded(name))
    pattern = re.escape(marked.removesuffix(_FULL))
    if marked.endswith(_FULL):
        pattern += f"(?:{_FULL}|(?![{_HAN}]))"
    # T01 does not stand in T011.
    return pattern + "(?![0-9])" if marked[-1:].isdigit() else pattern
