"""Dates and months as clerks type them, and what they are read as."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from support.reading import TWO_YEARS, outcome

from workbook_templates.tables.people import PEOPLE
from workbook_templates.tables.reports import REPORTS
from workbook_templates.tables.schedule import SCHEDULE
from xingzhi.cleaning import Raw
from xingzhi.windows import Window

DATE = PEOPLE["from"]
PLANNED = SCHEDULE["planned_on"]
PERIOD = REPORTS["period"]
DAY = date(2026, 6, 5)
EARLY_JUNE = Window(date(2026, 6, 1), date(2026, 6, 10))


@pytest.mark.parametrize(
    ("raw", "value", "codes"),
    [
        (DAY, DAY, ""),
        (datetime(2026, 6, 5, 9, 30), DAY, ""),
        ("2026-06-05", DAY, "N101"),
        ("2026.6.5", DAY, "N101"),
        ("2026。6。5", DAY, "N101"),
        ("2026/6/5", DAY, "N101"),
        ("2026-6-5", DAY, "N101"),
        ("2026年6月5日", DAY, "N101"),
        ("2026 年 6 月 5 号", DAY, "N101"),
        ("２０２６年６月５日", DAY, "N101"),
        ("2026－06—05", DAY, "N101"),
        ("2026年6月5日（星期五）", DAY, "N101"),
        ("2026-6-5 9:30", DAY, "N101"),
        ("２０２６－６－５ ９：３０", DAY, "N101"),
        ("\ufeff2026年6月5日 ９:３０", DAY, "N101"),
        ("2026-06-05T00:00:00", DAY, "N101"),
        ("20260605", DAY, "N101"),
        (20260605, DAY, "N101"),
        (20260605.0, DAY, "N101"),
        (46178, DAY, "N101"),
        (46178.4, DAY, "N101"),
        ("6月5日", DAY, "N101"),
        ("6月5号", DAY, "N101"),
        ("6-5", DAY, "N101"),
        ("6/5", DAY, "N101"),
        ("1月8日", date(2027, 1, 8), "N101"),
        ("3月8日", "3月8日", "C103"),
        ("6.5", "6.5", "C102"),
        (6.5, "6.5", "C102"),
        ("2月30日", "2月30日", "C102"),
        ("2月29日", "2月29日", "C103"),
        ("2026-02-30", "2026-02-30", "C102"),
        ("6月上旬", "6月上旬", "C113"),
        ("6月", "6月", "C113"),
        ("2026年6月", "2026年6月", "C113"),
        ("2026-06", "2026-06", "C113"),
        ("6月1日-10日", "6月1日-10日", "C113"),
        ("7月至12月", "7月至12月", "C113"),
        ("6月5日至6月5日", "6月5日至6月5日", "C102"),
        (2026.6, "2026.6", "C113"),
        ("26.6.5", "26.6.5", "C102"),
        ("待定", "待定", "C102"),
        (0, "0", "C102"),
        (99999, "99999", "C102"),
        (float("inf"), "inf", "C102"),
        (True, "TRUE", "C102"),
        (time(9, 30), "09:30:00", "C102"),
        (" ", None, ""),
    ],
)
def test_dates(raw: Raw, value: object, codes: str) -> None:
    assert outcome(raw, DATE) == (value, codes)


@pytest.mark.parametrize(
    ("raw", "value", "codes"),
    [
        ("6月5日", "6月5日", "C103"),
        ("12月5日", date(2026, 12, 5), "N101"),
        ("2月29日", "2月29日", "C103"),
    ],
)
def test_a_year_is_never_guessed(raw: Raw, value: object, codes: str) -> None:
    assert outcome(raw, DATE, TWO_YEARS) == (value, codes)


@pytest.mark.parametrize(
    ("raw", "value", "codes"),
    [
        ("2026-06", "2026-06", ""),
        (" 2026-06", "2026-06", "N107"),
        (DAY, "2026-06", "N107"),
        (datetime(2026, 6, 1), "2026-06", "N107"),
        (46178, "2026-06", "N107"),
        ("2026年6月", "2026-06", "N107"),
        ("2026年6月份", "2026-06", "N107"),
        ("2026.6", "2026-06", "N107"),
        (2026.6, "2026-06", "N107"),
        (2026.1, "2026-10", "N107"),
        ("2026/12", "2026-12", "N107"),
        ("202606", "2026-06", "N107"),
        (202606.0, "2026-06", "N107"),
        ("2026-06-05", "2026-06", "N107"),
        ("6月", "2026-06", "N107"),
        ("１月份", "2027-01", "N107"),
        (6, "2026-06", "N107"),
        ("3月", "3月", "C103"),
        ("2026-13", "2026-13", "C111"),
        ("202613", "202613", "C111"),
        ("13月", "13月", "C111"),
        ("上半年", "上半年", "C111"),
        (float("nan"), "nan", "C111"),
    ],
)
def test_months(raw: Raw, value: object, codes: str) -> None:
    assert outcome(raw, PERIOD) == (value, codes)


def test_a_number_that_could_be_january_or_october_is_neither() -> None:
    assert outcome(2027.1, PERIOD, Window(date(2027, 1, 1), date(2027, 12, 31))) == ("2027.1", "C111")
