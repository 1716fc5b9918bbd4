"""Fulfilment: how far a unit's rows meet a span. Each formula of 应报事项 says the same in the workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from xingzhi.labels import Label
from xingzhi.requirements import (
    Composition,
    Duration,
    Milestone,
    PeriodicReport,
    Quota,
    RoleCount,
    RowSet,
    Scope,
)
from xingzhi.rows import Row, RowsByTable
from xingzhi.spans import Span

STOPPED = "stopped"
"""The state of a project that owes nothing more."""


@dataclass(frozen=True)
class UnitRecords:
    """A unit's rows by table, and the day on which the office first received each record, where it is known."""

    unit: str
    rows: RowsByTable = field(default_factory=dict)
    receipts: Mapping[str, date] = field(default_factory=dict)

    def table(self, key: str) -> tuple[Row, ...]:
        """The rows of one table; none where the unit has sent none."""
        return tuple(self.rows.get(key, ()))


@dataclass(frozen=True, slots=True)
class Fulfilment:
    """`done` of `need` (at most `limit`), whether that suffices, and whether it did so on time.

    `submitted` is when the unit says that it was done, `received` when the office first had the record of it, and
    `settled` the day by which the whole is judged.
    `short` lists each role of a composition that is not held as asked, with the number who hold it; `holders` names
    who hold each role, fit for it or not. `lacking` says what is still to do where a number alone would not. `records` are
    the numbers of the records that count.
    """

    done: int
    need: int
    limit: int | None
    met: bool
    on_time: bool
    submitted: date | None = None
    received: date | None = None
    settled: date | None = None
    short: tuple[tuple[RoleCount, int], ...] = ()
    holders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lacking: tuple[Label, ...] = ()
    records: tuple[str, ...] = ()


def subjects(span: Span, records: UnitRecords) -> list[Row | None]:
    """Who in the unit a span binds: None for the unit itself, else the rows of the projects that it binds."""
    rule = span.rule
    if rule.scope in (Scope.UNIT, Scope.OFFICE):
        return [None]
    if rule.scope is not Scope.PROJECT:
        return []
    return [project for project in records.table("projects") if _binds(span, project)]


def _binds(span: Span, project: Row) -> bool:
    if not project.text("code") or project.text("level") not in span.rule.levels:
        return False
    if project.text("state") == STOPPED:
        return False
    active = span.rule.active if isinstance(span.rule, Quota) else None
    if active is None or span.closes is None:
        return True
    start, end = project.date(active.start), project.date(active.end)
    return (start is None or start <= span.closes) and (end is None or end >= span.opens)


def measure(span: Span, records: UnitRecords, subject: Row | None, today: date) -> Fulfilment:
    """How far the records meet the span for one subject, as of `today`."""
    return _MEASURES[type(span.rule)](span, records, subject, today)


def _count_rows(span: Span, records: UnitRecords, subject: Row | None, today: date) -> Fulfilment:
    rule = span.rule
    assert isinstance(rule, Milestone | Quota)
    last = min(today, span.counts_until) if span.counts_until else today
    found = []
    for row in _of_subject(records.table(rule.counts.table), rule.counts.project, subject):
        day = row.date(rule.counts.date)
        if day is not None and span.counts_from <= day <= last and _qualifies(row, rule.counts):
            received = records.receipts.get(row.record)
            found.append(_Evidence(_effective(span, day, received), row.number, day, received))
    return _fulfilled(span, found)


def _count_reports(span: Span, records: UnitRecords, subject: Row | None, today: date) -> Fulfilment:
    rule = span.rule
    assert isinstance(rule, PeriodicReport) and span.on_time_until is not None
    found = []
    for row in records.table(rule.table):
        if row.text(rule.period) != span.period:
            continue
        submitted = row.date(rule.submitted)
        received = row.date(rule.received) or records.receipts.get(row.record)
        decisive = received or submitted or date.max
        verdict = row.text(rule.verdict)
        if verdict == "yes":
            decisive = min(decisive, span.on_time_until)
        elif verdict == "no":
            # The office says late, whatever the dates say: from when, only they can tell.
            decisive = max(decisive, span.on_time_until + timedelta(days=1))
        found.append(_Evidence(decisive, row.number, submitted, received))
    return _fulfilled(span, found)


