"""Compositions: a group's size and its roles, counting distinct persons who hold a role on the day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from xingzhi.evidence import Fulfilment, UnitRecords, numbers, of_subject
from xingzhi.requirements import Composition
from xingzhi.rows import Row
from xingzhi.spans import Span


def compose(span: Span, records: UnitRecords, subject: Row | None, today: date) -> Fulfilment:
    """A group that was complete when it was due stays formed, even when its members leave at the programme's end."""
    rule = span.rule
    assert isinstance(rule, Composition)
    rows = [_Holding(span, rule, row, records) for row in of_subject(records.table(rule.table), rule.project, subject)]
    leaders = _leadership(records)
    due_day = today if span.on_time_until is None else min(today, span.on_time_until)
    now = _held(rule, rows, today, leaders)
    on_time = _composed(rule, _held(rule, [each for each in rows if each.recorded], due_day, leaders))
    claimed = on_time or _composed(rule, _held(rule, rows, due_day, leaders))
    met = claimed or _composed(rule, now)
    by_role = {role.role: len(now.get(role.role, frozenset())) for role in rule.roles}
    done, need, limit = _composition_count(rule, now, by_role)
    short = tuple(
        (role, by_role[role.role])
        for role in rule.roles
        if by_role[role.role] < role.minimum or (role.maximum is not None and by_role[role.role] > role.maximum)
    )
    holders = _held(rule, rows, today, leaders, strict=False)
    present = [each for each in rows if each.present(today)]
    return Fulfilment(
        done=done,
        need=need,
        limit=limit,
        met=met,
        on_time=on_time,
        received=max((each.received for each in present if each.received), default=None),
        settled=_completed_on(rule, rows, leaders, today) if met and not on_time else None,
        short=short,
        holders={role: tuple(sorted(people)) for role, people in holders.items()},
        records=numbers(each.row for each in present if _counts(rule, each.roles)),
    )


def _counts(rule: Composition, roles: Iterable[str]) -> bool:
    """Whether one who holds these roles counts: towards the size of the group, or in a role that it asks for."""
    asked = {role.role for role in rule.roles}
    return any(role in asked or (rule.minimum and role not in rule.not_counted) for role in roles)


def _composition_count(
    rule: Composition, held: Mapping[str, frozenset[str]], by_role: Mapping[str, int]
) -> tuple[int, int, int | None]:
    """(done, need, limit): the group's size where it has one, the one role's holders, or the roles' minima filled."""
    if rule.minimum:
        return len(_counted(rule, held)), rule.minimum, rule.maximum
    if len(rule.roles) == 1:
        (role,) = rule.roles
        return by_role[role.role], role.minimum, role.maximum
    filled = sum(min(by_role[role.role], role.minimum) for role in rule.roles)
    return filled, sum(role.minimum for role in rule.roles), None


class _Holding:
    """One row of a group: who holds which roles from when to when, and from when the office knew in time."""

    def __init__(self, span: Span, rule: Composition, row: Row, records: UnitRecords) -> None:
        self.row, self.person = row, row.text(rule.person)
        self.roles = row.keys(rule.role) if rule.role else tuple(role.role for role in rule.roles)
        self.start, self.end = row.date("from"), row.date("to")
        self.received = records.receipts.get(row.record)
        self.recorded = not (self.received and span.recorded_until and self.received > span.recorded_until)
        # The day from which the row counts at all: its own, or that on which the office at last heard of it.
        late = None if self.recorded else self.received
        self.effective = max((day for day in (self.start, late) if day), default=None)

    def present(self, day: date) -> bool:
        """Whether the person holds the roles on a day."""
        return bool(self.person) and not (self.start and self.start > day) and not (self.end and self.end < day)


def _completed_on(rule: Composition, rows: Sequence[_Holding], leaders: frozenset[str], today: date) -> date | None:
    """The first day on which the group was complete and known to the office."""
    for day in sorted({each.effective for each in rows if each.effective and each.effective <= today} | {today}):
        known = [each for each in rows if each.effective is None or each.effective <= day]
        if _composed(rule, _held(rule, known, day, leaders)):
            return day
    return None


def _held(
    rule: Composition, rows: Iterable[_Holding], day: date, leaders: frozenset[str], *, strict: bool = True
) -> dict[str, frozenset[str]]:
    """Who holds each role on a day. With `strict`, a role that asks for leadership counts only such persons."""
    asks = {role.role for role in rule.roles if role.leadership} if strict else set()
    held: dict[str, set[str]] = {}
    for row in rows:
        for role in row.roles if row.present(day) else ():
            if role not in asks or row.person in leaders:
                held.setdefault(role, set()).add(row.person)
    return {role: frozenset(people) for role, people in held.items()}


def _leadership(records: UnitRecords) -> frozenset[str]:
    """The names of the leadership team, bare and with the department that tells namesakes apart."""
    people = [row for row in records.table("people") if row.text("leadership") == "yes"]
    return frozenset(
        spelling for row in people for spelling in (row.text("name"), f"{row.text('name')}（{row.text('department')}）")
    )


def _counted(rule: Composition, held: Mapping[str, frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*(people for role, people in held.items() if role not in rule.not_counted))


def _composed(rule: Composition, held: Mapping[str, frozenset[str]]) -> bool:
    return len(_counted(rule, held)) >= rule.minimum and all(
        len(held.get(role.role, frozenset())) >= role.minimum for role in rule.roles
    )
