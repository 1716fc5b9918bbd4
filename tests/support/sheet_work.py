"""What staff do to the rows of a sheet in Excel, by chance: they sort, insert, copy, paste over, clear and type."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from hypothesis import strategies as st

from workbook_templates.tables.reports import REPORTS
from xingzhi.columns import Table, record_number
from xingzhi.rows import Value

UNIT = "LD"
PRINTED = 12
"""The serials that stand in the sheet as it was issued."""

TWO_PARTS = REPORTS
ONE_PART = replace(REPORTS, key="titles", letters="BA", natural_key=("title",))
NO_KEY = replace(REPORTS, key="loose", letters="BB", natural_key=())
TABLES = (TWO_PARTS, ONE_PART, NO_KEY)

CELLS: Mapping[str, Sequence[str]] = {
    "period": ("2026-06", "2026-07"),
    "title": ("启动", "培训", "走访", "总结", "座谈", "表彰"),
    "kind": ("news", "survey"),
    "author": ("韦青", "覃明"),
}
"""Few values, so that by chance rows share cells, keys and whole contents."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the sheet: the number that stands in it, and what the unit wrote, blanks left out."""

    number: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)


Lines = list[Line]
Work = Callable[[st.DrawFn, Lines, Table], Lines]


def number(serial: int, table: Table) -> str:
    """A record number of the unit."""
    return record_number(UNIT, table.letters, serial)


def blank_sheet(table: Table) -> Lines:
    """The sheet as it was issued: numbers and nothing else."""
    return [Line(number(serial, table)) for serial in range(1, PRINTED + 1)]


@st.composite
def contents(draw: st.DrawFn) -> Mapping[str, Value]:
    """What a clerk types into a row; now and then a cell is left out."""
    found = {key: draw(st.sampled_from((*values, *values, None))) for key, values in CELLS.items()}
    return {key: value for key, value in found.items() if value} or {"title": "启动"}


def _place(draw: st.DrawFn, lines: Lines) -> int:
    return draw(st.integers(0, len(lines) - 1))


def _filled(draw: st.DrawFn, lines: Lines) -> int:
    places = [place for place, line in enumerate(lines) if line.values]
    return draw(st.sampled_from(places)) if places else _place(draw, lines)


def _with(lines: Lines, place: int, line: Line) -> Lines:
    return [*lines[:place], line, *lines[place + 1 :]]


def _inserted(draw: st.DrawFn, lines: Lines, line: Line) -> Lines:
    place = draw(st.integers(0, len(lines)))
    return [*lines[:place], line, *lines[place:]]


def sort_rows(draw: st.DrawFn, lines: Lines, table: Table) -> Lines:
    """Sort the rows, numbers and all."""
    return draw(st.permutations(lines))


def sort_beside_numbers(draw: st.DrawFn, lines: Lines, table: Table) -> Lines:
    """Sort all columns but that of the numbers."""
    values = draw(st.permutations([line.values for line in lines]))
    return [replace(line, values=each) for line, each in zip(lines, values, strict=True)]


def sort_one_column(draw: st.DrawFn, lines: Lines, table: Table) -> Lines:
    """Sort one column, the others left where they were: the rows are mixed up for good."""
    key = draw(st.sampled_from([*CELLS]))
    cells = draw(st.permutations([line.values.get(key) for line in lines]))
    return [replace(line, values=_cells({**line.values, key: cell})) for line, cell in zip(lines, cells, strict=True)]


def type_a_row(draw: st.DrawFn, lines: Lines, table: Table) -> Lines:
    """Type a new row into a printed blank one, or below."""
    blank = next((place for place, line in enumerate(lines) if not line.values), None)
    if blank is None:
        return [*lines, Line("", draw(contents()))]
    return _with(lines, blank, replace(lines[blank], values=draw(contents())))


