"""Deadlines: what each unit owes, by when, and how it stands."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from xingzhi.findings import Severity
from xingzhi.fulfilment import Fulfilment, UnitRecords, bindings, measure
from xingzhi.labels import Label
from xingzhi.phones import mask_identity
from xingzhi.programme import Term
from xingzhi.requirements import Requirement, Scope
from xingzhi.rows import Row
from xingzhi.spans import Span, resolve


class State(StrEnum):
    """How a requirement stands."""

    OPEN = "open"
    SOON = "soon"
    OVERDUE = "overdue"
    DONE = "done"
    DONE_LATE = "done_late"
    WAIVED = "waived"


STATE_LABELS = {
    State.OPEN: Label("未到期", "Open"),
    State.SOON: Label("即将到期", "Soon"),
    State.OVERDUE: Label("逾期", "Overdue"),
    State.DONE: Label("已完成", "Done"),
    State.DONE_LATE: Label("逾期完成", "Done late"),
    State.WAIVED: Label("不适用", "Waived"),
}

Waiver = tuple[str, str, str, str]
"""(unit, requirement, subject, period) that the office has waived (免报)."""


@dataclass(frozen=True)
class Member:
    """A unit of the programme: what it owes begins when it joined and ends when it left.

    The office is itself a unit (`office`): it owes what the programme asks of the office, and no other unit does.
    """

    code: str
    joined: date | None = None
    left: date | None = None
    office: bool = False


@dataclass(frozen=True, slots=True)
class Deadline:
    """One thing that one unit owes. `subject` is a project code, or empty for the unit itself. `waiting` is what stays open
    after its due day, since the unit has done its part of it and others have to act."""

    programme: str
    unit: str
    span: Span
    subject: str
    fulfilment: Fulfilment
    state: State
    days_late: int = 0
    waiting: bool = False

    @property
    def rule(self) -> Requirement:
        """The requirement that asks for it."""
        return self.span.rule

    @property
    def trial(self) -> bool:
        """The requirement is on trial: it is shown as it stands, and nobody is chased for it."""
        return self.rule.severity is Severity.INFO

    @property
    def chased(self) -> bool:
        """Whether the unit is pressed for it: overdue, and of no rule that is on trial."""
        return self.state is State.OVERDUE and not self.trial

    @property
    def key(self) -> tuple[str, str, str, str]:
        """(unit, requirement, subject, period)."""
        return (self.unit, self.rule.id, self.subject, self.span.period)

    def as_json(self) -> dict[str, object]:
        """The item that `deadlines --json` prints."""
        done = self.fulfilment
        return {
            "programme": self.programme,
            "unit": self.unit,
            "requirement": self.rule.id,
            "title": self.rule.title.zh,
            "subject": self.subject,
            "period": self.span.period,
            "due": _iso(self.span.due),
            "provisional": self.span.provisional,
            "min": done.need,
            "max": done.limit,
            "done": done.done,
            "submitted": _iso(done.submitted),
            "received": _iso(done.received),
            "days_late": self.days_late,
            "state": self.state.value,
        }


@dataclass(frozen=True)
class Office:
    """What the office knows beside the rows: the term and what it has waived."""

    term: Term
    waivers: Collection[Waiver] = field(default_factory=frozenset)


def judge(span: Span, fulfilment: Fulfilment, today: date) -> tuple[State, int]:
    """The state of a span with its fulfilment, and the days by which it is or was late."""
    if fulfilment.met:
        if fulfilment.on_time:
            return State.DONE, 0
        settled = fulfilment.settled
        late = (settled - span.due).days if settled and span.due else 0
        return State.DONE_LATE, max(late, 0)
    if span.due is None or fulfilment.waiting:
        return State.OPEN, 0
    if today > span.due:
        return State.OVERDUE, (today - span.due).days
    if span.soon_from and today >= span.soon_from:
        return State.SOON, 0
    return State.OPEN, 0


def deadlines(
    office: Office, member: Member, records: UnitRecords, today: date, *, standing: bool = False
) -> list[Deadline]:
    """What one unit owes, by due date. Standing rules, which have none, come at the end and only when asked for."""
    found: list[Deadline] = []
    for span in resolve(office.term):
        for subject, own in bindings(span, records, today):
            if owes(member, own) and (standing or not own.standing):
                found.append(_deadline(office, member.code, own, subject, records, today))
    return sorted(found, key=lambda each: (each.span.due or date.max, each.rule.id, each.subject, each.span.period))


def owes(member: Member, span: Span) -> bool:
    """Whether a unit owes a span: it is asked of its kind, and falls into the time in which it belongs to the programme."""
    if not asked_of(member, span.rule):
        return False
    if member.joined and span.due and span.due < member.joined:
        return False
    return not (member.left and span.due and span.due > member.left)


def asked_of(member: Member, rule: Requirement) -> bool:
    """Whether a rule is asked of a unit of its kind: what is asked of the office is asked of no other."""
    return (rule.scope is Scope.OFFICE) == member.office


def _deadline(
    office: Office, unit: str, span: Span, subject: Row | None, records: UnitRecords, today: date
) -> Deadline:
    fulfilment = measure(span, records, subject, today)
    code = mask_identity(subject.text("code")) if subject else ""
    waivers = {(unit, span.rule.id, code, span.period), (unit, span.rule.id, code, "")}
    if waivers & set(office.waivers):
        state, late = State.WAIVED, 0
    else:
        state, late = judge(span, fulfilment, today)
    return Deadline(
        programme=office.term.instance,
        unit=unit,
        span=span,
        subject=code,
        fulfilment=fulfilment,
        state=state,
        days_late=late,
        waiting=state is State.OPEN and fulfilment.waiting and span.due is not None and today > span.due,
    )


def owed(items: Iterable[Deadline]) -> list[Deadline]:
    """The overdue ones that are pressed for, the longest first."""
    return sorted((each for each in items if each.chased), key=lambda each: -each.days_late)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
