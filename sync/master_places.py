"""Where the rows of a master sheet will stand: those that it has keep their places as far as they can, new ones follow."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sync.master_reader import RawTable, cell_text
from workbook_templates.master_workbook import MERGED, MasterSheet, OfficeCell
from workbook_templates.office_tables import COMPLETION_TABLE, FINDINGS, MONTH_CLOSE, OFFICE_SHEETS, REMINDERS, RUNS
from workbook_templates.pen import Formula, Link

KEYS: dict[str, tuple[str, ...]] = {
    REMINDERS.key: ("programme", "unit", "requirement", "subject", "period"),
    FINDINGS.key: ("programme", "unit", "code", "record", "file", "sheet", "cell", "message"),
    MONTH_CLOSE.key: ("programme", "month", "unit"),
    RUNS.key: ("run",),
    COMPLETION_TABLE.key: ("unit",),
}
KEYS |= {table.key: table.natural_key for table in OFFICE_SHEETS}
"""What tells a line of a sheet from the others. A merged sheet's is the record number."""

_MERGED = ("record",)


@dataclass(frozen=True)
class Slot:
    """One row of a table as it will be: the row of the sheet's data that stands there and the row of the table that it
    continues, both from 0. A row that is `left` was no line any more, but something hangs on it."""

    row: int | None
    old: int | None
    left: bool = False


@dataclass(frozen=True)
class Standing:
    """A table as it stands: what it says, how many rows its body has, and how many with the lines that were typed right
    under it (`reach`), the rows on which something hangs.

    With `keeps_order` its rows keep their places, else they are put in the order of the sheet's data; with `closes_gaps`
    those below a row that goes move up. One that `may_shrink` keeps no blank rows at its end.
    """

    raw: RawTable
    body: int
    reach: int
    pins: Collection[int]
    keeps_order: bool
    closes_gaps: bool
    may_shrink: bool


def needed_columns(table: str) -> tuple[str, ...]:
    """The columns without which the rows of a table of the master, by its key, cannot be told from each other."""
    return _MERGED if table.startswith(MERGED) else KEYS.get(table, ())


def places(sheet: MasterSheet, standing: Standing) -> list[Slot]:
    """The rows of the table as they will be, one at least."""
    old_of = _matched(sheet, standing.raw)
    order = list(range(len(sheet.rows)))
    if standing.keeps_order:
        order.sort(key=lambda row: (row not in old_of, old_of.get(row, row)))
    taken = set(old_of.values())
    left = {old for old in standing.pins if old not in taken}
    gone = {
        at
        for at, cells in enumerate(standing.raw.rows[: standing.body])
        if at not in taken and at not in left and any(cell is not None for cell in cells)
    }
    closing = bool(gone) and standing.closes_gaps
    stable = standing.keeps_order and not closing
    fixed: dict[int, int | None] = {
        old: row for row, old in old_of.items() if stable or old in standing.pins or old >= standing.body
    }
    fixed |= dict.fromkeys(left)
    slots = dict(fixed)
    free = iter(at for at in range(len(standing.raw.rows) + len(order) + len(fixed) + 1) if at not in fixed)
    for row in order:
        if row not in old_of or old_of[row] not in fixed:
            slots[next(free)] = row
    least = 0 if standing.may_shrink or closing else standing.body
    length = _length(sheet, standing, slots, old_of, least)
    return [_slot(at, slots, old_of, standing) for at in range(max(length, 1))]


def _slot(at: int, slots: Mapping[int, int | None], old_of: Mapping[int, int], standing: Standing) -> Slot:
    if at not in slots:
        rows = standing.raw.rows
        is_blank = at >= len(rows) or all(cell is None for cell in rows[at])
        return Slot(None, at if is_blank and at < standing.body else None)
    row = slots[at]
    return Slot(None, at, left=True) if row is None else Slot(row, old_of.get(row))


def _length(
    sheet: MasterSheet, standing: Standing, slots: Mapping[int, int | None], old_of: Mapping[int, int], least: int
) -> int:
    """Up to the last row that is a line of the table, those typed right under it among them. Notes below it are none; what
    was typed there and is a line elsewhere by now is covered by blank rows."""
    notes = {old for row, old in old_of.items() if old >= standing.reach and row in sheet.notes}
    rows = standing.raw.rows
    gone = (
        at for at in range(standing.body, len(rows)) if at not in slots and any(cell is not None for cell in rows[at])
    )
    return max([least, *(at + 1 for at in slots if at not in notes), *(at + 1 for at in gone)])


def _matched(sheet: MasterSheet, raw: RawTable) -> dict[int, int]:
    """Which row of the table each row of the sheet's data continues."""
    found = {row: place for row, place in sheet.places.items() if place < len(raw.rows)}
    taken = set(found.values())
    keys = needed_columns(sheet.table)
    if not keys or any(name not in raw.places or name not in sheet.columns for name in keys):
        return found
    waiting: dict[tuple[str, ...], deque[int]] = defaultdict(deque)
    for place, cells in enumerate(raw.rows):
        if place not in taken and any(cell is not None for cell in cells):
            waiting[tuple(raw.text(cells, name) for name in keys)].append(place)
    at = [sheet.columns.index(name) for name in keys]
    for row, values in enumerate(sheet.rows):
        if row not in found:
            same = waiting.get(tuple(_text(values[index]) for index in at))
            if same:
                found[row] = same.popleft()
    return found


def _text(cell: OfficeCell) -> str:
    return cell.text if isinstance(cell, Formula | Link) else cell_text(cell)
