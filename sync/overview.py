"""The figures of 总体情况: of the units that belong to the programme now. The office itself counts only as one that
holds activities."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sync.office_settings import Unit
from sync.standing import belongs
from sync.state import State
from workbook_templates.overview_sheet import Overview
from workbook_templates.tables.progress import PROGRESS
from xingzhi import messages
from xingzhi.deadlines import Deadline
from xingzhi.deadlines import State as DeadlineState
from xingzhi.findings import Severity
from xingzhi.phones import mask_identity
from xingzhi.requirements import PeriodicReport

MOST_UNITS = 24
"""Units that fit on the page beside the requirements."""

MOST_NEEDS = 8
_LONGEST_NEED = 140
_MET = (DeadlineState.DONE, DeadlineState.DONE_LATE)

UnitLine = tuple[str, int, int, str, int, int]


def overview(state: State) -> Overview:
    """One page: what has come in, what is overdue, the reports by month, the requirements met, the units in the
    office's order, and what needs co-ordination."""
    lang, term = state.lang, state.settings.term
    present = [unit for unit in state.units if belongs(unit, state.today)]
    units = [unit for unit in present if not unit.is_office]
    received = sum(1 for unit in units if unit.code in state.received)
    items = [item for unit in units for item in state.deadlines.get(unit.code, ())]
    needs, month = _needs(state, units)
    counts: dict[str, int | str] = {
        "units": len(units),
        "received": received,
        "missing": len(units) - received,
        "overdue": sum(1 for item in items if item.chased),
        "met": _rate(_due(items, state)),
        "people": _rows(state, units, "people"),
        "projects": _rows(state, units, "projects"),
        "held": sum(_held(state, unit) for unit in present),
        "reports": _rows(state, units, "reports"),
        "needs": len(needs),
    }
    left_out = len(needs) - MOST_NEEDS
    title = "overview.needs" if needs else "overview.no_needs"
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
        requirements=_requirements(state, items),
        units=_fitting(state, [_standing(state, unit) for unit in units]),
        needs_title=messages.text(title, lang, month=month),
        needs=needs[:MOST_NEEDS],
        needs_more=messages.text("overview.more_needs", lang, count=left_out, sheet=PROGRESS.label)
        if left_out > 0
        else "",
    )


def _rows(state: State, units: Iterable[Unit], table: str) -> int:
    return sum(len(state.records[unit.code].table(table)) for unit in units if unit.code in state.records)


def _held(state: State, unit: Unit) -> int:
    records = state.records.get(unit.code)
    return sum(1 for row in records.table("schedule") if row.date("held_on")) if records else 0


def _due(items: Iterable[Deadline], state: State) -> list[Deadline]:
    """What has fallen due by now; what is waived or on trial is left out."""
    past = (item for item in items if item.span.due is not None and item.span.due <= state.today and not item.trial)
    return [item for item in past if item.state in _MET or item.chased]


def _rate(due: Sequence[Deadline]) -> str:
    """How many of these items are met, such as `9/12`."""
    return f"{sum(1 for item in due if item.state in _MET)}/{len(due)}" if due else "—"


def _months(items: Iterable[Deadline]) -> list[tuple[str, str, int, int, int]]:
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


def _requirements(state: State, items: Iterable[Deadline]) -> list[tuple[str, str, int]]:
    """(title, units that meet all that is due of it by now of those that owe any, units overdue), by requirement."""
    units: dict[str, dict[str, bool]] = {}
    for item in _due(items, state):
        met = units.setdefault(item.rule.id, {})
        met[item.unit] = met.get(item.unit, True) and item.state in _MET
    lines = []
    for rule in state.settings.term.programme.requirements:
        whole = list(units.get(rule.id, {}).values())
        if whole:
            title = f"{rule.id} {rule.title.of(state.lang)}"
            lines.append((title, f"{sum(whole)}/{len(whole)}", len(whole) - sum(whole)))
    return lines


class _Standing(NamedTuple):
    """How one unit stands, or several together. `due` are its items that have fallen due by now."""

    name: str
    held: int
    members: int
    due: Sequence[Deadline]
    faults: int
    overdue: int

    @property
    def line(self) -> UnitLine:
        return (self.name, self.held, self.members, _rate(self.due), self.faults, self.overdue)


def _standing(state: State, unit: Unit) -> _Standing:
    records, items = state.records.get(unit.code), state.deadlines.get(unit.code, ())
    return _Standing(
        name=unit.name,
        held=_held(state, unit),
        members=len({row.text("person") for row in records.table("members")}) if records else 0,
        due=_due(items, state),
        faults=sum(1 for each in state.findings if each.unit == unit.code and each.severity is Severity.ERROR),
        overdue=sum(1 for item in items if item.chased),
    )


def _fitting(state: State, units: Sequence[_Standing]) -> list[UnitLine]:
    """The units in the office's order; where they are too many for the page, the last line sums up the others."""
    if len(units) <= MOST_UNITS:
        return [unit.line for unit in units]
    shown, others = units[: MOST_UNITS - 1], units[MOST_UNITS - 1 :]
    together = _Standing(
        name=messages.text("overview.other_units", state.lang, count=len(others)),
        held=sum(unit.held for unit in others),
        members=sum(unit.members for unit in others),
        due=[item for unit in others for item in unit.due],
        faults=sum(unit.faults for unit in others),
        overdue=sum(unit.overdue for unit in others),
    )
    return [unit.line for unit in (*shown, together)]


def _needs(state: State, units: Iterable[Unit]) -> tuple[list[tuple[str, str, str]], str]:
    """(unit, project, text) of what needs co-ordination in the latest month that has any, and that month."""
    now = f"{state.today:%Y-%m}"
    found: dict[str, list[tuple[str, str, str]]] = {}
    for unit in units:
        records = state.records.get(unit.code)
        names = {row.text("code"): row.text("title") for row in records.table("projects")} if records else {}
        for row in records.table(PROGRESS.key) if records else ():
            text, month = mask_identity(" ".join(row.text("coordination").split())), str(row.get("period") or "")
            if text and month and month <= now:
                short = text if len(text) <= _LONGEST_NEED else text[: _LONGEST_NEED - 1] + "…"
                project = row.text("project")
                found.setdefault(month, []).append((unit.name, mask_identity(names.get(project) or project), short))
    month = max(found, default="")
    return found.get(month, []), month
