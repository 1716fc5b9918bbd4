"""Every golden case of the requirements yields exactly the findings that it names, in words that hold."""

from __future__ import annotations

import pytest
from support.requirement_cases import Case, cases, covered_codes, described, found, owed, standing
from support.terms import SHIPPED

from workbook_templates.profiles import profile
from xingzhi.labels import Lang
from xingzhi.messages import finding_codes


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_yields_exactly_what_it_names(case: Case) -> None:
    findings = found(case)
    assert described(findings) == list(case.expected)
    said = [text for each in findings for lang in Lang for text in (each.message(lang), each.remedy(lang))]
    for text in case.says:
        assert any(text in each for each in said), f"nothing says {text!r}: {said}"
    assert not [text for text in said if "None" in text or "{" in text]


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_stands_exactly_as_it_says(case: Case) -> None:
    items = owed(case)
    for sort, lines in (("state", case.states), ("due", case.dues), ("done", case.counts)):
        if lines is not None:
            assert standing(items, sort) == lines


def test_each_requirement_has_a_golden_office_for_each_state() -> None:
    """Met, unmet, late, done late and waived. A standing rule has no due date, so that it cannot be late."""
    shown: dict[str, set[str]] = {}
    for case in cases():
        for line in case.states or ():
            id, _, _, state, *_ = line.split()
            shown.setdefault(id, set()).add(state)
    for rule in profile(SHIPPED).requirements:
        wanted = {"done", "waived"} | ({"overdue", "done_late"} if rule.window else set())
        assert shown.get(rule.id, set()) >= wanted, rule.id
        assert shown[rule.id] & {"open", "soon"}, rule.id


def test_every_code_of_requirements_has_a_case() -> None:
    assert {code for code in finding_codes() if code[0] == "Q"} == covered_codes()


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_what_is_told_of_one_thing_can_be_told_apart(case: Case) -> None:
    texts = [each.message(Lang.ZH) for each in found(case)]
    assert len(set(texts)) == len(texts)
