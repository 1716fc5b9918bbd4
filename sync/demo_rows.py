"""What a demo unit's clerk has to enter: the rows of all twelve tables, for the whole programme."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from random import Random

from sync import demo_names as names
from sync.demo_follow_up import attendance, evaluations, outcomes, progress, study, written
from sync.demo_papers import documents
from sync.demo_schedule import Cell, Group, RawRow, activities, as_known, by_day, reports, weekday
from workbook_templates.tables.registry import TABLES
from xingzhi.labels import Lang

RawRows = dict[str, list[RawRow]]
"""Rows by table key; an empty row is a blank line that the clerk left."""

_JOINTS = {"role": "兼"}
"""What a Chinese clerk writes between several choices of a column, where it is not a comma."""


class Slip(StrEnum):
    """What a unit that fills its workbook well still owes."""

    REPORT = "report"
    LEADER = "leader"
    GROUP = "group"
    RETURNED = "returned"


@dataclass(frozen=True)
class Plan:
    """The records of one unit for the whole programme, choices by their keys."""

    people: tuple[RawRow, ...]
    organisation: tuple[RawRow, ...]
    projects: tuple[RawRow, ...]
    members: tuple[RawRow, ...]
    schedule: tuple[RawRow, ...]
    attendance: tuple[RawRow, ...]
    progress: tuple[RawRow, ...]
    documents: tuple[RawRow, ...]
    reports: tuple[RawRow, ...]
    outcomes: tuple[RawRow, ...]
    evaluation: tuple[RawRow, ...]
    study: tuple[RawRow, ...]

    @property
    def clerk(self) -> RawRow:
        """The person who fills in the workbook: the last of the people."""
        return self.people[-1]

    def as_of(self, day: date) -> RawRows:
        """What has been entered by a day. Rows keep their order, so that later days only add to earlier ones."""
        rows: Mapping[str, Sequence[RawRow]] = {
            "people": self.people,
            "organisation": self.organisation,
            "projects": self.projects,
            "members": self.members,
            "schedule": as_known(self.schedule, day),
            "attendance": by_day(self.attendance, "held_on", day),
            "progress": written(self.progress, day),
            "documents": by_day(self.documents, "submitted_on", day),
            "reports": by_day(self.reports, "submitted_on", day),
            "outcomes": by_day(self.outcomes, "fixed_on", day),
            "evaluation": by_day(self.evaluation, "rated_on", day),
            "study": by_day(self.study, "day", day),
        }
        return {key: [dict(row) for row in lines] for key, lines in rows.items()}


def plan(rng: Random, unit: names.UnitName, year: int, slip: Slip | None) -> Plan:
    """The records of a unit; the same generator state gives the same ones."""
    people = _people(rng, unit, rng.randint(11, 14))
    leaders = [str(row["name"]) for row in people if row["leadership"] == "yes"]
    staff = [str(row["name"]) for row in people if row["leadership"] == "no"]
    topics = rng.sample(names.TOPICS, rng.choice((1, 1, 2)))
    projects: list[RawRow] = []
    members: list[RawRow] = []
    groups: list[Group] = []
    for number, topic in enumerate(topics, start=1):
        code, convener = f"XM{number}", leaders[number % len(leaders)]
        project = _project(rng, unit, year, code, topic, convener)
        formed = project["formed_on"]
        size = 5 if slip is Slip.GROUP and number == 1 else rng.randint(6, min(8, len(staff) - 1))
        rows = list(_members(rng, code, formed, convener, staff, size))
        projects.append(project)
        members += rows
        groups.append(_group(code, topic, topic.title, rows, convener))
        if rng.random() < 0.4:
            part_code = f"{code}-1"
            projects.append(_part(project, part_code, topic))
            rows = list(_part_members(rng, part_code, formed, staff))
            members += rows
            groups.append(_group(part_code, topic, topic.part, rows, convener, nested=True))
    schedule = activities(rng, year, leaders[0], leaders[1], groups)
    sent = reports(rng, year, topics, staff)
    if slip is Slip.LEADER:
        schedule = [_without_leader(row, year) for row in schedule]
    if slip is Slip.REPORT:
        sent = [row for row in sent if row["period"] != f"{year}-08"]
    top = [group for group in groups if not group.nested]
    coached = frozenset(str(row["project"]) for row in schedule if row["kind"] == "coaching")
    training = next(row for row in schedule if row["kind"] == "training")
    return Plan(
        people=tuple(people),
        organisation=tuple(_organisation(rng, year, leaders, staff)),
        projects=tuple(projects),
        members=tuple(members),
        schedule=tuple(schedule),
        attendance=tuple(attendance(rng, schedule, members, staff)),
        progress=tuple(progress(rng, year, top)),
        documents=tuple(documents(rng, unit.name, year, top, coached, returned=slip is Slip.RETURNED)),
        reports=tuple(sent),
        outcomes=tuple(outcomes(rng, year, top)),
        evaluation=tuple(evaluations(rng, year, top, members)),
        study=tuple(study(rng, year, staff, training)),
    )


def in_words(rows: Mapping[str, list[RawRow]], lang: Lang) -> RawRows:
    """The rows with each choice as the drop-down shows it in a language."""
    joints = _JOINTS if lang is Lang.ZH else {}
    labels = {
        (table.key, column.key): {choice.key: choice.label.of(lang) for choice in column.choices}
        for table in TABLES
        for column in table.columns
    }
    return {
        key: [
            {name: _word(value, labels[key, name], joints.get(name, "、")) for name, value in row.items()}
            for row in lines
        ]
        for key, lines in rows.items()
    }


def _word(value: Cell, labels: Mapping[str, str], joint: str) -> Cell:
    if isinstance(value, tuple):
        return joint.join(labels[key] for key in value)
    return labels[value] if isinstance(value, str) and labels else value


def _people(rng: Random, unit: names.UnitName, count: int) -> list[RawRow]:
    heads = [unit.head, f"副{unit.head}", f"副{unit.head}"]
    departments = names.DEPARTMENTS[unit.kind]
    rows: list[RawRow] = []
    for number, name in enumerate(names.people(rng, count)):
        leader = number < len(heads)
        rows.append(
            {
                "name": name,
                "department": departments[0] if leader else departments[number % len(departments)],
                "post": heads[number] if leader else rng.choice(names.STAFF_POSTS),
                "leadership": "yes" if leader else "no",
                "phone": names.phone(rng),
            }
        )
    return rows


def _organisation(rng: Random, year: int, leaders: list[str], staff: list[str]) -> Iterator[RawRow]:
    since = weekday(year, 6, rng.randint(3, 8))
    roles = [(name, "deputy") for name in leaders[1:]] + [(name, "member") for name in staff[:3]]
    roles += [(staff[0], "office_director"), (staff[1], "office_deputy"), (staff[-1], "staff")]
    for person, role in [(leaders[0], "leader"), *roles]:
        yield {"person": person, "role": role, "from": since}


def _project(rng: Random, unit: names.UnitName, year: int, code: str, topic: names.Topic, convener: str) -> RawRow:
    formed = weekday(year, 7, rng.randint(13, 16))

    def reason(texts: tuple[str, ...]) -> str:
        return rng.choice(texts).format(matter=topic.matter)

    return {
        "code": code,
        "level": "project",
        "title": topic.title,
        "importance": reason(names.IMPORTANCE),
        "urgency": reason(names.URGENCY),
        "breadth": reason(names.BREADTH),
        "feasibility": reason(names.FEASIBILITY),
        "chosen_on": weekday(year, 7, rng.randint(3, 8)),
        "formed_on": formed,
        "start": formed,
        "planned_end": weekday(year, 12, rng.randint(16, 22)),
        "convener": convener,
        "lead_unit": unit.name,
        "partners": rng.choice(names.PARTNERS),
        "goal": topic.goal,
        "milestones": rng.choice(names.MILESTONES),
        "outcomes": rng.choice(names.OUTCOMES),
        "state": "running",
    }


def _part(project: RawRow, code: str, topic: names.Topic) -> RawRow:
    kept = ("chosen_on", "formed_on", "start", "planned_end", "convener", "lead_unit", "state")
    row: RawRow = {"code": code, "level": "sub_project", "parent": project["code"], "title": topic.part}
    return row | {key: project[key] for key in kept}


def _members(rng: Random, code: str, formed: Cell, convener: str, staff: list[str], size: int) -> Iterator[RawRow]:
    """The convener, a group of `size` staff with the required roles, and a facilitator from outside the group."""
    chosen = rng.sample(staff, size)
    roles: list[Cell] = ["leader", ("deputy", "liaison"), "study_officer", "presenter"]
    roles += ["core"] * (size - len(roles))
    rest = [name for name in staff if name not in chosen]
    helpers = rng.sample(rest, min(len(rest), rng.choice((1, 2))))
    held = [(convener, "convener"), *zip(chosen, roles, strict=True), *((each, "facilitator") for each in helpers)]
    for person, role in held:
        row: RawRow = {"project": code, "person": person, "role": role, "duty": rng.choice(names.DUTIES)}
        yield row | {"from": formed}


def _part_members(rng: Random, code: str, formed: Cell, staff: list[str]) -> Iterator[RawRow]:
    roles: list[Cell] = ["leader", "presenter", "core", "core", "facilitator"]
    for person, role in zip(rng.sample(staff, len(roles)), roles, strict=True):
        yield {"project": code, "person": person, "role": role, "from": formed}


def _group(
    code: str, topic: names.Topic, title: str, members: list[RawRow], convener: str, *, nested: bool = False
) -> Group:
    leader = next(str(row["person"]) for row in members if row["role"] == "leader")
    return Group(code, topic, title, nested, leader, convener, len(members))


def _without_leader(row: RawRow, year: int) -> RawRow:
    """The seminars of August without the leader in charge, who was away all month."""
    held = row.get("held_on")
    away = row["kind"] == "seminar" and isinstance(held, date) and (held.year, held.month) == (year, 8)
    return {**row, "leader_present": "no"} if away else row
