"""The figures of 总体情况."""

from __future__ import annotations

from collections import Counter

from sync.standing import belongs
from sync.state import State
from workbook_templates.overview_sheet import Overview
from xingzhi import messages
from xingzhi.deadlines import Deadline
from xingzhi.deadlines import State as DeadlineState
from xingzhi.findings import Severity
from xingzhi.requirements import PeriodicReport

MOST_UNITS = 15
"""Units that fit on one A4 page with the charts below them."""


def overview(state: State) -> Overview:
    """One page: how many units have reported, what is overdue, the reports by month, the units that owe most."""
    lang, term = state.lang, state.settings.term
    # A unit that has left, or is yet to join, counts only where something came from it.
    codes = [unit.code for unit in state.units if unit.code in state.received or belongs(unit, state.today)]
    received = sum(1 for code in codes if code in state.received)
    items = [item for unit in state.units for item in state.deadlines.get(unit.code, ())]
    counts = {
        "units": len(codes),
        "received": received,
        "missing": len(codes) - received,
        "overdue": sum(1 for item in items if item.chased),
        "people": _rows(state, "people"),
        "projects": _rows(state, "projects"),
        "held": sum(_held(state, code) for code in codes),
        "reports": _rows(state, "reports"),
    }
    return Overview(
        lead=messages.text(
            "overview.lead",
            lang,
            programme=term.programme.title.of(lang),
            year=term.year,
            today=state.today.isoformat(),
        ),
        figures=[(messages.text(f"overview.figure.{key}", lang), value) for key, value in counts.items()],
        months=_months(
            [item for item in items if isinstance(item.rule, PeriodicReport) and item.span.opens <= state.today]
        ),
        units=_units(state),
    )


def _rows(state: State, table: str) -> int:
    return sum(len(records.table(table)) for records in state.records.values())


def _held(state: State, code: str) -> int:
    records = state.records.get(code)
    return sum(1 for row in records.table("schedule") if row.date("held_on")) if records else 0


def _months(items: list[Deadline]) -> list[tuple[str, str, int, int, int]]:
    """(period, due, units on time, late, overdue) for each due date; before it no unit owes."""
    found: dict[tuple[str, str], Counter[DeadlineState]] = {}
    for item in items:
        due = item.span.due.isoformat() if item.span.due else ""
        found.setdefault((item.span.period, due), Counter())[item.state] += 1
    return [
        (
            period,
            due,
            states[DeadlineState.DONE],
            states[DeadlineState.DONE_LATE],
            states[DeadlineState.OVERDUE],
        )
        for (period, due), states in sorted(found.items())
    ]


def _units(state: State) -> list[tuple[str, int, int, int, int]]:
    faults = Counter(each.unit for each in state.findings if each.severity is Severity.ERROR)
    lines = []
    for unit in state.units:
        records = state.records.get(unit.code)
        overdue = sum(1 for item in state.deadlines.get(unit.code, ()) if item.chased)
        members = {row.text("person") for row in records.table("members")} if records else set()
        lines.append((unit.name, _held(state, unit.code), len(members), faults[unit.code], overdue))
    return sorted(lines, key=lambda line: -line[4])[:MOST_UNITS]
