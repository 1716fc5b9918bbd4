"""What a demo unit records beside its activities: progress, attendance, study, and at the end outcomes and ratings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from random import Random

from sync import demo_texts as texts
from sync.demo_schedule import Group, RawRow, weekday

_ENTERED = 22
"""The day of a month on which a clerk writes how it went."""

_NOT_LISTED = frozenset({"collective_study"})
"""Activities whose absences nobody writes down."""


def progress(rng: Random, year: int, groups: Sequence[Group]) -> list[RawRow]:
    """A row for each project and month, July to December, month by month; some ask the office to co-ordinate."""
    asks = {group.code: rng.choice((7, 8, 8, 8, 10)) for group in groups}
    rows: list[RawRow] = []
    for month, done in texts.PROGRESS.items():
        for group in groups:
            matter = group.topic.matter
            row: RawRow = {
                "project": group.code,
                "period": f"{year}-{month:02d}",
                "progress": rng.choice(done).format(matter=matter),
                "next_step": rng.choice(texts.FOLLOWING),
            }
            if problem := rng.choice(texts.PROGRESS_PROBLEMS):
                row["problems"] = problem
            if month == asks[group.code]:
                row["coordination"] = rng.choice(texts.COORDINATION).format(matter=matter)
            rows.append(row)
    return rows


def written(rows: Sequence[RawRow], as_of: date) -> list[RawRow]:
    """The rows of progress that the clerk has written by a day."""
    return [row for row in rows if _entered_on(str(row["period"])) <= as_of]


def _entered_on(period: str) -> date:
    year, month = period.split("-")
    return weekday(int(year), int(month), _ENTERED)


def attendance(
    rng: Random, activities: Sequence[RawRow], members: Sequence[RawRow], staff: Sequence[str]
) -> list[RawRow]:
    """Who was not at an activity, as many as its row counts, and now and then who was late; in the order of the days."""
    rows: list[RawRow] = []
    for activity in sorted(activities, key=lambda each: str(each["held_on"])):
        if activity["kind"] in _NOT_LISTED:
            continue
        project = activity.get("project")
        group = [str(row["person"]) for row in members if row["project"] == project and row["role"] != "convener"]
        there = [name for name in dict.fromkeys(group if project else staff) if name != activity["host"]]
        away = int(str(activity["expected"])) - int(str(activity["present"]))
        statuses = [rng.choice(("leave", "leave", "leave", "absent")) for _ in range(away)]
        if rng.random() < 0.08:
            statuses.append(rng.choice(("late", "left_early")))
        for person, status in zip(rng.sample(there, len(statuses)), statuses, strict=True):
            rows.append(_exception(rng, activity, person, status))
    return rows


def _exception(rng: Random, activity: RawRow, person: str, status: str) -> RawRow:
    row: RawRow = {"project": activity["project"]} if "project" in activity else {}
    row |= {"activity": activity["title"], "held_on": activity["held_on"], "person": person, "status": status}
    reason = rng.choice(texts.REASONS[status])
    return {**row, "reason": reason} if reason else row


def study(rng: Random, year: int, staff: Sequence[str], training: RawRow) -> list[RawRow]:
    """What some of the staff plan and have studied, in the order of the days."""
    rows: list[RawRow] = []
    for person in rng.sample(list(staff), 4):
        area = rng.choice(texts.STUDY_AREAS)
        horizon = rng.choice(tuple(texts.STUDY_PLANS))
        rows.append(
            {
                "person": person,
                "kind": "plan",
                "horizon": horizon,
                "title": texts.STUDY_PLANS[horizon],
                "area": area,
                "day": weekday(year, 6, rng.randint(11, 19)),
            }
        )
        rows.append(
            {
                "person": person,
                "kind": "training",
                "sort": "professional",
                "title": texts.STUDY_TRAINING,
                "area": texts.STUDY_AREAS[0],
                "day": training["held_on"],
                "hours": 8,
            }
        )
        for number, title in enumerate(rng.sample(texts.STUDY_NOTES, 2)):
            day = weekday(year, 7 + 2 * number, rng.randint(1, 9))
            rows.append({"person": person, "kind": "notes", "title": title, "area": area, "day": day, "hours": 6})
        if rng.random() < 0.5:
            day = weekday(year, 8, rng.randint(3, 20))
            rows.append({"person": person, "kind": "online", "title": texts.STUDY_ONLINE, "day": day, "hours": 4})
    return sorted(rows, key=lambda row: str(row["day"]))


def outcomes(rng: Random, year: int, groups: Sequence[Group]) -> list[RawRow]:
    """What each project makes permanent in December, with the opinion of its appraisal."""
    rows: list[RawRow] = []
    for group in groups:
        form = rng.choice(tuple(texts.OUTCOME_TITLES))
        title = texts.OUTCOME_TITLES[form].format(matter=group.topic.matter, topic=group.title)
        opinion = rng.choice(texts.OPINIONS)
        row: RawRow = {"project": group.code, "form": form, "title": title, "fixed_on": weekday(year, 12, 18)}
        row["opinion"] = opinion
        if opinion == texts.OPINIONS[1]:
            row |= {"rectification": texts.RECTIFICATION, "rectified_on": weekday(year, 12, 25)}
        rows.append(row)
    return rows


def evaluations(rng: Random, year: int, groups: Sequence[Group], members: Sequence[RawRow]) -> list[RawRow]:
    """The three evaluations of January: every project, every member of a group by three raters, the unit's culture."""
    rows = [_rating(rng, year, "project", project=group.code) for group in groups]
    first: dict[str, str] = {}
    for member in members:
        if member["role"] not in ("convener", "facilitator"):
            first.setdefault(str(member["person"]), str(member["project"]))
    for person, project in first.items():
        for number, rater in enumerate(("self", "superior", "peer"), start=1):
            whom: Mapping[str, str] = {"project": project, "person": person, "rater": rater}
            rows.append({**_rating(rng, year, "member", **whom), "rater_number": number})
    return [*rows, _rating(rng, year, "culture")]


def _rating(rng: Random, year: int, subject: str, **whom: str) -> RawRow:
    row: RawRow = {"subject": subject, **whom, "criterion": texts.CRITERIA[subject], "score": rng.randint(82, 97)}
    comment = rng.choice(texts.COMMENTS)
    return {**row, **({"comment": comment} if comment else {}), "rated_on": weekday(year + 1, 1, rng.randint(8, 12))}
