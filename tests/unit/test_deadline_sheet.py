"""Lines of 应报事项 that sum up projects: by when they are due, and whether they wait for others."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from support import parity
from support.chance_unit import TABLES, row
from support.terms import shipped

from workbook_templates.unit_book import UnitBook
from workbook_templates.unit_workbook import build
from xingzhi.deadlines import Member
from xingzhi.fulfilment import UnitRecords
from xingzhi.identity import TEMPLATE_VERSION, Identity
from xingzhi.rows import Row

PROJECTS = [row("projects", code=code, level="project", title=code) for code in ("XM1", "XM2")]


def line(tmp_path: Path, rule: str, today: date, *rows: Row) -> tuple[object, object, object]:
    """(due, state, waiting) of the one line of a rule."""
    term = shipped(rule)
    held = {key: tuple(each for each in (*PROJECTS, *rows) if each.table == key) for key in TABLES}
    identity = Identity(TEMPLATE_VERSION, term.programme.id, 2026, "MZ01", "单位", 1, lang="zh")
    path = tmp_path / "unit.xlsx"
    build(UnitBook(term, identity, today, UnitRecords("MZ01", held), member=Member("MZ01"), live=False), path)
    (found,) = parity.deadline_lines(path)
    due = found[2]
    assert isinstance(due, date)
    return date(due.year, due.month, due.day), found[5], found[9]


def coached(code: str, day: date) -> Row:
    return row("schedule", project=code, kind="coaching", title="辅导", held_on=day)


def plan(code: str, filed: date) -> Row:
    sent = date(2026, 8, 1)
    return row("documents", project=code, kind="training_plan", title="计划", submitted_on=sent, filed_on=filed)


def test_a_plan_before_coaching_is_due_by_the_first_that_lacks_it_else_by_the_first_of_all(tmp_path: Path) -> None:
    first, second, today = date(2026, 8, 20), date(2026, 9, 10), date(2026, 10, 1)
    lessons = [coached("XM1", first), coached("XM2", second)]
    done = [plan("XM1", date(2026, 8, 25)), plan("XM2", date(2026, 9, 9))]
    assert line(tmp_path, "T16", today) == (date(2026, 12, 31), "", 0)
    assert line(tmp_path, "T16", today, *lessons) == (first, "逾期", 0)
    assert line(tmp_path, "T16", today, *lessons, done[0]) == (second, "逾期", 0)
    assert line(tmp_path, "T16", today, *lessons, *done) == (first, "逾期完成", 0)


@pytest.mark.parametrize("today", [date(2026, 7, 31), date(2026, 8, 20)])
def test_projects_wait_together_where_each_is_met_or_waits(tmp_path: Path, today: date) -> None:
    due, sent = date(2026, 7, 31), date(2026, 7, 20)
    first = row("documents", project="XM1", kind="list", title="名单", submitted_on=sent)
    second = row("documents", project="XM2", kind="list", title="名单", submitted_on=sent, state="approved")
    missing = "即将到期" if today <= due else "逾期"
    assert line(tmp_path, "T24", today, first) == (due, missing, 0)
    assert line(tmp_path, "T24", today, second) == (due, missing, 0)
    assert line(tmp_path, "T24", today, first, second) == (due, "未到期", 1)
