"""应报事项 over cells as clerks type them: codes that are numbers, dates that are texts, roles parted by any sign."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from support import libreoffice, parity
from support.chance_unit import TERM
from support.office import MEMBERS, PEOPLE, PROJECTS, SCHEDULE, typing

from workbook_templates.unit_book import UnitBook
from workbook_templates.unit_workbook import build
from xingzhi.identity import TEMPLATE_VERSION, Identity
from xingzhi.labels import Lang

needs_libreoffice = pytest.mark.skipif(libreoffice.available() is not None, reason=str(libreoffice.available()))
TODAY = date(2026, 8, 3)
GROUP = ("组长，联络员", "学习委员/陈述者", "核心学员", "核心学员;陈述者", "副组长", "核心学员", "促进师")


@needs_libreoffice
def test_what_is_typed_by_hand_is_counted_as_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "手填.xlsx"
    identity = Identity(TEMPLATE_VERSION, TERM.programme.id, 2026, "MZ01", "单位", 1)
    build(UnitBook(TERM, identity, TODAY, live=False), path)
    names = [f"甲{number}" for number in range(len(GROUP))]
    with typing(path) as book:
        book.add(PEOPLE, *({"姓名": name, "部门": "办公室", "班子成员": "否"} for name in names))
        book.add(PROJECTS, {"项目编号": 101, "层级": "项目", "项目名称": "一门受理"})
        book.add(MEMBERS, *({"项目编号": 101, "姓名": n, "小组角色": r} for n, r in zip(names, GROUP, strict=True)))
        book.add(
            SCHEDULE,
            {"项目编号": "乱写", "活动类别": "专家辅导", "活动名称": "辅导", "实际日期": "7月上旬"},
            {"项目编号": 101, "活动类别": "专家辅导", "活动名称": "辅导", "实际日期": date(2026, 7, 24)},
            {"项目编号": 101, "活动类别": "调研", "活动名称": "走访一", "实际日期": date(2026, 7, 6)},
            {"项目编号": 101, "活动类别": "调研", "活动名称": "走访二", "实际日期": date(2026, 7, 9)},
        )
        book.add("方案制度", {"文件类别": "项目方案", "项目编号": 101, "文件名称": "方案", "审批日期": "待定"})
    lines = {
        line[0]: line[3:6] for line in parity.deadline_lines(libreoffice.recalculate(path, tmp_path / "out"), Lang.ZH)
    }
    assert lines["T07"] == (1, 1, "已完成")
    assert lines["T08"] == (1, 1, "已完成")
    assert lines["T13"] == (1, 1, "已完成")
    assert lines["T16"] == (1, 0, "逾期")
