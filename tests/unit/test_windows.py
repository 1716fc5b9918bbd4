"""Windows and recurrences: what can be read, what is refused, and the way back."""

from __future__ import annotations

import time
from calendar import monthrange
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from xingzhi.windows import (
    Window,
    WindowError,
    format_window,
    month_window,
    months,
    occurrences,
    parse_window,
)


def window(start: str, end: str | None = None) -> Window:
    return Window(date.fromisoformat(start), date.fromisoformat(end or start))


PROGRAMME = window("2026-06-01", "2026-12-31")
DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))
WINDOWS = st.builds(lambda a, b: Window(min(a, b), max(a, b)), DAYS, DAYS)


@st.composite
def tidy_windows(draw: st.DrawFn) -> tuple[Window, int]:
    """Windows whose ends fall on the bounds of 旬, near their programme's year."""
    year = draw(st.integers(1, 9998))
    days = []
    for choices in ([1, 11, 21], [10, 20, 31]):
        y, m = year + draw(st.integers(0, 1)), draw(st.integers(1, 12))
        days.append(date(y, m, min(draw(st.sampled_from(choices)), monthrange(y, m)[1])))
    assume(days[0] <= days[1])
    return Window(days[0], days[1]), year


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("6月上旬", window("2026-06-01", "2026-06-10")),
        ("6月中旬", window("2026-06-11", "2026-06-20")),
        ("6月下旬", window("2026-06-21", "2026-06-30")),
        ("6月中下旬", window("2026-06-11", "2026-06-30")),
        ("6月上中旬", window("2026-06-01", "2026-06-20")),
        ("6月", window("2026-06-01", "2026-06-30")),
        ("12月", window("2026-12-01", "2026-12-31")),
        ("2月下旬", window("2026-02-21", "2026-02-28")),
        ("次年1月", window("2027-01-01", "2027-01-31")),
        ("次年1月上旬", window("2027-01-01", "2027-01-10")),
        ("7月至12月", window("2026-07-01", "2026-12-31")),
        ("7月-12月", window("2026-07-01", "2026-12-31")),
        ("7月—12月", window("2026-07-01", "2026-12-31")),
        ("7月——12月", window("2026-07-01", "2026-12-31")),
        ("7月～12月", window("2026-07-01", "2026-12-31")),
        ("7月到12月", window("2026-07-01", "2026-12-31")),
        ("7-12月", window("2026-07-01", "2026-12-31")),
        ("6月至次年1月", window("2026-06-01", "2027-01-31")),
        ("次年1月至2月", window("2027-01-01", "2027-02-28")),
        ("次年1月至次年2月", window("2027-01-01", "2027-02-28")),
        ("7月中旬至12月", window("2026-07-11", "2026-12-31")),
        ("6月上旬至中旬", window("2026-06-01", "2026-06-20")),
        ("6月下旬至7月上旬", window("2026-06-21", "2026-07-10")),
        ("6月1日至6月10日", window("2026-06-01", "2026-06-10")),
        ("6月1日-10日", window("2026-06-01", "2026-06-10")),
        ("6月1-10日", window("2026-06-01", "2026-06-10")),
        ("12月25日至次年1月5日", window("2026-12-25", "2027-01-05")),
        ("7月11日", window("2026-07-11")),
        ("7月11号", window("2026-07-11")),
        ("2027年3月", window("2027-03-01", "2027-03-31")),
        ("2026年6月11日至2027年1月10日", window("2026-06-11", "2027-01-10")),
        ("2024年6月至次年1月", window("2024-06-01", "2025-01-31")),
        ("2026-06-11~2026-06-30", window("2026-06-11", "2026-06-30")),
        ("2026-06-11 至 2026-06-30", window("2026-06-11", "2026-06-30")),
        ("2026-06-11-2026-06-30", window("2026-06-11", "2026-06-30")),
        ("2026.6.11—2026.6.30", window("2026-06-11", "2026-06-30")),
        ("2026-06-11", window("2026-06-11")),
        ("2025-06-11", window("2025-06-11")),
        ("６月　上旬", window("2026-06-01", "2026-06-10")),
        (" 7 月 至 12 月 ", window("2026-07-01", "2026-12-31")),
        ("2026－06－11～2026－06－30", window("2026-06-11", "2026-06-30")),
    ],
)
def test_texts_of_2026(text: str, expected: Window) -> None:
    assert parse_window(text, 2026) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "全年",
        "全程",
        "上旬",
        "11日",
        "6",
        "6月底",
        "6月11",
        "6月至",
        "至6月",
        "6月至7月至8月",
        "6月，7月",
        "6月xx",
        "6月-旬",
        "每月25日",
        "13月",
        "0月",
        "6月0日",
        "6月31日",
        "2月29日",
        "2026-02-30",
        "2026-06",
        "2026-06.11",
        "26年6月",
        "11月至1月",
        "12月至1月上旬",
        "6月20日至10日",
        "6月下旬至上旬",
        "2026-06-30~2026-06-11",
        "次年1月至2026年12月",
    ],
)
def test_unreadable_and_impossible_texts_are_refused_by_name(text: str) -> None:
    with pytest.raises(WindowError) as raised:
        parse_window(text, 2026)
    assert f"“{text}”" in str(raised.value)


