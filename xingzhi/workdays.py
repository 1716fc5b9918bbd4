"""China's working days: weekends, public holidays, make-up workdays (调休), the office's own days.

The State Council announces each year's arrangement late in the year before. The package
`holidays` carries the announced ones and projects the rest from the statutory holidays alone, so
a date in a year it only projects is provisional. Nothing here reads the clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from holidays import HolidayBase, country_holidays

_DAY = timedelta(days=1)


class DuePolicy(StrEnum):
    """Where a due day goes that is not a working day."""

    BEFORE = "before"
    AFTER = "after"
    NONE = "none"


@lru_cache(maxsize=64)
def _arrangement(year: int) -> HolidayBase:
    return country_holidays("CN", years=year, expand=False)


@lru_cache(maxsize=1)
def last_announced_year() -> int:
    """Return the last year whose State Council arrangement the installed `holidays` carries.

    The library lists the days that each yearly notice swapped, keyed by the notice's year; every
    notice since 2001 has swapped some, so the last key is the last notice it knows.
    """
    return int(max(country_holidays("CN").special_public_holidays))


@dataclass(frozen=True)
class WorkCalendar:
    """The working days of one office.

    `days_off` and `days_on` are the office's own extra days off and extra workdays; they win over
    the State Council's arrangement. Raises ValueError if a day is in both. A method that would
    have to pass `date.min` or `date.max` raises OverflowError.
    """

    days_off: frozenset[date] = frozenset()
    days_on: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if both := self.days_off & self.days_on:
            listed = ", ".join(day.isoformat() for day in sorted(both))
            raise ValueError(f"both a day off and a workday: {listed}")

    def is_working(self, day: date) -> bool:
        """Tell whether `day` is worked."""
        if day in self.days_off:
            return False
        return day in self.days_on or _arrangement(day.year).is_working_day(day)

    def is_provisional(self, day: date) -> bool:
        """Tell whether `is_working(day)` rests on a projection, not on an announced arrangement.

        A day that the office has settled itself is never provisional. The grain is the year:
        a notice has at times also moved the last days of the December before it (those for 2002,
        2006, 2007 and 2012 did), which is not foreseen here.
        """
        settled = day in self.days_off or day in self.days_on
        return not settled and day.year > last_announced_year()

    def roll(self, day: date, policy: DuePolicy) -> date:
        """Return `day` if it is worked or `policy` is NONE, else the nearest workday that way."""
        if policy is DuePolicy.NONE or self.is_working(day):
            return day
        return self.add_working_days(day, -1 if policy is DuePolicy.BEFORE else 1)

    def add_working_days(self, day: date, n: int) -> date:
        """Return the `n`-th working day after `day` (before it, if `n` is negative).

        `day` itself is never counted; with `n` = 0 it is returned, worked or not.
        """
        step = _DAY if n > 0 else -_DAY
        left = abs(n)
        while left:
            day += step
            left -= self.is_working(day)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Count the working days after `start` up to and including `end`.

        If `end` is before `start`, minus the number before `start` down to and including `end`, so
        that `working_days_between(day, add_working_days(day, n)) == n` for every `n`.
        """
        sign = 1 if start <= end else -1
        span = range(1, abs((end - start).days) + 1)
        return sign * sum(self.is_working(start + sign * k * _DAY) for k in span)
