"""Documents as rules: which version counts, by which day it is judged, and what it waits for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest
from support.terms import item, items, records, shipped, term

from workbook_templates.tables.registry import TABLES
from xingzhi.checks import requirements
from xingzhi.deadlines import Deadline, State, owed
from xingzhi.evidence import Step, UnitRecords
from xingzhi.findings import Severity
from xingzhi.rows import Value

Line = dict[str, Value]

PLAN = {"id": "A01", "kind": "document", "window": "6月中下旬", "documents": [{"kind": "plan"}]}
CHAIN = {
    **PLAN,
    "contents": ["goal", "milestones"],
    "approved_by": {"zh": "推动小组", "en": "the team"},
    "filed_with": {"zh": "县行动办", "en": "the office"},
}
SENT: Line = {"kind": "plan", "title": "方案", "submitted_on": date(2026, 6, 20)}
FILED: Line = {
    **SENT,
    "contents": ("all",),
    "state": "filed",
    "approved_on": date(2026, 6, 22),
    "filed_on": date(2026, 6, 24),
}
LATER = date(2026, 9, 1)


def found(
    rule: Mapping[str, object], *lines: Line, today: date = LATER, receipts: dict[str, date] | None = None
) -> Deadline:
    return item(term(rule), records(receipts, documents=list(lines)), today)


def step(deadline: Deadline) -> Step | None:
    (paper,) = deadline.fulfilment.papers
    return paper.step


@pytest.mark.parametrize(
    ("change", "step_", "state"),
    [
        ({}, None, State.DONE),
        ({"submitted_on": None}, Step.SUBMIT, State.OVERDUE),
        ({"submitted_on": LATER}, None, State.DONE_LATE),
        ({"submitted_on": date(2026, 9, 2)}, Step.SUBMIT, State.OVERDUE),
        ({"submitted_on": date(2026, 6, 30)}, None, State.DONE),
        ({"submitted_on": date(2026, 7, 1)}, None, State.DONE_LATE),
        ({"state": "none"}, Step.SUBMIT, State.OVERDUE),
        ({"state": "pending"}, None, State.DONE),
        ({"state": "returned"}, Step.MEND, State.OVERDUE),
        ({"state": "approved", "submitted_on": None}, None, State.DONE),
        ({"submitted_on": None, "approved_on": date(2026, 8, 1)}, None, State.DONE),
        ({"kind": "summary"}, Step.SUBMIT, State.OVERDUE),
    ],
    ids=str,
)
def test_what_is_only_to_be_submitted(change: Line, step_: Step | None, state: State) -> None:
    deadline = found(PLAN, {**SENT, **change})
    assert (deadline.state, step(deadline)) == (state, step_)


@pytest.mark.parametrize(
    ("change", "step_", "state"),
    [
        ({}, None, State.DONE),
        ({"state": None}, None, State.DONE),
        ({"state": "approved"}, Step.FILE, State.OPEN),
        ({"state": None, "filed_on": None}, Step.FILE, State.OPEN),
        ({"state": None, "filed_on": None, "approved_on": None}, Step.APPROVE, State.OPEN),
        ({"state": "pending"}, Step.APPROVE, State.OPEN),
        ({"state": "pending", "contents": None}, Step.COMPLETE, State.OVERDUE),
        ({"state": "pending", "submitted_on": None}, Step.SUBMIT, State.OVERDUE),
        ({"state": "pending", "submitted_on": date(2026, 7, 1)}, Step.APPROVE, State.OVERDUE),
        ({"state": "approved", "submitted_on": None}, Step.FILE, State.OPEN),
        ({"state": "returned"}, Step.MEND, State.OVERDUE),
        ({"approved_on": date(2026, 9, 2)}, Step.APPROVE, State.OPEN),
        ({"filed_on": date(2026, 9, 2)}, Step.FILE, State.OPEN),
        ({"filed_on": date(2026, 7, 1)}, None, State.DONE),
        ({"filed_on": None}, None, State.DONE),
        ({"approved_on": date(2026, 7, 2)}, None, State.DONE),
        ({"submitted_on": date(2026, 7, 1)}, None, State.DONE_LATE),
        ({"contents": ("goal", "milestones")}, None, State.DONE),
        ({"contents": ("goal", "timetable")}, Step.COMPLETE, State.OVERDUE),
        ({"contents": None}, Step.COMPLETE, State.OVERDUE),
        ({"submitted_on": None}, None, State.DONE),
    ],
    ids=str,
)
def test_what_is_to_be_approved_and_filed(change: Line, step_: Step | None, state: State) -> None:
    deadline = found(CHAIN, {**FILED, **change})
    assert (deadline.state, step(deadline)) == (state, step_)


def test_a_document_is_as_late_as_its_submission_however_long_others_took() -> None:
    steps: Line = {"approved_on": date(2026, 7, 12), "filed_on": date(2026, 7, 15)}
    assert found(CHAIN, {**FILED, **steps}).state is State.DONE
    late = found(CHAIN, {**FILED, **steps, "submitted_on": date(2026, 7, 2)})
    assert (late.state, late.days_late) == (State.DONE_LATE, 2)
    assert late.as_json()["submitted"] == "2026-07-02"


PENDING: Line = {**SENT, "contents": ("all",), "state": "pending"}


def test_what_waits_for_others_is_open_and_nobody_is_chased() -> None:
    before, after = found(CHAIN, PENDING, today=date(2026, 6, 29)), found(CHAIN, PENDING)
    assert (before.state, before.waiting, before.fulfilment.waiting) == (State.OPEN, False, True)
    assert (after.state, after.waiting, after.chased, after.days_late) == (State.OPEN, True, False, 0)
    assert requirements.check([before], TABLES) == []
    assert [(each.code, each.severity) for each in requirements.check([after], TABLES)] == [("Q110", Severity.INFO)]


@pytest.mark.parametrize(
    ("lines", "waiting"),
    [
        ([{"version": 1, "state": "returned"}, {"version": 2}], True),
        ([{"version": 2}, {"version": 1, "state": "returned"}], True),
        ([{"version": 1}, {"version": 2, "state": "returned"}], False),
        ([{}, {"state": "returned"}], False),
        ([{"version": 1}, {"version": 2, "contents": None}], False),
        ([{"version": 1}, {"version": 2, "submitted_on": date(2026, 7, 1)}], True),
        ([{"version": 1, "state": "returned"}, {"version": 2, "submitted_on": date(2026, 7, 1)}], False),
    ],
    ids=str,
)
def test_the_latest_version_waits_and_one_that_does_was_in_time(lines: list[Line], waiting: bool) -> None:
    assert found(CHAIN, *[{**PENDING, **line} for line in lines]).waiting is waiting


def test_every_document_must_be_there_or_wait() -> None:
    rule = {**CHAIN, "documents": [{"kind": "plan"}, {"kind": "summary"}]}
    summary: Line = {**PENDING, "kind": "summary"}
    assert found(rule, FILED, summary).waiting and found(rule, PENDING, summary).waiting
    assert not found(rule, PENDING).waiting and not found(rule, FILED).waiting
    assert not found(rule, FILED, {**FILED, "kind": "summary"}).fulfilment.waiting


def test_the_office_must_have_heard_of_what_waits() -> None:
    assert found(CHAIN, PENDING, receipts={"documents-1": date(2026, 7, 31)}).waiting
    late = found(CHAIN, PENDING, receipts={"documents-1": date(2026, 8, 1)})
    assert (late.state, late.waiting) == (State.OVERDUE, False)


def test_the_earliest_version_that_counts_decides() -> None:
    late = {**SENT, "submitted_on": date(2026, 8, 1), "version": 2}
    deadline = found(PLAN, late, SENT)
    assert deadline.state is State.DONE and deadline.fulfilment.records == ("documents-1", "documents-2")
    returned = found(PLAN, {**SENT, "state": "returned"}, late)
    assert (returned.state, returned.days_late) == (State.DONE_LATE, 32)
    assert returned.fulfilment.records == ("documents-2",)


def test_a_document_of_which_the_office_heard_far_too_late_was_late() -> None:
    assert found(PLAN, SENT, receipts={"documents-1": date(2026, 7, 31)}).state is State.DONE
    late = found(PLAN, SENT, receipts={"documents-1": date(2026, 8, 1)})
    assert (late.state, late.days_late, late.fulfilment.received) == (State.DONE_LATE, 32, date(2026, 8, 1))
    undated: Line = {**SENT, "submitted_on": None, "state": "approved"}
    assert found(PLAN, undated, receipts={"documents-1": date(2026, 8, 1)}).state is State.DONE_LATE
    assert found(PLAN, undated, receipts={"documents-1": date(2026, 7, 10)}).state is State.DONE


def test_one_of_each_is_wanted_and_the_last_of_them_decides() -> None:
    rule = {**PLAN, "documents": [{"kind": "regulation", "sort": "study"}, {"kind": "incentive"}]}
    study: Line = {**SENT, "kind": "regulation", "sort": "study"}
    other: Line = {**SENT, "kind": "regulation", "sort": "work"}
    incentive: Line = {**SENT, "kind": "incentive", "submitted_on": date(2026, 7, 3)}
    short = found(rule, study, study, other)
    assert (short.state, short.fulfilment.done, short.fulfilment.need) == (State.OVERDUE, 1, 2)
    assert [each.fulfilled for each in short.fulfilment.papers] == [True, False]
    done = found(rule, study, incentive)
    assert (done.state, done.days_late) == (State.DONE_LATE, 3)


def test_a_unit_s_document_may_name_a_project_and_a_project_s_must_name_its_own() -> None:
    of_one: Line = {**SENT, "project": "XM1"}
    assert found(PLAN, of_one).state is State.DONE
    rule = term({**PLAN, "scope": "project"})
    projects: list[Line] = [{"code": code, "level": "project"} for code in ("XM1", "XM2")]
    held = records(projects=projects, documents=[of_one, SENT])
    assert [each.state for each in items(rule, held, LATER)] == [State.DONE, State.OVERDUE]


# --- a document that is owed before an activity ---

COACHED: Line = {"project": "XM1", "kind": "coaching", "title": "第一讲", "held_on": date(2026, 9, 12)}
TRAINING: Line = {"project": "XM1", "kind": "training_plan", "title": "计划", "submitted_on": date(2026, 9, 1)}


def coached(*activities: Line, plans: list[Line] | None = None) -> UnitRecords:
    projects: list[Line] = [{"code": "XM1", "level": "project"}, {"code": "XM2", "level": "project"}]
    return records(projects=projects, schedule=list(activities), documents=plans or [])


def test_nothing_is_owed_before_the_first_activity_has_been_held() -> None:
    held = coached(COACHED, {**COACHED, "held_on": None})
    assert items(shipped("T16"), held, date(2026, 9, 11)) == []
    (due,) = items(shipped("T16"), held, date(2026, 9, 12))
    assert (due.subject, due.state, due.span.due) == ("XM1", State.SOON, date(2026, 9, 12))
    (late,) = items(shipped("T16"), held, date(2026, 9, 14))
    assert (late.state, late.days_late, late.as_json()["due"]) == (State.OVERDUE, 2, "2026-09-12")


@pytest.mark.parametrize(
    ("filed", "state", "late"),
    [(date(2026, 9, 12), State.DONE, 0), (date(2026, 9, 13), State.DONE_LATE, 1), (None, State.OVERDUE, 19)],
)
def test_the_first_activity_is_the_due_day(filed: date | None, state: State, late: int) -> None:
    held = coached({**COACHED, "held_on": date(2026, 9, 20)}, COACHED, plans=[{**TRAINING, "filed_on": filed}])
    (due,) = items(shipped("T16"), held, date(2026, 10, 1))
    assert (due.state, due.days_late) == (state, late)


def test_what_was_held_before_a_unit_joined_or_after_it_left_asks_nothing_of_it() -> None:
    held = coached(COACHED)
    assert items(shipped("T16"), held, date(2026, 10, 1), joined=date(2026, 9, 13)) == []
    assert items(shipped("T16"), held, date(2026, 10, 1), left=date(2026, 9, 11)) == []
    assert len(items(shipped("T16"), held, date(2026, 10, 1), left=date(2026, 9, 30))) == 1


# --- what counts until a document is approved ---


@pytest.mark.parametrize(
    ("plan", "counted"),
    [
        (None, 3),
        ({"submitted_on": date(2026, 7, 1)}, 3),
        ({"approved_on": date(2026, 7, 10)}, 2),
        ({"approved_on": date(2026, 7, 10), "state": "filed"}, 2),
        ({"approved_on": date(2026, 7, 10), "state": "returned"}, 3),
        ({"approved_on": date(2026, 7, 9), "project": "XM2"}, 3),
        ({"approved_on": date(2026, 7, 9), "kind": "summary"}, 3),
    ],
    ids=str,
)
def test_surveys_after_the_plan_was_approved_do_not_count(plan: Line | None, counted: int) -> None:
    surveys: list[Line] = [{"project": "XM1", "kind": "survey", "held_on": date(2026, 7, day)} for day in (9, 10, 11)]
    base: Line = {"project": "XM1", "kind": "project_plan", "title": "方案"}
    plans = [{**base, **plan}] if plan else []
    held = records(projects=[{"code": "XM1", "level": "project"}], schedule=surveys, documents=plans)
    (due,) = items(shipped("T13"), held, date(2026, 8, 1))
    assert due.fulfilment.done == counted
    assert due.fulfilment.records == tuple(f"schedule-{number + 1}" for number in range(counted))


def test_the_first_approval_ends_the_surveys_though_a_later_version_was_approved_too() -> None:
    surveys: list[Line] = [{"project": "XM1", "kind": "survey", "held_on": date(2026, 7, day)} for day in (9, 12)]
    base: Line = {"project": "XM1", "kind": "project_plan", "title": "方案"}
    plans: list[Line] = [{**base, "approved_on": date(2026, 7, 20)}, {**base, "approved_on": date(2026, 7, 10)}]
    held = records(projects=[{"code": "XM1", "level": "project"}], schedule=surveys, documents=plans)
    (due,) = items(shipped("T13"), held, date(2026, 8, 1))
    assert (due.fulfilment.done, due.state) == (1, State.OVERDUE)


# --- rules on trial ---


def test_a_rule_on_trial_is_overdue_and_nothing_is_told_of_it_in_earnest() -> None:
    trial = {**CHAIN, "severity": "info"}
    for line in ({**FILED, "state": "returned"}, {**FILED, "contents": ("goal",)}):
        earnest, tried = found(CHAIN, line), found(trial, line)
        assert earnest.state is tried.state is State.OVERDUE
        assert (earnest.trial, tried.trial) == (False, True)
        assert owed([earnest]) == [earnest] and owed([tried]) == []
        told = requirements.check([earnest], TABLES)
        assert {each.severity for each in told} == {Severity.ERROR, Severity.WARNING}
        again = requirements.check([tried], TABLES)
        assert [each.code for each in again] == [each.code for each in told]
        assert {each.severity for each in again} == {Severity.INFO}


def test_what_is_told_of_a_version_stands_at_its_cell_and_has_a_key_of_its_own() -> None:
    rule = {**PLAN, "documents": [{"kind": "plan"}, {"kind": "summary"}]}
    lines: list[Line] = [{**SENT, "state": "returned"}, {**SENT, "kind": "summary", "state": "returned"}]
    told = requirements.check([found(rule, *lines, today=date(2026, 6, 21))], TABLES)
    assert [(each.code, each.table, each.column, each.record) for each in told] == [
        ("Q108", "documents", "state", "documents-1"),
        ("Q108", "documents", "state", "documents-2"),
    ]
    assert len({each.key for each in told}) == 2