def test_the_end_of_february_follows_the_year() -> None:
    assert parse_window("2月下旬", 2028) == window("2028-02-21", "2028-02-29")
    assert parse_window("2月29日", 2028) == window("2028-02-29")
    assert parse_window("次年2月", 2027) == window("2028-02-01", "2028-02-29")
    assert format_window(window("2028-02-21", "2028-02-28"), 2028) == "2028-02-21~2028-02-28"


@pytest.mark.parametrize("year", [-1, 0, 9999, 10_000])
def test_a_year_that_no_date_can_have_is_refused(year: int) -> None:
    with pytest.raises(WindowError):
        parse_window("次年1月" if year == 9999 else "6月", year)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (window("2026-06-01", "2026-06-10"), "6月上旬"),
        (window("2026-06-11", "2026-06-30"), "6月中下旬"),
        (window("2026-06-01", "2026-06-20"), "6月上中旬"),
        (window("2026-06-01", "2026-06-30"), "6月"),
        (window("2026-07-01", "2026-12-31"), "7月至12月"),
        (window("2026-07-11", "2026-12-31"), "7月中旬至12月"),
        (window("2026-06-01", "2027-01-31"), "6月至次年1月"),
        (window("2027-01-01", "2027-01-31"), "次年1月"),
        (window("2026-07-11"), "7月11日"),
        (window("2026-06-05", "2026-06-30"), "2026-06-05~2026-06-30"),
        (window("2028-06-05"), "2028-06-05"),
        (window("2025-12-01", "2026-01-31"), "2025-12-01~2026-01-31"),
    ],
)
def test_format_is_short_where_it_can_be(value: Window, expected: str) -> None:
    assert format_window(value, 2026) == expected


@given(WINDOWS, st.integers(1989, 2101))
@settings(deadline=None)
def test_any_window_survives_display(value: Window, year: int) -> None:
    assert parse_window(format_window(value, year), year) == value


@given(tidy_windows())
@settings(deadline=None)
def test_tidy_windows_survive_display_in_chinese(case: tuple[Window, int]) -> None:
    value, year = case
    shown = format_window(value, year)
    assert "月" in shown
    assert parse_window(shown, year) == value


@given(st.text(st.sampled_from("0123456789年月日上中下旬次至~-/. "), max_size=24) | st.text())
@settings(deadline=None)
def test_any_text_is_a_window_or_a_window_error(text: str) -> None:
    try:
        parsed = parse_window(text, 2026)
    except WindowError as error:
        assert text in str(error)
    else:
        assert parse_window(format_window(parsed, 2026), 2026) == parsed


def test_a_window_holds_both_its_ends_and_cannot_end_before_it_starts() -> None:
    june = window("2026-06-01", "2026-06-30")
    assert june.contains(june.start) and june.contains(june.end)
    assert not june.contains(date(2026, 5, 31)) and not june.contains(date(2026, 7, 1))
    assert june < PROGRAMME
    with pytest.raises(ValueError, match="2026-06-30"):
        Window(june.end, june.start)


def test_months_and_month_window() -> None:
    assert months(window("2026-11-30", "2027-02-01")) == (
        "2026-11",
        "2026-12",
        "2027-01",
        "2027-02",
    )
    assert months(window("2026-06-15")) == ("2026-06",)
    assert month_window("2028-02") == window("2028-02-01", "2028-02-29")
    for text in ("2026-13", "2026-6", "2026-06-01", "2026年6月", "0000-01", ""):
        with pytest.raises(WindowError):
            month_window(text)


@given(WINDOWS)
@settings(deadline=None)
def test_the_months_of_a_window_cover_it_without_excess(value: Window) -> None:
    spans = [month_window(period) for period in months(value)]
    assert spans[0].contains(value.start) and spans[-1].contains(value.end)
    assert all(b.start - a.end == timedelta(1) for a, b in pairwise(spans))


@pytest.mark.parametrize("rule", ["FREQ=MONTHLY;BYMONTHDAY=25", "freq＝monthly； BYMONTHDAY=２５"])
def test_the_25th_of_each_month(rule: str) -> None:
    assert occurrences(rule, PROGRAMME) == tuple(date(2026, m, 25) for m in range(6, 13))


