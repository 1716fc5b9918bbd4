"""组织机构: who holds which role in the unit's leading group and its office."""

from workbook_templates.tables.people import FROM, TO, person_column
from xingzhi.columns import RECORD, Choice, Column, ColumnType, Table
from xingzhi.labels import Label

ROLES = (
    Choice("leader", Label("组长", "Leader"), ("领导小组组长",)),
    Choice("deputy", Label("副组长", "Deputy leader"), ("领导小组副组长",)),
    Choice("member", Label("成员", "Member"), ("组员", "领导小组成员")),
    Choice("office_director", Label("办公室主任", "Office director"), ("主任",)),
    Choice("office_deputy", Label("办公室副主任", "Office deputy director"), ("副主任",)),
    Choice("promotion_member", Label("推动小组成员", "Promotion team member"), ()),
    Choice("promoter", Label("推动者", "Promoter"), ()),
    Choice("staff", Label("工作人员", "Staff"), ("办公室工作人员",)),
)

ORGANISATION = Table(
    key="organisation",
    label=Label("组织机构", "Organisation"),
    aliases=("领导小组", "机构", "领导机构"),
    letters="ZZ",
    room=60,
    natural_key=("person", "role"),
    ordered=(("from", "to"),),
    purpose=Label(
        "领导小组和办公室的组成，一人一职一行；换人时旧行填“任职止”，新人另起一行",
        "The leading group and its office, one row for each role; when it changes hands, end one row and add another",
    ),
    columns=(
        RECORD,
        person_column(aliases=("人员姓名",)),
        Column(
            key="role",
            label=Label("角色", "Role"),
            type=ColumnType.CHOICE,
            choices=ROLES,
            required=True,
            aliases=("机构职务", "担任角色"),
            width=16,
            prompt=Label("从下拉框中选", "Choose from the list"),
        ),
        FROM,
        TO,
        Column(key="note", label=Label("备注", "Note"), type=ColumnType.LONG_TEXT, max_length=200, width=28),
    ),
)
