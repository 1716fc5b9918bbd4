"""A unit that checks its workbook at home is told what its office's sync would tell it."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from support.office import FIRST_UNIT, MADE, TODAY, Bureau, typing

from addin.file_check import FileCheck, check_file
from sync.rules import Rules
from xingzhi.deadlines import State


@pytest.fixture
def office(fresh: Bureau) -> Bureau:
    # A finding of the file itself, so that there is feedback: it is the unit's own file.
    people, *rest = FIRST_UNIT["人员名册"]
    fresh.filled("T01", {**FIRST_UNIT, "人员名册": [people, *rest, {"姓名": "石九", "班子成员": "也许"}]}, "T01.xlsx")
    fresh.sync()
    return fresh


def at_home(path: Path, today: date = TODAY) -> FileCheck:
    """Checked on a PC that knows nothing of the office."""
    copy = shutil.copy2(path, path.parents[2] / "在家.xlsx")
    return check_file(Path(copy), office_of=Rules({}).of_office, today=today)


def state(checked: FileCheck, requirement: str) -> State:
    return next(each.state for each in checked.deadlines if each.rule.id == requirement)


def feedback(office: Bureau) -> Path:
    (found,) = office.folder.feedback.glob("T01_*")
    return found


def overdue(checked: FileCheck) -> str:
    return next(each.rule.id for each in checked.deadlines if each.state is State.OVERDUE and not each.subject)


def test_what_the_office_lets_a_unit_off_goes_with_its_own_file_and_comes_back(office: Bureau) -> None:
    late = overdue(at_home(feedback(office)))
    for word, wanted in (("是", State.WAIVED), (None, State.OVERDUE)):
        with office.at_work() as book:
            record = book.record("催报台账", 单位代码="T01", 编号=late)
            book.put("催报台账", record, {"免报": word})
        office.sync()
        assert state(at_home(feedback(office)), late) is wanted


def test_a_day_off_that_the_office_sets_moves_the_due_day_of_what_it_issues(fresh: Bureau) -> None:
    before = {each.key: each.span.due for each in at_home(fresh.issued("T02")).deadlines}
    moved = next(due for due in before.values() if due)
    with fresh.at_work() as book:
        book.add("节点", {"类型": "放假", "名称": "本县放假", "开始": moved, "结束": moved})
    fresh.sync()
    fresh.issue("T02", today=MADE)
    after = {each.key: each.span.due for each in at_home(fresh.issued("T02")).deadlines}
    changed = {key for key, due in before.items() if after[key] != due}
    assert changed == {key for key, due in before.items() if due == moved} != set()


def test_the_old_rules_of_a_file_give_way_to_those_of_the_office_that_receives_it(office: Bureau) -> None:
    path = office.folder.inbox / "T01.xlsx"
    late = overdue(at_home(path))
    with typing(path) as book:
        book.sheet("_meta").append(["rules", f'{{"waivers": [["{late}", "", ""]]}}'])
    assert state(at_home(path), late) is State.WAIVED
    office.sync()
    assert office.line("催报台账", 单位代码="T01", 编号=late)["状态"] == "逾期"