def test_common_recurrences() -> None:
    last_days = occurrences("FREQ=MONTHLY;BYMONTHDAY=-1", PROGRAMME)
    assert last_days == tuple(month_window(period).end for period in months(PROGRAMME))
    june = month_window("2026-06")
    fridays = tuple(date(2026, 6, day) for day in (5, 12, 19, 26))
    assert occurrences("FREQ=WEEKLY;BYDAY=FR", june) == fridays
    first_fridays = occurrences("FREQ=MONTHLY;BYDAY=1FR", window("2026-06-05", "2026-08-07"))
    assert first_fridays == (date(2026, 6, 5), date(2026, 7, 3), date(2026, 8, 7))
    every_two_months = occurrences("FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=10", PROGRAMME)
    assert [day.month for day in every_two_months] == [6, 8, 10, 12]
    assert occurrences("FREQ=YEARLY;BYDAY=20MO", month_window("2026-05")) == (date(2026, 5, 18),)
    assert occurrences("FREQ=DAILY;COUNT=2", june) == (june.start, date(2026, 6, 2))
    until = occurrences("FREQ=MONTHLY;BYMONTHDAY=25;UNTIL=20260825T000000Z", PROGRAMME)
    assert until[-1] == date(2026, 8, 25)
    assert occurrences("FREQ=DAILY;UNTIL=20250101", june) == ()


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "每月25日",
        "BYMONTHDAY=25",
        "FREQ=HOURLY",
        "FREQ=SECONDLY;COUNT=1",
        "FREQ=DAILY;BYHOUR=9,15",
        "FREQ=FORTNIGHTLY",
        "FREQ=DAILY,WEEKLY",
        "FREQ=DAILY;",
        "FREQ=DAILY;FREQ=WEEKLY",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=1,2",
        "FREQ=DAILY;COUNT=-1",
        "FREQ=MONTHLY;BYMONTHDAY=0",
        "FREQ=MONTHLY;BYMONTHDAY=32",
        "FREQ=MONTHLY;BYMONTHDAY=",
        "FREQ=MONTHLY;BYMONTHDAY=1,,2",
        "FREQ=YEARLY;BYMONTH=13",
        "FREQ=YEARLY;BYYEARDAY=367",
        "FREQ=YEARLY;BYEASTER=0",
        "FREQ=WEEKLY;BYDAY=1FR",
        "FREQ=MONTHLY;BYDAY=6FR",
        "FREQ=MONTHLY;BYDAY=0FR",
        "FREQ=YEARLY;BYDAY=0FR",
        "FREQ=YEARLY;BYMONTH=6;BYDAY=9FR",
        "FREQ=YEARLY;BYMONTH=12;BYDAY=9FR",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=DAILY;UNTIL=1",
        "FREQ=DAILY;UNTIL=20260231",
        "FREQ=DAILY;DTSTART=20260101",
        "DTSTART:20260101\nRRULE:FREQ=DAILY",
    ],
)
def test_bad_rules_are_refused_by_name(rule: str) -> None:
    with pytest.raises(WindowError) as raised:
        occurrences(rule, PROGRAMME)
    assert f"“{rule}”" in str(raised.value)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=WEEKLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYMONTHDAY=25;BYSETPOS=2",
        "FREQ=MONTHLY;INTERVAL=12;BYMONTH=3",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
    ],
)
def test_a_rule_that_never_falls_ends(rule: str) -> None:
    started = time.process_time()
    assert occurrences(rule, PROGRAMME) == ()
    # dateutil alone takes seconds over the first of these.
    assert time.process_time() - started < 1.5


@pytest.mark.parametrize("rule", ["FREQ=DAILY", "FREQ=WEEKLY", "FREQ=MONTHLY", "FREQ=YEARLY"])
def test_the_last_days_that_a_date_can_hold(rule: str) -> None:
    last = window("9999-12-01", "9999-12-31")
    assert occurrences(rule, last)[0] == last.start


RULES = st.builds(
    lambda freq, interval, by: f"FREQ={freq};INTERVAL={interval}{by}",
    st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]),
    st.sampled_from([1, 2, 3, 5, 12]),
    st.sampled_from(
        [
            "",
            ";BYDAY=MO,FR",
            ";BYMONTHDAY=29,-1",
            ";BYMONTH=2,12",
            ";BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            ";COUNT=3",
            ";BYMONTH=2;BYMONTHDAY=29",
        ]
    ),
)


@given(RULES, DAYS, st.integers(0, 900))
@settings(deadline=None)
def test_occurrences_are_those_of_dateutil(rule: str, start: date, length: int) -> None:
    value = Window(start, start + timedelta(length))
    midnight = datetime(start.year, start.month, start.day)
    plain = rrulestr(rule, dtstart=midnight).between(midnight, midnight + timedelta(length), inc=True)
    assert occurrences(rule, value) == tuple(day.date() for day in plain)
