"""Fulfilment: how far a unit's rows meet a span. Each formula of 应报事项 says the same in the workbook."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from xingzhi.compositions import compose
from xingzhi.documents import count_documents, first_approval, first_day
from xingzhi.evaluations import count_ratings
from xingzhi.evidence import (
    STOPPED,
    Evidence,
    Fulfilment,
    Lacking,
    UnitRecords,
    blanks,
    effective,
    matches,
    numbers,
    of_subject,
    takes_part,
)
from xingzhi.requirements import (
    Composition,
    Document,
    Duration,
    Evaluation,
    Milestone,
    PeriodicReport,
    Quota,
    Scope,
)
from xingzhi.rows import Row
from xingzhi.spans import Span

__all__ = ["STOPPED", "Fulfilment", "UnitRecords", "bindings", "measure", "whole_months"]


def bindings(span: Span, records: UnitRecords, today: date) -> list[tuple[Row | None, Span]]:
    """Who in the unit a span binds, with the span as it binds each: None for the unit itself, else a project's row.

    A document that is owed before an activity binds where such an activity has been held, and is due on the day of the
    first.
    """
    rule = span.rule
    if rule.scope in (Scope.UNIT, Scope.OFFICE):
        return [(None, span)]
    if rule.scope is not Scope.PROJECT:
        return []
    bound = [project for project in records.table("projects") if _binds(span, project)]
    if not isinstance(rule, Document) or rule.before is None:
        return [(project, span) for project in bound]
    firsts = ((project, first_day(rule.before, records, project, today)) for project in bound)
    return [(project, span.falling_due(day)) for project, day in firsts if day]


def _binds(span: Span, project: Row) -> bool:
    if not takes_part(project, span.rule.levels):
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
    if isinstance(rule, Quota) and rule.until:
        last = min(last, first_approval(rule.until, records, subject) or last)
    found, lacking = [], []
    for row in of_subject(records.table(rule.counts.table), rule.counts.project, subject):
        day = row.date(rule.counts.date)
        if day is None or not span.counts_from <= day <= last or not matches(row, rule.counts):
            continue
        if missing := blanks(row, rule.counts):
            lacking.append(Lacking(row.record, row.text("code") or row.text("title") or row.record, missing))
        else:
            received = records.receipts.get(row.record)
            found.append(Evidence(effective(span, day, received), row.number, day, received, row.record))
    return replace(_fulfilled(span, found), lacking=tuple(lacking))


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
        found.append(Evidence(decisive, row.number, submitted, received, row.record))
    return _fulfilled(span, found)


def _fulfilled(span: Span, found: list[Evidence]) -> Fulfilment:
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
        records=tuple(each.record for each in found if each.record),
    )


def _duration(span: Span, records: UnitRecords, subject: Row | None, today: date) -> Fulfilment:
    rule = span.rule
    assert isinstance(rule, Duration)
    start = subject.days(rule.start) if subject else None
    end = subject.days(rule.end) if subject else None
    if subject is None or start is None or end is None:
        return Fulfilment(done=0, need=rule.minimum, limit=rule.maximum, met=False, on_time=False)
    # Of what is planned by parts of months, the length is what it may still be that is nearest to what is asked.
    shortest, longest = whole_months(start.end, end.start), whole_months(start.start, end.end)
    months = max(shortest, min(longest, rule.minimum))
    within = months <= rule.limit
    return Fulfilment(
        done=months,
        need=rule.minimum,
        limit=rule.maximum,
        met=within,
        on_time=within,
        records=numbers([subject]),
    )


def whole_months(start: date, end: date) -> int:
    """The months that a plan takes: the least n with `end` no later than n months after `start`."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return max(months + (end > start + relativedelta(months=months)), 0)


_MEASURES: Mapping[type, Callable[[Span, UnitRecords, Row | None, date], Fulfilment]] = {
    Milestone: _count_rows,
    Quota: _count_rows,
    PeriodicReport: _count_reports,
    Composition: compose,
    Duration: _duration,
    Document: count_documents,
    Evaluation: count_ratings,
}