@dataclass(frozen=True, order=True, slots=True)
class _Evidence:
    """One row that counts: the day by which it is judged, then its place in the sheet."""

    decisive: date
    number: int
    submitted: date | None = field(compare=False)
    received: date | None = field(compare=False)


def _effective(span: Span, day: date, received: date | None) -> date:
    """The day by which something done on `day` is judged: that day, unless the office heard of it far too late."""
    in_time = span.on_time_until is None or day <= span.on_time_until
    if in_time and received and span.recorded_until and received > span.recorded_until:
        return received
    return day


def _fulfilled(span: Span, found: list[_Evidence]) -> Fulfilment:
    need, met = span.rule.minimum, len(found) >= span.rule.minimum
    deciding = sorted(found)[need - 1] if met and need else None
    on_time = met and (deciding is None or span.on_time_until is None or deciding.decisive <= span.on_time_until)
    known = deciding is not None and deciding.decisive is not date.max
    return Fulfilment(
        done=len(found),
        need=need,
        limit=span.rule.maximum,
        met=met,
        on_time=on_time,
        submitted=deciding.submitted if deciding else None,
        received=deciding.received if deciding else None,
        settled=deciding.decisive if deciding and known else None,
    )


def _of_subject(rows: Iterable[Row], column: str, subject: Row | None) -> Iterable[Row]:
    if subject is None:
        return rows
    code = subject.text("code")
    return (row for row in rows if row.text(column) == code)


def _qualifies(row: Row, counts: RowSet) -> bool:
    return (
        all(set(row.keys(column)) & set(keys) for column, keys in counts.where.items())
        and all(row.text(column) for column in counts.filled)
        and all(row.text(then) for first, then in counts.if_filled.items() if row.text(first))
    )


def _compose(span: Span, records: UnitRecords, subject: Row | None, today: date) -> Fulfilment:
    """A group that was complete when it was due stays formed, even when its members leave at the programme's end."""
    rule = span.rule
    assert isinstance(rule, Composition)
    rows = [_Holding(span, rule, row, records) for row in _of_subject(records.table(rule.table), rule.project, subject)]
    leaders = _leadership(records)
    due_day = today if span.on_time_until is None else min(today, span.on_time_until)
    now = _held(rule, rows, today, leaders)
    on_time = _composed(rule, _held(rule, [each for each in rows if each.recorded], due_day, leaders))
    claimed = on_time or _composed(rule, _held(rule, rows, due_day, leaders))
    met = claimed or _composed(rule, now)
    by_role = {role.role: len(now.get(role.role, frozenset())) for role in rule.roles}
    done, need, limit = _composition_count(rule, now, by_role)
    short = tuple(
        (role, by_role[role.role])
        for role in rule.roles
        if by_role[role.role] < role.minimum or (role.maximum is not None and by_role[role.role] > role.maximum)
    )
    holders = _held(rule, rows, today, leaders, strict=False)
    present = [each for each in rows if each.present(today)]
    return Fulfilment(
        done=done,
        need=need,
        limit=limit,
        met=met,
        on_time=on_time,
        received=max((each.received for each in present if each.received), default=None),
        settled=_completed_on(rule, rows, leaders, today) if met and not on_time else None,
        short=short,
        holders={role: tuple(sorted(people)) for role, people in holders.items()},
    )


def _composition_count(
    rule: Composition, held: Mapping[str, frozenset[str]], by_role: Mapping[str, int]
) -> tuple[int, int, int | None]:
    """(done, need, limit): the group's size where it has one, the one role's holders, or the roles' minima filled."""
    if rule.minimum:
        return len(_counted(rule, held)), rule.minimum, rule.maximum
    if len(rule.roles) == 1:
        (role,) = rule.roles
        return by_role[role.role], role.minimum, role.maximum
    filled = sum(min(by_role[role.role], role.minimum) for role in rule.roles)
    return filled, sum(role.minimum for role in rule.roles), None


