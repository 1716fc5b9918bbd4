"""A programme's requirements as data: a discriminated union of the ten kinds of rule."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from xingzhi.findings import Severity
from xingzhi.labels import Label
from xingzhi.windows import occurrences, parse_window

ANY_YEAR = 2026
"""A rule holds no year; its texts are tried out on this one when a rule is read."""


class Scope(StrEnum):
    """Who owes a requirement."""

    UNIT = "unit"
    PROJECT = "project"
    PERSON = "person"
    OFFICE = "office"


class Model(BaseModel):
    """Frozen, and strict about names, so that a misspelt key in a profile is told at once."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class RowSet(Model):
    """Which rows count, and which of their dates says when.

    `where` maps a column to the choice keys that count; `filled` names columns that must hold something;
    `if_filled` maps a column to one that must be filled wherever the first is. `project` is the column that names the
    project in a project rule.
    """

    table: str
    date: str
    where: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    filled: tuple[str, ...] = ()
    if_filled: dict[str, str] = Field(default_factory=dict)
    project: str = "project"


class Active(Model):
    """From when to when a rule binds a project: date columns of the projects table, else the window's own bounds."""

    start: str
    end: str


class RoleCount(Model):
    """How many persons hold a role; `leadership` asks that each is in the leadership team."""

    role: str
    minimum: int = 1
    maximum: int | None = None
    leadership: bool = False


class Rule(Model):
    """What every kind has. `window` is a text such as `6月中下旬`; a rule without one binds at all times and has no
    due date. `anchor` names a stage or event of 节点 whose days take the window's place once the office has entered
    them; a rule that has an anchor and no window binds only then. `assumed` names the fields whose numbers the source
    document does not give. `levels` are the project levels that a project rule binds.
    """

    id: str = Field(pattern=r"^[A-Z][0-9]{2}$")
    title: Label
    scope: Scope = Scope.UNIT
    levels: tuple[str, ...] = ("project",)
    window: str | None = None
    anchor: str | None = None
    minimum: int = Field(default=1, ge=0)
    maximum: int | None = Field(default=None, ge=1)
    assumed: tuple[str, ...] = ()
    severity: Severity = Severity.ERROR
    enabled: bool = True

    @field_validator("window")
    @classmethod
    def _readable(cls, text: str | None) -> str | None:
        if text is not None:
            parse_window(text, ANY_YEAR)
        return text

    @model_validator(mode="after")
    def _ordered(self) -> Rule:
        if self.maximum is not None and self.maximum < self.minimum:
            raise ValueError(f"{self.id}: the maximum {self.maximum} is below the minimum {self.minimum}")
        return self


class Milestone(Rule):
    """Something is done once, inside a window."""

    kind: Literal["milestone"]
    counts: RowSet


class Paper(Model):
    """A kind of document, and of a regulation its sort: choices of the documents table."""

    kind: str
    sort: str | None = None


class Quota(Rule):
    """The number of activities in the window, or in each month of it, lies between minimum and maximum.

    With `until`, what happens after the day on which this document of the project was first approved does not count.
    """

    kind: Literal["quota"]
    counts: RowSet
    per: Literal["window", "month"] = "window"
    active: Active | None = None
    until: Paper | None = None

    @model_validator(mode="after")
    def _until_of_a_project(self) -> Quota:
        if self.until and self.scope is not Scope.PROJECT:
            raise ValueError(f"{self.id}: `until` looks at the document of a project")
        return self


class Series(Rule):
    """`minimum` sessions, `interval_months` apart, inside the window."""

    kind: Literal["series"]
    counts: RowSet
    interval_months: int = Field(ge=1)


class PeriodicReport(Rule):
    """Between minimum and maximum items for each period, due on the days of an RFC 5545 recurrence.

    An item counts for the period that `period` names. It is on time by `received`, which the office owns; then by
    the day on which its workbook was first received; then, where neither is known, by the date that the unit claims.
    `verdict` is the office's own word on whether it counts as on time.
    """

    kind: Literal["periodic_report"]
    table: str
    period: str
    submitted: str
    received: str
    verdict: str
    rrule: str

    @field_validator("rrule")
    @classmethod
    def _recurs(cls, rule: str) -> str:
        occurrences(rule, parse_window("6月", ANY_YEAR))
        return rule


