"""Each requirement resolved to its days: windows, recurrences, days off, and what counts as soon and as on time."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from support.terms import shipped, term

from xingzhi.spans import Span, resolve
from xingzhi.workdays import last_announced_year

LAUNCH = {
    "id": "A01",
    "kind": "milestone",
    "window": "6月中下旬",
    "counts": {"table": "schedule", "where": {"kind": ["launch"]}, "date": "held_on"},
}
MONTHLY = {**LAUNCH, "id": "A02", "kind": "quota", "window": "7月中旬至9月", "per": "month"}
REPORT = {
    "id": "A03",
    "kind": "periodic_report",
    "window": "6月至12月",
    "rrule": "FREQ=MONTHLY;BYMONTHDAY=25",
    "table": "reports",
    "period": "period",
    "submitted": "submitted_on",
    "received": "received_on",
    "verdict": "on_time",
}


def only(*spans: Span) -> Span:
    (found,) = spans
    return found


def test_a_milestone_is_one_span_over_its_window() -> None:
    span = only(*resolve(term(LAUNCH)))
    assert (span.opens, span.closes, span.due) == (date(2026, 6, 11), date(2026, 6, 30), date(2026, 6, 30))
    # Three working days before the 30th: Monday the 29th, Friday the 26th, Thursday the 25th.
    assert span.soon_from == date(2026, 6, 25)
    assert (span.period, span.provisional, span.standing) == ("", False, False)
    # What is done before the window opens, or late, counts.
    assert (span.counts_from, span.counts_until) == (date(2026, 6, 1), None)


def test_reports_fall_due_on_the_working_day_before_a_day_off() -> None:
    spans = resolve(shipped("T22"))
    assert [span.period for span in spans] == [f"2026-{month:02}" for month in range(6, 13)]
    assert [f"{span.due:%m-%d}" for span in spans] == ["06-25", "07-24", "08-25", "09-24", "10-23", "11-25", "12-25"]
    assert [f"{span.closes:%m-%d}" for span in spans] == [f"{month:02}-25" for month in range(6, 13)]


@pytest.mark.parametrize(("policy", "due"), [("before", "07-24"), ("after", "07-27"), ("none", "07-25")])
def test_the_office_chooses_which_way_a_due_day_moves(policy: str, due: str) -> None:
    july = resolve(term(REPORT, due_policy=policy))[1]
    assert f"{july.due:%m-%d}" == due


def test_the_office_s_own_days_move_a_due_day() -> None:
    june = date(2026, 6, 25)
    assert resolve(term(REPORT, days_off={june}))[0].due == date(2026, 6, 24)
    assert resolve(term(REPORT, days_on={date(2026, 7, 25)}))[1].due == date(2026, 7, 25)


def test_soon_is_counted_in_working_days_and_is_the_office_s_to_set() -> None:
    october = resolve(term(REPORT, soon_days=5))[4]
    assert october.due == date(2026, 10, 23) and october.soon_from == date(2026, 10, 16)
    # Over Mid-Autumn and the National Day: 1 to 7 October are off, the Saturday of 10 October is worked.
    july = {**LAUNCH, "window": "2026-10-08"}
    span = only(*resolve(term(july, soon_days=2)))
    assert span.soon_from == date(2026, 9, 29)


def test_a_monthly_quota_has_a_span_for_each_month_of_its_window() -> None:
    july, august, september = resolve(term(MONTHLY))
    assert (july.period, july.counts_from, july.counts_until) == ("2026-07", date(2026, 7, 11), date(2026, 7, 31))
    assert (august.counts_from, august.counts_until) == (date(2026, 8, 1), date(2026, 8, 31))
    assert september.due == date(2026, 9, 30)


def test_an_activity_on_the_closing_day_off_is_on_time_though_its_due_day_moved_forward() -> None:
    sunday = {**LAUNCH, "window": "5月下旬"}
    span = only(*resolve(term(sunday)))
    assert span.closes == date(2026, 5, 31) and span.due == date(2026, 5, 29)
    assert span.on_time_until == date(2026, 5, 31)
    report = resolve(term(REPORT))[1]
    assert report.on_time_until == report.due == date(2026, 7, 24)


def test_a_rule_without_a_window_stands_at_all_times() -> None:
    standing = {
        "id": "A04",
        "kind": "duration",
        "scope": "project",
        "start": "start",
        "end": "planned_end",
        "limit": 12,
    }
    span = only(*resolve(term(standing)))
    assert span.standing and span.due is span.closes is span.soon_from is None
    assert {span.rule.id for span in resolve(shipped()) if span.standing} == {"T06", "T09"}


def test_a_rule_that_is_not_in_use_has_no_span() -> None:
    assert resolve(term({**LAUNCH, "enabled": False})) == ()


def test_the_shipped_programme_ends_in_the_january_after_its_year() -> None:
    span = only(*resolve(shipped("T21")))
    assert (span.opens, span.due) == (date(2027, 1, 1), date(2027, 1, 29))


def test_a_year_whose_holidays_are_not_announced_is_provisional() -> None:
    year = last_announced_year() + 1
    assert all(span.provisional for span in resolve(term(REPORT, year=year)))
    assert not any(span.provisional for span in resolve(term(REPORT, year=year - 1)))
    settled = date(year, 6, 25)
    first = resolve(term(REPORT, year=year, days_on={settled}))[0]
    assert first.due == settled and not first.provisional


@pytest.mark.parametrize("year", range(2024, 2029))
def test_the_spans_of_any_year_are_sound(year: int) -> None:
    for span in resolve(shipped(year=year)):
        if span.due is None or span.closes is None or span.soon_from is None:
            continue
        assert span.opens <= span.closes and span.due <= span.closes
        assert span.soon_from < span.due and span.closes - span.due < timedelta(days=12)
        assert span.opens.year in (year, year + 1)
