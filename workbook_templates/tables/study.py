"""学习台账: what each person plans to study and has studied."""

from workbook_templates.tables.people import person_column
from xingzhi.columns import RECORD, Choice, Column, ColumnType, Dependent, Table
from xingzhi.labels import Label

KINDS = (
    Choice("plan", Label("自学计划", "Study plan"), ("学习计划", "个人学习计划")),
    Choice("notes", Label("读书笔记", "Study notes"), ("学习笔记", "笔记")),
    Choice("survey_report", Label("调研报告", "Survey report"), ()),
    Choice("collective", Label("集体学习", "Collective study"), ()),
    Choice("tutorial", Label("专题辅导", "Special tutorial"), ("辅导", "讲座")),
    Choice("training", Label("培训", "Training"), ("培训班",)),
    Choice("online", Label("网络学习", "Online study"), ("线上学习", "网上学习")),
    Choice("discussion", Label("互动研讨", "Discussion"), ("研讨",)),
)
SORTS = (
    Choice("degree", Label("学历教育", "Degree"), ("学历",)),
    Choice("off_job", Label("脱产培训", "Off the job"), ("脱产",)),
    Choice("new_post", Label("任职培训", "New post"), ("任职",)),
    Choice("professional", Label("专业培训", "Professional"), ("专业",)),
    Choice("knowledge", Label("知识更新", "Knowledge update"), ("更新知识",)),
    Choice("abroad", Label("出国（境）", "Abroad"), ("出国", "出国境")),
)
HORIZONS = (
    Choice("long", Label("长远", "Long-term"), ("长期",)),
    Choice("year", Label("年度", "Yearly"), ("全年",)),
    Choice("stage", Label("阶段", "Stage"), ("阶段性",)),
)

STUDY = Table(
    key="study",
    label=Label("学习台账", "Study"),
    aliases=("学习", "学习记录", "个人学习台账"),
    letters="XX",
    room=200,
    natural_key=("person", "kind", "title", "day"),
    dependents=(
        Dependent("sort", "kind", {"training": frozenset(sort.key for sort in SORTS)}),
        Dependent("horizon", "kind", {"plan": frozenset(horizon.key for horizon in HORIZONS)}),
    ),
    purpose=Label(
        "个人的学习计划、笔记、培训和研讨，一人一次一行",
        "Each person's plans, notes, trainings and discussions, one a row",
    ),
    columns=(
        RECORD,
        person_column(),
        Column(
            key="kind",
            label=Label("学习方式", "Kind"),
            type=ColumnType.CHOICE,
            choices=KINDS,
            required=True,
            aliases=("类别", "方式", "学习类别"),
            width=12,
            prompt=Label("从下拉框中选", "Choose from the list"),
        ),
        Column(
            key="sort",
            label=Label("培训类别", "Sort of training"),
            type=ColumnType.CHOICE,
            choices=SORTS,
            aliases=("培训种类",),
            width=12,
            prompt=Label("只有培训要选", "Only for a training"),
        ),
        Column(
            key="horizon",
            label=Label("计划期限", "Horizon"),
            type=ColumnType.CHOICE,
            choices=HORIZONS,
            aliases=("期限",),
            width=10,
            prompt=Label("只有自学计划要选", "Only for a study plan"),
        ),
        Column(
            key="title",
            label=Label("题目", "Title"),
            required=True,
            max_length=120,
            aliases=("名称", "学习内容", "标题"),
            width=32,
        ),
        Column(key="area", label=Label("内容领域", "Content area"), max_length=60, aliases=("领域",), width=16),
        Column(
            key="day",
            label=Label("日期", "Date"),
            type=ColumnType.DATE,
            aliases=("学习日期", "时间"),
            width=12,
            prompt=Label("如 2026-07-15", "Such as 2026-07-15"),
        ),
        Column(
            key="hours",
            label=Label("学时", "Hours"),
            type=ColumnType.INTEGER,
            minimum=0,
            maximum=2000,
            aliases=("学时数", "课时"),
            width=8,
            prompt=Label("填整数", "A whole number"),
        ),
    ),
)
