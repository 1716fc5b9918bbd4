"""小组成员: who holds which role in each project group."""

from workbook_templates.tables.people import FROM, TO, person_column
from workbook_templates.tables.projects import project_column
from xingzhi.columns import RECORD, Choice, Column, ColumnType, Table
from xingzhi.labels import Label

ROLES = (
    Choice("convener", Label("召集人", "Convener"), ()),
    Choice("leader", Label("组长", "Leader"), ("小组组长", "项目组长")),
    Choice("deputy", Label("副组长", "Deputy leader"), ("小组副组长", "项目副组长")),
    Choice("liaison", Label("联络员", "Liaison"), ("联系人", "联络人", "小组联络员")),
    Choice("study_officer", Label("学习委员", "Study officer"), ("学委",)),
    Choice("presenter", Label("陈述者", "Presenter"), ("陈述人", "主陈述者")),
    Choice("core", Label("核心学员", "Core member"), ("学员", "核心成员", "核心组员")),
    Choice("facilitator", Label("促进师", "Facilitator"), ("催化师", "引导师")),
    Choice("observer", Label("观察员", "Observer"), ("观察者",)),
    Choice("expert", Label("专家", "Expert"), ()),
)

MEMBERS = Table(
    key="members",
    label=Label("小组成员", "Members"),
    aliases=("成员", "项目小组成员", "成员表", "小组成员表"),
    letters="CY",
    room=150,
    natural_key=("project", "person", "role"),
    ordered=(("from", "to"),),
    purpose=Label(
        "各项目行动小组的人，一人一行；一人担任两职可写“副组长兼联络员”",
        "The people of each project group, one a row; two roles may stand together",
    ),
    columns=(
        RECORD,
        project_column(),
        person_column(aliases=("成员姓名",)),
        Column(
            key="role",
            label=Label("小组角色", "Role"),
            type=ColumnType.CHOICE,
            choices=ROLES,
            multiple=True,
            required=True,
            aliases=("角色", "职务", "小组职务"),
            width=16,
            prompt=Label("从下拉框中选；兼任写“副组长兼联络员”", "Choose from the list; two roles: Leader、Liaison"),
        ),
        Column(
            key="home_unit",
            names_unit=True,
            label=Label("所在单位", "Home unit"),
            max_length=60,
            aliases=("单位", "工作单位"),
            width=20,
            prompt=Label("外单位的人填其单位；本单位的留空", "Only for someone from another unit"),
        ),
        Column(
            key="duty",
            label=Label("职责分工", "Duty"),
            type=ColumnType.LONG_TEXT,
            max_length=200,
            aliases=("分工", "职责"),
            width=30,
        ),
        FROM,
        TO,
    ),
)
