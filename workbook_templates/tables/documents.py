"""方案制度: plans, regulations, lists and other documents, each version a row, and what became of them."""

from workbook_templates.tables.projects import long_text, project_column
from workbook_templates.tables.reports import office_column, stamped_column
from xingzhi.columns import RECORD, Choice, Column, ColumnType, Dependent, Owner, Table
from xingzhi.labels import Label

KINDS = (
    Choice("plan", Label("实施方案", "Implementation plan"), ("工作方案", "单位实施方案")),
    Choice("project_plan", Label("项目方案", "Project plan"), ("项目实施方案", "项目计划")),
    Choice("regulation", Label("制度", "Regulation"), ("规章制度", "管理制度")),
    Choice("incentive", Label("激励政策", "Incentive policy"), ("激励办法", "奖励办法")),
    Choice("list", Label("人员名单", "List of members"), ("成员名单", "名单", "小组成员名单")),
    Choice("training_plan", Label("培训计划", "Training plan"), ("辅导计划",)),
    Choice("application", Label("申请", "Application"), ("申请书", "请示")),
    Choice("survey_report", Label("调研报告", "Survey report"), ("调查报告",)),
    Choice("solution", Label("解决方案", "Solution"), ()),
    Choice("summary", Label("总结", "Summary"), ("工作总结", "总结报告")),
)
SORTS = (
    Choice("study", Label("学习制度", "Study"), ("学习",)),
    Choice("work", Label("工作制度", "Work"), ("工作",)),
    Choice("project", Label("项目管理制度", "Project management"), ("项目管理",)),
    Choice("funds", Label("经费管理制度", "Funds"), ("经费管理", "经费")),
    Choice("facilitators", Label("促进师管理制度", "Facilitators"), ("促进师管理",)),
    Choice("reports", Label("信息报送制度", "Information reports"), ("信息报送",)),
    Choice("students", Label("学员管理制度", "Students"), ("学员管理",)),
)
SORTS_OF_KIND = {"regulation": frozenset(sort.key for sort in SORTS)}
"""Only a regulation has a sort."""

CONTENTS = (
    Choice("all", Label("齐全", "Complete"), ("全", "都有", "全部")),
    Choice("convener", Label("召集人", "Convener"), ()),
    Choice("lead_unit", Label("牵头单位", "Lead unit"), ()),
    Choice("partners", Label("参与单位", "Participating units"), ("参加单位",)),
    Choice("core_members", Label("核心学员", "Core members"), ()),
    Choice("goal", Label("总体目标", "Overall goal"), ()),
    Choice("milestones", Label("阶段性目标", "Milestone goals"), ("阶段目标",)),
    Choice("outcomes", Label("预期成果", "Expected outcomes"), ()),
    Choice("timetable", Label("时间安排", "Timetable"), ("进度安排", "调研培训研讨实施时间")),
)
STATES = (
    Choice("none", Label("未报", "Not submitted"), ()),
    Choice("pending", Label("待审", "Pending"), ("审核中", "在审")),
    Choice("returned", Label("退回修改", "Returned"), ("退回",)),
    Choice("approved", Label("已审批", "Approved"), ("批准", "已批准", "审批通过")),
    Choice("filed", Label("已备案", "Filed"), ("备案",)),
)

DOCUMENTS = Table(
    key="documents",
    label=Label("方案制度", "Documents"),
    aliases=("方案", "制度", "文件", "方案和制度", "文件台账"),
    letters="FA",
    room=60,
    natural_key=("kind", "sort", "project", "title", "version"),
    past=("submitted_on", "approved_on", "filed_on"),
    ordered=(("submitted_on", "approved_on"), ("submitted_on", "filed_on")),
    dependents=(Dependent("sort", "kind", SORTS_OF_KIND),),
    purpose=Label(
        "方案、制度、名单、申请、报告、总结，一个版本一行；退回修改后另起一行，版本加 1；灰色栏由县行动办填",
        "Plans, regulations, lists, reports: one row a version; a returned one is followed by a row with the next version",
    ),
    columns=(
        RECORD,
        Column(
            key="kind",
            label=Label("文件类别", "Kind"),
            type=ColumnType.CHOICE,
            choices=KINDS,
            required=True,
            aliases=("类别", "文种"),
            width=12,
            prompt=Label("从下拉框中选", "Choose from the list"),
        ),
        Column(
            key="sort",
            label=Label("制度类别", "Sort of regulation"),
            type=ColumnType.CHOICE,
            choices=SORTS,
            aliases=("制度种类",),
            width=14,
            prompt=Label("只有制度要选", "Only for a regulation"),
        ),
        project_column(required=False, prompt=Label("全单位的文件留空", "Blank for a document of the whole unit")),
        Column(
            key="title",
            label=Label("文件名称", "Title"),
            required=True,
            max_length=120,
            aliases=("名称", "标题", "文件标题"),
            width=32,
        ),
        Column(
            key="version",
            label=Label("版本", "Version"),
            type=ColumnType.INTEGER,
            minimum=1,
            maximum=99,
            aliases=("稿次", "第几稿"),
            width=7,
            prompt=Label("第几稿，如 1；修改后重报加 1", "1 for the first, one more each time it is submitted again"),
        ),
        Column(
            key="contents",
            label=Label("必备内容", "Contents"),
            type=ColumnType.CHOICE,
            choices=CONTENTS,
            multiple=True,
            aliases=("内容要件", "具备内容"),
            width=20,
            prompt=Label(
                "项目方案必填：写全了选“齐全”，否则写有哪几项，如“召集人、总体目标”",
                "For a project plan: Complete, or those that it has, such as Convener、Overall goal",
            ),
        ),
        Column(
            key="addressee",
            label=Label("报送对象", "Addressed to"),
            names_unit=True,
            max_length=60,
            aliases=("主送", "报往"),
            width=16,
        ),
        Column(
            key="submitted_on",
            label=Label("报送日期", "Submitted on"),
            type=ColumnType.DATE,
            aliases=("上报日期", "报送时间"),
            width=12,
            prompt=Label("报出的日期；没报不要填", "The day it was sent; blank until then"),
        ),
        Column(
            key="state",
            label=Label("审批状态", "State"),
            type=ColumnType.CHOICE,
            choices=STATES,
            owner=Owner.OFFICE,
            width=10,
            prompt=Label("由县行动办填写", "Filled in by the office"),
        ),
        office_column("approved_by", "审批单位", "Approved by", width=16),
        office_column("approved_on", "审批日期", "Approved on", type=ColumnType.DATE),
        office_column("filing_number", "备案号", "Filing no"),
        office_column("filed_on", "备案日期", "Filed on", type=ColumnType.DATE),
        long_text("comment", "审核意见", "Comment", owner=Owner.OFFICE, width=24),
        stamped_column(),
    ),
)
