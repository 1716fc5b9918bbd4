"""信息报送: each information item that the unit sends to the office."""

from xingzhi.columns import RECORD, YES_NO, Choice, Column, ColumnType, Owner, Table
from xingzhi.labels import Label

KINDS = (
    Choice("news", Label("动态", "News"), ("动态信息", "工作动态", "简报")),
    Choice("reference", Label("参考", "Reference"), ("参考信息",)),
    Choice("survey", Label("调研", "Survey"), ("调研报告", "调研信息")),
)

OFFICE_FILLS = Label("由县行动办填写", "Filled in by the office")


def period_column() -> Column:
    """The month that a row belongs to."""
    return Column(
        key="period",
        label=Label("所属月份", "Month"),
        type=ColumnType.PERIOD,
        required=True,
        aliases=("月份", "报送月份", "期间"),
        width=11,
        prompt=Label("写成 2026-06", "Written as 2026-06"),
    )


def office_column(
    key: str,
    zh: str,
    en: str,
    *,
    width: float = 12,
    type: ColumnType = ColumnType.TEXT,
    choices: tuple[Choice, ...] = (),
) -> Column:
    """A column that the office fills in the master; it flows down to the unit."""
    return Column(
        key=key,
        label=Label(zh, en),
        type=type,
        owner=Owner.OFFICE,
        choices=choices,
        max_length=60 if type is ColumnType.TEXT else None,
        width=width,
        prompt=OFFICE_FILLS,
    )


def stamped_column() -> Column:
    """Whether the paper with the unit's seal has come."""
    return office_column("stamped", "盖章件", "Stamped copy", width=9, type=ColumnType.CHOICE, choices=YES_NO)


REPORTS = Table(
    key="reports",
    label=Label("信息报送", "Reports"),
    aliases=("信息", "报送", "信息报送表", "信息报送台账"),
    letters="BS",
    room=60,
    natural_key=("period", "title"),
    past=("submitted_on", "received_on"),
    month="period",
    purpose=Label(
        "报县行动办的信息，一条一行；灰色栏由县行动办填",
        "Information sent to the office, one item a row; the office fills the grey columns",
    ),
    columns=(
        RECORD,
        period_column(),
        Column(
            key="kind",
            label=Label("信息类别", "Kind"),
            type=ColumnType.CHOICE,
            choices=KINDS,
            required=True,
            aliases=("类别", "信息类型"),
            width=10,
        ),
        Column(
            key="title",
            label=Label("标题", "Title"),
            required=True,
            max_length=120,
            aliases=("题目", "信息标题"),
            width=40,
        ),
        Column(key="author", label=Label("撰稿人", "Author"), max_length=30, aliases=("作者", "撰写人"), width=11),
        Column(
            key="submitted_on",
            label=Label("报送日期", "Submitted on"),
            type=ColumnType.DATE,
            required=True,
            aliases=("报送时间", "上报日期"),
            width=12,
            prompt=Label("发出的日期，如 2026-06-24", "The day it was sent, such as 2026-06-24"),
        ),
        office_column("received_on", "收到日期", "Received on", type=ColumnType.DATE),
        office_column("on_time", "算按时", "Counts as on time", width=9, type=ColumnType.CHOICE, choices=YES_NO),
        office_column("accepted", "采用", "Accepted", width=9, type=ColumnType.CHOICE, choices=YES_NO),
        stamped_column(),
    ),
)
