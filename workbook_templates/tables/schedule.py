"""活动台账: each activity, planned and then held."""

from workbook_templates.tables.projects import DAY_OR_SPAN, long_text, project_column
from xingzhi.columns import RECORD, YES_NO, Choice, Column, ColumnType, Dependent, Table
from xingzhi.labels import Label

KINDS = (
    Choice("launch", Label("启动仪式", "Launch"), ("启动会",)),
    Choice("mobilisation", Label("动员会", "Mobilisation"), ("动员部署会",)),
    Choice("training", Label("培训", "Training"), ("培训班", "方法技能培训")),
    Choice("promoter_seminar", Label("推动者研讨会", "Promoter seminar"), ()),
    Choice("survey", Label("调研", "Survey"), ("调研活动", "调查研究")),
    Choice("seminar", Label("研讨会", "Seminar"), ("核心学员研讨会", "研讨", "分析研讨会")),
    Choice("coaching", Label("专家辅导", "Expert coaching"), ()),
    Choice("review", Label("评审会", "Plan review"), ("方案评审会", "评审")),
    Choice("decision", Label("决策会", "Decision meeting"), ()),
    Choice("exchange", Label("交流会", "Exchange"), ("经验交流会",)),
    Choice("reflection", Label("反思", "Reflection"), ("反思会", "总结反思")),
    Choice("appraisal", Label("成果鉴定会", "Appraisal"), ("鉴定会",)),
    Choice("inspection", Label("督查", "Inspection"), ("检查", "督导")),
    Choice("evaluation", Label("评估", "Evaluation"), ()),
    Choice("commendation", Label("表彰会", "Commendation"), ("表彰大会",)),
    Choice("collective_study", Label("集体学习", "Collective study"), ()),
    Choice("exchange_day", Label("学习交流日", "Exchange day"), ()),
    Choice("reading", Label("读书活动", "Reading"), ()),
    Choice("study_abroad", Label("出国（境）学习", "Study abroad"), ("出国学习", "出国境学习")),
    Choice("placement", Label("深入基层", "Grassroots placement"), ()),
    Choice("forum", Label("论坛", "Forum"), ()),
)
FORMS = (
    Choice("talk", Label("座谈交流", "Discussion"), ("座谈",)),
    Choice("visit", Label("现场考察", "Site visit"), ("考察", "实地考察")),
    Choice("popular", Label("普及培训", "Popularisation"), ("普及", "理念导入")),
    Choice("method", Label("方法技能培训", "Method and skill"), ("方法技能",)),
    Choice("facilitators", Label("促进师培训", "Facilitator training"), ()),
    Choice("promoters", Label("推动者培训", "Promoter training"), ()),
)
FORMS_OF_KIND = {
    "survey": frozenset({"talk", "visit"}),
    "training": frozenset({"popular", "method", "facilitators", "promoters"}),
}
"""Which forms go with which kind of activity; a kind that is not here has no form."""


def _count(key: str, zh: str, en: str, aliases: tuple[str, ...]) -> Column:
    return Column(
        key=key,
        label=Label(zh, en),
        type=ColumnType.INTEGER,
        minimum=0,
        maximum=5000,
        aliases=aliases,
        width=9,
        prompt=Label("填人数", "A number of people"),
    )


SCHEDULE = Table(
    key="schedule",
    label=Label("活动台账", "Activities"),
    aliases=("活动", "活动安排", "活动计划", "活动记录"),
    letters="HD",
    room=200,
    natural_key=("project", "kind", "title", "planned_on"),
    past=("held_on",),
    at_most=(("present", "expected"),),
    month="held_on",
    dependents=(Dependent("form", "kind", FORMS_OF_KIND),),
    purpose=Label(
        "每次活动一行：先填计划日期，办完后在同一行补实际日期、人数和结果",
        "One row for each activity: plan it first, then fill in the same row when it has been held",
    ),
    columns=(
        RECORD,
        project_column(
            required=False,
            prompt=Label("项目的活动选编号；全单位的活动留空", "A project code; blank for the whole unit"),
        ),
        Column(
            key="kind",
            label=Label("活动类别", "Kind"),
            type=ColumnType.CHOICE,
            choices=KINDS,
            required=True,
            aliases=("类别", "活动类型", "类型"),
            width=14,
            prompt=Label("从下拉框中选", "Choose from the list"),
        ),
        Column(
            key="form",
            label=Label("活动形式", "Form"),
            type=ColumnType.CHOICE,
            choices=FORMS,
            aliases=("形式",),
            width=14,
            prompt=Label("只有调研和培训要选", "Only for a survey or a training"),
        ),
        Column(
            key="title",
            label=Label("活动名称", "Title"),
            required=True,
            max_length=120,
            aliases=("主题", "活动主题", "内容"),
            width=28,
        ),
        Column(
            key="planned_on",
            label=Label("计划日期", "Planned on"),
            type=ColumnType.DATE,
            aliases=("计划时间", "拟定日期"),
            width=12,
            spans=True,
            prompt=DAY_OR_SPAN,
        ),
        Column(
            key="held_on",
            label=Label("实际日期", "Held on"),
            type=ColumnType.DATE,
            aliases=("实际时间", "举办日期", "活动日期"),
            width=12,
            prompt=Label("办完后填；没办不要填", "Fill in when it has been held"),
        ),
        Column(key="place", label=Label("地点", "Place"), max_length=60, aliases=("活动地点",), width=16),
        Column(key="host", label=Label("主持人", "Host"), max_length=30, aliases=("主持",), width=10),
        Column(key="speaker", label=Label("主讲人", "Speaker"), max_length=60, aliases=("授课人", "讲师"), width=12),
        Column(key="method", label=Label("方法工具", "Method"), max_length=60, aliases=("方法",), width=14),
        Column(
            key="leader_present",
            label=Label("分管领导到场", "Leader present"),
            type=ColumnType.CHOICE,
            choices=YES_NO,
            aliases=("领导到场", "分管领导参加"),
            width=12,
            prompt=Label("分管领导到场选 是", "Was the leader in charge present?"),
        ),
        _count("expected", "应到人数", "Expected", ("应到",)),
        _count("present", "实到人数", "Present", ("实到", "参加人数")),
        long_text("problems", "要求整改的问题", "To be mended", aliases=("存在问题", "整改问题")),
        long_text("result", "活动结果", "Result", aliases=("结果", "成效", "整改结果")),
        long_text(
            "next_step",
            "下一步打算",
            "Next step",
            aliases=("下一步", "下步打算"),
            prompt=Label("反思活动必须填", "A reflection needs one"),
        ),
        long_text("evidence", "佐证材料", "Evidence", aliases=("材料", "附件")),
    ),
)
