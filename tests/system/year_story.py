"""A year of one unit: what its clerk and the office type, and how each thing stands on each day that is looked at.

Unit T01 has the project XM1 and its sub-project XM1-1, which is stopped in November. Unit T02 joins on 1 December and sends
nothing. `STORY` has, for each day, the rows that are typed before the sync of that day: into the unit's workbook, and
into the master where the sheet is one of the master's. A row whose first cell stands in the sheet already is changed,
any other is added. `YEAR` was worked out by hand from domain.md 4.1 (how, the notes in tests/golden/requirements say).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date

from support.text_tables import parse_sheets

from xingzhi.grid import CellValue, Sheet

Key = tuple[str, str, str, str]
"""(unit, requirement, project, month); the last two may be blank."""

# `-` not owed, `.` open, `s` soon, `+9` overdue by 9 days, `ok` done, `L9` done 9 days late, `w` waived.
# The days: 10 June to 25 December 2026, 4 January to 1 February 2027.
YEAR = """
                  0610 0611 0625 0701 0713 0724 0803 0825 0924 1026 1102 1125 1225 0104 0129 0201
T01 T01 -    -       ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
T01 T02 -    -        s   +1   L5   L5   L5   L5   L5   L5   L5   L5   L5   L5   L5   L5   L5   L5
T01 T03 -    -        .    .   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
T01 T04 -    -        .    .    s   +1   L2   L2   L2   L2   L2   L2   L2   L2   L2   L2   L2   L2
T01 T05 -    -        .    .    .    .   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
T01 T10 -    -        .    .    .    .   +3   L5   L5   L5   L5   L5   L5   L5   L5   L5   L5   L5
T01 T20 -    -        .    .    .    .    .    .    .    .    .    .    .    .    .    .    s   ok
T01 T21 -    -        .    .    .    .    .    .    .    .    .    .    .    .    .    .    s   L3
T01 T25 -    -        .    .    .    .    .    .    .    .    .   ok   ok   ok   ok   ok   ok   ok
T01 T22 -    2026-06  .    .   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
T01 T22 -    2026-07  .    .    .    .    .   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
T01 T22 -    2026-08  .    .    .    .    .    .    .   ok   ok   ok   ok   ok   ok   ok   ok   ok
T01 T22 -    2026-09  .    .    .    .    .    .    .    .   ok   ok   ok   ok   ok   ok   ok   ok
T01 T22 -    2026-10  .    .    .    .    .    .    .    .    .   L3   ok   ok   ok   ok   ok   ok
T01 T22 -    2026-11  .    .    .    .    .    .    .    .    .    .    .   ok   ok   ok   ok   ok
T01 T22 -    2026-12  .    .    .    .    .    .    .    .    .    .    .    .    s  L10  L10  L10
T01 T07 XM1  -        -    -    -    -    .    .   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
T01 T08 XM1  -        -    -    -    -    .    .   L1   L1   L1   L1   L1   L1   L1   L1   L1   L1
T01 T11 XM1  -        -    -    -    -    .   +4   L2   L2   L2   L2   L2   L2   L2   L2   L2   L2
T01 T12 XM1  -        -    -    -    -    .    .    .    .    .    .    .   ok   ok   ok   ok   ok
T01 T13 XM1  -        -    -    -    -    .   +4  +14    w    w    w    w    w    w    w    w    w
T01 T14 XM1  2026-07  -    -    -    -    .   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
T01 T14 XM1  2026-08  -    -    -    -    .    .    .    .  +24   ok   ok   ok   ok   ok   ok   ok
T01 T14 XM1  2026-09  -    -    -    -    .    .    .    .   ok   ok   ok   ok   ok   ok   ok   ok
T01 T14 XM1  2026-10  -    -    -    -    .    .    .    .    .   ok   ok   ok   ok   ok   ok   ok
T01 T14 XM1  2026-11  -    -    -    -    .    .    .    .    .    .    .   ok   ok   ok   ok   ok
T01 T14 XM1  2026-12  -    -    -    -    .    .    .    .    .    .    .    .    .   ok   ok   ok
T01 T16 XM1  -        -    -    -    -    -    -    -   +5   L7   L7   L7   L7   L7   L7   L7   L7
T01 T17 XM1  -        -    -    -    -    .    .    .    .    .    .   ok   ok   ok   ok   ok   ok
T01 T18 XM1  -        -    -    -    -    .    .    .    .    .    .    .    .    .   ok   ok   ok
T01 T19 XM1  -        -    -    -    -    .    .    .    .    .    .    .    .    .   +4   L6   L6
T01 T23 XM1  -        -    -    -    -    .   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
T01 T24 XM1  -        -    -    -    -    .    .    .   ok   ok   ok   ok   ok   ok   ok   ok   ok
T01 T15 XM1-1 2026-07 -    -    -    -    .    .    -    -    -    -    -    -    -    -    -    -
T01 T15 XM1-1 2026-08 -    -    -    -    .    .    .   ok   ok   ok   ok    -    -    -    -    -
T01 T15 XM1-1 2026-09 -    -    -    -    .    .    .    .    s  +26  +33    -    -    -    -    -
T01 T15 XM1-1 2026-10 -    -    -    -    .    .    .    .    .    .   +3    -    -    -    -    -
T01 T15 XM1-1 2026-11 -    -    -    -    .    .    .    .    .    .    .    -    -    -    -    -
T01 T15 XM1-1 2026-12 -    -    -    -    .    .    .    .    .    .    .    -    -    -    -    -
T01 T23 XM1-1 -       -    -    -    -    .   L2   L2   L2   L2   L2   L2    -    -    -    -    -
T02 T20 -    -        .    .    .    .    .    .    .    .    .    .    .    .    .    .    s   +3
T02 T21 -    -        .    .    .    .    .    .    .    .    .    .    .    .    .    .    s   +3
T02 T25 -    -        .    .    .    .    .    .    .    .    .    .    .    .    .    .    s   +3
T02 T22 -    2026-12  .    .    .    .    .    .    .    .    .    .    .    .    s  +10  +35  +38
"""

CHASED: Mapping[Key, tuple[date, int | None, str | None]] = {
    ("T01", "T02", "", ""): (date(2026, 6, 25), 1, None),
    ("T01", "T13", "XM1", ""): (date(2026, 8, 25), None, "是"),
    ("T01", "T14", "XM1", "2026-08"): (date(2026, 10, 26), 2, None),
}
"""Where the office has written in 催报台账: from which day, 已催次数 and 免报. Such a line stays, however it stands."""

STORY = """
### 2026-06-10    The office has no deputy director yet.
== 人员名册
| 姓名 | 部门   | 班子成员 |
| 石一 | 办公室 | 是 |
| 石二 | 办公室 | 是 |
| 石三 | 救助股 | 否 |
| 石四 | 救助股 | 否 |
| 石五 | 救助股 | 否 |
== 组织机构
| 姓名 | 角色       | 任职起     |
| 石一 | 组长       | 2026-06-08 |
| 石二 | 副组长     | 2026-06-08 |
| 石三 | 成员       | 2026-06-08 |
| 石四 | 办公室主任 | 2026-06-08 |
== 方案制度
| 文件名称         | 文件类别 | 版本 | 报送日期   |
| 行动学习实施方案 | 实施方案 | 1    | 2026-06-09 |

