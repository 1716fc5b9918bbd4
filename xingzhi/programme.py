"""A programme: its time, its tables, and its requirements."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from xingzhi.findings import Severity
from xingzhi.identity import instance
from xingzhi.labels import Label
from xingzhi.requirements import ANY_YEAR, WORKING, Requirement
from xingzhi.windows import Window, parse_window
from xingzhi.workdays import DuePolicy, WorkCalendar


class Programme(BaseModel):
    """A shipped profile, or what an office has made of it. `window` is its time, such as `6月至次年1月`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    title: Label
    office: Label
    window: str
    tables: tuple[str, ...]
    requirements: tuple[Requirement, ...]

    @field_validator("window")
    @classmethod
    def _readable(cls, text: str) -> str:
        parse_window(text, ANY_YEAR)
        return text

    @model_validator(mode="after")
    def _consistent(self) -> Programme:
        ids = [rule.id for rule in self.requirements]
        if len(set(ids)) != len(ids):
            raise ValueError(f"{self.id}: a requirement id is given twice")
        unsupported = [rule.id for rule in self.requirements if not isinstance(rule, WORKING)]
        if unsupported:
            raise ValueError(f"{self.id}: this version cannot count {', '.join(unsupported)}")
        return self

    def time(self, year: int) -> Window:
        """The programme's first and last day."""
        return parse_window(self.window, year)

    def requirement(self, id: str) -> Requirement:
        """The requirement of this id; KeyError where there is none."""
        for rule in self.requirements:
            if rule.id == id:
                return rule
        raise KeyError(id)


class Settings(BaseModel):
    """What an office may set.

    A due day that is a day off moves by `due_policy`; a requirement is `soon` within `soon_days` working days of its
    due date. An activity held in time is on time if the office has it on record `receipt_days` days later: workbooks
    come once a month. `days_off` and `days_on` are the office's own, `anchors` its stages and events by name,
    `severities` its own word on how much a finding matters, by code. Months up to `closed` (YYYY-MM) are closed. A
    received file may have `file_megabytes` without its pictures, and cost `file_seconds` and `file_memory` (megabytes).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    soon_days: int = Field(default=3, ge=0, le=30)
    receipt_days: int = Field(default=31, ge=0, le=366)
    due_policy: DuePolicy = DuePolicy.BEFORE
    days_off: frozenset[date] = frozenset()
    days_on: frozenset[date] = frozenset()
    anchors: Mapping[str, Window] = Field(default_factory=dict)
    severities: Mapping[str, Severity] = Field(default_factory=dict)
    closed: str = ""
    file_megabytes: int = Field(default=20, ge=1, le=400)
    file_seconds: int = Field(default=60, ge=1, le=3600)
    file_memory: int = Field(default=1024, ge=256, le=65_536)

    @cached_property
    def calendar(self) -> WorkCalendar:
        """The working days that these settings make."""
        return WorkCalendar(days_off=self.days_off, days_on=self.days_on)


class Term(BaseModel):
    """A programme in one year, with an office's settings: a programme instance."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    programme: Programme
    year: int = Field(ge=2000, le=2100)
    settings: Settings = Settings()

    @property
    def instance(self) -> str:
        """The programme instance's name, part of every key."""
        return instance(self.programme.id, self.year)

    @cached_property
    def time(self) -> Window:
        """The first and the last day of the programme in its year."""
        return self.programme.time(self.year)
