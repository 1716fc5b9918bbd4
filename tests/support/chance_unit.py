"""A unit of chance: rows of every table that a rule looks at, many of them short, many dated on the edge."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta

from workbook_templates.profiles import profile
from workbook_templates.tables.registry import tables
from xingzhi.fulfilment import UnitRecords
from xingzhi.programme import Term
from xingzhi.rows import Row, Value
from xingzhi.spans import resolve

TERM = Term(programme=profile("tengxian-civil-affairs"), year=2026)
TABLES = {table.key: table for table in tables(TERM.programme.tables)}
EDGES = sorted(
    {
        edge + timedelta(days=step)
        for span in resolve(TERM)
        for edge in (span.opens, span.closes, span.due)
        if edge
        for step in (-1, 0, 1)
    }
)
"""The days on which a comparison that is off by one gives itself away."""

NAMES = [*(f"甲{number:02d}" for number in range(12)), "甲?1", "甲*"]
"""The last two would be patterns to a careless MATCH."""

_KINDS = ("launch", "training", "survey", "seminar", "seminar", "seminar", "review", "reflection", "appraisal")
_CONTENTS = tuple(choice.key for choice in TABLES["documents"]["contents"].choices if choice.key != "all")


def row(table: str, **values: Value) -> Row:
    """A row of a table, its other columns blank."""
    return Row(table, {key: values.get(key) for key in TABLES[table].by_key})


def a_unit(dice: random.Random, today: date) -> UnitRecords:
    """The same unit for the same dice and day."""
    return _Chance(dice, today).records()


class _Chance:
    def __init__(self, dice: random.Random, today: date) -> None:
        self.dice, self.today = dice, today

    def records(self) -> UnitRecords:
        people, projects = self.people(), self.projects()
        members = self.members([each.text("code") for each in projects])
        found = [
            *people,
            *self.organisation(people),
            *projects,
            *members,
            *self.schedule([each.text("code") for each in projects]),
            *self.documents(projects),
            *self.reports(),
            *self.outcomes(projects),
            *self.evaluation(projects, members),
        ]
        # A project's activities and documents come together, and no count may lean on their order.
        self.dice.shuffle(found)
        return UnitRecords("MZ01", {key: tuple(each for each in found if each.table == key) for key in TABLES})

    def day(self, first: date = date(2026, 5, 20), span: int = 260) -> date:
        last = first + timedelta(days=span)
        edges = [edge for edge in (*EDGES, self.today, self.today + timedelta(days=1)) if first <= edge <= last]
        if edges and self.dice.random() < 0.6:
            return self.dice.choice(edges)
        return first + timedelta(days=self.dice.randrange(span))

    def near(self, day: date) -> date:
        return day + timedelta(days=self.dice.choice((-1, 0, 0, 1)))

    def by(self, day: date) -> date:
        return self.dice.choice((day - timedelta(days=3), day - timedelta(days=1), day, self.near(day)))

    def maybe(self, value: Value, odds: float = 0.7) -> Value:
        return value if self.dice.random() < odds else None

    def people(self) -> list[Row]:
        return [
            row(
                "people",
                name=name,
                department=self.dice.choice(("办公室", "业务股")),
                leadership=self.dice.choice(("yes", "no")),
            )
            for name in NAMES
        ]

    def organisation(self, people: list[Row]) -> list[Row]:
        dice, found = self.dice, []
        whole = dice.random() < 0.7
        leaders = [person for person in people if person.text("leadership") == "yes"] or people
        for role in (choice.key for choice in TABLES["organisation"]["role"].choices):
            for _ in range(1 if whole else dice.randrange(3)):
                person = dice.choice(leaders if whole else people)
                plain = person.text("name")
                shown = plain if dice.random() < 0.8 else f"{plain}（{person.text('department')}）"
                # One role that begins or ends on the edge decides over a group that is complete but for it.
                edge = date(2026, 6, 8)
                fields: dict[str, Value] = {"from": self.maybe(self.day(edge, 5), 0.2)}
                fields["to"] = self.maybe(self.day(edge, 5), 0.1)
                found.append(row("organisation", person=shown, role=role, **fields))
        return found

    def projects(self) -> list[Row]:
        dice, found = self.dice, []
        for number in range(dice.randrange(1, 7)):
            reasons = {key: self.maybe("理由", 0.85) for key in ("importance", "urgency", "breadth", "feasibility")}
            found.append(
                row(
                    "projects",
                    code=f"XM{number}",
                    level=dice.choice((*["project"] * 4, "sub_project", "sub_sub_project")),
                    title=f"题目{number}",
                    chosen_on=self.maybe(self.day(date(2026, 6, 20), 40), 0.9),
                    formed_on=self.maybe(self.day(date(2026, 7, 1), 60), 0.7),
                    actual_end=self.maybe(self.day(date(2026, 9, 1), 150), 0.3),
                    state=dice.choice((*["running"] * 5, "stopped")),
                    **reasons,
                )
            )
        return found

    def members(self, codes: Sequence[str]) -> list[Row]:
        dice, found = self.dice, []
        roles = [choice.key for choice in TABLES["members"]["role"].choices]
        needed = ["leader", "liaison", "study_officer", "presenter", "core", "core", "facilitator"]
        for code in codes:
            some = dice.choices(roles, k=dice.randrange(8))
            for role in [*(needed if dice.random() < 0.7 else []), *some]:
                edge = date(2026, 7, 28)
                fields: dict[str, Value] = {"from": self.maybe(self.day(edge, 6), 0.15)}
                fields["to"] = self.maybe(self.day(edge, 6), 0.05)
                both = tuple(dict.fromkeys((role, *dice.choices(roles, k=dice.choice((0, 0, 1))))))
                found.append(row("members", project=code, person=dice.choice(NAMES), role=both, **fields))
        return found

    def schedule(self, codes: Sequence[str]) -> list[Row]:
        dice = self.dice
        return [
            row(
                "schedule",
                project=self.maybe(dice.choice(codes), 0.8) if codes else None,
                kind=dice.choice((*_KINDS, "inspection", "commendation")),
                title=f"活动{number}",
                held_on=self.maybe(self.day(), 0.85),
                leader_present=dice.choice(("yes", "no", None)),
                problems=self.maybe("问题", 0.4),
                result=self.maybe("结果", 0.5),
                next_step=self.maybe("下一步", 0.5),
            )
            for number in range(dice.randrange(60))
        ]

    def documents(self, projects: list[Row]) -> list[Row]:
        """Each wanted paper, often in two versions; and about its edges the activities that it ends or allows."""
        found: list[Row] = []
        whole = self.dice.random() < 0.6
        sorts = [choice.key for choice in TABLES["documents"]["sort"].choices]
        unit: list[tuple[str, str | None]] = [
            ("plan", None),
            ("incentive", None),
            *(("regulation", one) for one in sorts),
        ]
        for kind, sort in unit:
            edge = date(2026, 6, 10) if kind == "plan" else date(2026, 7, 10)
            if whole or self.dice.random() < 0.7:
                found += self.versions(edge, kind=kind, sort=sort, sound=whole)
        for project in projects:
            code = project.text("code")
            found += self.versions(date(2026, 7, 20), kind="project_plan", project=code)
            found += self.versions(date(2026, 7, 31), kind="list", project=code)
            if self.dice.random() < 0.7:
                coached = self.dice.choice((self.today, date(2026, 8, 1) + timedelta(days=self.dice.randrange(90))))
                found += self.versions(coached, kind="training_plan", project=code)
                found += self.about(coached, "coaching", code)
            for plan in [each for each in found if each.text("kind") == "project_plan"]:
                if plan.text("project") == code and (approved := plan.date("approved_on")):
                    found += self.about(approved, "survey", code)
        return found

    def versions(self, edge: date, *, sound: bool = False, **about: Value) -> list[Row]:
        dice, found = self.dice, []
        for version in range(dice.choice((0, 1, 1, 1, 2)) or int(sound)):
            fields: dict[str, Value] = {
                "submitted_on": self.by(edge),
                "contents": ("all",),
                "state": dice.choice((None, None, "filed", "pending", "filed", "filed", None, "approved")),
                "approved_on": self.by(edge),
                "filed_on": self.by(edge),
            }
            # Complete but for one thing, most of the time.
            for key in dice.sample(sorted(fields), k=0 if sound else dice.choice((0, 0, 1, 1, 2))):
                fields[key] = self.spoilt(key, edge)
            title, number = f"文件{version}", self.maybe(version + 1)
            found.append(row("documents", title=title, version=number, **about, **fields))
        return found

    def spoilt(self, key: str, edge: date) -> Value:
        if key == "contents":
            return self.dice.choice((None, _CONTENTS, tuple(self.dice.sample(_CONTENTS, k=len(_CONTENTS) - 1))))
        if key == "state":
            return self.dice.choice(("none", "pending", "returned", "approved", "filed"))
        return self.dice.choice((None, self.near(self.today), self.today + timedelta(days=1), self.near(edge)))

    def about(self, edge: date, kind: str, code: str) -> list[Row]:
        return [
            row("schedule", project=code, kind=kind, title=f"{kind}{number}", held_on=self.near(edge))
            for number in range(self.dice.randrange(4))
        ]

    def reports(self) -> list[Row]:
        dice, found = self.dice, []
        for number in range(dice.randrange(10)):
            month = dice.randrange(6, 13)
            sent = self.day(date(2026, month, 20), 12)
            found.append(
                row(
                    "reports",
                    period=f"2026-{month:02d}",
                    title=f"信息{number}",
                    submitted_on=self.maybe(sent, 0.9),
                    received_on=self.maybe(sent + timedelta(days=dice.randrange(4)), 0.4),
                    on_time=dice.choice((None, None, "yes", "no")),
                )
            )
        return found

    def outcomes(self, projects: list[Row]) -> list[Row]:
        forms = [choice.key for choice in TABLES["outcomes"]["form"].choices]
        return [
            row(
                "outcomes",
                project=project.text("code"),
                form=self.dice.choice(forms),
                title=f"成果{number}",
                fixed_on=self.maybe(self.day(date(2026, 11, 25), 60), 0.9),
            )
            for project in projects
            for number in range(self.dice.randrange(3))
        ]

    def evaluation(self, projects: list[Row], members: list[Row]) -> list[Row]:
        """Everything rated about the last day, most of the time but for one rating; and some that count for nothing."""
        dice = self.dice
        edge = dice.choice((date(2027, 1, 31), date(2027, 1, 31), self.today))
        wanted: list[dict[str, Value]] = [{"subject": "culture"}]
        wanted += [{"subject": "project", "project": each.text("code")} for each in projects]
        persons = sorted({each.text("person") for each in members})
        raters = ("self", "superior", "peer")
        wanted += [{"subject": "member", "person": one, "rater": rater} for one in persons for rater in raters]
        dice.shuffle(wanted)
        rated = wanted[dice.choice((0, 0, 0, 0, 0, 1)) :]
        if dice.random() < 0.2:
            rated = []
        late = set(dice.sample(range(len(rated)), k=min(len(rated), dice.choice((1, 1, 2)))))
        found = [
            row(
                "evaluation",
                rated_on=edge + timedelta(days=dice.choice((0, 1, 1)))
                if number in late
                else min(edge, date(2027, 1, 20)),
                **each,
            )
            for number, each in enumerate(rated)
        ]
        for each in wanted[:3]:
            wrong = dice.choice(({"rater": "other"}, {"subject": "unit"}, {"person": "甲", "project": "XM"}))
            found.append(row("evaluation", **{**each, "rated_on": self.maybe(self.near(edge)), **wrong}))
        return found
