"""The documents of a demo unit: plans, regulations, lists, each sent on its day; what the office made of them is not here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

from sync import demo_texts as texts
from sync.demo_schedule import Group, RawRow, weekday

_PARTLY = ("convener", "lead_unit", "partners", "core_members", "goal", "outcomes")
"""What a project plan has that is sent back: the milestones and the timetable are missing."""


def documents(
    rng: Random, unit: str, year: int, groups: Sequence[Group], coached: frozenset[str], *, returned: bool
) -> list[RawRow]:
    """Every document that the unit sends in the programme, in the order of its days.

    `coached` are the projects that experts coach, which need a training plan. With `returned` the first project's plan is
    not complete, and is sent a second time.
    """
    rows = [*_of_unit(rng, unit, year)]
    for number, group in enumerate(groups):
        rows += _of_project(rng, year, group, is_coached=group.code in coached, returned=returned and number == 0)
    return sorted(rows, key=lambda row: str(row["submitted_on"]))


def _of_unit(rng: Random, unit: str, year: int) -> Iterator[RawRow]:
    def sent(kind: str, title: str, month: int, day: int) -> RawRow:
        return {
            "kind": kind,
            "title": title,
            "version": 1,
            "addressee": texts.OFFICE,
            "submitted_on": weekday(year, month, day),
        }

    yield sent("plan", texts.PLAN.format(unit=unit), 6, rng.randint(5, 10))
    day = rng.randint(5, 9)
    for sort, title in texts.REGULATIONS.items():
        yield {"sort": sort, **sent("regulation", title, 7, day)}
    yield sent("incentive", texts.INCENTIVE, 7, day)


def _of_project(rng: Random, year: int, group: Group, *, is_coached: bool, returned: bool) -> Iterator[RawRow]:
    def sent(kind: str, title: str, month: int, day: int, version: int = 1) -> RawRow:
        return {
            "project": group.code,
            "kind": kind,
            "title": title.format(topic=group.title),
            "version": version,
            "addressee": texts.PROMOTERS if kind == "project_plan" else texts.OFFICE,
            "submitted_on": weekday(year, month, day),
        }

    first = sent("project_plan", texts.PROJECT_PLAN, 7, rng.randint(14, 15))
    yield {**first, "contents": _PARTLY if returned else ("all",)}
    if returned:
        yield {**sent("project_plan", texts.PROJECT_PLAN, 7, 29, version=2), "contents": ("all",)}
    yield sent("list", texts.LIST, 7, rng.randint(20, 23))
    if is_coached:
        yield sent("training_plan", texts.TRAINING_PLAN, 7, rng.randint(21, 23))