### 2026-06-11    Nothing new.

### 2026-06-25    15 June - 10 June: T02 is 5 days late. June's report comes on the day it is due.
== 催报台账
| 编号 | 已催次数 |
| T02  | 1 |
== 组织机构
| 姓名 | 角色         | 任职起     |
| 石五 | 办公室副主任 | 2026-06-15 |
== 活动台账
| 活动名称 | 活动类别 | 计划日期   | 实际日期   |
| 启动大会 | 启动仪式 | 2026-06-18 | 2026-06-18 |
| 方法培训 | 培训     | 2026-06-26 |            |
== 信息报送
| 标题     | 所属月份 | 信息类别 | 报送日期   |
| 六月信息 | 2026-06  | 动态     | 2026-06-24 |

### 2026-07-01    The training was put off.

### 2026-07-13    Trained on 2 July, 2 days late. The incentive policy is missing. The project's plan is submitted.
== 活动台账
| 活动名称 | 项目编号 | 活动类别 | 实际日期   |
| 方法培训 |          | 培训     | 2026-07-02 |
| 走访一   | XM1      | 调研     | 2026-07-09 |
== 项目台账
| 项目编号 | 层级   | 上级编号 | 项目名称 | 重要性 | 紧迫性 | 综合性 | 可行性 | 选题日期   | 开始日期   | 计划完成日期 |
| XM1      | 项目   |          | 一门受理 | 重     | 急     | 广     | 行     | 2026-07-08 | 2026-07-13 | 2026-12-31 |
| XM1-1    | 分项目 | XM1      | 窗口整合 | 重     | 急     | 广     | 行     | 2026-07-08 | 2026-07-13 | 2026-12-31 |
== 方案制度
| 文件名称       | 文件类别 | 制度类别       | 项目编号 | 版本 | 必备内容 | 报送日期   |
| 学习制度       | 制度     | 学习制度       |          | 1    |          | 2026-07-08 |
| 工作制度       | 制度     | 工作制度       |          | 1    |          | 2026-07-08 |
| 项目管理制度   | 制度     | 项目管理制度   |          | 1    |          | 2026-07-08 |
| 经费管理制度   | 制度     | 经费管理制度   |          | 1    |          | 2026-07-08 |
| 促进师管理制度 | 制度     | 促进师管理制度 |          | 1    |          | 2026-07-08 |
| 信息报送制度   | 制度     | 信息报送制度   |          | 1    |          | 2026-07-08 |
| 学员管理制度   | 制度     | 学员管理制度   |          | 1    |          | 2026-07-08 |
| 受理方案       | 项目方案 |                | XM1      | 1    | 齐全     | 2026-07-13 |

