"""Typed rows of a unit's tables, each value with the cell it came from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from xingzhi.columns import Owner, Table
from xingzhi.windows import Window, full_text

Value = str | int | date | Window | tuple[str, ...] | None
"""A normalised value. A choice column holds its key, a multiple one a tuple of keys, a period `YYYY-MM`, and a date that may
be planned as a part of a month (`Column.spans`) a day or a window.
What could not be understood stays the text that the user typed (see `Row.invalid`)."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of one table.

    `values` has every declared column (None where blank). `invalid` names the columns whose text could not be
    understood. `extra` holds columns that the file has and the template has not, by their headers. `cells` gives the
    A1 address of each column in `sheet`.
    """

    table: str
    values: Mapping[str, Value]
    record: str = ""
    file: str = ""
    sheet: str = ""
    number: int = 0
    cells: Mapping[str, str] = field(default_factory=dict)
    invalid: frozenset[str] = frozenset()
    extra: Mapping[str, str] = field(default_factory=dict)

    def get(self, key: str) -> Value:
        """The value of a column, None where blank, absent or not understood."""
        return None if key in self.invalid else self.values.get(key)

    def text(self, key: str) -> str:
        """The value as text, empty where blank."""
        value = self.values.get(key)
        return "" if value is None else stored_text(value)

    def date(self, key: str) -> date | None:
        """The value of a date column, None where it is blank or not a date."""
        value = self.get(key)
        return value if isinstance(value, date) else None

    def days(self, key: str) -> Window | None:
        """The days that a date column names: one, or those of the part of a month; None where there is no date."""
        value = self.get(key)
        if isinstance(value, Window):
            return value
        return Window(value, value) if isinstance(value, date) else None

    def keys(self, key: str) -> tuple[str, ...]:
        """The choices that a cell holds, as keys."""
        value = self.get(key)
        if value is None:
            return ()
        return value if isinstance(value, tuple) else (str(value),)

    def cell(self, key: str) -> str:
        """The A1 address of a column's cell, empty where the file lacks the column."""
        return self.cells.get(key, "")

    def natural_key(self, table: Table) -> tuple[str, ...]:
        """The values of the table's natural key as text."""
        return tuple(self.text(key) for key in table.natural_key)


RowsByTable = Mapping[str, tuple[Row, ...]]


def stored_text(value: Value) -> str:
    """A value in the one textual form that ledger, keys and JSON use."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        return "、".join(value)
    if isinstance(value, date):
        return value.isoformat()
    return full_text(value) if isinstance(value, Window) else str(value)


def unit_values(row: Row, table: Table) -> dict[str, Value]:
    """What the unit wrote in a row: its own columns, and the columns that it added (under `+header`)."""
    values = {column.key: row.values.get(column.key) for column in table.owned_by(Owner.UNIT)}
    return values | {f"+{header}": text for header, text in row.extra.items()}


def is_blank(row: Row, table: Table) -> bool:
    """A row is empty when no unit-owned cell of it holds a value."""
    return all(value in (None, "", ()) for value in unit_values(row, table).values())


def encode(values: Mapping[str, Value]) -> str:
    """Values as canonical JSON, blanks left out: equal rows give equal text."""
    tagged = {key: _tag(value) for key, value in values.items() if value not in (None, "", ())}
    return json.dumps(tagged, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def decode(text: str) -> dict[str, Value]:
    """The inverse of `encode`."""
    return {key: _untag(item) for key, item in json.loads(text).items()}


def _tag(value: Value) -> object:
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, Window):
        return {"from": value.start.isoformat(), "to": value.end.isoformat()}
    return list(value) if isinstance(value, tuple) else value


def _untag(item: object) -> Value:
    if isinstance(item, dict) and "from" in item:
        return Window(date.fromisoformat(str(item["from"])), date.fromisoformat(str(item["to"])))
    if isinstance(item, dict):
        return date.fromisoformat(str(item["date"]))
    if isinstance(item, list):
        return tuple(str(part) for part in item)
    if item is None or isinstance(item, str | int):
        return item
    raise TypeError(f"not a stored value: {item!r}")


def content_hash(rows: Iterable[tuple[str, str, Mapping[str, Value]]]) -> str:
    """A hash of (table, record, unit values), so that a file that was merely saved again is seen as unchanged."""
    digest = hashlib.sha256()
    for line in sorted(f"{table}\x1f{record}\x1f{encode(values)}" for table, record, values in rows):
        digest.update(line.encode())
        digest.update(b"\x1e")
    return digest.hexdigest()
