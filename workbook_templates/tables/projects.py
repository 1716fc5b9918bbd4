"""项目台账: the topics, nested by 项目编号."""

from dataclasses import replace

from xingzhi.columns import RECORD, Choice, Column, ColumnType, Nesting, Owner, Reference, Table
from xingzhi.labels import Label

LEVELS = (
    Choice("project", Label("项目", "Project"), ("总项目",)),
    Choice("sub_project", Label("分项目", "Sub-project"), ()),
    Choice("sub_sub_project", Label("子项目", "Sub-sub-project"), ()),
)
STATES = (
    Choice("planned", Label("筹备", "Planned"), ("筹备中",)),
    Choice("running", Label("实施中", "Running"), ("实施", "进行中")),
    Choice("finished", Label("已完成", "Finished"), ("完成", "结题")),
    Choice("stopped", Label("已中止", "Stopped"), ("中止", "终止")),
)
CODE_PATTERN = r"[A-Za-z0-9]+([-.][A-Za-z0-9]+)*"


def _reason(key: str, zh: str, en: str, ask_zh: str, ask_en: str) -> Column:
    return Column(
        key=key,
        label=Label(zh, en),
        type=ColumnType.LONG_TEXT,
        max_length=300,
        width=22,
        aliases=(f"{zh}理由", f"{zh}说明"),
        prompt=Label(ask_zh, ask_en),
    )


def project_column(*, required: bool = True, prompt: Label | None = None) -> Column:
    """The column by which another table names a project."""
    return Column(
        key="project",
        label=Label("项目编号", "Project code"),
        required=required,
        reference=Reference("projects", "code"),
        aliases=("项目", "所属项目", "编号"),
        width=12,
        prompt=prompt or Label("从项目台账中选编号", "Choose a code from the projects sheet"),
    )


def long_text(
    key: str,
    zh: str,
    en: str,
    *,
    width: float = 22,
    aliases: tuple[str, ...] = (),
    required: bool = False,
    owner: Owner = Owner.UNIT,
    prompt: Label | None = None,
) -> Column:
    """A column of running text."""
    return Column(
        key=key,
        label=Label(zh, en),
        type=ColumnType.LONG_TEXT,
        owner=owner,
        required=required,
        max_length=500,
        width=width,
        aliases=aliases,
        prompt=prompt,
    )


DAY_OR_SPAN = Label("如 2026-06-15；没定哪一天的可写 6月上旬 或 6月", "Such as 2026-06-15, or 6月上旬 (1 to 10 June)")
"""How a date is asked for that may be planned as a part of a month."""


def _date(
    key: str, zh: str, en: str, *, aliases: tuple[str, ...] = (), prompt: Label | None = None, spans: bool = False
) -> Column:
    return Column(
        key=key, label=Label(zh, en), type=ColumnType.DATE, width=12, aliases=aliases, prompt=prompt, spans=spans
    )


def _units(key: str, zh: str, en: str, *, width: float, aliases: tuple[str, ...]) -> Column:
    return replace(long_text(key, zh, en, width=width, aliases=aliases), names_unit=True)


PROJECTS = Table(
    key="projects",
    label=Label("项目台账", "Projects"),
    aliases=("项目", "课题", "选题", "项目表"),
    letters="XM",
    room=20,
    natural_key=("code",),
    ordered=(("start", "planned_end"), ("start", "actual_end")),
    past=("actual_end",),
    nesting=Nesting("code", "parent", "level", tuple(level.key for level in LEVELS)),
    purpose=Label(
        "行动学习项目，一个项目、分项目或子项目一行；编号定了就不要改，其他各表靠它引用",
        "The topics, one row for each project at any level; other sheets refer to the code, so keep it",
    ),
    columns=(
        RECORD,
        Column(
            key="code",
            label=Label("项目编号", "Project code"),
            required=True,
            pattern=CODE_PATTERN,
            max_length=20,
            aliases=("编号", "项目号", "项目代码"),
            width=12,
            prompt=Label("如 XM1；分项目 XM1-1；子项目 XM1-1-1", "Such as XM1; a sub-project XM1-1"),
        ),
        Column(
            key="level",
            label=Label("层级", "Level"),
            type=ColumnType.CHOICE,
            choices=LEVELS,
            required=True,
            aliases=("项目层级", "级别"),
            width=10,
            prompt=Label("项目、分项目或子项目", "Choose from the list"),
        ),
        Column(
            key="parent",
            label=Label("上级编号", "Parent code"),
            reference=Reference("projects", "code"),
            aliases=("上级项目", "上级项目编号", "所属项目"),
            width=12,
            prompt=Label(
                "分项目、子项目填所属上级的编号；项目留空", "The code of the level above; blank for a project"
            ),
        ),
        Column(
            key="title",
            label=Label("项目名称", "Title"),
            required=True,
            max_length=120,
            aliases=("名称", "题目", "选题名称"),
            width=30,
        ),
        _reason("importance", "重要性", "Importance", "为什么影响全局", "Why it matters to the whole"),
        _reason("urgency", "紧迫性", "Urgency", "为什么现在就要解决", "Why it cannot wait"),
        _reason("breadth", "综合性", "Breadth", "为什么要几个单位一起做", "Why it takes several units"),
        _reason("feasibility", "可行性", "Feasibility", "为什么按期做得成", "Why it can be done in time"),
        _date(
            "chosen_on",
            "选题日期",
            "Chosen on",
            aliases=("确定选题日期", "选题时间"),
            prompt=Label("领导小组确定选题的日期", "The day on which the leading group chose it"),
        ),
        _date("formed_on", "小组成立日期", "Group formed on", aliases=("组建日期", "小组组建日期")),
        _date(
            "start",
            "开始日期",
            "Start",
            aliases=("启动日期", "开始时间", "起始时间"),
            prompt=DAY_OR_SPAN,
            spans=True,
        ),
        _date(
            "planned_end",
            "计划完成日期",
            "Planned end",
            aliases=("计划结束日期", "计划完成时间"),
            prompt=DAY_OR_SPAN,
            spans=True,
        ),
        _date("actual_end", "实际完成日期", "Actual end", aliases=("实际结束日期", "实际完成时间", "完成日期")),
        Column(
            key="convener",
            label=Label("召集人", "Convener"),
            reference=Reference("people", "name"),
            width=12,
            aliases=("项目召集人",),
            prompt=Label("分管领导，从人员名册中选", "A leader in charge, from the people sheet"),
        ),
        _units("lead_unit", "牵头单位", "Lead unit", width=18, aliases=("牵头部门",)),
        _units("partners", "参与单位", "Participating units", width=22, aliases=("配合单位", "参加单位")),
        long_text("goal", "总体目标", "Overall goal", aliases=("目标",)),
        long_text("milestones", "阶段性目标", "Milestone goals", aliases=("阶段目标",)),
        long_text("outcomes", "预期成果", "Expected outcomes"),
        Column(
            key="state",
            label=Label("状态", "State"),
            type=ColumnType.CHOICE,
            choices=STATES,
            aliases=("项目状态", "进度状态"),
            width=10,
        ),
    ),
)