### 2026-07-24    The plan was returned and submitted again on the 22nd: 2 days late. One survey of two. Five members of six.
== 汇总_方案制度
| 文件名称 | 审批状态 | 审核意见 |
| 受理方案 | 退回修改 | 目标不清 |
== 方案制度
| 文件名称       | 文件类别 | 项目编号 | 版本 | 必备内容 | 报送日期   |
| 受理方案修改稿 | 项目方案 | XM1      | 2    | 齐全     | 2026-07-22 |
| 小组名单       | 人员名单 | XM1      | 1    |          | 2026-07-22 |
| 激励办法       | 激励政策 |          | 1    |          | 2026-07-15 |
== 小组成员
| 姓名 | 项目编号 | 小组角色 |
| 石一 | XM1 | 召集人   |
| 甲一 | XM1 | 组长     |
| 甲二 | XM1 | 联络员   |
| 甲三 | XM1 | 学习委员 |
| 甲四 | XM1 | 陈述者   |
| 甲五 | XM1 | 核心学员 |
== 活动台账
| 活动名称   | 项目编号 | 活动类别 | 实际日期   | 分管领导到场 |
| 七月研讨   | XM1      | 研讨会   | 2026-07-17 | 是 |
| 窗口研讨一 | XM1-1    | 研讨会   | 2026-07-22 |    |
== 信息报送
| 标题     | 所属月份 | 信息类别 | 报送日期   |
| 七月信息 | 2026-07  | 动态     | 2026-07-23 |

