"""人员名册: every person of the unit that another table names."""

from xingzhi.columns import RECORD, YES_NO, Column, ColumnType, Narrowed, Reference, Table
from xingzhi.labels import Label

FROM = Column(
    key="from",
    label=Label("任职起", "From"),
    type=ColumnType.DATE,
    any_year=True,
    aliases=("起", "开始日期", "任职时间", "起始日期"),
    width=12,
    prompt=Label("填日期，如 2026-06-05；不清楚可留空", "A date such as 2026-06-05; leave blank if unknown"),
)
TO = Column(
    key="to",
    label=Label("任职止", "To"),
    type=ColumnType.DATE,
    any_year=True,
    aliases=("止", "结束日期", "截止日期", "离任日期"),
    width=12,
    prompt=Label("离任或退出时填，仍在任留空", "The last day; leave blank while still in post"),
)


def person_column(
    *,
    required: bool = True,
    narrowed: Narrowed | None = None,
    aliases: tuple[str, ...] = (),
    prompt: Label | None = None,
) -> Column:
    """The column by which another table names a person."""
    return Column(
        key="person",
        label=Label("姓名", "Name"),
        required=required,
        reference=Reference("people", "name"),
        narrowed=narrowed,
        aliases=("人员", *aliases),
        width=14,
        prompt=prompt or Label("从人员名册中选", "Choose from the people sheet"),
    )


PEOPLE = Table(
    key="people",
    label=Label("人员名册", "People"),
    aliases=("人员", "花名册", "人员花名册", "人员信息"),
    letters="RY",
    room=100,
    natural_key=("name", "department"),
    ordered=(("from", "to"),),
    purpose=Label(
        "本单位参加行动学习的人员，一人一行；其他各表只能选这里有的人",
        "Everyone of the unit who takes part, one a row; the other sheets choose from here",
    ),
    columns=(
        RECORD,
        Column(
            key="name",
            label=Label("姓名", "Name"),
            required=True,
            max_length=30,
            aliases=("名字", "人员姓名"),
            width=12,
            prompt=Label("填全名，中间不加空格", "The full name, with no padding"),
        ),
        Column(
            key="department",
            label=Label("部门", "Department"),
            required=True,
            max_length=40,
            aliases=("科室", "股室", "所在部门", "股（室）"),
            width=16,
            prompt=Label("所在股室或站所；重名的人靠它区分", "It tells apart two people of one name"),
        ),
        Column(
            key="post",
            label=Label("职务", "Post"),
            max_length=60,
            aliases=("职务职称", "现任职务"),
            width=18,
            prompt=Label("现任职务", "The post held now"),
        ),
        Column(
            key="leadership",
            label=Label("班子成员", "Leadership team"),
            type=ColumnType.CHOICE,
            choices=YES_NO,
            required=True,
            aliases=("是否班子成员", "领导班子成员"),
            width=11,
            prompt=Label("是否领导班子成员，选 是 或 否", "In the leadership team: Yes or No"),
        ),
        Column(
            key="phone",
            label=Label("联系电话", "Phone"),
            type=ColumnType.PHONE,
            aliases=("电话", "手机", "手机号", "手机号码", "联系方式"),
            width=15,
            prompt=Label("手机 11 位，座机如 0774-5551234", "Mobile of 11 digits, or 0774-5551234"),
        ),
        FROM,
        TO,
    ),
)
