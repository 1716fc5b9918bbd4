"""What an office has set travels in the workbook, so that it is judged alike wherever it is opened."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from workbook_files.reader import read_grid
from workbook_templates.carried_rules import read_rules, rules_items
from workbook_templates.grid_check import OfficeRules, check_grid
from workbook_templates.profiles import profile
from workbook_templates.unit_book import UnitBook
from workbook_templates.unit_workbook import build
from xingzhi.deadlines import Deadline, Member, State
from xingzhi.fulfilment import UnitRecords
from xingzhi.grid import Grid, Sheet
from xingzhi.identity import META_SHEET, TEMPLATE_VERSION, Identity
from xingzhi.programme import Settings, Term

PROGRAMME, TODAY = "tengxian-civil-affairs", date(2026, 6, 24)
IDENTITY = Identity(TEMPLATE_VERSION, PROGRAMME, 2026, "T01", "青石镇民政办")
SHIPPED = Term(programme=profile(PROGRAMME), year=2026)
FIRST = SHIPPED.programme.requirements[0]


def book(term: Term = SHIPPED, **more: Any) -> UnitBook:
    return UnitBook(term, IDENTITY, TODAY, UnitRecords("T01"), live=False, **more)


def opened(made: UnitBook, path: Path) -> Grid:
    build(made, path)
    grid, findings = read_grid(path)
    assert grid is not None and findings == []
    return grid


def items(grid: Grid) -> list[Deadline]:
    return list(check_grid(grid, TODAY).deadlines)


def test_a_workbook_of_the_shipped_rules_carries_none(tmp_path: Path) -> None:
    assert rules_items(book()) == {}
    carried = read_rules(opened(book(), tmp_path / "a.xlsx"), IDENTITY)
    assert (carried.term, carried.member, carried.waivers) == (None, Member("T01"), frozenset())


def test_a_requirement_that_the_office_renamed_is_told_by_its_name(tmp_path: Path) -> None:
    renamed = FIRST.model_copy(update={"title": FIRST.title.__class__("本县另定的事项", "Of our own")})
    rules = (renamed, *SHIPPED.programme.requirements[1:])
    own = SHIPPED.model_copy(update={"programme": SHIPPED.programme.model_copy(update={"requirements": rules})})
    titles = {each.rule.title.zh for each in items(opened(book(own), tmp_path / "a.xlsx"))}
    assert "本县另定的事项" in titles and FIRST.title.zh not in titles


def test_days_off_of_the_office_move_the_due_day(tmp_path: Path) -> None:
    before = {(each.rule.id, each.span.period): each.span.due for each in items(opened(book(), tmp_path / "a.xlsx"))}
    moved = next(due for due in before.values() if due)
    own = SHIPPED.model_copy(update={"settings": Settings(days_off=frozenset({moved}))})
    after = {(each.rule.id, each.span.period): each.span.due for each in items(opened(book(own), tmp_path / "b.xlsx"))}
    assert {key for key, due in before.items() if after[key] != due} == {
        key for key, due in before.items() if due == moved
    }


def test_what_the_unit_was_let_off_is_not_pressed_for(tmp_path: Path) -> None:
    late = next(each for each in items(opened(book(), tmp_path / "a.xlsx")) if each.state is State.OVERDUE)
    waiver = ("T01", late.rule.id, "", late.span.period)
    grid = opened(book(waivers=frozenset({waiver})), tmp_path / "b.xlsx")
    assert {each.key: each.state for each in items(grid)}[late.key] is State.WAIVED
    told = [each for each in check_grid(grid, TODAY).findings if each.requirement == late.rule.id]
    assert [each for each in told if each.period == late.span.period] == []


def test_what_fell_due_before_the_unit_joined_is_not_asked_of_it(tmp_path: Path) -> None:
    joined = date(2026, 9, 1)
    grid = opened(book(member=Member("T01", joined=joined)), tmp_path / "a.xlsx")
    dues = [each.span.due for each in items(grid)]
    assert dues and all(due is None or due >= joined for due in dues)


def test_long_rules_go_through_several_cells(tmp_path: Path) -> None:
    rules = [FIRST.model_copy(update={"id": f"{chr(65 + n // 100)}{n % 100:02d}"}) for n in range(400)]
    own = SHIPPED.model_copy(update={"programme": SHIPPED.programme.model_copy(update={"requirements": tuple(rules)})})
    assert len(rules_items(book(own))) > 1
    assert read_rules(opened(book(own), tmp_path / "a.xlsx"), IDENTITY).term == own


def test_an_office_in_whose_folder_the_workbook_lies_has_the_last_word(tmp_path: Path) -> None:
    own = SHIPPED.model_copy(update={"settings": Settings(soon_days=9)})
    grid = opened(book(own), tmp_path / "a.xlsx")
    assert check_grid(grid, TODAY).term == own
    assert check_grid(grid, TODAY, office=OfficeRules(SHIPPED)).term == SHIPPED


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[" * 20_000,
        '{"later": 1}',
        json.dumps({"term": {"programme": {"id": "x"}}}),
        json.dumps({"joined": "soon"}),
        "x" * 500_000,
        '{"waivers": 7}',
    ],
)
def test_rules_that_cannot_be_read_count_for_nothing(text: str) -> None:
    chunks = [text[start : start + 30_000] for start in range(0, len(text), 30_000)]
    rows = [(f"rules{number}" if number > 1 else "rules", chunk) for number, chunk in enumerate(chunks, start=1)]
    grid = Grid("x.xlsx", (Sheet(META_SHEET, rows),))
    assert read_rules(grid, IDENTITY) == read_rules(Grid("x.xlsx", ()), IDENTITY)


def _own(**changes: object) -> str:
    programme = json.loads(SHIPPED.programme.model_dump_json())
    return json.dumps({"term": {"programme": {**programme, **changes}, "year": 2026}})


@pytest.mark.parametrize(
    "text",
    [
        _own(tables=["people", "later"]),
        _own(tables=["people", "people"]),
        _own(tables=["documents"]),
        _own(window="9999年12月"),
    ],
    ids=["table of a later version", "table twice", "tables that the rules need", "a year that there is not"],
)
def test_rules_by_which_this_version_cannot_judge_count_for_nothing(text: str) -> None:
    grid = Grid("x.xlsx", (Sheet(META_SHEET, [("rules", text)]),))
    assert read_rules(grid, IDENTITY).term is None


def test_in_the_folder_of_its_office_a_workbook_does_not_let_itself_off(tmp_path: Path) -> None:
    grid = opened(book(waivers=frozenset({("T01", FIRST.id, "", "")})), tmp_path / "a.xlsx")
    office = OfficeRules(SHIPPED, {"T01": Member("T01")})
    asked = {each.rule.id: each.state for each in check_grid(grid, TODAY, office=office).deadlines}
    assert asked[FIRST.id] is not State.WAIVED
    office = OfficeRules(SHIPPED, {}, frozenset({("T01", FIRST.id, "", ""), ("T02", "T02", "", "")}))
    found = check_grid(grid, TODAY, office=office).deadlines
    assert {each.rule.id for each in found if each.state is State.WAIVED} == {FIRST.id}


def test_rules_of_another_year_count_for_nothing(tmp_path: Path) -> None:
    own = SHIPPED.model_copy(update={"settings": Settings(soon_days=9)})
    grid = opened(book(own), tmp_path / "a.xlsx")
    assert read_rules(grid, replace(IDENTITY, year=2027)).term is None
