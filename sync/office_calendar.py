"""节点: the office's own days off and on, and the stages and events that it anchors rules to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from sync.master_reader import RawTable
from workbook_templates.office_tables import CALENDAR
from xingzhi import messages
from xingzhi.cleaning import compact
from xingzhi.findings import Finding, finding
from xingzhi.grid import CellValue
from xingzhi.programme import Term
from xingzhi.windows import Window, WindowError, parse_window

ANCHOR = "anchor"
"""The kind of a row that gives a stage or an event its days."""

FAR = timedelta(days=366)
"""How far outside the programme a window may lie: what lies further is a slip, and would be resolved day by day."""

_LONGEST_LEAVE = 60
"""Days off or on in one row; more is a slip."""


def read_anchors(raw: RawTable | None, term: Term, findings: list[Finding]) -> Mapping[str, Window]:
    """The days of each stage or event by its name, spelt as a rule of the profile spells it where one names it."""
    known = {compact(rule.anchor): rule.anchor for rule in term.programme.requirements if rule.anchor}
    anchors: dict[str, Window] = {}
    times: Counter[str] = Counter()
    for row in _rows(raw, ANCHOR, term):
        assert raw is not None
        typed = raw.text(row, "name")
        name = known.get(compact(typed), typed)
        shown = name or raw.text(row, "from") or raw.text(row, "kind")
        days = _days_of(raw, row, term)
        times[compact(name)] += bool(name)
        if not name:
            _tell(findings, shown, "anchor_unnamed")
        elif times[compact(name)] == 2:
            # The first of two rows tells of both; neither holds.
            _tell(findings, shown, "twice")
        elif _reads_as_window(name, term.year):
            _tell(findings, shown, "anchor_is_window")
        elif isinstance(days, str):
            _tell(findings, shown, days)
        elif days.start < term.time.start - FAR or days.end > term.time.end + FAR:
            _tell(findings, shown, "window_far")
        else:
            anchors[name] = days
    return {name: days for name, days in anchors.items() if times[compact(name)] == 1}


def read_days(raw: RawTable | None, term: Term, findings: list[Finding]) -> dict[str, frozenset[date]]:
    """The fields `days_off` and `days_on` of the settings."""
    days: dict[str, set[date]] = {"off": set(), "on": set()}
    for kind, found in days.items():
        for row in _rows(raw, kind, term):
            assert raw is not None
            name = raw.text(row, "name") or raw.text(row, "kind")
            span = _days_of(raw, row, term)
            if isinstance(span, str):
                _tell(findings, name, span)
            elif (span.end - span.start).days > _LONGEST_LEAVE:
                _tell(findings, name, "days_wrong")
            else:
                found.update(span.start + timedelta(days=step) for step in range((span.end - span.start).days + 1))
    for row in _rows(raw, None, term):
        assert raw is not None
        _tell(findings, raw.text(row, "name") or raw.text(row, "kind"), "kind_or_day_missing")
    for day in sorted(days["off"] & days["on"]):
        _tell(findings, day.isoformat(), "both_off_and_on")
        days["off"].discard(day)
    return {"days_off": frozenset(days["off"]), "days_on": frozenset(days["on"])}


def _rows(raw: RawTable | None, kind: str | None, term: Term) -> Iterator[tuple[CellValue, ...]]:
    """The rows of one kind; with None, those whose kind cannot be told."""
    for row in raw.rows if raw else ():
        assert raw is not None
        found, understood = raw.value(row, "kind", term.time)
        if any(cell is not None for cell in row) and (found if understood else None) == kind:
            yield row


def _days_of(raw: RawTable, row: tuple[CellValue, ...], term: Term) -> Window | str:
    """The days of a row, both ends included, a single one where it names no end; else the reason why it has none."""
    first = raw.value(row, "from", term.time)[0]
    last, readable = raw.value(row, "to", term.time)
    if not isinstance(first, date):
        return "kind_or_day_missing"
    end = last if isinstance(last, date) else first
    return Window(first, end) if readable and end >= first else "days_wrong"


def _reads_as_window(name: str, year: int) -> bool:
    try:
        parse_window(name, year)
    except WindowError:
        return False
    return True


def _tell(findings: list[Finding], value: str, reason: str) -> None:
    label = messages.label(f"reason.{reason}")
    findings.append(finding("O104", sheet=CALENDAR.label.zh, value=value, reason=label))
