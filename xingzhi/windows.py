"""Windows (`6月上旬`, `7月至12月`) and recurrences (RFC 5545), resolved for a programme's year.

A window is a span of whole days, both ends included. Nothing here reads the clock.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import takewhile

from dateutil.rrule import rrulestr


class WindowError(ValueError):
    """A window, period or recurrence that cannot be read, or that is impossible."""


@dataclass(frozen=True, order=True, slots=True)
class Window:
    """The days from `start` to `end`, both included. Raises WindowError if `end` is earlier."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise WindowError(f"window ends before it starts: {self.start}~{self.end}")

    def contains(self, day: date) -> bool:
        """Tell whether `day` lies in the window."""
        return self.start <= day <= self.end


# First and last day of each part of a month; 31 stands for the month's last day.
_PARTS = {
    "": (1, 31),
    "上旬": (1, 10),
    "中旬": (11, 20),
    "下旬": (21, 31),
    "上中旬": (1, 20),
    "中下旬": (11, 31),
}
PART_NAMES = {days: name for name, days in _PARTS.items()}
"""The name of each part of a month by its first and last day; 31 stands for the month's last day."""

_FIRST_PART = {1: "", 11: "中旬", 21: "下旬"}
_LAST_PART = {10: "上旬", 20: "中旬", 31: ""}

_DASHES = re.compile("[至到~〜—–―−]+")
# One end of a window. The look-aheads admit `7-12月` and `6月1-10日`, whose unit is written once.
_POINT = re.compile(
    r"(?P<iso>[0-9]{4}(?P<sep>[-/.])[0-9]{1,2}(?P=sep)[0-9]{1,2})"
    r"|(?:(?:(?P<next>次年)|(?P<year>[0-9]{4})年)?(?P<month>[0-9]{1,2})(?:月|(?=[~-][0-9]{1,2}月$)))?"
    r"(?:(?P<part>上中旬|中下旬|[上中下]旬)|(?P<day>[0-9]{1,2})(?:[日号]|(?=[~-][0-9]{1,2}[日号]$)))?"
)


def parse_window(text: str, year: int) -> Window:
    """Read a window for the programme year `year`.

    Shapes: a month or part of one (`6月`, `6月上旬`), a day (`7月11日`, `2026-06-11`), a range of
    these joined by 至, 到, ~ or a dash (`7月至12月`, `7-12月`, `6月1日-10日`). A month may follow a
    year (`2026年`) or `次年`, the year after `year`, or after the year that the range's first end
    names. The second end takes from the first the year, and the month, that it does not name.

    Raises WindowError, with `text` in its message, for anything else, for a day that does not
    exist, and for a range that ends before it starts (`11月至1月` without 次年 is not guessed at).
    """
    clean = _DASHES.sub("~", _normalise(text))
    try:
        if not (first := _POINT.match(clean)):
            raise WindowError("not a window")
        head = _resolve(first, year, None)
        if first.end() == len(clean):
            return head
        second = _POINT.fullmatch(clean, first.end() + 1)
        if clean[first.end()] not in "~-" or not second:
            raise WindowError("not a window")
        if first["year"] or first["iso"]:
            year = head.start.year
        return Window(head.start, _resolve(second, year, head.start).end)
    except (ValueError, OverflowError) as error:
        raise WindowError(f"cannot read the window “{text}”: {error}") from error


