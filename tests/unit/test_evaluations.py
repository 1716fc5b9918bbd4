"""Evaluations as rules: what is to be rated, what has been, and by when. And the records that count, for each rule."""

from __future__ import annotations

from datetime import date

import pytest
from support.terms import item, items, records, shipped, term

from xingzhi.deadlines import Deadline, Member, Office, State, deadlines
from xingzhi.rows import Value

Line = dict[str, Value]

RULE = {
    "id": "A01",
    "kind": "evaluation",
    "window": "次年1月",
    "ratings": [
        {"subject": "project", "each": "project"},
        {"subject": "member", "each": "member", "raters": ["self", "peer"]},
        {"subject": "culture", "each": "unit"},
    ],
    "not_counted": ["facilitator"],
}
PROJECTS: list[Line] = [
    {"code": "XM1", "level": "project"},
    {"code": "XM2", "level": "project", "state": "stopped"},
    {"code": "XM1-1", "level": "sub_project"},
    {"code": None, "level": "project"},
]
MEMBERS: list[Line] = [
    {"project": "XM1", "person": "石一", "role": ("leader",), "to": date(2026, 8, 1)},
    {"project": "XM1-1", "person": "石一", "role": ("core",)},
    {"project": "XM1", "person": "石二（办公室）", "role": ("facilitator", "core")},
    {"project": "XM1", "person": "石三", "role": ("facilitator",)},
    {"project": "XM1", "person": None, "role": ("core",)},
    {"project": "XM1", "person": "石四", "role": None},
]
DAY = date(2027, 1, 20)


def rated(subject: str, day: date | None = DAY, **more: Value) -> Line:
    return {"subject": subject, "rated_on": day, "score": 90, **more}


def people(*skipped: tuple[str, str]) -> list[Line]:
    pairs = [(person, rater) for person in ("石一", "石二（办公室）") for rater in ("self", "peer")]
    return [rated("member", person=person, rater=rater) for person, rater in pairs if (person, rater) not in skipped]


ALL = [rated("project", project="XM1"), *people(), rated("culture")]


def found(*lines: Line, today: date = date(2027, 2, 10), receipts: dict[str, date] | None = None) -> Deadline:
    held = records(receipts, projects=PROJECTS, members=MEMBERS, evaluation=list(lines))
    return item(term(RULE), held, today)


def parts(deadline: Deadline) -> list[tuple[int, int]]:
    return [(each.done, each.need) for each in deadline.fulfilment.ratings]


def test_each_project_each_member_by_each_relation_and_the_unit_are_rated() -> None:
    deadline = found(*ALL)
    assert (deadline.state, deadline.fulfilment.done, deadline.fulfilment.need) == (State.DONE, 6, 6)
    assert parts(deadline) == [(1, 1), (4, 4), (1, 1)]
    assert deadline.fulfilment.records == tuple(f"evaluation-{number}" for number in range(1, 7))


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([], [(0, 1), (0, 4), (0, 1)]),
        ([rated("project", project="XM2"), rated("project", project="XM1-1")], [(0, 1), (0, 4), (0, 1)]),
        (people(("石一", "peer")), [(0, 1), (3, 4), (0, 1)]),
        ([*people(("石一", "peer")), *people(("石一", "peer"))], [(0, 1), (3, 4), (0, 1)]),
        ([rated("member", person="石二", rater="self")], [(0, 1), (0, 4), (0, 1)]),
        ([rated("member", person="石一", rater="superior")], [(0, 1), (0, 4), (0, 1)]),
        ([rated("unit"), rated("culture", None), rated("culture", date(2027, 2, 11))], [(0, 1), (0, 4), (0, 1)]),
    ],
    ids=str,
)
def test_what_does_not_count(lines: list[Line], expected: list[tuple[int, int]]) -> None:
    deadline = found(*lines)
    assert parts(deadline) == expected and deadline.state is State.OVERDUE


def test_the_last_first_rating_decides() -> None:
    day = date(2027, 1, 31)  # the closing day of the window is a Sunday, and still inside it
    assert found(*ALL, rated("culture", date(2027, 2, 9))).state is State.DONE
    assert found(*ALL[:-1], rated("culture", day)).state is State.DONE
    late = found(*ALL[:-1], rated("culture", date(2027, 2, 1)))
    assert (late.state, late.days_late) == (State.DONE_LATE, 3)
    unheard = found(*ALL, today=date(2027, 4, 1), receipts={"evaluation-1": date(2027, 3, 30)})
    assert unheard.state is State.DONE_LATE and unheard.fulfilment.received == date(2027, 3, 30)


def test_where_there_is_nothing_to_rate_nothing_is_met() -> None:
    rule = {**RULE, "ratings": [{"subject": "project", "each": "project"}]}
    assert item(term(rule), records(), date(2027, 2, 1)).state is State.OVERDUE


def test_the_records_that_count_are_named_for_every_kind_of_rule() -> None:
    projects: list[Line] = [
        {
            "code": "XM1",
            "level": "project",
            "start": date(2026, 7, 1),
            "planned_end": date(2026, 12, 1),
            "convener": "石一",
        }
    ]
    members: list[Line] = [
        {"project": "XM1", "person": "石一", "role": ("facilitator", "observer")},
        {"project": "XM1", "person": "石二", "role": ("core",)},
        {"project": "XM1", "person": "石三", "role": ("observer",)},
        {"project": "XM1", "person": "石四", "role": ("leader",), "to": date(2026, 7, 31)},
    ]
    reports: list[Line] = [{"period": "2026-06"}, {"period": "2026-07"}]
    held = records(projects=projects, members=members, reports=reports)
    today = date(2026, 8, 10)
    named = {
        (each.rule.id, each.span.period): each.fulfilment.records
        for each in items(shipped("T06", "T07", "T08", "T09", "T22"), held, today)
    }
    assert named["T06", ""] == named["T09", ""] == ("projects-1",)
    assert named["T07", ""] == ("members-2",)
    assert named["T08", ""] == ("members-1",)
    assert named["T22", "2026-06"] == ("reports-1",) and named["T22", "2026-08"] == ()


def test_what_is_asked_of_the_office_is_counted_as_for_a_unit_and_asked_of_no_other() -> None:
    rule = term(
        {
            "id": "A02",
            "kind": "milestone",
            "scope": "office",
            "window": "6月",
            "counts": {"table": "schedule", "where": {"kind": ["training"]}, "date": "held_on"},
        }
    )
    held = records(schedule=[{"kind": "training", "project": "XM1", "held_on": date(2026, 6, 12)}])
    (own,) = deadlines(Office(rule), Member("XB", office=True), held, date(2026, 7, 1))
    assert (own.state, own.subject) == (State.DONE, "")
    assert deadlines(Office(rule), Member("T01"), held, date(2026, 7, 1)) == []
