"""Fulfilment: how far a unit's rows meet a span. Each formula of 应报事项 says the same in the workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from dateutil.relativedelta import relativedelta

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

    `submitted` is when the unit says that it was done, `received` when the office first had the record of it.
    `short` lists each role of a composition that is not held as asked, with the number who hold it; `holders` names
    who hold each role, fit for it or not.
    """

    done: int
    need: int
    limit: int | None
    met: bool
    on_time: bool
    submitted: date | None = None
    received: date | None = None
    short: tuple[tuple[RoleCount, int], ...] = ()
    holders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def subjects(span: Span, records: UnitRecords) -> list[Row | None]:
    """Who in the unit a span binds: None for the unit itself, else the rows of the projects that it binds."""
    rule = span.rule
    if rule.scope is Scope.UNIT:
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
    dated = [
        (day, row)
        for row in _of_subject(records.table(rule.counts.table), rule.counts.project, subject)
        if _qualifies(row, rule.counts)
        and (day := row.date(rule.counts.date)) is not None
        and span.counts_from <= day <= last
    ]
    return _fulfilled(span, sorted(dated, key=lambda item: (item[0], item[1].number)), records)


def _count_reports(span: Span, records: UnitRecords, subject: Row | None, today: date) -> Fulfilment:
    rule = span.rule
    assert isinstance(rule, PeriodicReport)
    dated = []
    for row in records.table(rule.table):
        if row.text(rule.period) != span.period:
            continue
        decisive = row.date(rule.received) or records.receipts.get(row.record) or row.date(rule.submitted)
        verdict = row.text(rule.verdict)
        if verdict == "yes":
            decisive = min(decisive or date.max, span.on_time_until or date.max)
        elif verdict == "no" or decisive is None:
            decisive = date.max
        dated.append((decisive, row))
    dated.sort(key=lambda item: (item[0], item[1].number))
    found = _fulfilled(span, dated, records)
    if not found.met or not found.need:
        return found
    deciding = dated[found.need - 1][1]
    return replace(
        found,
        submitted=deciding.date(rule.submitted),
        received=deciding.date(rule.received) or records.receipts.get(deciding.record),
    )


def _fulfilled(span: Span, dated: list[tuple[date, Row]], records: UnitRecords) -> Fulfilment:
    rule = span.rule
    met = len(dated) >= rule.minimum
    day, row = dated[rule.minimum - 1] if met and rule.minimum else (None, None)
    on_time = met and (day is None or span.on_time_until is None or day <= span.on_time_until)
    return Fulfilment(
        done=len(dated),
        need=rule.minimum,
        limit=rule.maximum,
        met=met,
        on_time=on_time,
        submitted=day,
        received=records.receipts.get(row.record) if row else None,
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
    rule = span.rule
    assert isinstance(rule, Composition)
    now = _held(rule, records, subject, today)
    then = now if span.on_time_until is None else _held(rule, records, subject, min(today, span.on_time_until))
    met = _composed(rule, now)
    by_role = {role.role: len(now.get(role.role, frozenset())) for role in rule.roles}
    size = len(_counted(rule, now))
    if rule.minimum:
        done, need, limit = size, rule.minimum, rule.maximum
    elif len(rule.roles) == 1:
        done, need, limit = by_role[rule.roles[0].role], rule.roles[0].minimum, rule.roles[0].maximum
    else:
        done = sum(min(by_role[role.role], role.minimum) for role in rule.roles)
        need, limit = sum(role.minimum for role in rule.roles), None
    short = tuple(
        (role, by_role[role.role])
        for role in rule.roles
        if by_role[role.role] < role.minimum or (role.maximum is not None and by_role[role.role] > role.maximum)
    )
    holders = _held(rule, records, subject, today, strict=False)
    return Fulfilment(
        done=done,
        need=need,
        limit=limit,
        met=met,
        on_time=met and _composed(rule, then),
        short=short,
        holders={role: tuple(sorted(people)) for role, people in holders.items()},
    )


def _held(
    rule: Composition, records: UnitRecords, subject: Row | None, day: date, *, strict: bool = True
) -> dict[str, frozenset[str]]:
    """Who holds each role on a day. With `strict`, a role that asks for leadership counts only such persons."""
    leaders = _leadership(records)
    asks = {role.role for role in rule.roles if role.leadership} if strict else set()
    held: dict[str, set[str]] = {}
    for row in _of_subject(records.table(rule.table), rule.project, subject):
        person = row.text(rule.person)
        start, end = row.date("from"), row.date("to")
        if not person or (start and start > day) or (end and end < day):
            continue
        roles = row.keys(rule.role) if rule.role else tuple(role.role for role in rule.roles)
        for role in roles:
            if role not in asks or person in leaders:
                held.setdefault(role, set()).add(person)
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
    within = end <= start + relativedelta(months=rule.limit)
    return Fulfilment(done=whole_months(start, end), need=rule.minimum, limit=rule.maximum, met=within, on_time=within)


def whole_months(start: date, end: date) -> int:
    """The months that a plan takes: the least n with `end` no later than n months after `start`."""
    months = 0
    while end > start + relativedelta(months=months):
        months += 1
    return months


_MEASURES: Mapping[type, Callable[[Span, UnitRecords, Row | None, date], Fulfilment]] = {
    Milestone: _count_rows,
    Quota: _count_rows,
    PeriodicReport: _count_reports,
    Composition: _compose,
    Duration: _duration,
}
