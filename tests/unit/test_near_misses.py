"""Did you mean: what is near enough to be asked for, and what is not."""

from __future__ import annotations

import pytest

from workbook_templates.tables.organisation import ORGANISATION
from workbook_templates.tables.people import PEOPLE
from xingzhi.findings import finding
from xingzhi.labels import Lang
from xingzhi.near_misses import near, near_choice, near_columns, near_name

ROLES = ["组长", "副组长", "成员", "办公室主任", "办公室副主任", "推动者", "工作人员"]


@pytest.mark.parametrize(
    ("text", "names", "found"),
    [
        ("组常", ROLES, ()),
        ("长组", ROLES, ("组长",)),
        ("副组张", ROLES, ("副组长",)),
        ("付组长", ROLES, ("副组长",)),
        ("组 长", ROLES, ("组长",)),
        ("工作员", ROLES, ("工作人员",)),
        ("工作人员等", ROLES, ("工作人员",)),
        ("领导小组办公室主任", ROLES, ("办公室主任",)),
        ("推动", ROLES, ("推动者",)),
        ("顾问", ROLES, ()),
        ("员", ROLES, ()),
        ("", ROLES, ()),
        ("欧阳晓明", ["欧阳小明", "欧阳明"], ("欧阳小明",)),
        ("张三", ["张四", "李三"], ()),
        ("张三（主任）", ["张三", "李四"], ("张三",)),
        ("小李明", ["小张明", "小王明", "小赵明", "小钱明"], ()),
        ("xm1", ["XM1", "XM2"], ("XM1",)),
        ("XM01", ["XM1", "XM10"], ("XM1",)),
        ("XM-1", ["XM1"], ("XM1",)),
        ("XM2", ["XM1", "XM12"], ()),
        ("XM1-1", ["XM11"], ()),
        ("Deputy leadr", ["Deputy leader", "Leader"], ("Deputy leader",)),
        ("长" * 500, ROLES, ()),
    ],
)
def test_near(text: str, names: list[str], found: tuple[str, ...]) -> None:
    assert near(text, names) == found


def test_a_name_inside_another_is_near_only_where_that_is_wanted() -> None:
    assert near("县民政局救助科", ["县民政局"]) == ("县民政局",)
    assert near("县民政局救助科", ["县民政局"], within=False) == ()


def test_a_choice_is_asked_for_by_its_label_whatever_word_of_it_was_near() -> None:
    choices = ORGANISATION["role"].choices
    said = finding(
        "C104", value="办公室工作人元", name="角色", choices="…", fields=near_choice("办公室工作人元", choices)
    )
    assert said.remedy(Lang.ZH) == "是不是“工作人员”？请从下拉框中选：…"
    assert said.remedy(Lang.EN) == "Did you mean 'Staff'? Choose one of: …"
    assert near_choice("顾问", choices) == {}
    assert finding("C104", value="顾问", name="角色", choices="…").remedy(Lang.ZH) == "请从下拉框中选：…"


def test_two_that_are_equally_near_are_both_asked_for() -> None:
    (said,) = near_name("欧阳晓明", ["欧阳小明", "欧阳日明"]).values()
    assert getattr(said, "zh", said) == "是不是“欧阳小明”或“欧阳日明”？"


def test_a_header_is_taken_for_a_missing_column_only_where_no_other_may_be_it() -> None:
    department, post = PEOPLE["department"], PEOPLE["post"]
    assert near_columns({3: "部门门", 5: "职务务"}, [department, post]) == {3: department, 5: post}
    assert near_columns({3: "部门门", 4: "所在部们"}, [department, post]) == {}
    assert near_columns({3: "民族"}, [department, post]) == {}