def _normalise(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _resolve(point: re.Match[str], year: int, earlier: date | None) -> Window:
    if point["iso"]:
        exact = date(*map(int, point["iso"].split(point["sep"])))
        return Window(exact, exact)
    part, day = point["part"], point["day"]
    if point["month"]:
        month = int(point["month"])
        named = point["year"] or (earlier.year if earlier else year)
        year = year + 1 if point["next"] else int(named)
    elif earlier and (part or day):
        year, month = earlier.year, earlier.month
    else:
        raise WindowError("not a window")
    first, last = (int(day), int(day)) if day else _PARTS[part or ""]
    whole = _month(year, month)
    return Window(date(year, month, first), date(year, month, min(last, whole.end.day)))


def _month(year: int, month: int) -> Window:
    first = date(year, month, 1)
    return Window(first, first.replace(day=monthrange(year, month)[1]))


def format_window(window: Window, year: int) -> str:
    """Write a window for display: short Chinese where possible, else `2026-06-05~2026-06-30`.

    `parse_window(format_window(window, year), year) == window` always holds.
    """
    start, end = window.start, window.end
    # 31 for a month's last day, as in _PARTS.
    last = 31 if end == _month(end.year, end.month).end else end.day
    prefixes = {year: "", year + 1: "次年"}
    if start.year in prefixes and end.year in prefixes:
        head, tail = f"{prefixes[start.year]}{start.month}月", f"{prefixes[end.year]}{end.month}月"
        if start == end:
            return f"{head}{start.day}日"
        if head == tail:
            if (start.day, last) in PART_NAMES:
                return head + PART_NAMES[start.day, last]
        elif start.day in _FIRST_PART and last in _LAST_PART:
            return f"{head}{_FIRST_PART[start.day]}至{tail}{_LAST_PART[last]}"
    return start.isoformat() if start == end else f"{start.isoformat()}~{end.isoformat()}"


def full_text(window: Window) -> str:
    """Write a window so that it reads the same in any year: `2026年6月上旬`, else `2026-06-05~2026-06-30`.

    `parse_window(full_text(window), year) == window` for every year.
    """
    short = format_window(window, window.start.year)
    within = (window.start.year, window.start.month) == (window.end.year, window.end.month)
    if within and window.start < window.end and "~" not in short:
        return f"{window.start.year}年{short}"
    return window.start.isoformat() if window.start == window.end else f"{window.start}~{window.end}"


def months(window: Window) -> tuple[str, ...]:
    """Return the periods, `YYYY-MM`, that the window touches, in order."""
    first = window.start.year * 12 + window.start.month - 1
    last = window.end.year * 12 + window.end.month - 1
    return tuple(f"{m // 12:04}-{m % 12 + 1:02}" for m in range(first, last + 1))


def month_window(period: str) -> Window:
    """Return the whole month `period`, `YYYY-MM`. Raises WindowError for any other text."""
    if not re.fullmatch("[0-9]{4}-(0[1-9]|1[0-2])", period) or period.startswith("0000"):
        raise WindowError(f"not a period (YYYY-MM): “{period}”")
    return _month(int(period[:4]), int(period[5:]))


# What each part of a rule may hold. dateutil does not check: to it BYMONTHDAY=0 is every day,
# INTERVAL=0 never ends, and the ordinal in WEEKLY;BYDAY=1FR goes unseen.
_COUNT = "[1-9][0-9]{0,3}"
_YEAR_DAY = "[+-]?([1-9][0-9]?|[12][0-9]{2}|3[0-5][0-9]|36[0-6])"
_RULE_PARTS = {
    "FREQ": "DAILY|WEEKLY|MONTHLY|YEARLY",
    "UNTIL": "[0-9]{8}(T[0-9]{6}Z?)?",
    "INTERVAL": _COUNT,
    "COUNT": _COUNT,
    "WKST": "MO|TU|WE|TH|FR|SA|SU",
    "BYMONTH": "0?[1-9]|1[0-2]",
    "BYMONTHDAY": "[+-]?(0?[1-9]|[12][0-9]|3[01])",
    "BYWEEKNO": "[+-]?(0?[1-9]|[1-4][0-9]|5[0-3])",
    "BYYEARDAY": _YEAR_DAY,
    "BYSETPOS": _YEAR_DAY,
}
_ORDINALS = {"MONTHLY": "([+-]?[1-5])?", "YEARLY": "([+-]?([1-4]?[0-9]|5[0-3]))?"}
# The Gregorian calendar, weekdays included, repeats after 400 years.
_CYCLE = timedelta(days=146_097)


def occurrences(rrule: str, window: Window) -> tuple[date, ...]:
    """Return the days of an RFC 5545 recurrence within the window, in order.

    `rrule` is the value of an RRULE (`FREQ=MONTHLY;BYMONTHDAY=25`). Its DTSTART is the window's
    first day, from which INTERVAL and COUNT therefore count. Raises WindowError for a rule that
    cannot be read, for a frequency or a BY part finer than a day, and for a value out of range.
    """
    parts = _normalise(rrule).upper().split(";")
    rule = dict(part.partition("=")[::2] for part in parts)
    within = "MONTHLY" if rule.get("FREQ") == "YEARLY" and "BYMONTH" in rule else rule.get("FREQ")
    ordinal = _ORDINALS.get(within or "", "")
    patterns = {**_RULE_PARTS, "BYDAY": f"{ordinal}({_RULE_PARTS['WKST']})"}
    # dateutil seeks a rule's next day up to the year 9999, which takes seconds where there is none
    # (30 February). Run whole calendar cycles later, as near to 9999 as fits, it is soon there.
    shift = (9999 - window.end.year) // 400 * _CYCLE
    try:
        if "FREQ" not in rule or len(rule) != len(parts):
            raise WindowError("no FREQ, or a part twice")
        for name, value in rule.items():
            if not all(re.fullmatch(patterns[name], item) for item in value.split(",")):
                raise WindowError(f"{name}={value}")
        until = rule.pop("UNTIL", None)
        end = min(window.end, date.fromisoformat(until[:8])) if until else window.end
        endless = ";".join(f"{name}={value}" for name, value in rule.items())
        found = rrulestr(endless, dtstart=datetime.combine(window.start + shift, time()))
        days = (moment.date() - shift for moment in found)
        return tuple(takewhile(lambda day: day <= end, days))
    except (ValueError, LookupError, OverflowError) as error:
        raise WindowError(f"cannot read the recurrence “{rrule}”: {error}") from error
