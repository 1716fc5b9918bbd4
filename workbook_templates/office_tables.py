"""The master's own sheets, declared like any table.

In a sheet that the office fills, `Owner.OFFICE` marks what it types; what the tool writes anew each time is the tool's.
"""

from __future__ import annotations

from workbook_templates import sheet_names
from xingzhi.columns import YES_NO, Choice, Column, ColumnType, Owner, Table
from xingzhi.labels import Label
from xingzhi.record_numbers import UNIT_CODE

UNIT_CODE_PATTERN = UNIT_CODE.pattern
CALENDAR_KINDS = (
    Choice("off", Label("放假", "Day off"), ("休", "休息")),
    Choice("on", Label("上班", "Workday"), ("班", "补班")),
    Choice("anchor", Label("节点", "Anchor"), ()),
)
OFFICE_KIND = Label("行动办", "Office")
"""The kind, in the list of units, of the office itself, which owes what the programme asks of it."""

SEVERITIES = (
    Choice("error", Label("必改", "Must mend")),
    Choice("warning", Label("请核实", "Please verify")),
    Choice("info", Label("提示", "Note")),
)
ROW_STATES = (
    Choice("active", Label("正常", "Active")),
    Choice("missing", Label("待确认", "To confirm")),
    Choice("withdrawn", Label("已撤销", "Withdrawn")),
)
DECISIONS = (
    Choice("keep", Label("保留", "Keep")),
    Choice("withdraw", Label("撤销", "Withdraw")),
)
LATE_KINDS = (
    Choice("inserted", Label("新增", "Added")),
    Choice("updated", Label("改动", "Changed")),
    Choice("withdrawn", Label("撤销", "Withdrawn")),
)
"""What may become of a row after its month was closed."""


def _office(key: str, zh: str, en: str, width: float = 12, **more: object) -> Column:
    return Column(key=key, label=Label(zh, en), owner=Owner.OFFICE, width=width, **more)  # type: ignore[arg-type]


def _tool(key: str, zh: str, en: str, width: float = 12, **more: object) -> Column:
    return Column(key=key, label=Label(zh, en), owner=Owner.TOOL, width=width, **more)  # type: ignore[arg-type]


def _table(
    key: str, label: Label, columns: tuple[Column, ...], natural_key: tuple[str, ...], zh: str, en: str
) -> Table:
    return Table(
        key=key,
        label=label,
        letters="",
        columns=columns,
        natural_key=natural_key,
        room=0,
        purpose=Label(zh, en),
    )


DATE, CHOICE, LONG, NUMBER = ColumnType.DATE, ColumnType.CHOICE, ColumnType.LONG_TEXT, ColumnType.INTEGER