class Composition(Rule):
    """A group's size and its roles, counting distinct persons who hold a role on the day.

    `minimum` to `maximum` persons who hold a role that is not in `not_counted`; and each of `roles`. Where `role` is
    None, everyone in the `person` column holds the one role of `roles`.
    """

    kind: Literal["composition"]
    table: str
    person: str = "person"
    role: str | None = "role"
    project: str = "project"
    not_counted: tuple[str, ...] = ()
    roles: tuple[RoleCount, ...] = ()


class Duration(Rule):
    """A project's planned length: `minimum` to `maximum` months are expected, more than `limit` is an error."""

    kind: Literal["duration"]
    start: str
    end: str
    limit: int = Field(ge=1)


class Document(Rule):
    """One of each of `documents`, with its required contents, approved by one body and filed with another.

    A document counts once it is submitted and the steps that the rule names are done: a state of approved or filed where
    it must be approved, of filed where it must be filed.
    It is on time by the day of its submission: how long others take to approve and file it is not the unit's affair.

    Its `documents` say how many are asked, so it has no minimum of its own. With `before`, it is owed only where such
    activities are held, and is due on the day of the first of them: by that day all its steps must be done.
    """

    kind: Literal["document"]
    minimum: int = Field(default=0, le=0)
    documents: tuple[Paper, ...] = Field(min_length=1)
    contents: tuple[str, ...] = ()
    approved_by: Label | None = None
    filed_with: Label | None = None
    before: RowSet | None = None

    @model_validator(mode="after")
    def _before_of_a_project(self) -> Document:
        if self.before and self.scope is not Scope.PROJECT:
            raise ValueError(f"{self.id}: `before` looks at the activities of a project")
        return self


class CalendarDay(Rule):
    """A fixed study day, with its own policy for a day off."""

    kind: Literal["calendar_day"]
    counts: RowSet
    rrule: str
    day_off: Literal["skip", "next"] = "skip"


class Attendance(Rule):
    """No leave, no late arrival, no early departure: at least `percent` present at every session."""

    kind: Literal["attendance"]
    counts: RowSet
    percent: int = Field(default=100, ge=0, le=100)


class Rating(Model):
    """One thing to rate: the unit, each of its projects, or each person of its groups by each relation of `raters`."""

    subject: str
    each: Literal["unit", "project", "member"]
    raters: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _by_raters(self) -> Rating:
        if bool(self.raters) != (self.each == "member"):
            raise ValueError(f"{self.subject}: raters are named for members, and for nothing else")
        return self


class Evaluation(Rule):
    """At least one rating of everything in `ratings`. `not_counted` are the roles of groups whose holders are not rated."""

    kind: Literal["evaluation"]
    minimum: int = Field(default=0, le=0)
    ratings: tuple[Rating, ...] = Field(min_length=1)
    not_counted: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _of_a_unit(self) -> Evaluation:
        if self.scope in (Scope.PROJECT, Scope.PERSON):
            raise ValueError(f"{self.id}: an evaluation is owed by the unit as a whole")
        return self


Requirement = Annotated[
    Milestone
    | Quota
    | Series
    | PeriodicReport
    | Composition
    | Duration
    | Document
    | CalendarDay
    | Attendance
    | Evaluation,
    Field(discriminator="kind"),
]


def asked(rule: Rule) -> int:
    """How many are asked at least; 0 where no one number says it."""
    return len(rule.documents) if isinstance(rule, Document) else rule.minimum


WORKING = (Milestone, Quota, PeriodicReport, Composition, Duration, Document, Evaluation)
"""The kinds that this version resolves and counts. A profile with another kind is refused, not half obeyed."""
