"""The activities and reports of a demo unit, for the whole programme; what a day has not seen yet is cut off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from sync import demo_names as names
from sync import demo_texts as texts

Cell = str | int | date | tuple[str, ...]
"""What a clerk typed. Before the last step, a choice is its key and several choices are a tuple of keys."""

RawRow = dict[str, Cell]

_WHEN_HELD = ("held_on", "present", "leader_present", "problems", "result", "next_step", "evidence")
_SEMINAR_MONTHS = (8, 9, 10, 11, 12)
_PART_DAYS = (
    *((7, 16), (7, 24), (8, 6), (8, 20), (9, 4), (9, 22)),
    *((10, 14), (10, 28), (11, 11), (11, 25), (12, 4), (12, 18)),
)


@dataclass(frozen=True, slots=True)
class Group:
    """A project group as far as its activities need it."""

    code: str
    topic: names.Topic
    title: str
    nested: bool
    leader: str
    convener: str
    size: int


def weekday(year: int, month: int, day: int) -> date:
    """The day, or the Friday before it where it falls on a weekend."""
    found = date(year, month, day)
    return found - timedelta(days=max(found.weekday() - 4, 0))


def activities(rng: Random, year: int, head: str, deputy: str, groups: Sequence[Group]) -> list[RawRow]:
    """Every activity that the unit plans, in the order of the plan."""
    rows = [*_of_unit(rng, year, head, deputy)]
    for group in groups:
        rows += _of_part(rng, year, group) if group.nested else _of_project(rng, year, group)
    return sorted(rows, key=lambda row: (str(row["planned_on"]), str(row.get("project", ""))))


def as_known(rows: Sequence[RawRow], as_of: date) -> list[RawRow]:
    """The activities as the clerk has entered them by a day: what is still to come is only planned."""
    return [
        {key: value for key, value in row.items() if key not in _WHEN_HELD} if _is_later(row, "held_on", as_of) else row
        for row in rows
    ]


def reports(rng: Random, year: int, topics: Sequence[names.Topic], authors: Sequence[str]) -> list[RawRow]:
    """Every information report of June to December, one or two a month, in the order of their dates."""
    rows: list[RawRow] = []
    titles = [title.format(topic=topic.title) for title in names.REPORTS for topic in topics]
    for month in range(6, 13):
        extra = [rng.randint(3, 9)] if rng.random() < 0.4 else []
        for day in (*extra, rng.randint(16, 22)):
            rows.append(
                {
                    "period": f"{year}-{month:02d}",
                    "kind": rng.choice(("news", "news", "reference", "survey")),
                    "title": titles[len(rows) % len(titles)],
                    "author": rng.choice(authors),
                    "submitted_on": weekday(year, month, day),
                }
            )
    return rows


def by_day(rows: Sequence[RawRow], column: str, as_of: date) -> list[RawRow]:
    """The rows whose day, the date in a column, has come: a clerk writes down what has happened."""
    return [row for row in rows if not _is_later(row, column, as_of)]


def _is_later(row: RawRow, key: str, as_of: date) -> bool:
    day = row.get(key)
    return isinstance(day, date) and day > as_of


def _activity(rng: Random, kind: str, title: str, held: date, host: str, expected: int, **more: Cell) -> RawRow:
    """One activity, planned for its day or a little before it."""
    planned = held - timedelta(days=rng.choice((0, 0, 0, 1)))
    return {
        "kind": kind,
        "title": title,
        "planned_on": planned - timedelta(days=max(planned.weekday() - 4, 0)),
        "held_on": held,
        "place": rng.choice(names.PLACES),
        "host": host,
        "leader_present": "yes",
        "expected": expected,
        "present": expected - rng.choice((0, 0, 0, 1, 2)),
        "evidence": "签到表、现场照片",
        **more,
    }


def _of_unit(rng: Random, year: int, head: str, deputy: str) -> Iterator[RawRow]:
    size = rng.randint(18, 45)
    lecturer = f"{rng.choice(names.OUTSIDE_UNITS)}讲师"
    yield _activity(rng, "launch", "行动学习启动仪式", weekday(year, 6, rng.randint(14, 19)), head, size)
    yield _activity(
        rng,
        "training",
        "行动学习理念与方法培训",
        weekday(year, 6, rng.randint(21, 28)),
        deputy,
        size,
        form="method",
        speaker=lecturer,
        method=rng.choice(names.METHODS),
    )
    for month in (7, 8, 9, 10):
        yield _activity(
            rng,
            "collective_study",
            f"{month}月集体学习",
            weekday(year, month, rng.randint(5, 9)),
            head,
            size,
            present=size,
        )
    yield _activity(
        rng,
        "inspection",
        "行动学习推进情况督查",
        weekday(year, 8, rng.randint(10, 14)),
        deputy,
        6,
        problems=rng.choice(names.PROBLEMS) or "按计划推进，无整改事项",
        result="已当场反馈，三日内补齐",
    )
    yield _activity(rng, "exchange", "行动学习经验交流会", weekday(year, 10, 16), head, size)
    yield _activity(rng, "commendation", "行动学习总结表彰会", weekday(year + 1, 1, 15), head, size)


def _of_project(rng: Random, year: int, group: Group) -> Iterator[RawRow]:
    matter = group.topic.matter

    def held(kind: str, title: str, month: int, day: int, **more: Cell) -> RawRow:
        row = _activity(rng, kind, title, weekday(year, month, day), group.leader, group.size)
        return {"project": group.code, **row, **more}

    for number, form in enumerate(("talk", "visit", rng.choice(("talk", "visit")))[: rng.randint(2, 3)], start=1):
        yield held(
            "survey",
            f"{matter}{'座谈' if form == 'talk' else '走访'}（{number}）",
            7,
            rng.randint(4 * number - 2, 4 * number + 1),
            form=form,
            place=rng.choice(names.SITES),
            result=rng.choice(names.RESULTS),
        )
    yield held("seminar", f"{matter}问题分析研讨会", 7, rng.randint(15, 17), host=group.convener, **_outcome(rng))
    yield held("review", f"{group.title}方案评审会", 7, rng.randint(15, 16), host=group.convener, **_outcome(rng))
    yield held("seminar", f"{matter}研讨会（7月）", 7, rng.randint(28, 31), **_outcome(rng))
    for month in _SEMINAR_MONTHS:
        day = rng.randint(5, 8) if month == 9 else rng.randint(11, 18)
        yield held("seminar", f"{matter}研讨会（{month}月）", month, day, **_outcome(rng))
    yield held(
        "reflection",
        f"{matter}阶段反思",
        8,
        rng.randint(20, 23),
        result=rng.choice(names.RESULTS),
        next_step=rng.choice(names.NEXT_STEPS),
    )
    if rng.random() < 0.6:
        for number, month in enumerate((8, 11), start=1):
            title = texts.COACHING.format(matter=matter, number=number)
            speaker = f"{rng.choice(names.OUTSIDE_UNITS)}专家"
            yield held("coaching", title, month, rng.randint(18, 22), speaker=speaker, result=rng.choice(names.RESULTS))
    yield held("decision", f"{group.title}方案决策会", 9, 25, host=group.convener)
    yield held("appraisal", f"{group.title}成果鉴定会", 12, 16, host=group.convener, result=rng.choice(names.RESULTS))


def _of_part(rng: Random, year: int, group: Group) -> Iterator[RawRow]:
    for number, (month, day) in enumerate(_PART_DAYS, start=1):
        row = _activity(
            rng,
            "seminar",
            f"{group.title}研讨（{number}）",
            weekday(year, month, day),
            group.leader,
            group.size,
            **_outcome(rng),
        )
        yield {"project": group.code, **row, "leader_present": rng.choice(("yes", "no"))}


def _outcome(rng: Random) -> RawRow:
    return {"method": rng.choice(names.METHODS), "result": rng.choice(names.RESULTS)}