UNITS = _table(
    "units",
    sheet_names.UNITS,
    (
        _office("code", "单位代码", "Code", 10, required=True, pattern=UNIT_CODE_PATTERN),
        _office("name", "单位名称", "Name", 24, required=True),
        _office("former_names", "曾用名", "Former names", 18),
        _office("kind", "类别", "Kind", 10),
        _office("batch", "批次", "Batch", 8),
        _office("joined", "加入日期", "Joined", 12, type=DATE),
        _office("left", "退出日期", "Left", 12, type=DATE),
        _office("contact", "联系人", "Contact", 12),
        _office("phone", "联系电话", "Phone", 15, type=ColumnType.PHONE),
        _office("source", "来源", "Source", 20),
    ),
    ("code",),
    "一个单位一行。代码用字母和数字，定了不要改；“来源”可填文件名样式，如 *民政*.xlsx；类别写“行动办”的就是行动办自己",
    "One unit a row. A code of letters and digits, never changed; the source may be a pattern such as *finance*.xlsx; "
    "the kind Office is the office itself",
)
REQUIREMENTS = _table(
    "requirements",
    sheet_names.REQUIREMENTS,
    (
        _tool("id", "编号", "No", 7),
        _office("title", "事项", "Requirement", 32),
        _tool("kind", "种类", "Kind", 10),
        _tool("scope", "对象", "For", 10),
        _office("window", "时间", "Window", 18),
        _office("rule", "重复规则", "Recurrence", 26),
        _office("minimum", "至少", "At least", 8, type=NUMBER),
        _office("maximum", "至多", "At most", 8, type=NUMBER),
        _office("severity", "严重程度", "Severity", 10, type=CHOICE, choices=SEVERITIES),
        _office("enabled", "启用", "In use", 8, type=CHOICE, choices=YES_NO),
        _tool("assumed", "方案未定、可改", "Open in the plan", 20),
        _office("note", "备注", "Note", 24, type=LONG),
    ),
    ("id",),
    "浅蓝栏可改；“方案未定”的由办公室定，改了不违背方案。时间写成 6月中下旬、次年1月、2026-06-11~2026-06-30，或"
    "“节点”里的名称；重复规则 FREQ=MONTHLY;BYMONTHDAY=25 就是每月 25 日",
    "The light blue columns are the office's to change. Windows are written as 2026-06-11~2026-06-30, 6月中下旬, or the name of "
    "an anchor; FREQ=MONTHLY;BYMONTHDAY=25 means the 25th of each month",
)
CALENDAR = _table(
    "calendar",
    sheet_names.CALENDAR,
    (
        _office("kind", "类型", "Kind", 10, type=CHOICE, choices=CALENDAR_KINDS, required=True),
        _office("name", "名称", "Name", 24),
        _office("from", "开始", "From", 12, type=DATE, required=True),
        _office("to", "结束", "To", 12, type=DATE),
        _office("note", "备注", "Note", 30, type=LONG),
    ),
    ("kind", "from"),
    "本县另行放假、上班的日子（国家放假和调休已自动计算），以及办公室定的节点",
    "The county's own days off and on (the State Council's are known already), and the office's anchor dates",
)
SETTINGS = _table(
    "settings",
    sheet_names.SETTINGS,
    (
        _tool("name", "设置项", "Setting", 20),
        _office("value", "值", "Value", 20),
        _tool("hint", "说明", "Hint", 60),
    ),
    ("name",),
    "只改“值”这一栏",
    "Change the values only",
)
CHECK_RULES = _table(
    "check_rules",
    sheet_names.CHECK_RULES,
    (
        _tool("code", "代码", "Finding", 8),
        _tool("message", "问题", "Message", 60),
        _tool("default", "默认", "Default", 10),
        _office("severity", "严重程度", "Severity", 10, type=CHOICE, choices=SEVERITIES),
        _office("note", "备注", "Note", 30, type=LONG),
    ),
    ("code",),
    "核对出来的各种问题算多重：“严重程度”空着的按默认；改成 提示 的只列出，不要求改",
    "How much each kind of finding matters: where the severity is blank the default holds; a note is listed, not chased",
)
REMINDERS = _table(
    "reminders",
    sheet_names.REMINDERS,
    (
        _tool("unit", "单位代码", "Code", 10),
        _tool("unit_name", "单位名称", "Unit", 20),
        _tool("requirement", "编号", "No", 7),
        _tool("title", "事项", "Requirement", 26),
        _tool("subject", "项目编号", "Project", 10),
        _tool("period", "月份", "Month", 9),
        _tool("due", "截止日期", "Due", 12, type=DATE),
        _tool("short", "还差", "Short of", 7, type=NUMBER),
        _tool("days_late", "逾期天数", "Days late", 8, type=NUMBER),
        _tool("state", "状态", "State", 10),
        _office("reminded", "已催次数", "Reminders", 9, type=NUMBER, minimum=0),
        _office("last_reminded", "最近催报", "Last reminder", 12, type=DATE),
        _office("reply", "回复", "Reply", 20, type=LONG),
        _office("waived", "免报", "Waived", 8, type=CHOICE, choices=YES_NO),
        _tool("programme", "方案", "Programme", 26),
    ),
    ("unit", "requirement", "subject", "period"),
    "谁欠什么、从哪天起；浅蓝栏由办公室填，“免报”选 是 即不再催",
    "Who owes what, since when; the office fills the light blue columns; Yes under waived ends the chase",
)
MONTH_CLOSE = _table(
    "month_close",
    sheet_names.MONTH_CLOSE,
    (
        _tool("month", "月份", "Month", 9),
        _tool("unit", "单位代码", "Code", 10),
        _tool("unit_name", "单位名称", "Unit", 20),
        _tool("reports_then", "信息上报数", "Reports at close", 9, type=NUMBER),
        _tool("reports_now", "信息现数", "Reports now", 9, type=NUMBER),
        _tool("schedule_then", "活动上报数", "Activities at close", 9, type=NUMBER),
        _tool("schedule_now", "活动现数", "Activities now", 9, type=NUMBER),
        _tool("progress_then", "进展上报数", "Progress at close", 9, type=NUMBER),
        _tool("progress_now", "进展现数", "Progress now", 9, type=NUMBER),
        _tool("late", "补报", "After close", 8, type=NUMBER),
        _tool("explanation", "更正说明", "Explanation", 30, type=LONG),
        _office("note", "备注", "Note", 22, type=LONG),
        _tool("closed_in", "结账批次", "Closed in run", 9, type=NUMBER),
        _tool("programme", "方案", "Programme", 26),
    ),
    ("unit", "month"),
    "在“设置”的“已结月份”填月份即结账；上报数是结账时的，现数是现在的；补报是结账后新增、改动、撤销的行数",
    "Name a month as closed in the settings; counts at the close stand beside those of now, with the rows changed since",
)
FINDINGS = _table(
    "data_findings",
    sheet_names.MASTER_FINDINGS,
    (
        _tool("unit", "单位代码", "Code", 10),
        _tool("unit_name", "单位名称", "Unit", 15),
        _tool("severity", "严重程度", "Severity", 8),
        _tool("code", "代码", "Finding", 7),
        _tool("file", "文件", "File", 16),
        _tool("sheet", "工作表", "Sheet", 10),
        _tool("cell", "单元格", "Cell", 7),
        _tool("record", "记录号", "Record no", 14),
        _tool("message", "问题", "Message", 38),
        _tool("remedy", "处理办法", "What to do", 30),
        _tool("explanation", "单位说明", "Unit explanation", 18),
        _office("accepted", "认可", "Accepted", 8, type=CHOICE, choices=YES_NO),
        _office("comment", "办公室意见", "Office comment", 16, type=LONG),
        _tool("programme", "方案", "Programme", 26),
    ),
    ("unit", "code"),
    "各单位工作簿里核对出来的问题；单位有说明的，“认可”选 是 即不再催",
    "What is wrong in the units' workbooks; Yes under accepted ends the chase of what a unit has explained",
)
CHANGES = _table(
    "changes",
    sheet_names.CHANGES,
    (
        _tool("run", "批次", "Run", 7, type=NUMBER),
        _tool("unit", "单位代码", "Code", 10),
        _tool("unit_name", "单位名称", "Unit", 20),
        _tool("sheet", "工作表", "Sheet", 11),
        _tool("record", "记录号", "Record no", 15),
        _tool("column", "栏目", "Column", 14),
        _tool("kind", "变动", "Change", 12),
        _tool("before", "原来", "Before", 28),
        _tool("after", "现在", "After", 28),
        _tool("file", "来源文件", "File", 22),
        _tool("late", "补报", "After close", 13),
        _tool("programme", "方案", "Programme", 26),
    ),
    ("run", "record", "column"),
    "最近一次有变动的汇总改了什么，逐格列出；新增的行列一行",
    "What the last run that changed anything changed, cell by cell; a new row takes one line",
)
RUNS = _table(
    "runs",
    sheet_names.RUNS,
    (
        _tool("run", "批次", "Run", 7, type=NUMBER),
        _tool("kind", "操作", "Command", 10),
        _tool("today", "日期", "Date", 12, type=DATE),
        _tool("accepted", "收下", "Accepted", 9, type=NUMBER),
        _tool("unchanged", "未变", "Unchanged", 9, type=NUMBER),
        _tool("rejected", "退回", "Rejected", 9, type=NUMBER),
        _tool("missing", "未报", "Missing", 9, type=NUMBER),
        _tool("inserted", "新增行", "Inserted", 9, type=NUMBER),
        _tool("updated", "改动格", "Updated", 9, type=NUMBER),
        _tool("withdrawn", "撤销行", "Withdrawn", 9, type=NUMBER),
        _tool("overdue", "逾期事项", "Overdue", 9, type=NUMBER),
    ),
    ("run",),
    "每次汇总一行",
    "One row for each run",
)

