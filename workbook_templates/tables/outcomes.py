"""成果固化: each result that was made permanent, and what its appraisal asked to be mended."""

from workbook_templates.tables.projects import long_text, project_column
from xingzhi.columns import RECORD, Choice, Column, ColumnType, Table
from xingzhi.labels import Label

FORMS = (
    Choice("regulation", Label("制度条例", "Regulation"), ("制度", "条例")),
    Choice("film", Label("主题片", "Film"), ("专题片", "视频")),
    Choice("album", Label("主题画册", "Album"), ("画册",)),
    Choice("solution", Label("解决方案", "Solution"), ("方案",)),
    Choice("other", Label("其他", "Other"), ("其它",)),
)

OUTCOMES = Table(
    key="outcomes",
    label=Label("成果固化", "Outcomes"),
    aliases=("成果", "项目成果", "成果登记"),
    letters="CG",
    room=30,
    natural_key=("project", "title"),
    past=("fixed_on", "rectified_on"),
    purpose=Label(
        "形成制度、主题片、画册或解决方案的成果，一项一行；鉴定后补意见和整改",
        "Each result made permanent, one a row; the appraisal's opinion and what was mended follow",
    ),
    columns=(
        RECORD,
        project_column(),
        Column(
            key="form",
            label=Label("固化形式", "Form"),
            type=ColumnType.CHOICE,
            choices=FORMS,
            required=True,
            aliases=("成果形式", "形式"),
            width=12,
            prompt=Label("从下拉框中选", "Choose from the list"),
        ),
        Column(
            key="title",
            label=Label("成果名称", "Title"),
            required=True,
            max_length=120,
            aliases=("名称", "标题"),
            width=32,
        ),
        Column(
            key="fixed_on",
            label=Label("固化日期", "Made permanent on"),
            type=ColumnType.DATE,
            aliases=("完成日期", "日期", "形成日期"),
            width=12,
            prompt=Label("定稿或发布的日期；没完成不要填", "The day it was final; blank until then"),
        ),
        long_text("opinion", "鉴定意见", "Appraisal opinion", width=28),
        long_text("rectification", "整改情况", "Rectification", width=28, aliases=("整改",)),
        Column(
            key="rectified_on",
            label=Label("整改完成日期", "Rectified on"),
            type=ColumnType.DATE,
            aliases=("整改日期",),
            width=13,
        ),
    ),
)
