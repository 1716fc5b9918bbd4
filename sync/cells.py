"""The cells of one record: what changes when a row of a file meets its base and what the ledger has by now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sync.records import CellChange, LedgerRow, Values, clean, filled, natural_key
from xingzhi.columns import Column, Owner, Table
from xingzhi.labels import Label, Lang
from xingzhi.phones import mask_identity
from xingzhi.rows import Row, Value, stored_text

EXTRA = "+"
"""What the key of a column that the unit added begins with."""


@dataclass(frozen=True, slots=True)
class Merged:
    """The cells that change, and those of them that somebody else had changed to something else (conflicts)."""

    values: Values
    invalid: frozenset[str]
    changes: tuple[CellChange, ...] = ()
    conflicts: tuple[CellChange, ...] = ()


def said_columns(rows: Sequence[Row], table: Table) -> frozenset[str]:
    """The unit's columns that the file has at all: that one was deleted does not mean that its cells were cleared."""
    extra = {EXTRA + header for row in rows for header in row.extra}
    placed = {key for row in rows for key in row.cells}
    own = {column.key for column in table.owned_by(Owner.UNIT)}
    return frozenset(extra | ({key for key in own if key in placed} if placed else own))


def merge_cells(row: Row, values: Values, *, base: Values | None, current: LedgerRow, said: Iterable[str]) -> Merged:
    """Three ways where there is a base: what the file changed is taken, what it left alone stays as it is.

    Without a base (two copies wrote the same new record) a filled cell wins over a blank one. Where both sides
    wrote, the file wins, being the newer, and the cell is a conflict.
    """
    merged = clean(current.values)
    found: list[CellChange] = []
    conflicts: list[CellChange] = []
    invalid = set(current.invalid)
    for column in sorted(said):
        mine, held = values.get(column), merged.get(column)
        if mine == held or not (filled(mine) or filled(held)):
            invalid = invalid - {column} | (row.invalid & {column})
            continue
        before = base.get(column) if base is not None else None
        if mine == before or not (filled(mine) or filled(before)):
            continue
        change = CellChange(column, held, mine)
        found.append(change)
        if held != before and (filled(held) or filled(before)):
            conflicts.append(change)
        merged[column] = mine
        invalid = invalid - {column} | (row.invalid & {column})
    return Merged(clean(merged), frozenset(invalid), tuple(found), tuple(conflicts))


def header(table: Table, key: str) -> Label:
    """A column's name for a reader; an added one is named as the unit named it."""
    if key.startswith(EXTRA):
        return Label(key.removeprefix(EXTRA), key.removeprefix(EXTRA))
    return table[key].label


def address(row: Row, key: str) -> str:
    """The A1 address of a cell, that of an added column too, or ''."""
    return row.cell(key) or row.cell(key.removeprefix(EXTRA))


def shown(table: Table, key: str, value: Value, lang: Lang) -> str:
    """A value as a clerk sees it: choices by their labels, a text that is no choice as it was typed."""
    if key.startswith(EXTRA) or not table[key].choices:
        return stored_text(value)
    parts = value if isinstance(value, tuple) else (stored_text(value),)
    return "、".join(_choice(table[key], part, lang) for part in parts)


def short(table: Table, values: Values, lang: Lang) -> str:
    """A row in a few words: the filled parts of its natural key, else its first filled cells."""
    keys: Iterable[str] = table.natural_key if natural_key(values, table) else sorted(clean(values))
    parts = [shown(table, key, values.get(key), lang) for key in keys if filled(values.get(key))]
    # No half of an identity number is left by cutting it.
    text = mask_identity(" / ".join(parts[:4]))
    return text if len(text) <= 60 else text[:59] + "…"


def _choice(column: Column, key: str, lang: Lang) -> str:
    try:
        return column.choice(key).label.of(lang)
    except KeyError:
        return key