### 2026-08-03    The plan is filed, the list still waits. The second survey, on the 28th, is after the approval of the 27th.
== 汇总_方案制度
| 文件名称       | 审批状态 | 审批单位   | 审批日期   | 备案号 | 备案日期   |
| 受理方案修改稿 | 已备案   | 市推动小组 | 2026-07-27 | 备1    | 2026-07-29 |
== 项目台账
| 项目编号 | 小组成立日期 |
| XM1      | 2026-07-20   |
| XM1-1    | 2026-08-01   |
== 小组成员
| 姓名 | 项目编号 | 小组角色 | 任职起     |
| 甲六 | XM1      | 核心学员 | 2026-07-31 |
| 甲七 | XM1      | 促进师   | 2026-08-01 |
== 活动台账
| 活动名称 | 项目编号 | 活动类别 | 实际日期   |
| 走访二   | XM1      | 调研     | 2026-07-28 |

### 2026-08-25    The survey is waived. Coached on the 20th with no filed plan. The list is approved late. The leader was away.
== 汇总_方案制度
| 文件名称 | 审批状态 | 审批单位   | 审批日期   |
| 小组名单 | 已审批   | 领导小组   | 2026-08-07 |
== 催报台账
| 编号 | 免报 |
| T13  | 是   |
== 活动台账
| 活动名称   | 项目编号 | 活动类别 | 实际日期   | 分管领导到场 |
| 八月研讨   | XM1      | 研讨会   | 2026-08-20 | 否 |
| 专家辅导一 | XM1      | 专家辅导 | 2026-08-20 |    |
| 窗口研讨二 | XM1-1    | 研讨会   | 2026-08-11 |    |
| 窗口研讨三 | XM1-1    | 研讨会   | 2026-08-18 |    |
== 方案制度
| 文件名称 | 文件类别 | 项目编号 | 版本 | 报送日期   |
| 辅导计划 | 培训计划 | XM1      | 1    | 2026-08-17 |
== 信息报送
| 标题     | 所属月份 | 信息类别 | 报送日期   |
| 八月信息 | 2026-08  | 动态     | 2026-08-24 |

### 2026-09-24    The training plan was filed on 27 August: 7 days after the coaching.
== 汇总_方案制度
| 文件名称 | 审批状态 | 备案日期   |
| 辅导计划 | 已备案   | 2026-08-27 |
== 活动台账
| 活动名称   | 项目编号 | 活动类别 | 实际日期   | 分管领导到场 |
| 九月研讨   | XM1      | 研讨会   | 2026-09-15 | 是 |
| 窗口研讨四 | XM1-1    | 研讨会   | 2026-09-10 |    |
== 信息报送
| 标题     | 所属月份 | 信息类别 | 报送日期   |
| 九月信息 | 2026-09  | 动态     | 2026-09-23 |

### 2026-10-26    The leader had been there in August after all. October's report comes on Monday: 3 days after Friday, the 23rd.
== 催报台账
| 编号 | 已催次数 |
| T14  | 2 |
== 活动台账
| 活动名称 | 项目编号 | 活动类别 | 实际日期   | 分管领导到场 |
| 八月研讨 | XM1      | 研讨会   | 2026-08-20 | 是 |
| 十月研讨 | XM1      | 研讨会   | 2026-10-13 | 是 |
| 局督查   |          | 督查     | 2026-10-20 |    |
== 信息报送
| 标题     | 所属月份 | 信息类别 | 报送日期   |
| 十月信息 | 2026-10  | 动态     | 2026-10-22 |

### 2026-11-02    The office had October's report on paper on the 23rd.
== 汇总_信息报送
| 标题     | 收到日期   |
| 十月信息 | 2026-10-23 |
== 活动台账
| 活动名称 | 项目编号 | 活动类别 | 实际日期   | 下一步打算 |
| 回头看   | XM1      | 反思     | 2026-10-28 | 扩大试点   |

### 2026-11-25    The sub-project is stopped: what it owed goes.
== 项目台账
| 项目编号 | 状态   |
| XM1-1    | 已中止 |
== 活动台账
| 活动名称   | 项目编号 | 活动类别 | 实际日期   | 分管领导到场 |
| 十一月研讨 | XM1      | 研讨会   | 2026-11-12 | 是 |
| 方案评审   | XM1      | 评审会   | 2026-11-18 |    |
== 信息报送
| 标题       | 所属月份 | 信息类别 | 报送日期   |
| 十一月信息 | 2026-11  | 动态     | 2026-11-24 |

