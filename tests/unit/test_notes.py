"""Which texts begin a row that is a subtotal or a note, and which merely look so."""

from __future__ import annotations

import pytest

from xingzhi.notes import is_note


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("合计", True),
        ("合　计：", True),
        ("总计 12", True),
        ("总计划通过评审", False),
        ("小计人数", True),
        ("填报单位（盖章）", True),
        ("填表人 张甲", True),
        ("审核人培训班", False),
        ("注：以上截至六月", True),
        ("注1：以上截至六月", True),
        ("注册登记改革", False),
        ("说明会", False),
        ("备注：无", True),
        ("（以下空白）", True),
        ("Total", True),
        ("Total quality", False),
        ("Grand total: 12", True),
        ("Unit (seal)", True),
        ("Prepared by: Li Yi", True),
        ("Notes on reform", False),
        ("Date: 1 June", True),
        ("Date", False),
    ],
)
def test_notes(text: str, expected: bool) -> None:
    assert is_note(text) is expected