PROGRAMME = _tool("programme", "方案", "Programme", 26)
UNIT = _tool("unit", "单位代码", "Code", 10)
UNIT_NAME = _tool("unit_name", "单位名称", "Unit", 18)
EXTRA = _tool("extra", "单位自加栏", "Unit extra columns", 20, type=LONG)
STATUS = _tool("row_status", "行状态", "Row state", 9, type=CHOICE, choices=ROW_STATES)
DECISION = _office("decision", "待确认处理", "Decision", 11, type=CHOICE, choices=DECISIONS)
LATE = _tool("late", "补报", "After close", 13)
SOURCE_FILE = _tool("source_file", "来源文件", "Source file", 22)
SOURCE_SHEET = _tool("source_sheet", "来源工作表", "Source sheet", 11)
SOURCE_ROW = _tool("source_row", "来源行", "Source row", 8, type=NUMBER)
HASH = _tool("hash", "内容指纹", "Content hash", 12)


PROVENANCE = (SOURCE_FILE, SOURCE_SHEET, SOURCE_ROW, HASH, PROGRAMME)
"""Where a merged row came from; on paper it would only make the print smaller."""


COMPLETION_TABLE = _table(
    "completion",
    sheet_names.COMPLETION,
    (UNIT, UNIT_NAME),
    ("unit",),
    "单位 × 事项",
    "Unit by requirement",
)
"""The columns of 完成情况 that are always there; beside them it has one for each requirement in use."""


def merged_table(table: Table) -> Table:
    """The sheet that holds every unit's rows of a table, with where each came from.

    What is the unit's in its own workbook is the tool's to write here; the office's columns stay the office's.
    """
    return Table(
        key=f"all_{table.key}",
        label=sheet_names.merged(table),
        letters="",
        columns=(
            UNIT,
            UNIT_NAME,
            *table.columns,
            EXTRA,
            STATUS,
            DECISION,
            *((LATE,) if table.month else ()),
            *PROVENANCE,
        ),
        natural_key=("unit", "record"),
        room=0,
        purpose=table.purpose,
    )


OFFICE_SHEETS = (UNITS, REQUIREMENTS, CALENDAR, SETTINGS, CHECK_RULES)
"""The sheets that are the office's whole: what stands in them is copied as it is, whatever the tool makes of it."""
