"""A programme's rules as data: what a profile may say, and what is told at once when it says something else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, get_args

import pytest
from pydantic import TypeAdapter, ValidationError
from support.terms import programme

from workbook_templates.profiles import profile, profile_ids
from workbook_templates.tables.documents import DOCUMENTS
from workbook_templates.tables.registry import tables
from xingzhi.columns import Table
from xingzhi.documents import ALL_CONTENTS, Stage
from xingzhi.requirements import (
    WORKING,
    Composition,
    Document,
    Duration,
    Evaluation,
    Milestone,
    Paper,
    PeriodicReport,
    Quota,
    Requirement,
    RowSet,
    Rule,
)

RULE: TypeAdapter[Any] = TypeAdapter(Requirement)
BASE = {"id": "A01", "title": {"zh": "某事", "en": "Something"}}
COUNTS = {"table": "schedule", "where": {"kind": ["seminar"]}, "date": "held_on"}
KINDS: dict[str, dict[str, Any]] = {
    "milestone": {"window": "6月", "counts": COUNTS},
    "quota": {"window": "6月至12月", "per": "month", "minimum": 2, "maximum": 4, "counts": COUNTS},
    "series": {"window": "6月至12月", "minimum": 3, "interval_months": 2, "counts": COUNTS},
    "periodic_report": {
        "window": "6月至12月",
        "rrule": "FREQ=MONTHLY;BYMONTHDAY=25",
        "table": "reports",
        "period": "period",
        "submitted": "submitted_on",
        "received": "received_on",
        "verdict": "on_time",
    },
    "composition": {"window": "6月", "table": "organisation", "roles": [{"role": "leader", "leadership": True}]},
    "duration": {"scope": "project", "start": "start", "end": "planned_end", "minimum": 3, "maximum": 6, "limit": 12},
    "document": {"documents": [{"kind": "plan"}], "approved_by": {"zh": "推动小组", "en": "Promotion team"}},
    "calendar_day": {"rrule": "FREQ=WEEKLY;BYDAY=FR", "day_off": "next", "counts": COUNTS},
    "attendance": {"percent": 100, "counts": COUNTS},
    "evaluation": {"ratings": [{"subject": "member", "each": "member", "raters": ["self", "peer"]}]},
}
WORKING_KINDS = {"milestone", "quota", "periodic_report", "composition", "duration", "document", "evaluation"}
every_kind = pytest.mark.parametrize("kind", KINDS)


def rule(kind: str, **more: Any) -> dict[str, Any]:
    return {**BASE, "kind": kind, **KINDS[kind], **more}


def test_there_are_ten_kinds() -> None:
    union = get_args(Requirement)[0]
    assert {get_args(each.model_fields["kind"].annotation)[0] for each in get_args(union)} == set(KINDS)
    assert len(KINDS) == 10


@every_kind
def test_each_kind_is_read_and_written_back(kind: str) -> None:
    read = RULE.validate_python(rule(kind))
    assert read.kind == kind and isinstance(read, Rule)
    assert RULE.validate_python(read.model_dump(mode="json")) == read


@every_kind
def test_a_misspelt_key_is_refused(kind: str) -> None:
    with pytest.raises(ValidationError, match="windwo"):
        RULE.validate_python(rule(kind, windwo="6月"))


@every_kind
def test_a_key_that_is_left_out_is_told(kind: str) -> None:
    missing = {key: value for key, value in rule(kind).items() if key != "title"}
    with pytest.raises(ValidationError, match="title"):
        RULE.validate_python(missing)


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "wish"},
        {"window": "6月中旬前后"},
        {"window": "11月至1月"},
        {"minimum": 5, "maximum": 4},
        {"minimum": -1},
        {"maximum": 0},
        {"id": "1"},
        {"scope": "everyone"},
        {"severity": "fatal"},
        {"counts": {**COUNTS, "dates": "held_on"}},
    ],
    ids=str,
)
def test_what_cannot_be_right_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        RULE.validate_python({**rule("quota"), **change})


@pytest.mark.parametrize("text", ["每月25日", "FREQ=HOURLY", "FREQ=MONTHLY;BYMONTHDAY=0"])
def test_a_recurrence_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        RULE.validate_python(rule("periodic_report", rrule=text))


@every_kind
def test_a_profile_with_a_kind_that_cannot_be_counted_is_refused(kind: str) -> None:
    if kind in WORKING_KINDS:
        assert isinstance(programme(rule(kind)).requirements[0], WORKING)
    else:
        with pytest.raises(ValidationError, match="A01"):
            programme(rule(kind))


def test_an_id_is_given_once() -> None:
    with pytest.raises(ValidationError, match="twice"):
        programme(rule("milestone"), rule("quota"))


def test_a_profile_with_an_unknown_key_is_refused() -> None:
    with pytest.raises(ValidationError, match="colour"):
        programme(rule("milestone"), colour="red")


def test_the_first_programme_has_all_its_rules() -> None:
    found = [each.id for each in profile("tengxian-civil-affairs").requirements]
    assert found == [f"T{number:02}" for number in range(1, 26)]


@pytest.mark.parametrize(
    "wrong",
    [
        rule("quota", until={"kind": "plan"}),
        rule("document", before=COUNTS),
        rule("document", documents=[]),
        rule("evaluation", ratings=[{"subject": "member", "each": "member"}]),
        rule("evaluation", ratings=[{"subject": "culture", "each": "unit", "raters": ["self"]}]),
    ],
    ids=str,
)
def test_what_no_one_could_count_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        RULE.validate_python(wrong)


@pytest.mark.parametrize("id", profile_ids())
def test_a_shipped_profile_names_only_tables_columns_and_choices_that_there_are(id: str) -> None:
    used = {table.key: table for table in tables(profile(id).tables)}
    for each in profile(id).requirements:
        if isinstance(each, Composition):
            table = used[each.table]
            columns = [each.person, *([each.role] if each.role else [])]
            if each.role:
                for role in (*(role.role for role in each.roles), *each.not_counted):
                    assert table[each.role].choice(role)
        elif isinstance(each, Duration):
            table, columns = used["projects"], [each.start, each.end]
        elif isinstance(each, PeriodicReport):
            table, columns = used[each.table], [each.period, each.submitted, each.received, each.verdict]
        elif isinstance(each, Document):
            table, columns = used["documents"], []
            assert all(table["contents"].choice(key) for key in (*each.contents, ALL_CONTENTS))
            assert_papers(each.documents)
            if each.before:
                assert_counts(each.before, used[each.before.table])
        elif isinstance(each, Evaluation):
            table, columns = used["evaluation"], []
            for rating in each.ratings:
                assert table["subject"].choice(rating.subject)
                assert all(table["rater"].choice(rater) for rater in rating.raters)
            assert all(used["members"]["role"].choice(role) for role in each.not_counted)
        else:
            assert isinstance(each, Milestone | Quota)
            table, columns = used[each.counts.table], []
            assert_counts(each.counts, table)
            if isinstance(each, Quota) and each.until:
                assert_papers([each.until])
        assert set(columns) <= set(table.by_key), each.id
        if each.scope.value == "project":
            assert project_column(each) in table.by_key, each.id
        assert {level for level in each.levels} <= {choice.key for choice in used["projects"]["level"].choices}


def assert_counts(counts: RowSet, table: Table) -> None:
    named = [counts.date, *counts.filled, *counts.if_filled, *counts.if_filled.values()]
    assert {*counts.where, *named} <= set(table.by_key)
    for column, keys in counts.where.items():
        assert all(table[column].choice(key) for key in keys)


def assert_papers(papers: Iterable[Paper]) -> None:
    for paper in papers:
        assert DOCUMENTS["kind"].choice(paper.kind)
        assert paper.sort is None or DOCUMENTS["sort"].choice(paper.sort)


def test_the_stages_of_a_document_are_the_choices_of_its_state() -> None:
    assert [choice.key for choice in DOCUMENTS["state"].choices] == list(Stage)


def project_column(each: Requirement) -> str:
    if isinstance(each, Composition):
        return each.project
    if isinstance(each, Document):
        return "project"
    return each.counts.project if isinstance(each, Milestone | Quota) else "code"


@pytest.mark.parametrize("id", profile_ids())
def test_what_a_profile_assumes_is_a_field_of_the_rule(id: str) -> None:
    for each in profile(id).requirements:
        assert set(each.assumed) <= set(type(each).model_fields), each.id


@pytest.mark.parametrize("id", profile_ids())
def test_a_shipped_profile_is_in_both_languages(id: str) -> None:
    shipped = profile(id)
    for label in (shipped.title, shipped.office, *(each.title for each in shipped.requirements)):
        assert label.zh != label.en and label.en.isascii()


def test_a_table_is_one_that_is_declared() -> None:
    with pytest.raises(KeyError):
        tables(["people", "horses"])
    assert all(isinstance(table, Table) for table in tables(["people"]))
