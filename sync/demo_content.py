"""The invented units of the demo: who they are, how they fill their workbooks, and what they have entered by a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from random import Random

from sync import demo_names as names
from sync.demo_fill import Explanation, Mess
from sync.demo_mistakes import Habit, explanations, mess, mistaken
from sync.demo_rows import Plan, RawRows, Slip, in_words, plan
from sync.demo_schedule import RawRow, weekday
from xingzhi.labels import Lang


class Story(StrEnum):
    """What becomes of a unit's workbook."""

    GOOD = "good"
    MESSY = "messy"
    BEHIND = "behind"
    MISSING = "missing"
    LATE = "late"
    TWICE = "twice"
    TWO_CLERKS = "two_clerks"


_DOZEN = (
    Story.GOOD,
    Story.MESSY,
    Story.MISSING,
    Story.TWO_CLERKS,
    Story.TWICE,
    Story.LATE,
    Story.BEHIND,
    Story.MESSY,
    Story.MESSY,
    Story.BEHIND,
    Story.GOOD,
    Story.BEHIND,
)
"""The first units, in the order in which a small office can afford them."""

_LATER = tuple(
    {3: Story.MESSY, 7: Story.BEHIND, 11: Story.MESSY, 15: Story.LATE, 19: Story.MISSING, 23: Story.TWICE}.get(
        number, Story.GOOD
    )
    for number in range(24)
)
"""The units after the first dozen, over and over: most of them fill their workbooks well."""


@dataclass(frozen=True)
class DemoUnit:
    """One invented unit. `slip` is what a unit that is behind owes, `habit` how a messy one fills its workbook."""

    code: str
    name: str
    kind: str
    head: str
    story: Story
    year: int
    seed: int
    slip: Slip | None = None
    habit: Habit | None = None

    @cached_property
    def plan(self) -> Plan:
        """The unit's records for the whole programme."""
        unit = names.UnitName(self.name, "", self.kind, self.head)
        return plan(self._random("plan"), unit, self.year, self.slip)

    @property
    def contact(self) -> str:
        """The clerk who fills in the workbook."""
        return str(self.plan.clerk["name"])

    @property
    def phone(self) -> str:
        """The clerk's telephone number."""
        return str(self.plan.clerk["phone"])

    @property
    def second_clerk(self) -> str:
        """The other one, where two share the work."""
        return str(self.plan.people[-2]["name"])

    def rows(self, as_of: date, lang: Lang = Lang.ZH) -> RawRows:
        """What the clerk has entered by a day, table by table: raw cells as typed, an empty row for a blank line."""
        rows = in_words(self.plan.as_of(as_of), lang)
        return mistaken(rows, self.habit, self._random("habit"), lang) if self.habit else rows

    def mess(self, lang: Lang = Lang.ZH) -> tuple[Mess, ...]:
        """What the clerk does to the sheets beside filling them."""
        return mess(self.habit, self.contact, str(self.plan.people[0]["name"]), lang) if self.habit else ()

    @property
    def explanations(self) -> tuple[Explanation, ...]:
        """What the clerk says of findings, once they are listed in his workbook."""
        return explanations(self.habit) if self.habit else ()

    def second_version(self, as_of: date, lang: Lang = Lang.ZH) -> RawRows:
        """The workbook sent again: more has happened, a telephone number is new, and one activity was lost."""
        rows = self.rows(as_of, lang)
        rows["people"][3]["phone"] = names.phone(self._random("second"))
        lost = next(number for number, row in enumerate(self.plan.schedule) if row["kind"] == "collective_study")
        rows["schedule"][lost] = {}
        return rows

    def first_half(self, as_of: date, lang: Lang = Lang.ZH) -> RawRows:
        """What the first of two clerks fills in: who and what, and a report of his own under the first number."""
        rows = self.rows(as_of, lang)
        own: RawRow = {
            "period": f"{self.year}-06",
            "kind": "reference",
            "title": f"{self.contact}的学员手记",
            "author": self.contact,
            "submitted_on": weekday(self.year, 6, 24),
        }
        return {**rows, "schedule": [], "attendance": [], "progress": [], **in_words({"reports": [own]}, lang)}

    def second_half(self, as_of: date, lang: Lang = Lang.ZH) -> RawRows:
        """What the other fills in, in a copy of the blank workbook: the projects again, one with another last day, and
        what has happened."""
        rows = self.rows(as_of, lang)
        project = rows["projects"][0]
        return {
            "projects": [{**project, "planned_end": weekday(self.year, 12, 30)}, *rows["projects"][1:]],
            "schedule": rows["schedule"],
            "attendance": rows["attendance"],
            "progress": rows["progress"],
            "reports": rows["reports"],
        }

    def _random(self, part: str) -> Random:
        # A text seeds by its SHA-512, the same in every process; hash() is not.
        return Random(f"{self.seed}/{self.year}/{self.code}/{part}")


def demo_units(count: int, year: int, seed: int) -> tuple[DemoUnit, ...]:
    """The first `count` units of an invented county; the same arguments give the same units.

    Every story occurs among 12 or more. ValueError for a count below 1 or above `demo_names.LIMIT`.
    """
    pairs = names.units(count)
    stories = list(_DOZEN[:count]) + [_LATER[number % len(_LATER)] for number in range(count - len(_DOZEN))]
    Random(f"{seed}/stories").shuffle(stories)
    habits, turns = tuple(Habit), dict.fromkeys(Story, 0)
    found = []
    for (code, unit), story in zip(pairs, stories, strict=True):
        turn = turns[story]
        turns[story] += 1
        found.append(
            DemoUnit(
                code=code,
                name=unit.name,
                kind=unit.kind,
                head=unit.head,
                story=story,
                year=year,
                seed=seed,
                slip=_slip(story, turn),
                habit=habits[turn % len(habits)] if story is Story.MESSY else None,
            )
        )
    return tuple(found)


def _slip(story: Story, turn: int) -> Slip | None:
    if story is Story.BEHIND:
        return (Slip.REPORT, Slip.LEADER, Slip.RETURNED)[turn % 3]
    return Slip.GROUP if story is Story.LATE else None
