"""考勤登记: who was not there, or not all the time; the numbers present stand in 活动台账."""

from workbook_templates.tables.people import person_column
from workbook_templates.tables.projects import project_column
from xingzhi.columns import RECORD, Choice, Column, ColumnType, Compound, Narrowed, Reference, Table
from xingzhi.labels import Label

STATUSES = (
    Choice("leave", Label("请假", "On leave"), ("事假", "病假", "公假")),
    Choice("late", Label("迟到", "Late"), ()),
    Choice("left_early", Label("早退", "Left early"), ()),
    Choice("absent", Label("缺席", "Absent"), ("缺勤", "旷会", "未到")),
)
OF_PROJECT = Narrowed(table="members", column="person", by="project", on="project")
"""People are offered from the group of the row's project."""

ATTENDANCE = Table(
    key="attendance",
    label=Label("考勤登记", "Attendance"),
    aliases=("考勤", "考勤表", "签到", "考勤记录"),
    letters="KQ",
    room=100,
    natural_key=("project", "activity", "held_on", "person"),
    past=("held_on",),
    month="held_on",
    compounds=(
        Compound(
            "schedule",
            (("project", "project"), ("activity", "title"), ("held_on", "held_on")),
            asked=("activity", "held_on"),
            code="K106",
        ),
        Compound("members", (("project", "project"), ("person", "person")), asked=("person", "project"), code="K107"),
    ),
    purpose=Label(
        "只登记请假、迟到、早退、缺席的人，一人一次一行；都到齐的活动不用登记",
        "Only who was on leave, late, left early or was absent, one a row; nothing for an activity that all attended",
    ),
    columns=(
        RECORD,
        project_column(required=False, prompt=Label("全单位的活动留空", "Blank for an activity of the whole unit")),
        Column(
            key="activity",
            label=Label("活动名称", "Activity"),
            required=True,
            reference=Reference("schedule", "title"),
            max_length=120,
            aliases=("活动", "会议名称"),
            width=28,
            prompt=Label("从活动台账中选", "Choose from the activities sheet"),
        ),
        Column(
            key="held_on",
            label=Label("活动日期", "Held on"),
            type=ColumnType.DATE,
            required=True,
            aliases=("日期", "实际日期"),
            width=12,
            prompt=Label("活动的实际日期，如 2026-07-15", "The day on which it was held, such as 2026-07-15"),
        ),
        person_column(narrowed=OF_PROJECT),
        Column(
            key="status",
            label=Label("考勤情况", "Status"),
            type=ColumnType.CHOICE,
            choices=STATUSES,
            required=True,
            aliases=("情况", "出勤情况", "状态"),
            width=11,
            prompt=Label("请假、迟到、早退或缺席", "Choose from the list"),
        ),
        Column(
            key="reason",
            label=Label("原因", "Reason"),
            type=ColumnType.LONG_TEXT,
            max_length=200,
            aliases=("事由", "请假事由"),
            width=30,
        ),
    ),
)