### 2026-12-25    An outcome in no named form; the appraisal asks for something to be mended.
== 成果固化
| 成果名称 | 项目编号 | 固化形式 | 固化日期   |
| 一窗标识 | XM1      | 其他     | 2026-12-10 |
== 活动台账
| 活动名称 | 项目编号 | 活动类别   | 实际日期   | 要求整改的问题 |
| 鉴定会   | XM1      | 成果鉴定会 | 2026-12-18 | 补数据         |

### 2027-01-04    December's report comes 10 days late. The appraisal's demand is not met.
== 成果固化
| 成果名称 | 项目编号 | 固化形式 | 固化日期   |
| 一窗办法 | XM1      | 制度条例 | 2026-12-30 |
== 活动台账
| 活动名称   | 项目编号 | 活动类别 | 实际日期   | 分管领导到场 |
| 十二月研讨 | XM1      | 研讨会   | 2026-12-29 | 是 |
== 信息报送
| 标题       | 所属月份 | 信息类别 | 报送日期   |
| 十二月信息 | 2026-12  | 动态     | 2026-12-31 |

### 2027-01-29    Appraised again on 6 January: 6 days late. All is rated but the culture: 1 + 6 x 3 of 20.
== 活动台账
| 活动名称   | 项目编号 | 活动类别   | 计划日期   | 实际日期   |
| 再鉴定会   | XM1      | 成果鉴定会 |            | 2027-01-06 |
| 总结表彰会 |          | 表彰会     | 2027-01-28 |            |
== 考核评估
| 评价人编号 | 评估内容 | 项目编号 | 姓名 | 评价人关系 | 评价指标 | 得分 | 评估日期   |
| 1          | 工作推进 | XM1      |      |            | 进度     | 90   | 2027-01-12 |
{ratings}

### 2027-02-01    The culture was rated on the last day, a Sunday; the commendation is 3 days after Friday, the 29th.
== 考核评估
| 评价人编号 | 评估内容 | 评价指标 | 得分 | 评估日期   |
| 99         | 组织文化 | 氛围     | 90   | 2027-01-31 |
== 活动台账
| 活动名称   | 活动类别 | 实际日期   |
| 总结表彰会 | 表彰会   | 2027-02-01 |
"""


def year() -> Mapping[date, Mapping[Key, str]]:
    """For each day the cells of `YEAR`, those of what is not owed left out."""
    head, *lines = (line.split() for line in YEAR.strip().splitlines())
    days = [date(2026 if step < 13 else 2027, int(text[:2]), int(text[2:])) for step, text in enumerate(head)]
    found: dict[date, dict[Key, str]] = {day: {} for day in days}
    for unit, rule, subject, period, *cells in lines:
        for day, cell in zip(days, cells, strict=True):
            if cell != "-":
                found[day][unit, rule, subject.strip("-"), period.strip("-")] = cell
    return found


def story() -> Iterator[tuple[date, tuple[Sheet, ...]]]:
    """Each day with the sheets of what is typed on it, their headers in their first rows that are not empty."""
    group = (f"甲{number}" for number in "一二三四五六")
    raters = [(person, rater) for person in group for rater in ("本人", "上级", "同级")]
    ratings = "\n".join(
        f"| {number} | 学员成长 | XM1 | {person} | {rater} | 成长 | 85 | 2027-01-12 |"
        for number, (person, rater) in enumerate(raters, start=2)
    )
    for part in STORY.replace("{ratings}", ratings).split("### ")[1:]:
        head, _, body = part.partition("\n")
        assert re.match(r"\d{4}-\d\d-\d\d ", head)
        yield date.fromisoformat(head[:10]), parse_sheets(body)


def records(sheet: Sheet) -> list[dict[str, CellValue]]:
    """The rows of a typed sheet by header."""
    header, *rows = [row for row in sheet.rows if row]
    return [{str(name): value for name, value in zip(header, row, strict=True) if value is not None} for row in rows]