class _Holding:
    """One row of a group: who holds which roles from when to when, and from when the office knew in time."""

    def __init__(self, span: Span, rule: Composition, row: Row, records: UnitRecords) -> None:
        self.person = row.text(rule.person)
        self.roles = row.keys(rule.role) if rule.role else tuple(role.role for role in rule.roles)
        self.start, self.end = row.date("from"), row.date("to")
        self.received = records.receipts.get(row.record)
        self.recorded = not (self.received and span.recorded_until and self.received > span.recorded_until)
        # The day from which the row counts at all: its own, or that on which the office at last heard of it.
        late = None if self.recorded else self.received
        self.effective = max((day for day in (self.start, late) if day), default=None)

    def present(self, day: date) -> bool:
        """Whether the person holds the roles on a day."""
        return bool(self.person) and not (self.start and self.start > day) and not (self.end and self.end < day)


def _completed_on(rule: Composition, rows: Sequence[_Holding], leaders: frozenset[str], today: date) -> date | None:
    """The first day on which the group was complete and known to the office."""
    for day in sorted({each.effective for each in rows if each.effective and each.effective <= today} | {today}):
        known = [each for each in rows if each.effective is None or each.effective <= day]
        if _composed(rule, _held(rule, known, day, leaders)):
            return day
    return None


def _held(
    rule: Composition, rows: Iterable[_Holding], day: date, leaders: frozenset[str], *, strict: bool = True
) -> dict[str, frozenset[str]]:
    """Who holds each role on a day. With `strict`, a role that asks for leadership counts only such persons."""
    asks = {role.role for role in rule.roles if role.leadership} if strict else set()
    held: dict[str, set[str]] = {}
    for row in rows:
        for role in row.roles if row.present(day) else ():
            if role not in asks or row.person in leaders:
                held.setdefault(role, set()).add(row.person)
    return {role: frozenset(people) for role, people in held.items()}


def _leadership(records: UnitRecords) -> frozenset[str]:
    """The names of the leadership team, bare and with the department that tells namesakes apart."""
    people = [row for row in records.table("people") if row.text("leadership") == "yes"]
    return frozenset(
        spelling for row in people for spelling in (row.text("name"), f"{row.text('name')}（{row.text('department')}）")
    )


def _counted(rule: Composition, held: Mapping[str, frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*(people for role, people in held.items() if role not in rule.not_counted))


def _composed(rule: Composition, held: Mapping[str, frozenset[str]]) -> bool:
    return len(_counted(rule, held)) >= rule.minimum and all(
        len(held.get(role.role, frozenset())) >= role.minimum for role in rule.roles
    )


def _duration(span: Span, records: UnitRecords, subject: Row | None, today: date) -> Fulfilment:
    rule = span.rule
    assert isinstance(rule, Duration)
    start = subject.date(rule.start) if subject else None
    end = subject.date(rule.end) if subject else None
    if start is None or end is None:
        return Fulfilment(done=0, need=rule.minimum, limit=rule.maximum, met=False, on_time=False)
    months = whole_months(start, end)
    within = months <= rule.limit
    return Fulfilment(done=months, need=rule.minimum, limit=rule.maximum, met=within, on_time=within)


def whole_months(start: date, end: date) -> int:
    """The months that a plan takes: the least n with `end` no later than n months after `start`."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return max(months + (end > start + relativedelta(months=months)), 0)


_MEASURES: Mapping[type, Callable[[Span, UnitRecords, Row | None, date], Fulfilment]] = {
    Milestone: _count_rows,
    Quota: _count_rows,
    PeriodicReport: _count_reports,
    Composition: _compose,
    Duration: _duration,
}
