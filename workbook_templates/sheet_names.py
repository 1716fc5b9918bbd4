"""The names of the sheets that are not tables of a unit's records."""

from __future__ import annotations

from xingzhi.columns import Table
from xingzhi.labels import Label
from xingzhi.own_sheets import DEADLINES as DEADLINES
from xingzhi.own_sheets import FINDINGS as FINDINGS
from xingzhi.own_sheets import GUIDE as GUIDE

LISTS = Label("_选项", "_lists")
PROGRESS = Label("_各项目", "_projects")
GROUPS = Label("_各组成员", "_groups")

OVERVIEW = Label("总体情况", "Overview")
UNITS = Label("单位名册", "Units")
REQUIREMENTS = Label("任务要求", "Requirements")
CALENDAR = Label("节点", "Calendar")
SETTINGS = Label("设置", "Settings")
CHECK_RULES = Label("校验规则", "Check rules")
COMPLETION = Label("完成情况", "Completion")
REMINDERS = Label("催报台账", "Reminders")
MONTH_CLOSE = Label("月度结账", "Month close")
MASTER_FINDINGS = Label("填报问题", "Data findings")
CHANGES = Label("数据变动", "Changes")
RUNS = Label("汇总记录", "Runs")
_MERGED = Label("汇总_", "All_")


def merged(table: Table) -> Label:
    """The sheet of the master that holds every unit's rows of a table."""
    return Label(_MERGED.zh + table.label.zh, _MERGED.en + table.label.en)