def insert_a_row(draw: st.DrawFn, lines: Lines, table: Table) -> Lines:
    """Insert a row anywhere, without a number, with that of another row, or with one made up."""
    made_up = st.integers(0, PRINTED + 3).map(lambda serial: number(serial, table))
    copied = st.sampled_from([line.number for line in lines])
    return _inserted(draw, lines, Line(draw(st.one_of(st.just(""), copied, made_up)), draw(contents())))


def copy_a_row(draw: st.DrawFn, lines: Lines, table: Table) -> Lines:
    """Insert a copy of a row, number and all."""
    return _inserted(draw, lines, lines[_filled(draw, lines)])


def paste_over_a_row(draw: st.DrawFn, lines: Lines, table: Table) -> Lines:
    """Paste a row over another, number and all."""
    return _with(lines, _filled(draw, lines), lines[_filled(draw, lines)])


def paste_values_over_a_row(draw: st.DrawFn, lines: Lines, table: Table) -> Lines:
    """Paste what stands in a row over another, the number left standing."""
    place = _filled(draw, lines)
    return _with(lines, place, replace(lines[place], values=lines[_filled(draw, lines)].values))


def type_over_a_row(draw: st.DrawFn, lines: Lines, table: Table) -> Lines:
    """Type another record over a row, the number left standing."""
    place = _filled(draw, lines)
    return _with(lines, place, replace(lines[place], values=draw(contents())))


def edit_a_cell(draw: st.DrawFn, lines: Lines, table: Table) -> Lines:
    """Type over one cell, or clear it."""
    place, key = _filled(draw, lines), draw(st.sampled_from([*CELLS]))
    cell = draw(st.sampled_from((*CELLS[key], None)))
    return _with(lines, place, replace(lines[place], values=_cells({**lines[place].values, key: cell})))


def delete_a_row(draw: st.DrawFn, lines: Lines, table: Table) -> Lines:
    """Delete a row of the sheet."""
    place = _filled(draw, lines)
    return [*lines[:place], *lines[place + 1 :]] or [Line()]


def clear_a_row(draw: st.DrawFn, lines: Lines, table: Table) -> Lines:
    """Clear what stands in a row, the number left standing."""
    place = _filled(draw, lines)
    return _with(lines, place, Line(lines[place].number))


def clear_a_number(draw: st.DrawFn, lines: Lines, table: Table) -> Lines:
    """Clear the number of a row."""
    place = _filled(draw, lines)
    return _with(lines, place, replace(lines[place], number=""))


ALL_WORK: tuple[Work, ...] = (
    sort_rows,
    sort_beside_numbers,
    sort_one_column,
    type_a_row,
    insert_a_row,
    copy_a_row,
    paste_over_a_row,
    paste_values_over_a_row,
    type_over_a_row,
    edit_a_cell,
    delete_a_row,
    clear_a_row,
    clear_a_number,
)


@st.composite
def worked_on(draw: st.DrawFn, lines: Lines, table: Table, works: Sequence[Work] = ALL_WORK, most: int = 5) -> Lines:
    """The sheet after some of these works."""
    for work in draw(st.lists(st.sampled_from(works), min_size=1, max_size=most)):
        lines = work(draw, lines, table)
    return lines


@st.composite
def filled_sheets(draw: st.DrawFn, table: Table, *, distinct: bool = False, most: int = 6) -> Lines:
    """A sheet in which a clerk has filled the first rows. `distinct` ones have different titles."""
    rows = draw(st.lists(contents(), min_size=1, max_size=most))
    if distinct:
        titles = draw(st.permutations(CELLS["title"]))
        rows = [{**row, "title": title} for row, title in zip(rows, titles, strict=False)]
    blank = blank_sheet(table)
    return [replace(line, values=row) for line, row in zip(blank, rows, strict=False)] + blank[len(rows) :]


def _cells(values: Mapping[str, Value]) -> Mapping[str, Value]:
    return {key: value for key, value in values.items() if value is not None}
