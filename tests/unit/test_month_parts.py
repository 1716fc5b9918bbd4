"""What is planned for a month or a part of one: how it is read and written, in any programme."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from workbook_templates.tables.people import PEOPLE
from workbook_templates.tables.schedule import SCHEDULE
from xingzhi.cleaning import Raw
from xingzhi.columns import Column
from xingzhi.month_parts import month_parts, part_text
from xingzhi.normalise import normalise
from xingzhi.rows import Value, decode, encode, stored_text
from xingzhi.windows import Window, full_text, parse_window

ONE_YEAR = Window(date(2026, 6, 1), date(2027, 1, 31))
TWO_YEARS = Window(date(2026, 5, 1), date(2027, 7, 31))
DATE = PEOPLE["from"]
PLANNED = SCHEDULE["planned_on"]
DAY = date(2026, 6, 5)
EARLY_JUNE = Window(date(2026, 6, 1), date(2026, 6, 10))


def outcome(raw: Raw, column: Column, window: Window = ONE_YEAR) -> tuple[Any, str]:
    read = normalise(raw, column, window)
    return read.value, " ".join(code for code, _ in (*read.notes, *([read.fault] if read.fault else [])))


@pytest.mark.parametrize(
    ("raw", "value", "codes"),
    [
        (DAY, DAY, ""),
        ("2026.6.5", DAY, "N101"),
        ("6月上旬", EARLY_JUNE, ""),
        (" 6月上旬", EARLY_JUNE, "N108"),
        ("2026年6月上旬", EARLY_JUNE, "N108"),
        ("２０２６年６月上旬", EARLY_JUNE, "N108"),
        ("6月1日-10日", EARLY_JUNE, "N108"),
        ("2026-06-01~2026-06-10", EARLY_JUNE, "N108"),
        ("6月中、下旬", Window(date(2026, 6, 11), date(2026, 6, 30)), "N108"),
        ("6月中旬和下旬", Window(date(2026, 6, 11), date(2026, 6, 30)), "N108"),
        ("6月份", Window(date(2026, 6, 1), date(2026, 6, 30)), "N108"),
        ("2026.6", Window(date(2026, 6, 1), date(2026, 6, 30)), "N108"),
        (202606.0, Window(date(2026, 6, 1), date(2026, 6, 30)), "N108"),
        ("次年1月上旬", Window(date(2027, 1, 1), date(2027, 1, 10)), ""),
        ("1月上旬", Window(date(2027, 1, 1), date(2027, 1, 10)), "N108"),
        ("2027年1月上旬", Window(date(2027, 1, 1), date(2027, 1, 10)), "N108"),
        ("2026年3月", Window(date(2026, 3, 1), date(2026, 3, 31)), ""),
        ("2026年2月下旬", Window(date(2026, 2, 21), date(2026, 2, 28)), ""),
        ("3月", "3月", "C103"),
        ("6月1日-15日", "6月1日-15日", "C113"),
        ("7月至12月", "7月至12月", "C113"),
        ("2016年7月", "2016年7月", "C113"),
        ("13月", "13月", "C102"),
        ("上旬", "上旬", "C102"),
        (2026.6, Window(date(2026, 6, 1), date(2026, 6, 30)), "N108"),
        (2026.1, "2026.1", "C102"),
        ("待定", "待定", "C102"),
        ("", None, ""),
    ],
)
def test_what_is_planned_may_be_a_month_or_a_part_of_one(raw: Raw, value: object, codes: str) -> None:
    assert outcome(raw, PLANNED) == (value, codes)


@pytest.mark.parametrize(
    ("raw", "value", "codes"),
    [
        ("6月上旬", "6月上旬", "C103"),
        ("2026年6月上旬", EARLY_JUNE, ""),
        ("次年6月上旬", Window(date(2027, 6, 1), date(2027, 6, 10)), ""),
        ("2027年6月上旬", Window(date(2027, 6, 1), date(2027, 6, 10)), "N108"),
        ("12月", Window(date(2026, 12, 1), date(2026, 12, 31)), ""),
        ("1月", Window(date(2027, 1, 1), date(2027, 1, 31)), "N108"),
    ],
)
def test_a_month_of_two_years_is_written_with_its_year(raw: Raw, value: object, codes: str) -> None:
    assert outcome(raw, PLANNED, TWO_YEARS) == (value, codes)


def test_a_span_where_one_day_is_asked_is_told_with_its_days() -> None:
    assert normalise("次年1月上旬", DATE, ONE_YEAR).fault == ("C113", {"start": "2027-01-01", "end": "2027-01-10"})
    assert normalise("6月上旬", PLANNED, TWO_YEARS).fault == ("C103", {"example": "2026年6月上旬"})


@pytest.mark.parametrize("programme", [ONE_YEAR, TWO_YEARS, Window(date(2026, 1, 15), date(2026, 12, 31))])
def test_every_part_of_a_month_is_read_as_it_is_written(programme: Window) -> None:
    texts = [part_text(part, programme) for part in month_parts(programme)]
    assert len(set(texts)) == len(texts)
    for part, text in zip(month_parts(programme), texts, strict=True):
        assert outcome(text, PLANNED, programme) == outcome(part, PLANNED, programme) == (part, "")
        assert outcome(full_text(part), PLANNED, programme)[0] == part
        assert parse_window(full_text(part), 1999) == part


def test_the_ledger_gives_a_part_of_a_month_back() -> None:
    values: dict[str, Value] = {"planned_on": EARLY_JUNE, "held_on": DAY}
    assert decode(encode(values)) == values
    assert stored_text(EARLY_JUNE) == "2026年6月上旬"
    assert full_text(Window(DAY, DAY)) == "2026-06-05"
    assert full_text(Window(date(2026, 6, 3), date(2026, 7, 8))) == "2026-06-03~2026-07-08"
