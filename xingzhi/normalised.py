"""What a cell was read as: the value, what was changed to get it, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xingzhi.cleaning import Raw, typed
from xingzhi.labels import Text
from xingzhi.rows import Value

Note = tuple[str, Mapping[str, Text]]
"""A finding code and the arguments of its message beyond the column's name and the typed value."""

_USABLE_FAULTS = frozenset({"C109"})


@dataclass(frozen=True, slots=True)
class Normalised:
    """A value, what was changed to get it, and what is wrong where it could not be understood."""

    value: Value
    notes: tuple[Note, ...] = ()
    fault: Note | None = None

    @property
    def invalid(self) -> bool:
        """The value is mere text that no check can use. An odd phone number is still a phone number."""
        return self.fault is not None and self.fault[0] not in _USABLE_FAULTS


BLANK = Normalised(None)


def faulty(raw: Raw, code: str, **args: Text) -> Normalised:
    """Text that could not be understood, as it was typed."""
    return Normalised(typed(raw), fault=(code, args))
