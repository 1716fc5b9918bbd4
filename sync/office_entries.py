"""What the office typed into the master, as values: of its own columns, of rows and columns that it added."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from xingzhi.columns import Column
from xingzhi.grid import CellValue
from xingzhi.labels import Label
from xingzhi.rows import Row, Value

RawRow = tuple[CellValue, ...]
Cells = Mapping[str, CellValue]
"""A row as it stands: declared columns by key, added ones by `+header`, blanks left out."""


class Key(NamedTuple):
    """The key of what the office wrote: (programme instance, unit, table, record number or the like)."""

    programme: str
    unit: str
    table: str
    record: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row as it stands in the master, at `place`, counted from 0 below the header; None for one of another file."""

    cells: Cells
    place: int | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A unit's cell that the office changed in the master: told to the unit, not applied."""

    key: Key
    column: Column
    before: str
    after: str


@dataclass(frozen=True)
class Entered:
    """A row that the office entered for a unit (代录). `office` is what it wrote in its own columns; `copied` the record
    whose row, number and all, it was copied from."""

    unit: str
    row: Row
    office: Mapping[str, Value]
    line: Line
    copied: Key | None = None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A cell of the office's own that could not be understood: it stays as it was typed, and is not used."""

    key: Key
    sheet: Label
    column: Column
    typed: str


@dataclass(frozen=True)
class Known:
    """What the tool itself has written, so that all else in the master is the office's.

    `listed` are the units of 单位名册, `units` also those that left rows. `rows` gives each record's values as last
    written. `lines` are the keys of the lines that the tool wrote into 催报台账, 填报问题 and 月度结账, and `headers` the columns
    of 完成情况 as they were, None where that is not known; `own_headers` are those of them that the office had added.
    `ahead` tells that the master is of a run that was cut off before the ledger had it. `names` gives the codes of the listed
    units by their names.
    """

    programme: str
    listed: frozenset[str]
    units: frozenset[str]
    rules: frozenset[str]
    runs: frozenset[str]
    rows: Mapping[Key, Mapping[str, Value]]
    lines: frozenset[Key] | None
    headers: frozenset[str] | None
    own_headers: frozenset[str]
    ahead: bool = False
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass
class OfficeEntries:
    """`values` has each record's office-owned cells by column key, and the columns that the office added by `+header`.

    `spoken` are the office's declared columns that a sheet has: of one that it has lost nothing is said. `rows` are
    records that the office entered for a unit. `loose` are lines that belong to nothing we know, kept as they stand;
    `pending` those that do, if what they name is owed. `headers` are the added columns of each table.
    """

    values: dict[Key, dict[str, Value]] = field(default_factory=dict)
    spoken: dict[str, frozenset[str]] = field(default_factory=dict)
    unreadable: list[Unreadable] = field(default_factory=list)
    rows: list[Entered] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)
    headers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    loose: dict[str, list[Line]] = field(default_factory=dict)
    pending: dict[str, list[tuple[Key, Line]]] = field(default_factory=dict)
