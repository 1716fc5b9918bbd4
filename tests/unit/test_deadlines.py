"""How what a unit owes stands: each state of each kind of rule, by what its rows say and when they were received."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import pytest
from support.terms import item, items, records, shipped, term

from xingzhi.deadlines import State, owed
from xingzhi.fulfilment import UnitRecords, whole_months
from xingzhi.rows import Value
from xingzhi.windows import Window

Line = dict[str, Value]

LAUNCH = {
    "id": "A01",
    "kind": "milestone",
    "window": "6月中下旬",
    "counts": {"table": "schedule", "where": {"kind": ["launch"]}, "date": "held_on"},
}
SURVEYS = {
    "id": "A02",
    "kind": "quota",
    "window": "6月中下旬",
    "minimum": 2,
    "maximum": 4,
    "counts": {"table": "schedule", "where": {"kind": ["survey"]}, "date": "held_on"},
}
REPORT = {
    "id": "A03",
    "kind": "periodic_report",
    "window": "6月",
    "rrule": "FREQ=MONTHLY;BYMONTHDAY=30",
    "table": "reports",
    "period": "period",
    "submitted": "submitted_on",
    "received": "received_on",
    "verdict": "on_time",
}
GROUP = {
    "id": "A04",
    "kind": "composition",
    "window": "6月中下旬",
    "table": "organisation",
    "minimum": 0,
    "roles": [{"role": "leader"}, {"role": "member", "minimum": 2}],
}
LENGTH = {
    "id": "A05",
    "kind": "duration",
    "scope": "project",
    "start": "start",
    "end": "planned_end",
    "minimum": 3,
    "maximum": 6,
    "limit": 12,
}


def held(kind: str, *days: date) -> UnitRecords:
    return records(schedule=[{"kind": kind, "title": "某次", "held_on": day} for day in days])


def sent(*days: date) -> UnitRecords:
    lines: list[Line] = [{"period": "2026-06", "title": "某条", "submitted_on": day} for day in days]
    return records({f"reports-{number}": day for number, day in enumerate(days, 1)}, reports=lines)


def group(*starts: date) -> UnitRecords:
    roles = ("leader", "member", "member")
    return records(
        organisation=[
            {"person": f"石{number}", "role": role, "from": start}
            for number, (role, start) in enumerate(zip(roles, starts, strict=True))
        ]
    )


@dataclass(frozen=True)
class Kind:
    """A rule that falls due on Tuesday, 30 June 2026, and records that meet it when done on a day."""

    rule: Mapping[str, object]
    done: Callable[[date], UnitRecords]


KINDS = {
    "milestone": Kind(LAUNCH, lambda day: held("launch", day)),
    "quota": Kind(SURVEYS, lambda day: held("survey", date(2026, 6, 12), day)),
    "periodic_report": Kind(REPORT, lambda day: sent(day)),
    "composition": Kind(GROUP, lambda day: group(date(2026, 6, 12), date(2026, 6, 12), day)),
}
every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())


@every_kind
@pytest.mark.parametrize(
    ("today", "state", "late"),
    [
        (date(2026, 6, 24), State.OPEN, 0),
        (date(2026, 6, 25), State.SOON, 0),
        (date(2026, 6, 30), State.SOON, 0),
        (date(2026, 7, 1), State.OVERDUE, 1),
        (date(2026, 8, 1), State.OVERDUE, 32),
    ],
)
def test_what_is_not_done_is_open_then_soon_then_overdue(kind: Kind, today: date, state: State, late: int) -> None:
    found = item(term(kind.rule), records(), today)
    assert (found.state, found.days_late) == (state, late)
    assert found.span.due == date(2026, 6, 30)


@every_kind
@pytest.mark.parametrize(
    ("day", "state"),
    [(date(2026, 6, 20), State.DONE), (date(2026, 6, 30), State.DONE), (date(2026, 7, 3), State.DONE_LATE)],
)
def test_what_is_done_is_done_or_done_late(kind: Kind, day: date, state: State) -> None:
    found = item(term(kind.rule), kind.done(day), date(2026, 8, 1))
    assert found.state is state


@every_kind
def test_what_the_office_waives_is_waived_whatever_its_state(kind: Kind) -> None:
    waiver = ("T01", str(kind.rule["id"]), "", "")
    assert item(term(kind.rule), records(), date(2026, 8, 1), waiver).state is State.WAIVED
    other = ("T02", str(kind.rule["id"]), "", "")
    assert item(term(kind.rule), records(), date(2026, 8, 1), other).state is State.OVERDUE


@every_kind
def test_what_has_not_happened_yet_does_not_count(kind: Kind) -> None:
    if kind.rule is REPORT:
        return  # a report counts as soon as it is there
    assert item(term(kind.rule), kind.done(date(2026, 6, 29)), date(2026, 6, 26)).state is State.SOON


def plan(start: date | None, end: date | None) -> UnitRecords:
    return records(projects=[{"code": "XM1", "level": "project", "title": "某题", "start": start, "planned_end": end}])


@pytest.mark.parametrize(
    ("end", "months", "state"),
    [
        (date(2026, 9, 1), 2, State.DONE),
        (date(2027, 7, 1), 12, State.DONE),
        (date(2027, 7, 2), 13, State.OPEN),
        (None, 0, State.OPEN),
    ],
)
def test_a_project_s_length_has_no_due_date_so_it_is_never_overdue(end: date | None, months: int, state: State) -> None:
    found = item(term(LENGTH), plan(date(2026, 7, 1), end), date(2027, 12, 31))
    assert (found.state, found.fulfilment.done, found.subject) == (state, months, "XM1")
    waived = item(term(LENGTH), plan(date(2026, 7, 1), end), date(2027, 12, 31), ("T01", "A05", "XM1", ""))
    assert waived.state is State.WAIVED


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2026, 7, 1), date(2026, 10, 1), 3),
        (date(2026, 7, 1), date(2026, 10, 2), 4),
        (date(2026, 8, 31), date(2027, 2, 28), 6),
        (date(2026, 7, 1), date(2026, 7, 1), 0),
    ],
)
def test_months_are_counted_from_day_to_day(start: date, end: date, months: int) -> None:
    assert whole_months(start, end) == months


def test_a_report_is_on_time_by_the_office_s_date_then_by_receipt_then_by_the_unit_s_claim() -> None:
    rule, today = term(REPORT), date(2026, 7, 10)
    line: Line = {"period": "2026-06", "title": "某条", "submitted_on": date(2026, 6, 20)}
    claimed = item(rule, records(reports=[line]), today)
    assert claimed.state is State.DONE
    received = item(rule, records({"reports-1": date(2026, 7, 2)}, reports=[line]), today)
    assert (received.state, received.days_late) == (State.DONE_LATE, 2)
    assert received.as_json()["submitted"] == "2026-06-20" and received.as_json()["received"] == "2026-07-02"
    entered = {**line, "received_on": date(2026, 6, 29)}
    assert item(rule, records({"reports-1": date(2026, 7, 2)}, reports=[entered]), today).state is State.DONE
    for verdict, state in (("yes", State.DONE), ("no", State.DONE_LATE)):
        judged = {**line, "on_time": verdict}
        assert item(rule, records({"reports-1": date(2026, 7, 2)}, reports=[judged]), today).state is state


def test_a_report_counts_for_the_month_that_it_names() -> None:
    rule = term({**REPORT, "window": "6月至7月", "rrule": "FREQ=MONTHLY;BYMONTHDAY=25"})
    both = sent(date(2026, 6, 20))
    assert item(rule, both, date(2026, 7, 1), period="2026-06").state is State.DONE
    assert item(rule, both, date(2026, 7, 1), period="2026-07").state is State.OPEN


def test_more_than_asked_is_done() -> None:
    days = [date(2026, 6, day) for day in (11, 12, 15, 16, 17)]
    found = item(term(SURVEYS), held("survey", *days), date(2026, 7, 1))
    assert found.state is State.DONE and found.as_json()["max"] == 4 and found.as_json()["done"] == 5


def test_a_quota_of_a_month_counts_that_month_alone() -> None:
    rule = term({**SURVEYS, "window": "6月至7月", "per": "month", "minimum": 1, "maximum": None})
    june = held("survey", date(2026, 6, 30))
    assert item(rule, june, date(2026, 8, 3), period="2026-06").state is State.DONE
    assert item(rule, june, date(2026, 8, 3), period="2026-07").state is State.OVERDUE


def test_a_condition_on_each_activity_must_hold() -> None:
    counts = {
        "table": "schedule",
        "where": {"kind": ["seminar"], "leader_present": ["yes"]},
        "filled": ["next_step"],
        "if_filled": {"problems": "result"},
        "date": "held_on",
    }
    rule = term({**LAUNCH, "counts": counts})
    good: Line = {"kind": "seminar", "held_on": date(2026, 6, 12), "leader_present": "yes", "next_step": "再访"}
    wrong: list[Line] = [
        {**good, "kind": "survey"},
        {**good, "leader_present": "no"},
        {**good, "next_step": None},
        {**good, "problems": "要改", "result": None},
        {**good, "held_on": None},
    ]
    assert item(rule, records(schedule=[good]), date(2026, 7, 1)).state is State.DONE
    mended: Line = {**good, "problems": "要改", "result": "改了"}
    assert item(rule, records(schedule=[mended]), date(2026, 7, 1)).state is State.DONE
    for line in wrong:
        assert item(rule, records(schedule=[line]), date(2026, 7, 1)).state is State.OVERDUE, line


def test_each_project_owes_its_own_and_only_those_that_the_rule_binds() -> None:
    rule = term({**LAUNCH, "scope": "project", "levels": ["project", "sub_project"]})
    unit = records(
        projects=[
            {"code": "XM1", "level": "project", "title": "一", "state": "running"},
            {"code": "XM1-1", "level": "sub_project", "title": "分一"},
            {"code": "XM1-1-1", "level": "sub_sub_project", "title": "子一"},
            {"code": "XM2", "level": "project", "title": "二", "state": "stopped"},
            {"code": None, "level": "project", "title": "还没编号"},
        ],
        schedule=[{"kind": "launch", "project": "XM1-1", "held_on": date(2026, 6, 12)}],
    )
    found = {each.subject: each.state for each in items(rule, unit, date(2026, 7, 1))}
    assert found == {"XM1": State.OVERDUE, "XM1-1": State.DONE}
    one = items(rule, unit, date(2026, 7, 1), ("T01", "A01", "XM1", ""))
    assert {each.subject: each.state for each in one}["XM1"] is State.WAIVED


def test_a_project_owes_a_month_s_quota_only_while_its_group_is_active() -> None:
    unit = records(
        projects=[{"code": "XM1", "level": "project", "formed_on": date(2026, 8, 5), "actual_end": date(2026, 10, 9)}]
    )
    months = [each.span.period for each in items(shipped("T14"), unit, date(2027, 1, 5))]
    assert months == ["2026-08", "2026-09", "2026-10"]


def test_a_unit_owes_nothing_from_before_it_joined_or_after_it_left() -> None:
    found = items(shipped("T22"), records(), date(2026, 6, 1), joined=date(2026, 8, 1), left=date(2026, 10, 30))
    assert [each.span.period for each in found] == ["2026-08", "2026-09", "2026-10"]


def test_a_composition_counts_distinct_persons_who_hold_a_role_on_the_day() -> None:
    rule = term({**GROUP, "roles": [{"role": "leader", "minimum": 1, "maximum": 1, "leadership": True}]})
    people: list[Line] = [
        {"name": "石一", "department": "办公室", "leadership": "yes"},
        {"name": "石二", "department": "救助股", "leadership": "no"},
    ]

    def state(*lines: Line) -> State:
        unit = records(people=people, organisation=[{"role": "leader", **line} for line in lines])
        return item(rule, unit, date(2026, 7, 1)).state

    assert state({"person": "石一"}) is State.DONE
    assert state({"person": "石一（办公室）"}) is State.DONE
    assert state({"person": "石二"}) is State.OVERDUE  # not in the leadership team
    assert state({"person": "石一", "to": date(2026, 6, 15)}) is State.OVERDUE  # has left
    assert state({"person": "石一"}, {"person": "石一"}) is State.DONE


def test_the_size_of_a_group_leaves_out_the_roles_that_do_not_count() -> None:
    roles: list[Value] = [("leader",), ("liaison", "study_officer"), ("presenter",), ("core",), ("core",), ("core",)]
    rest: list[Value] = [("convener",), ("facilitator",), ("observer",)]

    def size(held: list[Value]) -> tuple[int, bool]:
        unit = records(
            projects=[{"code": "XM1", "level": "project"}],
            members=[{"project": "XM1", "person": f"石{n}", "role": role} for n, role in enumerate(held)],
        )
        found = item(shipped("T07"), unit, date(2026, 8, 1)).fulfilment
        return found.done, found.met

    assert size([*roles, *rest]) == (6, True)
    assert size([*roles[:-1], *rest]) == (5, False)


def test_the_longest_overdue_come_first_in_what_is_owed() -> None:
    found = owed(items(term(LAUNCH, {**SURVEYS, "window": "6月上旬"}, LENGTH), records(), date(2026, 7, 10)))
    assert [(each.rule.id, each.days_late) for each in found] == [("A02", 30), ("A01", 10)]


def test_what_is_owed_is_listed_by_due_date_and_standing_rules_last() -> None:
    unit = plan(date(2026, 7, 1), date(2026, 12, 1))
    found = items(shipped(), unit, date(2026, 7, 10))
    dated = [each.span.due for each in found if each.span.due]
    assert dated == sorted(dated)
    assert {each.rule.id for each in found[len(dated) :]} == {"T06", "T09"}
    time = shipped().time
    assert time == Window(date(2026, 6, 1), date(2027, 1, 31))


def test_an_activity_held_in_time_is_on_time_only_if_the_office_heard_of_it_within_the_month() -> None:
    line: Line = {"kind": "launch", "held_on": date(2026, 6, 12)}
    for received, state, late in (
        (date(2026, 7, 31), State.DONE, 0),
        (date(2026, 8, 1), State.DONE_LATE, 32),
    ):
        found = item(term(LAUNCH), records({"schedule-1": received}, schedule=[line]), date(2026, 9, 1))
        assert (found.state, found.days_late, found.fulfilment.received) == (state, late, received)
    strict = term(LAUNCH, receipt_days=0)
    found = item(strict, records({"schedule-1": date(2026, 7, 1)}, schedule=[line]), date(2026, 9, 1))
    assert (found.state, found.days_late) == (State.DONE_LATE, 1)


def test_a_group_of_which_the_office_heard_far_too_late_was_formed_late() -> None:
    group_lines: list[Line] = [
        {"person": "甲", "role": "leader"},
        {"person": "乙", "role": "member"},
        {"person": "丙", "role": "member"},
    ]
    receipts = {"organisation-1": date(2026, 6, 25), "organisation-3": date(2026, 11, 30)}
    found = item(term(GROUP), records(receipts, organisation=group_lines), date(2026, 12, 1))
    assert (found.state, found.days_late) == (State.DONE_LATE, 153)
    assert found.fulfilment.received == date(2026, 11, 30)


def test_a_group_that_was_formed_in_time_stays_formed_when_its_members_leave() -> None:
    lines: list[Line] = [
        {"person": name, "role": role, "from": date(2026, 6, 12), "to": date(2026, 12, 31)}
        for name, role in (("甲", "leader"), ("乙", "member"), ("丙", "member"))
    ]
    found = item(term(GROUP), records(organisation=lines), date(2027, 1, 15))
    assert (found.state, found.fulfilment.done) == (State.DONE, 0)


def test_a_plan_to_the_end_of_time_is_counted() -> None:
    assert whole_months(date(2026, 7, 15), date(9999, 12, 31)) == 95682
