"""A month or a declared part of one (`6月上旬`), planned where no day is fixed yet: which of them a programme admits, how
one is read, and how it is written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from xingzhi.windows import (
    PART_NAMES,
    Window,
    WindowError,
    format_window,
    full_text,
    month_window,
    months,
    parse_window,
)

EARLIEST, LATEST = timedelta(days=120), timedelta(days=366)
"""A date further than this before or after the programme's time is probably a slip of the year. A day in last year's
autumn is one; a plan may well reach into the year after, and what has happened cannot."""

_DATED = re.compile("次年|[0-9]{4}")
_FULL_MONTH = re.compile(r"((?:19|20)[0-9]{2})(?:[-/.]([0-9]{1,2})|([0-9]{2}))")
# `中、下旬` and `中旬和下旬` are the days of 中下旬.
_TWO_PARTS = re.compile("(?<=[上中])旬?[、和及](?=[中下]旬)")


@dataclass(frozen=True, slots=True)
class Span:
    """What a text says in which more than one day stands. It is not `sure` where the text names no year, and not exactly
    one of its years lies in the programme: then it is the first of them."""

    window: Window
    sure: bool


@lru_cache(maxsize=64)
def month_parts(programme: Window) -> tuple[Window, ...]:
    """Every whole month and declared part of one in the programme's time and as far around it as a date may lie."""
    around = Window(programme.start - EARLIEST, programme.end + LATEST)
    whole = [month_window(period) for period in months(around)]
    return tuple(
        Window(month.start.replace(day=first), month.end if last == 31 else month.start.replace(day=last))
        for month in whole
        for first, last in PART_NAMES
    )


@lru_cache(maxsize=4096)
def read_span(text: str, programme: Window) -> Span | None:
    """Read more than one day out of a text in half-width characters and without spaces; None for any other text.

    `次年` is the year after the one in which the programme begins. Without a year the programme's time decides.
    """
    text = _TWO_PARTS.sub("", text.replace("月份", "月"))
    if month := _FULL_MONTH.fullmatch(text):
        text = f"{month[1]}年{month[2] or month[3]}月"
    dated = _DATED.search(text) is not None
    years = range(programme.start.year, programme.start.year + 1 if dated else programme.end.year + 1)
    found = [window for window in (_parsed(text, year) for year in years) if window and window.start < window.end]
    if not found:
        return None
    inside = [window for window in found if window.start <= programme.end and window.end >= programme.start]
    return Span((inside or found)[0], sure=dated or len(inside) == 1)


@lru_cache(maxsize=4096)
def part_text(part: Window, programme: Window) -> str:
    """A part of a month as the programme's people write it: `6月上旬`, `次年1月`; with its year where it would be read as
    another, or not at all. `read_span` gives the part again."""
    year = programme.start.year
    short = format_window(part, year) if part.start.year in (year, year + 1) else full_text(part)
    return short if read_span(short, programme) == Span(part, sure=True) else full_text(part)


def _parsed(text: str, year: int) -> Window | None:
    try:
        return parse_window(text, year)
    except WindowError:
        return None
