"""What the sheets of the master have in common: cells, columns, and the way from a declared table to a sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sync.cells import EXTRA
from sync.master_reader import cell_text, restored, stored
from sync.office_entries import Cells, Line
from sync.state import State
from workbook_templates.master_workbook import MasterSheet, OfficeCell
from workbook_templates.office_tables import LATE_KINDS
from workbook_templates.pen import Cell, Field, Fill, Look
from workbook_templates.unit_workbook import look_of
from xingzhi.columns import Choice, Column, Owner, Table
from xingzhi.grid import CellValue
from xingzhi.labels import Lang
from xingzhi.month_parts import part_text
from xingzhi.phones import mask_identity
from xingzhi.rows import Value, stored_text
from xingzhi.windows import Window


def as_cell(value: CellValue) -> Cell:
    """A raw value as a cell to write; what has no cell of its own is written as text."""
    if isinstance(value, datetime):
        return value.date() if value.time().isoformat() == "00:00:00" else value.isoformat(sep=" ")
    if (
        value is None
        or isinstance(value, str | date)
        or (isinstance(value, int | float) and not isinstance(value, bool))
    ):
        return value
    return cell_text(value)


def as_typed(value: CellValue) -> OfficeCell:
    """A cell of the office's own: what it holds, with one type for each kind of value, whoever saved the file."""
    return restored(stored(value))


def field_of(column: Column, lang: Lang) -> Field:
    """How a column of the master is printed: what the office fills is light blue."""
    fill = Fill.OTHER if column.owner is not Owner.OFFICE else (Fill.REQUIRED if column.required else Fill.UNIT)
    return Field(column.label.of(lang), column.width, look_of(column), fill)


def cell_of(column: Column, value: Value, state: State) -> Cell:
    """A stored value as the master shows it: choices by their labels. An identity number, wherever the unit typed it, goes
    no further up than the unit's own workbook."""
    if value in (None, "", ()):
        return None
    if isinstance(value, Window):
        return part_text(value, state.settings.term.time)
    if column.choices:
        labels = {choice.key: choice.label.of(state.lang) for choice in column.choices}
        keys = value if isinstance(value, tuple) else (str(value),)
        value = "、".join(labels.get(key, key) for key in keys)
    if isinstance(value, str | tuple):
        return stored_text(value) if column.owner is Owner.OFFICE else mask_identity(stored_text(value))
    return value


def cell_of_choice(choices: Sequence[Choice], value: Value, lang: Lang) -> Cell:
    """A choice by its label; what is no choice as it was typed."""
    labels = {choice.key: choice.label.of(lang) for choice in choices}
    text = stored_text(value)
    return labels.get(text, text) or None


def _drop_downs(columns: Sequence[Column], lang: Lang) -> dict[int, list[str]]:
    return {
        index: [choice.label.of(lang) for choice in column.choices]
        for index, column in enumerate(columns)
        if column.choices and column.owner is Owner.OFFICE
    }


def table_sheet(
    state: State,
    table: Table,
    rows: Sequence[Sequence[OfficeCell]],
    *,
    added: Sequence[str] = (),
    lines: Sequence[Line] = (),
    places: Mapping[int, int] | None = None,
    key_columns: int = 1,
    room: int = 0,
    unprinted: int = 0,
    colours: Mapping[str, str] | None = None,
    coloured: Sequence[str] = (),
    lead: str = "",
) -> MasterSheet:
    """A declared table as a sheet. `added` are the office's own columns, at its end; `lines` belong to nothing we know and
    follow the rows, of which `places` tells where the office entered them; `coloured` are the columns, by key, whose cells
    are coloured by what they say."""
    keys = [column.key for column in table.columns]
    return MasterSheet(
        name=table.label.of(state.lang),
        table=table.key,
        lead=lead or table.purpose.of(state.lang),
        fields=[
            *(field_of(column, state.lang) for column in table.columns),
            *added_fields(added),
        ],
        rows=[*rows, *(loose_row(keys, line.cells, added) for line in lines)],
        own=range(len(keys), len(keys) + len(added)),
        key_columns=key_columns,
        room=room,
        unprinted=0 if added else unprinted,
        lists=_drop_downs(table.columns, state.lang),
        colours=colours or {},
        coloured=[keys.index(key) for key in coloured],
        columns=[*keys, *(EXTRA + header for header in added)],
        places={**(places or {}), **places_of(lines, len(rows))},
        notes=range(len(rows), len(rows) + len(lines)),
    )


def places_of(lines: Sequence[Line], first: int) -> dict[int, int]:
    """Where lines stand that are the rows of a sheet from `first` on."""
    return {row: line.place for row, line in enumerate(lines, start=first) if line.place is not None}


def with_office(
    table: Table, computed: Mapping[str, Cell], office: Mapping[str, Value], added: Sequence[str], state: State
) -> list[OfficeCell]:
    """A row of the tool's columns and, in the office's, of what the office wrote."""
    cells: list[OfficeCell] = [
        cell_of(column, office.get(column.key), state) if column.owner is Owner.OFFICE else computed.get(column.key)
        for column in table.columns
    ]
    return [*cells, *added_cells(office, added)]


def late_mark(state: State, unit: str, table: str, record: str) -> Cell:
    """补报: the closed month of a row that came, changed or went after the close, and which of these it was."""
    late = state.close.late.get((unit, table, record))
    return f"{late.month} {cell_of_choice(LATE_KINDS, late.kind, state.lang)}" if late else None


def added_fields(added: Sequence[str]) -> list[Field]:
    """The columns that the office added."""
    return [Field(header, 14, Look.WRAP, Fill.UNIT) for header in added]


def added_cells(office: Mapping[str, Value], added: Sequence[str]) -> list[OfficeCell]:
    """What the office wrote in the columns that it added, as it typed it."""
    return [restored(office.get(EXTRA + header)) for header in added]


def loose_row(names: Sequence[str], cells: Cells, added: Sequence[str]) -> list[OfficeCell]:
    """A line that belongs to nothing we know, kept in the columns where it stood."""
    return [*(as_cell(cells.get(name)) for name in names), *(as_typed(cells.get(EXTRA + header)) for header in added)]
