"""考核评估: one rating a row. Raters are numbers: who gave which score never stands in a clerk's workbook."""

from workbook_templates.tables.attendance import OF_PROJECT
from workbook_templates.tables.people import person_column
from workbook_templates.tables.projects import long_text, project_column
from xingzhi.columns import RECORD, Choice, Column, ColumnType, Compound, Table
from xingzhi.labels import Label

SUBJECTS = (
    Choice("project", Label("工作推进", "Work progress"), ("项目", "项目推进")),
    Choice("member", Label("学员成长", "Member growth"), ("成员", "学员", "成员成长")),
    Choice("unit", Label("单位", "Unit"), ()),
    Choice("culture", Label("组织文化", "Organisational culture"), ("文化",)),
)
RATERS = (
    Choice("self", Label("本人", "Self"), ("自评", "自己")),
    Choice("superior", Label("上级", "Superior"), ("领导",)),
    Choice("peer", Label("同级", "Peer"), ("同事", "平级")),
    Choice("subordinate", Label("下级", "Subordinate"), ("下属",)),
    Choice("other", Label("其他", "Other"), ("其它", "服务对象")),
)

EVALUATION = Table(
    key="evaluation",
    label=Label("考核评估", "Evaluation"),
    aliases=("评估", "考核", "评价", "评估表"),
    letters="PG",
    room=200,
    natural_key=("subject", "project", "person", "rater", "rater_number", "criterion"),
    past=("rated_on",),
    compounds=(
        Compound("members", (("project", "project"), ("person", "person")), asked=("person", "project"), code="K107"),
    ),
    purpose=Label(
        "一次打分一行；评工作推进填项目，评学员成长填姓名和评价人关系；评价人只编号，不写姓名",
        "One rating a row: a project for work progress, a person and the rater's relation for growth; raters by number",
    ),
    columns=(
        RECORD,
        Column(
            key="subject",
            label=Label("评估内容", "Subject"),
            type=ColumnType.CHOICE,
            choices=SUBJECTS,
            required=True,
            aliases=("评估对象", "考核内容"),
            width=13,
            prompt=Label("从下拉框中选", "Choose from the list"),
        ),
        project_column(required=False, prompt=Label("评项目、评学员时填", "For a project or one of its members")),
        person_column(required=False, narrowed=OF_PROJECT, prompt=Label("评学员成长时填", "For member growth")),
        Column(
            key="rater",
            label=Label("评价人关系", "Rater"),
            type=ColumnType.CHOICE,
            choices=RATERS,
            aliases=("评价人", "评价关系"),
            width=12,
            prompt=Label("评学员成长时填：本人、上级、同级、下级", "For member growth"),
        ),
        Column(
            key="rater_number",
            label=Label("评价人编号", "Rater no"),
            type=ColumnType.INTEGER,
            minimum=1,
            maximum=999,
            aliases=("评价人序号", "序号"),
            width=10,
            prompt=Label("只编号，不写姓名", "A number, never a name"),
        ),
        Column(
            key="criterion",
            label=Label("评价指标", "Criterion"),
            required=True,
            max_length=60,
            aliases=("指标", "维度"),
            width=20,
        ),
        Column(
            key="score",
            label=Label("得分", "Score"),
            type=ColumnType.INTEGER,
            minimum=0,
            maximum=100,
            required=True,
            aliases=("分数", "评分"),
            width=8,
            prompt=Label("0 至 100", "0 to 100"),
        ),
        long_text("comment", "评语", "Comment", width=28, aliases=("意见", "备注")),
        Column(
            key="rated_on",
            label=Label("评估日期", "Rated on"),
            type=ColumnType.DATE,
            required=True,
            aliases=("日期", "评价日期"),
            width=12,
        ),
    ),
)
