"""Where a cell of 完成情况 leads: to the first row that fulfils it, to the paper that waits, or to the gap."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from sync.master_reader import cell_text
from sync.merged_sheets import ordered_rows
from sync.state import State
from workbook_templates import sheet_names
from workbook_templates.master_workbook import HEADER
from workbook_templates.office_tables import REQUIREMENTS
from workbook_templates.pen import Link
from xingzhi.deadlines import Deadline

FIRST = HEADER + 2
"""The first row of the body of every table, counted from 1 as users count."""

Linker = Callable[[str, Deadline], Link]
"""A link with a text for one item that is owed."""


def linker(state: State, reminders: Mapping[tuple[str, str, str, str], int]) -> Linker:
    """`reminders` gives the place, from 0, of the line in 催报台账 of each (unit, requirement, subject, period)."""
    lang = state.lang
    records = {
        (row.unit, row.record): (sheet_names.merged(table).of(lang), place)
        for table in state.tables
        for place, row in enumerate(ordered_rows(state, table))
    }
    chased = {key: (sheet_names.REMINDERS.of(lang), place) for key, place in reminders.items()}
    asked = {id: (sheet_names.REQUIREMENTS.of(lang), place) for id, place in _requirement_rows(state).items()}

    def place(item: Deadline) -> tuple[str, int]:
        done = item.fulfilment
        waiting = [each.latest.record for each in done.papers if each.latest and not each.fulfilled]
        found = (records.get((item.unit, record)) for record in (waiting if item.waiting else done.records))
        proof = next((each for each in found if each), None)
        gap = chased.get(item.key) or asked.get(item.rule.id, (sheet_names.REQUIREMENTS.of(lang), 0))
        return proof if proof and (done.met or item.waiting) else gap

    return partial(_link, place)


def _link(place: Callable[[Deadline], tuple[str, int]], text: str, item: Deadline) -> Link:
    sheet, row = place(item)
    return Link(f"internal:'{sheet}'!A{FIRST + row}", text)


def _requirement_rows(state: State) -> dict[str, int]:
    """The place of each requirement's line in 任务要求, as the office has it."""
    raw = state.content.tables.get(REQUIREMENTS.key)
    if raw is None:
        return {rule.id: place for place, rule in enumerate(state.settings.term.programme.requirements)}
    return {cell_text(raw.raw(row, "id")): place for place, row in reversed(list(enumerate(raw.rows)))}
