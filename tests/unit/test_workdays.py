"""Working days: agreement with a second library, and the office's own days."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xingzhi.workdays import DuePolicy, WorkCalendar, last_announced_year

CHINA = WorkCalendar()
DAYS = st.dates(date(2010, 1, 1), date(2027, 12, 31))
CALENDARS = st.builds(
    lambda off, on: WorkCalendar(off, on - off),
    st.frozensets(DAYS, max_size=5),
    st.frozensets(DAYS, max_size=5),
)


def test_every_day_of_2010_to_2026_agrees_with_chinese_calendar() -> None:
    first = date(2010, 1, 1)
    days = [first + timedelta(n) for n in range((date(2026, 12, 31) - first).days + 1)]
    differing = [d for d in days if CHINA.is_working(d) != chinese_calendar.is_workday(d)]
    assert differing == []


def test_a_make_up_workday_set_by_the_next_years_notice_is_worked() -> None:
    assert date(2011, 12, 31).weekday() == 5
    assert CHINA.is_working(date(2011, 12, 31))


def test_report_due_dates_of_2026_move_before_the_days_off() -> None:
    due = [CHINA.roll(date(2026, month, 25), DuePolicy.BEFORE) for month in range(6, 13)]
    assert due == [
        date(2026, 6, 25),
        date(2026, 7, 24),
        date(2026, 8, 25),
        date(2026, 9, 24),
        date(2026, 10, 23),
        date(2026, 11, 25),
        date(2026, 12, 25),
    ]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (DuePolicy.BEFORE, date(2026, 9, 30)),
        (DuePolicy.AFTER, date(2026, 10, 8)),
        (DuePolicy.NONE, date(2026, 10, 3)),
    ],
)
def test_each_policy_over_the_national_day_holiday(policy: DuePolicy, expected: date) -> None:
    assert CHINA.roll(date(2026, 10, 3), policy) == expected


def test_the_offices_own_days_win_over_the_arrangement() -> None:
    thursday, sunday = date(2026, 6, 25), date(2026, 6, 28)
    make_up_saturday, national_day = date(2026, 10, 10), date(2026, 10, 1)
    office = WorkCalendar(
        days_off=frozenset({thursday, make_up_saturday}),
        days_on=frozenset({sunday, national_day}),
    )
    assert CHINA.is_working(make_up_saturday) and not office.is_working(make_up_saturday)
    assert not CHINA.is_working(national_day) and office.is_working(national_day)
    assert office.roll(thursday, DuePolicy.BEFORE) == date(2026, 6, 24)
    assert office.roll(date(2026, 6, 27), DuePolicy.AFTER) == sunday


def test_a_day_cannot_be_both_off_and_on() -> None:
    day = frozenset({date(2026, 6, 25)})
    with pytest.raises(ValueError, match="2026-06-25"):
        WorkCalendar(days_off=day, days_on=day)


def test_years_after_the_last_announced_one_are_provisional() -> None:
    last = last_announced_year()
    assert last >= 2026
    assert not CHINA.is_provisional(date(2026, 12, 31))
    assert not CHINA.is_provisional(date(last, 12, 31))
    assert CHINA.is_provisional(date(last + 1, 1, 1))
    # Once the library carries 2027, it must cease to be provisional by itself.
    assert CHINA.is_provisional(date(2027, 6, 25)) is (last < 2027)


def test_a_day_that_the_office_settled_is_not_provisional() -> None:
    next_year = last_announced_year() + 1
    off, on, other = (date(next_year, 6, day) for day in (1, 2, 3))
    office = WorkCalendar(frozenset({off}), frozenset({on}))
    assert not office.is_provisional(off)
    assert not office.is_provisional(on)
    assert office.is_provisional(other)


def test_a_projected_year_has_its_statutory_holidays() -> None:
    year = last_announced_year() + 1
    assert not CHINA.is_working(date(year, 1, 1))
    assert not CHINA.is_working(date(year, 10, 1))


def test_counting_across_a_weekend() -> None:
    friday, sunday, monday = date(2026, 6, 26), date(2026, 6, 28), date(2026, 6, 29)
    assert CHINA.add_working_days(friday, 1) == monday
    assert CHINA.add_working_days(sunday, -1) == friday
    assert CHINA.add_working_days(sunday, 0) == sunday
    assert CHINA.working_days_between(friday, monday) == 1
    assert CHINA.working_days_between(friday, sunday) == 0
    assert CHINA.working_days_between(sunday, friday) == -1
    assert CHINA.working_days_between(friday, friday) == 0


@given(CALENDARS, DAYS, st.sampled_from(DuePolicy))
@settings(deadline=None)
def test_roll_lands_on_the_nearest_workday(calendar: WorkCalendar, day: date, policy: DuePolicy) -> None:
    rolled = calendar.roll(day, policy)
    assert calendar.roll(rolled, policy) == rolled
    if policy is DuePolicy.NONE or calendar.is_working(day):
        assert rolled == day
        return
    assert calendar.is_working(rolled)
    assert (rolled < day) is (policy is DuePolicy.BEFORE)
    assert abs(calendar.working_days_between(day, rolled)) == 1


@given(CALENDARS, DAYS, st.integers(-60, 60))
@settings(deadline=None)
def test_counting_undoes_adding(calendar: WorkCalendar, day: date, n: int) -> None:
    reached = calendar.add_working_days(day, n)
    assert calendar.working_days_between(day, reached) == n
    assert n == 0 or calendar.is_working(reached)


@given(CALENDARS, DAYS, st.integers(0, 90), st.integers(0, 90))
@settings(deadline=None)
def test_counts_add_up(calendar: WorkCalendar, day: date, a: int, b: int) -> None:
    middle, end = day + timedelta(a), day + timedelta(a + b)
    whole = calendar.working_days_between(day, end)
    parts = (calendar.working_days_between(day, middle), calendar.working_days_between(middle, end))
    assert whole == sum(parts)


def test_the_end_of_time_is_an_error_not_a_hang() -> None:
    with pytest.raises(OverflowError):
        CHINA.add_working_days(date(9999, 12, 30), 5)
