"""Spans: each requirement of a term, resolved to the days on which it may be done and falls due."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from xingzhi.programme import Term
from xingzhi.requirements import Composition, Duration, PeriodicReport, Quota, Requirement
from xingzhi.windows import Window, month_window, months, occurrences, parse_window


@dataclass(frozen=True, slots=True)
class Span:
    """One due date of one requirement, before it is known who owes it.

    `due` is `closes` after the due policy has moved it off a day off; both are None for a standing rule.
    What happens from `counts_from` to `counts_until` counts (None: however late); up to `on_time_until` it is on time,
    if the office has received word of it by `recorded_until`.
    `soon_from` is the first day on which the state is `soon`. `period` is YYYY-MM, or empty.
    """

    rule: Requirement
    period: str
    opens: date
    closes: date | None
    due: date | None
    soon_from: date | None
    counts_from: date
    counts_until: date | None
    on_time_until: date | None
    recorded_until: date | None
    provisional: bool

    @property
    def standing(self) -> bool:
        """A rule with no due date: it binds at all times."""
        return self.due is None

    def falling_due(self, day: date) -> Span:
        """The same span for one who owes it by `day`: it is then soon, and on time up to that day."""
        recorded_until = None
        if self.on_time_until is not None and self.recorded_until is not None:
            recorded_until = day + (self.recorded_until - self.on_time_until)
        return replace(
            self,
            opens=min(self.opens, day),
            closes=day,
            due=day,
            soon_from=day,
            on_time_until=day,
            recorded_until=recorded_until,
            provisional=False,
        )


def resolve(term: Term) -> tuple[Span, ...]:
    """Every span of the term's enabled requirements, in the order of the requirements and their dates."""
    return tuple(span for rule in term.programme.requirements if rule.enabled for span in _spans(rule, term))


def window_of(rule: Requirement, term: Term) -> Window | None:
    """The days of a rule: those of its anchor where the office has entered them, else its own window."""
    if rule.anchor is not None and rule.anchor in term.settings.anchors:
        return term.settings.anchors[rule.anchor]
    return parse_window(rule.window, term.year) if rule.window is not None else None


def _spans(rule: Requirement, term: Term) -> list[Span]:
    window = window_of(rule, term)
    if window is None and rule.anchor is not None:
        return []
    if window is None or isinstance(rule, Duration):
        return [_standing(rule, term)]
    if isinstance(rule, PeriodicReport):
        return [
            _dated(rule, term, f"{day:%Y-%m}", Window(day.replace(day=1), day), counts_until=None)
            for day in occurrences(rule.rrule, window)
        ]
    if isinstance(rule, Quota) and rule.per == "month":
        spans = []
        for period in months(window):
            month = month_window(period)
            part = Window(max(month.start, window.start), min(month.end, window.end))
            spans.append(_dated(rule, term, period, part, counts_from=part.start, counts_until=part.end))
        return spans
    return [_dated(rule, term, "", window, counts_until=None)]


def _standing(rule: Requirement, term: Term) -> Span:
    return Span(
        rule=rule,
        period="",
        opens=term.time.start,
        closes=None,
        due=None,
        soon_from=None,
        counts_from=term.time.start,
        counts_until=None,
        on_time_until=None,
        recorded_until=None,
        provisional=False,
    )


def _dated(
    rule: Requirement,
    term: Term,
    period: str,
    window: Window,
    *,
    counts_from: date | None = None,
    counts_until: date | None,
) -> Span:
    calendar, settings = term.settings.calendar, term.settings
    due = calendar.roll(window.end, settings.due_policy)
    # A report is late once its due date has passed. An activity, or a group that is formed, inside the window is on
    # time even on a closing day off: the due date moved forward for the work's sake, the window did not.
    on_time_until = due if isinstance(rule, PeriodicReport) else max(due, window.end)
    # What is done before its window opens is done early, which no document forbids; a month's quota is the month's own.
    first = window.start if isinstance(rule, Composition) else term.time.start
    return Span(
        rule=rule,
        period=period,
        opens=window.start,
        closes=window.end,
        due=due,
        soon_from=calendar.add_working_days(due, -settings.soon_days),
        counts_from=counts_from or first,
        counts_until=counts_until,
        on_time_until=on_time_until,
        recorded_until=on_time_until + timedelta(days=settings.receipt_days),
        provisional=calendar.is_provisional(window.end) or calendar.is_provisional(due),
    )
