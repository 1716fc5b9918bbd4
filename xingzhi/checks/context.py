"""What a check may know beside the rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from xingzhi.columns import Table
from xingzhi.findings import Finding
from xingzhi.rows import RowsByTable
from xingzhi.windows import Window


@dataclass(frozen=True)
class Context:
    """The tables in use, the programme's time (`window`), and the day on which the check is made.

    `unit` is the code of the unit whose rows they are, '' where nobody knows; `units` those of all units of the office.
    """

    tables: tuple[Table, ...]
    window: Window
    today: date
    unit: str = ""
    units: frozenset[str] = frozenset()

    def table(self, key: str) -> Table:
        """The table of this key; KeyError where the programme does not use it."""
        for table in self.tables:
            if table.key == key:
                return table
        raise KeyError(key)


Check = Callable[[RowsByTable, Context], Iterable[Finding]]
"""The one signature of a check. It looks at normalised rows and never raises for a user's mistake."""
